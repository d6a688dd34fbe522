"""TensorBoard: writes what fit logs into event files, which the program tensorboard shows. Needs the package tensorboardX."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from tinyseq.argument_types import is_integer
from tinyseq.engine.team import speaks
from tinyseq.training.callback import Callback, Logs

REFUSED = {
    "write_graph": "there is no graph of TensorFlow: see model.summary(style='wide')",
    "write_images": "see tinyseq.plotting.filters",
    "profile_batch": "see python -m cProfile",
    "embeddings_freq": "save the weights of the layer with np.save",
    "embeddings_metadata": "leave it out",
}


class TensorBoard(Callback):
    """Writes losses and metrics to log_dir/train and log_dir/validation, under Keras's names: epoch_loss, batch_loss.

    Then `tensorboard --logdir logs` shows them. Install the extra: pip install "tinyseq[tensorboard]".

    Arguments:
        log_dir: the folder, which is made
        histogram_freq: write the distribution of each weight after every so many epochs; 0: never
        write_graph: of Keras, not written: leave it out
        write_images: of Keras, not written: leave it out
        write_steps_per_second: True: also write how many batches are done in a second
        update_freq: "epoch"; or also after each batch: "batch", or after every so many
        profile_batch: of Keras, not written: leave it out
        embeddings_freq: of Keras, not written: leave it out
        embeddings_metadata: of Keras, not written: leave it out
    """

    def __init__(
        self, log_dir: Any = "logs", histogram_freq: int = 0, write_graph: bool = False, write_images: bool = False,
        write_steps_per_second: bool = False, update_freq: Any = "epoch", profile_batch: Any = 0, embeddings_freq: int = 0,
        embeddings_metadata: Any = None,
    ) -> None:  # fmt: skip
        given = {
            "write_graph": write_graph, "write_images": write_images, "profile_batch": profile_batch,
            "embeddings_freq": embeddings_freq, "embeddings_metadata": embeddings_metadata,
        }  # fmt: skip
        for name, value in given.items():
            if value:
                raise NotImplementedError(f"TensorBoard: {name}={value!r} is not written: leave it out; {REFUSED[name]}")
        if update_freq not in ("epoch", "batch") and (not is_integer(update_freq) or update_freq < 1):
            raise ValueError(f"TensorBoard: update_freq={update_freq!r}: expected 'epoch', 'batch' or a number of batches, for example 100")
        if not is_integer(histogram_freq) or histogram_freq < 0:
            raise ValueError(f"TensorBoard: histogram_freq={histogram_freq!r}: expected a number of epochs, for example 1, or 0 for none")
        _writer_class()
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = histogram_freq
        self.write_steps_per_second = write_steps_per_second
        self.every = {"epoch": 0, "batch": 1}.get(update_freq, update_freq)
        self._writers: dict[str, Any] = {}
        self._batches = 0
        """All batches of training so far."""
        self._seen = 0
        """Of them in this epoch."""
        self._tested = 0
        self._inside_fit = False

    def _write(self, which: str, values: dict[str, Any], step: int) -> None:
        """Numbers under their names into one of the two files, which is opened at its first number. Of several processes one writes."""
        if not speaks():
            return
        if which not in self._writers:
            self._writers[which] = _writer_class()(os.path.join(self.log_dir, which))
        for name, value in values.items():
            if np.ndim(value) == 0:
                self._writers[which].add_scalar(name, float(value), step)
            else:  # a metric of several values
                for index, one in enumerate(np.ravel(value)):
                    self._writers[which].add_scalar(f"{name}/{index}", float(one), step)

    def on_train_begin(self, logs: Logs = None) -> None:
        self._inside_fit = True

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._seen, self._began = 0, time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        before = self._batches
        self._batches += batch + 1 - self._seen
        self._seen = batch + 1
        if self.every and self._batches // self.every > before // self.every:
            self._write("train", {f"batch_{name}": value for name, value in (logs or {}).items()}, self._batches - 1)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        known = logs or {}
        trained = {f"epoch_{name}": value for name, value in known.items() if not name.startswith("val_")}
        trained["epoch_learning_rate"] = float(self.model.optimizer.learning_rate) if self.model.optimizer else 0.0
        if self.write_steps_per_second:
            trained["epoch_steps_per_second"] = self._seen / max(time.perf_counter() - self._began, 1e-9)
        self._write("train", trained, epoch)
        validated = {f"epoch_{name.removeprefix('val_')}": value for name, value in known.items() if name.startswith("val_")}
        if validated:
            self._write("validation", validated, epoch)
        if self.histogram_freq and speaks() and epoch % self.histogram_freq == 0:
            for weight in self.model.weights:
                self._writers["train"].add_histogram(f"{weight.path}/histogram", weight.numpy(), epoch)
        self._flush()

    def on_test_end(self, logs: Logs = None) -> None:
        step = self._batches if self._inside_fit else self._tested
        self._tested += 1
        self._write("validation", {f"evaluation_{name}_vs_iterations": value for name, value in (logs or {}).items()}, step)
        self._flush()

    def _flush(self) -> None:
        for writer in self._writers.values():
            writer.flush()

    def on_train_end(self, logs: Logs = None) -> None:
        self._inside_fit = False
        self.close()

    def close(self) -> None:
        """Closes the files, also after an error; what comes later goes into new ones."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}


def _writer_class() -> Any:
    """tensorboardX.SummaryWriter. ImportError, with what to install, if it is not there."""
    try:
        from tensorboardX import SummaryWriter
    except ImportError as error:
        raise ImportError("callbacks.TensorBoard needs the package tensorboardX: pip install 'tinyseq[tensorboard]'") from error
    return SummaryWriter
