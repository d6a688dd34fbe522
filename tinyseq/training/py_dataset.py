"""PyDataset: batches by their number, from a class of the user's own."""

from __future__ import annotations

from typing import Any

from tinyseq.training.user_warning import say


class PyDataset:
    """Batches by number: subclasses define __len__(), or the property num_batches, and __getitem__(index) -> (x, y).

    A batch may also be (x, y, sample_weight).

    With shuffle=True fit takes the batches in another order in each epoch.

    Arguments:
        workers: more than 1 has no effect, and a warning says so: batches are made one after the other
        use_multiprocessing: True has no effect, and a warning says so
        max_queue_size: accepted for compatibility with Keras: there is no queue
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        if workers > 1 or use_multiprocessing:
            given = f"workers={workers}" if workers > 1 else "use_multiprocessing=True"
            say(f"{type(self).__name__}: {given} has no effect: batches are made one after the other")
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """The batch of that number."""
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__(index): write it, it returns a batch (x, y)")

    def __len__(self) -> int:
        count = self.num_batches
        if count is None:
            raise TypeError(f"{type(self).__name__} has no length: its num_batches is None, which means that it never ends")
        return int(count)

    @property
    def num_batches(self) -> int | None:
        """How many batches there are; None: it never ends, and fit needs steps_per_epoch."""
        if type(self).__len__ is PyDataset.__len__:
            raise NotImplementedError(f"{type(self).__name__} has no __len__(): write it, it returns the number of batches")
        return len(self)

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch."""
