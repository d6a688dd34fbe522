"""Curves that are redrawn in a notebook while fit runs."""

from __future__ import annotations

from typing import Any

from tinyseq.plotting.canvas import Language, Picture
from tinyseq.plotting.curves import training_curves
from tinyseq.training.callback import Callback


class LiveCurves(Callback):
    """A callback that draws metrics over the epochs and redraws them after each: fit(..., callbacks=[plotting.LiveCurves()]).

    In a notebook the picture is replaced in its place; elsewhere nothing is shown, and `axes` holds the last picture's.

    Arguments:
        metrics: the names that are drawn, one panel for each; None: the loss, and the first other metric
        every: redraw after every so many epochs, and at the end
        language: "en" or "hi"
    """

    def __init__(self, metrics: list[str] | None = None, every: int = 1, language: Language = "en") -> None:
        if isinstance(every, bool) or not hasattr(every, "__index__") or every < 1:
            raise ValueError(f"LiveCurves: every={every!r}: expected a number of epochs, for example every=1")
        if isinstance(metrics, str):
            raise TypeError(f"LiveCurves: metrics={metrics!r}: expected a list of names, for example metrics=[{metrics!r}]")
        self.metrics = metrics
        self.every = every
        self.language = language
        self.axes: list[Any] = []
        self._values: dict[str, list[float]] = {}
        self._shown: Any = None
        """The place in the notebook."""

    def on_train_begin(self, logs: Any = None) -> None:
        self._values, self._shown, self.axes = {}, None, []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        for name, value in (logs or {}).items():
            self._values.setdefault(name, []).append(value)
        if (epoch + 1) % self.every == 0:
            self._draw()

    def on_train_end(self, logs: Any = None) -> None:
        if self._values:
            self._draw()

    def _names(self) -> list[str]:
        if self.metrics is not None:
            return self.metrics
        trained = [name for name in self._values if not name.startswith("val_") and name != "learning_rate"]
        return ["loss", *(name for name in trained if name != "loss")][:2]

    def _draw(self) -> None:
        names = self._names()
        picture: Any = Picture(4.6 * len(names), 3.6, "live_curves")
        self.axes = [picture.add_subplot(1, len(names), index + 1) for index in range(len(names))]
        for axes, name in zip(self.axes, names, strict=True):
            training_curves(self._values, name, axes=axes, language=self.language)
        picture.subplots_adjust(left=0.6 / len(names) / 4, right=0.98, bottom=0.16, top=0.86, wspace=0.3)
        self._show(picture)

    def _show(self, picture: Any) -> None:
        """In a notebook, into the place of the picture before."""
        try:
            import IPython
            import IPython.display as places
        except ImportError:
            return
        notebook: Any = places
        shell: Any = IPython.get_ipython()
        if shell is None or type(shell).__name__ == "TerminalInteractiveShell":
            return
        if self._shown is None:
            self._shown = notebook.display(picture, display_id=True)
        else:
            self._shown.update(picture)
