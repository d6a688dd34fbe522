"""Broken stacks made from the good ones of tests/data/stacks.py, each by one edit that people really make.

`mutants()` yields (name, elements): deterministic, no randomness. Whether an edit breaks the stack is for Keras to say.
"""

import re
from collections.abc import Callable, Iterator

from tests.data.stacks import stacks

Edit = Callable[[list[str]], Iterator[list[str]]]


def replaced(pattern: str, replacement: str, every: bool = False) -> Edit:
    """One mutant for the first (or every) element in which the pattern is found."""

    def edit(elements: list[str]) -> Iterator[list[str]]:
        for index, element in enumerate(elements):
            changed = re.sub(pattern, replacement, element, count=1)
            if changed != element:
                yield [*elements[:index], changed, *elements[index + 1 :]]
                if not every:
                    return

    return edit


def dropped(pattern: str) -> Edit:
    """Without the first element that matches."""

    def edit(elements: list[str]) -> Iterator[list[str]]:
        for index, element in enumerate(elements):
            if re.match(pattern, element):
                yield elements[:index] + elements[index + 1 :]
                return

    return edit


def repeated(pattern: str, times: int) -> Edit:
    """The last element that matches, as often as that."""

    def edit(elements: list[str]) -> Iterator[list[str]]:
        for index in range(len(elements) - 1, -1, -1):
            if re.match(pattern, elements[index]):
                yield elements[: index + 1] + [elements[index]] * times + elements[index + 1 :]
                return

    return edit


def inserted(before: str, element: str) -> Edit:
    """A stray element before the first that matches."""

    def edit(elements: list[str]) -> Iterator[list[str]]:
        for index, other in enumerate(elements):
            if index and re.match(before, other):
                yield [*elements[:index], element, *elements[index:]]
                return

    return edit


EDITS: dict[str, Edit] = {
    "a huge kernel": replaced(r"(Conv\dD\(\d+, )(?:\(\d+, \d+\)|\d+)", r"\g<1>29"),
    "a bigger second kernel": lambda elements: iter(
        list(replaced(r"((?<!Separable)Conv\dD\(\d+, )(?:\(\d+, \d+\)|\d+)", r"\g<1>17", every=True)(elements))[1:2]
    ),
    "no Flatten": dropped(r"Flatten|Global"),
    "no return_sequences": replaced(r", return_sequences=True", ""),
    "another Reshape": replaced(r"Reshape\([(\[](\d+)", r"Reshape((1\1"),
    "a Reshape total off by one axis": replaced(r"(Reshape\(.*), -?\d+([)\]]\))", r"\1\2"),
    "no channel axis": replaced(r"Input\(\((.+, .+), \d+\)\)", r"Input((\1))"),
    "the batch in the input": replaced(r"Input\(\((.+)\)\)", r"Input((32, \1))"),
    "a small picture": replaced(r"Input\(\((\d)\d+, (\d)\d+, ", r"Input((\1, \2, "),
    "too many pools": repeated(r"(Max|Average)Pooling", 4),
    "one pool more": repeated(r"(Max|Average)Pooling", 1),
    "a wide pool": replaced(r"Pooling(\d)D\((?:\d|\(\d, \d\))?", r"Pooling\1D(40"),
    "units of 0": replaced(r"(Dense\()(\d+)(?=[,)])", r"\g<1>0"),
    "units as float": replaced(r"(Dense\()(\d+)(?=[,)])", r"\1\2 / 2"),
    "units as text": replaced(r"(Dense\()(\d+)(?=[,)])", r"\1'\2'"),
    "an activation misspelt": replaced(r"activation='(\w)(\w)", r"activation='\2\1"),
    "a stray LSTM": inserted(r"Dense", "LSTM(8)"),
    "a stray Conv2D": inserted(r"Dense", "Conv2D(8, 3)"),
    "a stray pool": inserted(r"Dense", "MaxPooling2D()"),
    "strides with dilation": replaced(r"(Conv2D\(.*)\)$", r"\1, dilation_rate=2, strides=3)"),
    "odd groups": replaced(r"((?<!Depthwise)(?<!Separable)Conv2D\(.*)\)$", r"\1, groups=7)"),
    "padding misspelt": replaced(r"padding='same'", "padding='smae'"),
    "channels first": replaced(r"(Conv2D\(.*)\)$", r"\1, data_format='channels_first')"),
    "the Keras 1 kernel": replaced(r"(Conv2D\(\d+, )(?:\((\d), \d\)|(\d))(?=[,)])", r"\g<1>3, 3"),
    "a class": replaced(r"^(Flatten|Dropout|MaxPooling2D|BatchNormalization|LeakyReLU)\(.*\)$", r"\1"),
    "a name twice": lambda elements: iter(
        [[re.sub(r"(Dense\(.*)\)$", r"\1, name='layer')", element) for element in elements]]
    ),
    "a keyword of Keras 1": replaced(r"padding='same'", "border_mode='same'"),
    "an unknown keyword": replaced(r"activation='", "activations='"),
    "no RepeatVector": dropped("RepeatVector"),
    "no Embedding": dropped("Embedding"),
    "no Reshape": dropped("Reshape"),
    "a rate above one": replaced(r"Dropout(\dD)?\(0", r"Dropout\1(5"),
    "crops too much": replaced(r"Cropping(\d)D\(.*\)$", r"Cropping\1D(30)"),
    "an axis that is not there": replaced(r"(BatchNormalization\()", r"\1axis=5, "),
    "an unknown width": replaced(r"Input\(\((.*?)\d+(,?)\)\)$", r"Input((\1None\2))"),
    "no input": dropped("Input"),
}


MOST = 16
"""No more mutants than this from one edit, spread over the stacks it changes."""


def mutants() -> Iterator[tuple[str, list[str]]]:
    """Every edit on the stacks that it changes, at most MOST of them, evenly spread."""
    for title, edit in EDITS.items():
        made = [
            (f"{name}: {title}" + (f" {number + 1}" if number else ""), mutant)
            for name, elements in stacks().items()
            for number, mutant in enumerate(edit(elements))
            if mutant != elements
        ]
        step = max(len(made) / MOST, 1.0)
        yield from (made[int(index * step)] for index in range(min(len(made), MOST)))
