"""The events of training, History, and all callbacks of one run together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import numpy as np

from tinyseq.did_you_mean import Spelled

Logs = dict[str, Any] | None


def plain(value: Any) -> Any:
    """A number, or an array where a metric has several (one for each threshold or class)."""
    array = np.asarray(value)
    return float(array) if array.ndim == 0 else array


class Callback(Spelled):
    """Override the events that you want. `model` and `params` are set before training; logs hold the running means."""

    model: Any = None
    params: dict[str, Any]
    after_others: bool = False
    """Its events come after those of all other callbacks."""

    def set_model(self, model: Any) -> None:
        """The model that is trained."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """verbose, epochs, steps."""
        self.params = params

    def on_train_begin(self, logs: Logs = None) -> None: ...
    def on_train_end(self, logs: Logs = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None: ...
    def on_batch_begin(self, batch: int, logs: Logs = None) -> None: ...
    def on_batch_end(self, batch: int, logs: Logs = None) -> None: ...

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Keras's older name for it is on_batch_begin."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Keras's older name for it is on_batch_end."""
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs: Logs = None) -> None: ...
    def on_test_end(self, logs: Logs = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None: ...
    def on_predict_begin(self, logs: Logs = None) -> None: ...
    def on_predict_end(self, logs: Logs = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None: ...


class History(Callback):
    """What fit returns: `history` {name: a value for each epoch}, `epoch` [0, 1, ...], `params`."""

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []
        self.params = {}

    def on_train_begin(self, logs: Logs = None) -> None:
        self.history, self.epoch = {}, []

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)

    def __repr__(self) -> str:
        return f"<History epochs={len(self.epoch)} of {', '.join(self.history)}>"


class ProgbarLogger(Callback):
    """The progress that fit, evaluate and predict show by themselves, as `verbose` says: to pass it changes nothing."""


class Callbacks:
    """All callbacks of one run. As a context: begins and ends the training, also after an error.

    Arguments:
        model: the model that is run
        given: the callback or callbacks of the caller, or None
        params: what every callback finds in its params
        history: True: record the run in model.history
    """

    def __init__(self, model: Any, given: Any, params: dict[str, Any], history: bool = True) -> None:
        listed = [] if given is None else list(given) if isinstance(given, (list, tuple)) else [given]
        for callback in listed:
            if not isinstance(callback, Callback):
                called = isinstance(callback, type) and issubclass(callback, Callback)
                advice = f"call the class: {callback.__name__}(...)" if called else "write a subclass of callbacks.Callback"
                raise TypeError(f"callbacks: expected Callback objects, got {callback!r}: {advice}")
        self.model = model
        self.logs: dict[str, Any] = {}
        """Of the last epoch."""
        self.all: list[Callback] = listed
        self.params = params
        if history:
            model.history = History()
            last = [callback for callback in listed if callback.after_others]
            self.all = [*(one for one in listed if not one.after_others), model.history, *last]  # history records what others add
        for callback in self.all:
            callback.set_params(params)
            callback.set_model(model)

    def add_first(self, callback: Callback | None) -> None:
        """The progress bar."""
        if callback is not None:
            callback.set_params(self.params)
            callback.set_model(self.model)
            self.all.insert(0, callback)

    def __enter__(self) -> Callbacks:
        self._tell("on_train_begin")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._tell("on_train_end", self.logs)
        else:
            self._close()

    @contextmanager
    def closing(self) -> Iterator[None]:
        """For evaluate and predict: an open bar is closed after an error."""
        try:
            yield
        except BaseException:
            self._close()
            raise

    def _close(self) -> None:
        for callback in self.all:
            if hasattr(callback, "close"):
                callback.close()

    def _tell(self, event: str, *arguments: Any) -> None:
        """Every event has logs: a dictionary of its own for each event, which callbacks may add to."""
        if len(arguments) == ("batch" in event or "epoch" in event):
            arguments = (*arguments, {})
        for callback in self.all:
            getattr(callback, event)(*arguments)

    def __getattr__(self, event: str) -> Callable[..., None]:
        if not event.startswith("on_"):
            raise AttributeError(event)
        return lambda *arguments: self._tell(event, *arguments)


class LambdaCallback(Callback):
    """A callback from functions: LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs)).

    Arguments:
        on_epoch_begin: function(epoch, logs)
        on_epoch_end: function(epoch, logs)
        on_train_begin: function(logs)
        on_train_end: function(logs)
        on_train_batch_begin: function(batch, logs)
        on_train_batch_end: function(batch, logs)
        others: functions for the other events of Callback, by name
    """

    def __init__(
        self,
        on_epoch_begin: Any = None,
        on_epoch_end: Any = None,
        on_train_begin: Any = None,
        on_train_end: Any = None,
        on_train_batch_begin: Any = None,
        on_train_batch_end: Any = None,
        **others: Any,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end, "on_train_begin": on_train_begin,
            "on_train_end": on_train_end, "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end, **others,
        }  # fmt: skip
        for event, function in given.items():
            if not hasattr(Callback, event):
                raise TypeError(f"LambdaCallback has no argument {event!r}")
            if function is not None:
                setattr(self, event, function)
