"""What a lesson says to a student: predictions never block, a check tells what is off and not what is right."""

import builtins
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck import languages
from tests.tutorials.form import code
from tests.tutorials.notebooks import ENGLISH, FOLDER, exercises, read
from tinyseq.classroom import Lesson
from tinyseq.classroom.judging import judged, layer_judged
from tinyseq.classroom.words import WORDS, said


@pytest.mark.parametrize(
    ("answer", "truth", "verdict"),
    [
        (None, 5, WORDS["en"]["unanswered"]),
        (5, 5, "right"),
        (5.0001, 5, "right"),
        (6, 5, "not yet: too large"),
        (-5, 5, "not yet: too small"),
        ("5", 5, "not yet: the answer must be a number"),
        (True, 1, "not yet: the answer must be a number"),
        (0.911, 348 / 382, "right"),
        (np.float32(2.3026), -np.log(0.1), "right"),
        ((6, 6), (6, 6), "right"),
        ([6, 6], (6, 6), "right"),
        ((6, 8), (6, 6), "not yet: value 2 of your answer: too large"),
        ((6,), (6, 6), "not yet: the answer has too few values"),
        (36, (6, 6), "not yet: the answer must be several values in brackets, for example (1, 2)"),
        ((None, 2), (None, 2), "right"),
        ((1, 2), (None, 2), "not yet: value 1 of your answer: another answer is right"),
        ([[5, 7], [9, 6]], np.array([[5, 7], [9, 6]]), "right"),
        ([[5, 7], [9, 0]], np.array([[5, 7], [9, 6]]), "not yet: 1 of 4 numbers are wrong, the first at (1, 1)"),
        (5, np.array([5, 7]), "not yet: the answer must be several values in brackets, for example (1, 2)"),
        ([5, 7], np.array([[5, 7], [9, 6]]), "not yet: the shape (2,) is not the requested one"),
        ([[5], [7, 1]], np.array([[5, 7], [9, 6]]), "not yet: the answer must be numbers"),
        ("softmax", "sigmoid", "not yet: another answer is right"),
    ],
)
def test_a_check_says_right_or_what_is_off(answer: Any, truth: Any, verdict: str) -> None:
    assert judged("en", answer, truth) == verdict


def test_a_name_is_checked_without_being_shown(capsys: pytest.CaptureFixture[str]) -> None:
    lesson = Lesson("en")
    for answer in ("Sigmoid ", "softmax", None):
        lesson.check_name(answer, "fa15bd82")
    said = capsys.readouterr().out
    assert said.splitlines() == ["right", "not yet: another answer is right", WORDS["en"]["unanswered"]]


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    assert set(WORDS["en"]) == set(WORDS["hi"])
    for key, text in WORDS["en"].items():
        assert sorted(part.split("}")[0] for part in text.split("{")[1:]) == sorted(
            part.split("}")[0] for part in WORDS["hi"][key].split("{")[1:]
        )
    with pytest.raises(ValueError, match='must be "en" or "hi"'):
        Lesson("fr")  # type: ignore[arg-type]


def test_a_hindi_lesson_reports_and_warns_in_hindi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(languages, "_spoken", [])
    monkeypatch.delenv(languages.VARIABLE, raising=False)
    for language, words in (
        ("en", "a window of 3 does not fit"),
        ("hi", "3 की खिड़की ऊँचाई 2 वाले इनपुट में नहीं समाती"),
        ("en", "a window of 3"),
    ):
        Lesson(language).report(str(FOLDER / "clinic" / "stack_01.py"))  # type: ignore[arg-type]
        assert words in capsys.readouterr().out


def test_where_nobody_can_type_a_prediction_is_left_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def never(prompt: str) -> str:
        raise AssertionError("a question was asked where nobody can answer")

    monkeypatch.setattr(builtins, "input", never)
    monkeypatch.setattr(sys, "stdin", None)
    lesson = Lesson("en")
    lesson.predict("the shape?")
    lesson.compare((3, 4))
    assert capsys.readouterr().out == "Predict: the shape?\nit is: (3, 4)\n"


class Terminal:
    """A keyboard with somebody at it."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("(3, 4)", "you predicted: (3, 4)\nit is: (3, 4) - as you predicted\n"),
        ("3 4", "you predicted: 3 4\nit is: (3, 4) - as you predicted\n"),
        ("4, 3", "you predicted: 4, 3\nit is: (3, 4)\n"),
        ("", "it is: (3, 4)\n"),
        (EOFError(), "it is: (3, 4)\n"),
    ],
)
def test_a_prediction_is_put_beside_what_came_out(
    typed: Any, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    def answer(prompt: str) -> str:
        if isinstance(typed, Exception):
            raise typed
        return str(typed)

    monkeypatch.setattr(builtins, "input", answer)
    monkeypatch.setattr(sys, "stdin", Terminal())
    lesson = Lesson("en")
    lesson.predict("the shape?")
    lesson.compare((3, 4))
    assert capsys.readouterr().out.removeprefix("Predict: the shape?\n") == printed


def test_a_front_end_without_a_keyboard_does_not_stop_the_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    class StdinNotImplementedError(RuntimeError):
        """ipykernel's, by its name."""

    def refuse(prompt: str) -> str:
        raise StdinNotImplementedError

    monkeypatch.setattr("tinyseq.classroom.lesson.in_notebook", lambda: True)
    monkeypatch.setattr(builtins, "input", refuse)
    Lesson("en").predict("?")


def test_a_measured_number_outside_of_its_band_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    lesson = Lesson("en")
    lesson.measured("right", 0.89, 0.86, 0.93)
    lesson.measured("epoch", 50, 9, 36)
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["right: 89.0% (other seeds: 86.0% to 93.0%)", "epoch: 50 (other seeds: 9 to 36)"]
    assert said[2] == WORDS["en"]["outside"] and len(said) == 3


def test_a_clocked_number_is_printed_with_three_digits(capsys: pytest.CaptureFixture[str]) -> None:
    lesson = Lesson("en")
    lesson.guess = "10 times"
    for value in (0.00123456, 3.14159, 56789.0):
        lesson.clocked("NumPy against Python", value, "times")
    first, *said = capsys.readouterr().out.splitlines()
    assert first == "you predicted: 10 times"
    numbers = ["0.00123", "3.14", "56,800"]
    assert said == [f"NumPy against Python: {number} times (timed on this machine)" for number in numbers]


def small(units: int = 3) -> Any:
    """8 -> 5 -> 3: 8 x 5 + 5 + 5 x 3 + 3 = 63 parameters."""
    return keras.Sequential([keras.Input(shape=(8,)), keras.layers.Dense(5), keras.layers.Dense(units)])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (None, WORDS["en"]["unanswered"]),
        (small(), "right"),
        (small(4), "not yet: output shape: value 2 of your answer: too large"),
        (keras.Sequential([keras.Input(shape=(9,)), keras.layers.Dense(3)]), "not yet: input shape: value 2 of your answer: too large"),
        (keras.Sequential([keras.Input(shape=(8,)), keras.layers.Dense(3)]), "not yet: number of parameters: too small"),
        (keras.Sequential([keras.layers.Dense(3)]), "not yet: the model has no shapes yet: begin it with keras.Input(shape=...)"),
        (keras.layers.Dense(3), "not yet: the answer must be a model"),
        (63, "not yet: the answer must be a model"),
        ([8, 5, 3], "not yet: the answer must be a model"),
    ],
)
def test_a_model_is_checked_by_its_shapes_and_parameters(answer: Any, verdict: str, capsys: pytest.CaptureFixture[str]) -> None:
    Lesson("en").check_model(answer, (None, 3), input_shape=(None, 8), parameters=63)
    assert capsys.readouterr().out.strip() == verdict


def test_only_parameters_that_can_change_are_counted_where_that_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    model = small()
    model.layers[0].trainable = False
    for count in (5 * 3 + 3, 63):
        Lesson("en").check_model(model, (None, 3), trainable=count)
    assert capsys.readouterr().out.splitlines() == ["right", "not yet: number of parameters that can change: too small"]


class Doubled(keras.layers.Layer):
    """Twice its input."""

    def output_shape(self, input_shape: Any) -> Any:
        """The same."""
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        """2 x."""
        return 2 * x

    def backward(self, ctx: Any, gradient: Any) -> Any:
        """2 for each."""
        return 2 * gradient


class Tripled(Doubled):
    """Whose backward says three times."""

    def backward(self, ctx: Any, gradient: Any) -> Any:
        """3, which is wrong."""
        return 3 * gradient


class Unfinished(Doubled):
    """Whose forward has a spelling mistake."""

    def forward(self, ctx: Any, x: Any) -> Any:
        """Fails."""
        return x.shap


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (None, WORDS["en"]["unanswered"]),
        (Doubled, "right"),
        (Tripled, "not yet: backward is not the gradient of forward: tripled, input 0"),
        (Unfinished, "not yet: the layer does not compute: "),
        (type("Divides", (Doubled,), {"backward": lambda self, ctx, gradient: 1 / 0}), "not yet: the layer does not compute: "),
        (Doubled(), "not yet: the answer must be a layer class, without brackets"),
        (5, "not yet: the answer must be a layer class, without brackets"),
    ],
)
def test_a_layer_class_is_checked_and_the_place_of_the_fault_is_named_but_not_the_right_number(
    kind: Any, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keras.clear_session()
    Lesson("en").check_layer(kind, (4,))
    said = capsys.readouterr().out.strip()
    assert said == verdict or (verdict.endswith(": ") and said.startswith(verdict))


def test_a_layer_class_is_judged_in_hindi_also_where_the_library_refuses_it() -> None:
    keras.clear_session()
    refusing = type("Refusing", (Doubled,), {"__init__": lambda self: keras.layers.Conv2D(0, 3)})
    with languages.speaking("hi"):
        assert layer_judged("hi", Tripled, (4,)).endswith(said("hi", "gradient", where="tripled, input 0"))
        assert layer_judged("hi", refusing, (4,)).endswith("filters=0: यहाँ धनात्मक पूर्णांक चाहिए")


WRONG: list[Any] = [7.25, 1e9, "nothing", (1, 2, 3, 4, 5, 6), [[1.0]], [0]]


@pytest.mark.slow
@pytest.mark.parametrize("source", ENGLISH[:3], ids=lambda source: source.stem)
def test_no_check_calls_a_wrong_answer_right_or_shows_the_right_one(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lesson's cells run once; each check then runs with answers that are wrong."""
    keras.clear_session()
    cells = read(source).cells
    world: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        if cell.cell_type == "code":
            exec(cell.source.replace("lesson.show(", "(lambda axes: None)("), world)
    checks = [cells[place + 1].source for place in exercises(read(source))]
    assert len(checks) == 5 and len(code(read(source))) > 10
    for number, check in enumerate(checks, 1):
        for wrong in WRONG:
            capsys.readouterr()
            world[f"answer_{number}"] = wrong
            exec(check, world)
            assert capsys.readouterr().out.startswith("not yet:"), (number, wrong)
