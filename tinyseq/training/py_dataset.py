"""PyDataset: batches by their number, from a class of the user's own."""

from __future__ import annotations

from typing import Any


class PyDataset:
    """Batches by number: subclasses define __len__() and __getitem__(index) -> (x, y) or (x, y, sample_weight).

    With shuffle=True fit takes the batches in another order in each epoch.

    Arguments:
        workers: taken for Keras's sake, changes nothing here: batches are made one after the other
        use_multiprocessing: taken for Keras's sake, changes nothing here
        max_queue_size: taken for Keras's sake, changes nothing here
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """The batch of that number."""
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__(index): write it, it returns a batch (x, y)")

    def __len__(self) -> int:
        return int(self.num_batches)

    @property
    def num_batches(self) -> int:
        """How many batches there are."""
        if type(self).__len__ is PyDataset.__len__:
            raise NotImplementedError(f"{type(self).__name__} has no __len__(): write it, it returns the number of batches")
        return len(self)

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch."""
