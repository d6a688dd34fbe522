"""Helpers of a lesson: ask for predictions, compare, check exercises, show pictures and reports."""

import hashlib
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy as np

from shapecheck.languages import current, speak
from tinyseq.classroom.judging import judged, layer_judged, model_judged
from tinyseq.classroom.words import said

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Lesson:
    """One lesson in one language, which findings, errors and warnings then speak too.

    It never waits without a keyboard: a prediction is then skipped, as after Enter.
    """

    def __init__(self, language: Literal["en", "hi"] = "en") -> None:
        self.language = language
        self.guess = ""
        said(language, "right")  # an unknown language is refused here
        if language != current():
            speak(language)

    def predict(self, question: str) -> None:
        """Asks for a prediction before the cell computes. The answer is kept for `compare`; Enter skips it."""
        print(said(self.language, "predict"), question)
        self.guess = typed(said(self.language, "answer")).strip()

    def compare(self, truth: Any) -> None:
        """Prints the result beside the prediction."""
        if self.guess:
            print(said(self.language, "guess"), self.guess)
        result = str(truth.item() if isinstance(truth, np.generic) else truth)
        agreed = bool(self.guess) and NUMBER.findall(self.guess) == NUMBER.findall(result)
        print(said(self.language, "came out"), result + (" " + said(self.language, "agreed") if agreed else ""))
        self.guess = ""

    def check(self, answer: Any, truth: Any) -> None:
        """Says whether an answer is right, or how it is wrong, but never the right answer."""
        print(judged(self.language, answer, truth))

    def check_name(self, answer: str | None, digest: str) -> None:
        """Like `check`, for a name: compared by the start of its SHA-256, so that the check does not reveal it."""
        given = None if answer is None else hashlib.sha256(str(answer).strip().lower().encode()).hexdigest()[: len(digest)]
        print(judged(self.language, given, digest))

    def measured(self, what: str, value: float, low: float, high: float) -> None:
        """Prints a random result with the range over ten seeds; a share as a percentage."""
        share = low >= 0 and high <= 1
        shown = [f"{number:.1%}" if share else f"{number:.3g}" for number in (value, low, high)]
        print(said(self.language, "measured", what=what, value=shown[0], low=shown[1], high=shown[2]))
        if not low <= value <= high:
            print(said(self.language, "outside"))

    def clocked(self, what: str, value: float, unit: str) -> None:
        """Prints a speed or a factor that was timed, beside the prediction; every machine and every run has its own."""
        if self.guess:
            print(said(self.language, "guess"), self.guess)
            self.guess = ""
        print(said(self.language, "clocked", what=what, value=f"{float(f'{value:.3g}'):,.9g}", unit=unit))

    def check_model(
        self, answer: Any, output_shape: Any, *, input_shape: Any = None, parameters: int | None = None, trainable: int | None = None
    ) -> None:
        """Says whether a model has these shapes and so many parameters, or what is off.

        Arguments:
            answer: the model; None: not answered yet
            output_shape: with the batch axis
            input_shape: the same; None: any
            parameters: how many it has; None: any number
            trainable: how many of them can change; None: any number
        """
        truths = {"input shape": input_shape, "output shape": output_shape, "parameters": parameters, "trainable": trainable}
        print(model_judged(self.language, answer, {name: truth for name, truth in truths.items() if truth is not None}))

    def check_layer(self, kind: Any, input_shape: tuple[int, ...]) -> None:
        """Says whether a layer class computes and its backward is the gradient of its forward, or in which weight or input it is not.

        Arguments:
            kind: the class, which is made without arguments; None: not answered yet
            input_shape: without the batch axis
        """
        print(layer_judged(self.language, kind, input_shape))

    def show(self, axes: Any) -> None:
        """Shows a picture of tinyseq.plotting."""
        import_module("tinyseq.plotting").show(axes)

    def read(self, name: str) -> None:
        """Prints a file of the lesson's folder with line numbers."""
        for number, line in enumerate(self._file(name).read_text(encoding="utf-8").splitlines(), 1):
            print(f"{number:2}  {line}".rstrip())

    def report(self, name: str) -> None:
        """What `python -m shapecheck` says about a file of the lesson's folder; the file is read, not run."""
        import_module("shapecheck.__main__").main([str(self._file(name)), "--language", self.language])

    def _file(self, name: str) -> Path:
        """A file beside the lesson: of the notebook's folder, or of the script's."""
        script = getattr(sys.modules["__main__"], "__file__", None)
        beside = Path(script).parent if script and not in_notebook() else Path()
        folders = (Path(), Path(".."), beside, beside.parent)  # solved lessons are one folder deeper
        return next((folder / name for folder in folders if (folder / name).exists()), Path(name))


def in_notebook() -> bool:
    """True if a notebook's kernel runs this code (a program may import ipykernel without being one)."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def typed(prompt: str) -> str:
    """The typed answer, "" without a keyboard or a user."""
    if not in_notebook() and (sys.stdin is None or not sys.stdin.isatty()):
        return ""
    try:
        return input(prompt + " ")
    except EOFError:
        return ""
    except Exception as error:
        if type(error).__name__ != "StdinNotImplementedError":  # ipykernel's: this front end has no keyboard
            raise
        return ""
