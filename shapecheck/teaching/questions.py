"""Questions on shapes: by level and seed, each with one right answer, which propagation finds, and the sums that lead to it."""

from __future__ import annotations

import re
from random import Random

from shapecheck.languages import speaking, words
from shapecheck.teaching import draw
from shapecheck.teaching.changes import one_that_works
from shapecheck.teaching.sums import of_parameters, of_shapes, of_trained, refusal
from shapecheck.teaching.texts import LAYERS, QUIZ
from shapecheck.teaching.written import WrittenStack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapecheck.table import Row

LETTERS = "abcd"
LARGEST = 200
"""The largest picture that a question about the smallest one tries."""


class Feedback:
    """What an answer deserves: `right` is True or False, None if it could not be read; `text` says it, with the sums; `hint` without."""

    __slots__ = ("hint", "right", "text")

    def __init__(self, right: bool | None, hint: str, sums: Sequence[str] = ()) -> None:
        self.right = right
        self.hint = hint
        self.text = "\n".join([hint, *sums])

    def __repr__(self) -> str:
        return self.text


class Question:
    """A question about a stack. In a notebook it shows itself; `answer` checks an answer.

    `expected` is a shape without the batch axis, a number, or the letter of a choice.
    """

    kind = ""

    def __init__(self, stack: WrittenStack, language: str, expected: tuple[int, ...] | int | str) -> None:
        self.stack = stack
        self.expected = expected
        self.language = language
        self.choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The stack, the question and its choices."""
        notes = ["", *self.notes] if self.notes else []
        return "\n".join([*self.drawn(), *notes, "", self.asked, *(f"  {choice}" for choice in self.lettered)])

    @property
    def notes(self) -> list[str]:
        """What each layer and argument of the stack does that no lesson has."""
        code = " ".join(layer.code() for layer in self.stack.layers)
        there = words("quiz_layers", LAYERS, self.language)
        return [text for name, text in there.items() if re.search(rf"\b{name}\b", code)]

    @property
    def asked(self) -> str:
        """The question."""
        return self._say(self.kind)

    @property
    def lettered(self) -> list[str]:
        """The choices with their letters."""
        return [f"{letter}) {choice}" for letter, choice in zip(LETTERS, self.choices, strict=False)]

    @property
    def solution(self) -> str:
        """The right answer, as it is written."""
        expected = self.expected
        return f"({', '.join(map(str, expected))}{',' * (len(expected) == 1)})" if isinstance(expected, tuple) else f"{expected}"

    def answer(self, text: object) -> Feedback:
        """Checks an answer and says why it is right or not.

        Arguments:
            text: a shape ("26, 26, 32" or (26, 26, 32)), a number, or the letter of a choice
        """
        given, problem = self._read(str(text))
        if problem:
            return Feedback(None, problem)
        right = given == self.expected
        return Feedback(right, "\n".join([self._say("right" if right else "wrong"), *([] if right else self._near(given))]), self.why())

    def why(self) -> list[str]:
        """The sums that lead to the answer, and the answer."""
        with speaking(self.language):
            return [*self._sums(), self._say("answer", answer=self.solution)]

    def __repr__(self) -> str:
        return self.text

    def _say(self, key: str, **values: object) -> str:
        return words("quiz", QUIZ, self.language)[key].format(**values)

    def drawn(self) -> list[str]:
        """The stack, a line for the input and for each layer."""
        return self.stack.lines()

    def _sums(self) -> list[str]:
        return of_shapes(self.stack)

    def _near(self, given: object) -> list[str]:
        return []

    def _read(self, text: str) -> tuple[object, str]:
        found = re.fullmatch(r"\s*(?:n\s*=\s*)?(\d[\d_,\s]*)\s*", text)
        number = re.sub(r"[_,\s]", "", found[1]) if found else ""
        return (int(number), "") if number else (None, self._say("unreadable_number"))


class OutputShape(Question):
    """What shape comes out?"""

    kind = "output"

    def _read(self, text: str) -> tuple[object, str]:
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        rest = re.sub(r"none|\d+|[\s,x×*()\[\].;]", "", text, flags=re.I)
        return (tuple(numbers), "") if numbers and not rest else (None, self._say("unreadable_shape"))

    def _near(self, given: object) -> list[str]:
        assert isinstance(given, tuple) and isinstance(self.expected, tuple)
        expected, got = len(self.expected), len(given)
        return [] if expected == got else [self._say("wrong_axes", expected=expected, got=got)]


class Parameters(Question):
    """How many parameters?"""

    kind = "params"

    def _sums(self) -> list[str]:
        return of_parameters(self.stack)


class Trained(Question):
    """How many parameters does training change?"""

    kind = "trained"

    def _sums(self) -> list[str]:
        return of_trained(self.stack)


class Breaks(Question):
    """Which layer breaks?"""

    kind = "breaks"


class Smallest(Question):
    """What is the smallest picture that works?"""

    kind = "smallest"

    @property
    def asked(self) -> str:
        return self._say("smallest", channels=self.stack.shape[-1])

    def drawn(self) -> list[str]:
        return [f"   Input((n, n, {self.stack.shape[-1]}))", *self.stack.lines()[1:]]

    def _sums(self) -> list[str]:
        assert isinstance(self.expected, int)
        size = self.expected
        lines = [self._say("fits", size=size), *of_shapes(sized(self.stack, size))]
        broken = first_broken(sized(self.stack, size - 1)) if size > 1 else None
        if broken is None:
            return lines
        return [*lines, self._say("fails", size=size - 1, layer=self.stack.layers[broken[0]].code(), why=refusal(broken[1]))]


class RightRepair(Question):
    """Which change repairs the stack?"""

    kind = "repair"

    def __init__(self, stack: WrittenStack, language: str, changes: Sequence[tuple[str, Mapping[str, object], WrittenStack]]) -> None:
        super().__init__(stack, language, LETTERS[next(place for place, change in enumerate(changes) if change[2].works())])
        self.changes = changes
        self.choices = tuple(self._say(key, **values) for key, values, _ in changes)

    def _read(self, text: str) -> tuple[object, str]:
        letter = text.strip().strip("()").lower()
        return (letter, "") if letter in [*LETTERS] else (None, self._say("unreadable_choice", choices=", ".join(LETTERS)))

    def _sums(self) -> list[str]:
        lines: list[str] = []
        for choice, (_, _, stack) in zip(self.lettered, self.changes, strict=True):
            broken = first_broken(stack)
            lines.append(f"{choice}: {self._say('works') if broken is None else f'{broken[1].name}: {refusal(broken[1])}'}")
        return lines


def first_broken(stack: WrittenStack) -> tuple[int, Row] | None:
    """The first layer that breaks, by its place from 0, and its row; None if all work."""
    return next(((place, row) for place, row in enumerate(stack.rows()) if row.verdict == "broken"), None)


def sized(stack: WrittenStack, size: int) -> WrittenStack:
    """The stack on square pictures of another size."""
    return WrittenStack((size, size, *stack.shape[2:]), stack.layers)


def smallest(stack: WrittenStack) -> int | None:
    """The smallest square picture on which every layer works; None if LARGEST is too small."""
    return next((size for size in range(1, LARGEST + 1) if sized(stack, size).works()), None)


def output(*draws: draw.Draw) -> Callable[[Random, str], Question]:
    """Questions about the output shape of a stack that one of `draws` makes."""

    def make(random: Random, language: str) -> Question:
        stack = random.choice(draws)(random)
        dims = stack.rows()[-1].output.dims
        assert dims is not None
        return OutputShape(stack, language, tuple(size for size in dims[1:] if isinstance(size, int)))

    return make


def parameters(*draws: draw.Draw) -> Callable[[Random, str], Question]:
    """Questions about the number of parameters."""

    def make(random: Random, language: str) -> Question:
        stack = random.choice(draws)(random)
        return Parameters(stack, language, sum(row.params for row in stack.rows() if isinstance(row.params, int)))

    return make


def trained(*draws: draw.Draw) -> Callable[[Random, str], Question]:
    """Questions about the parameters that training changes."""

    def make(random: Random, language: str) -> Question:
        stack = random.choice(draws)(random)
        return Trained(stack, language, sum(row.trainable_params for row in stack.rows() if isinstance(row.trainable_params, int)))

    return make


def breaks(*draws: draw.Draw) -> Callable[[Random, str], Question]:
    """Questions about the layer that breaks."""

    def make(random: Random, language: str) -> Question:
        while True:
            stack = random.choice(draws)(random)
            broken = first_broken(stack)
            if broken is not None:
                return Breaks(stack, language, broken[0] + 1)

    return make


def smallest_input(blocks: int) -> Callable[[Random, str], Question]:
    """Questions about the smallest picture."""

    def make(random: Random, language: str) -> Question:
        while True:
            stack = draw.convnet(random, 0, blocks, head=False)
            size = smallest(stack)
            if size is not None and size > 4:
                return Smallest(sized(stack, size), language, size)

    return make


def repair(random: Random, language: str) -> Question:
    """A question about the change that repairs a stack."""
    while True:
        stack = random.choice((deep, draw.mixed_up))(random)
        changes = one_that_works(random, stack) if first_broken(stack) else None
        if changes is not None:
            return RightRepair(stack, language, changes)


def deep(random: Random) -> WrittenStack:
    """A convnet whose pictures may get too small."""
    return draw.convnet(random, random.randint(10, 32), random.choice((3, 4)))


LEVELS: dict[int, tuple[Callable[[Random, str], Question], ...]] = {
    1: (output(draw.convolution, draw.pooling, draw.dense, draw.flatten, draw.global_pooling), parameters(draw.dense)),
    2: (output(draw.strided, draw.padded, draw.overlapping, draw.dense_on_pictures, draw.frame), parameters(draw.convolution, draw.padded)),
    3: (output(draw.small_convnet), parameters(draw.small_convnet), breaks(deep), smallest_input(2)),
    4: (
        output(draw.dilated, draw.transposed, draw.by_channel, draw.sequence, draw.words),
        parameters(draw.by_channel, draw.sequence, draw.words, draw.transposed),
        breaks(draw.mixed_up, deep),
    ),
    5: (trained(draw.normalized, draw.frozen), smallest_input(3), repair),
}


def question(level: int = 1, seed: int | str = 0, language: str = "en") -> Question:
    """The question of a level and a seed: always the same one.

    Arguments:
        level: from 1 (one layer) to 5 (repairs)
        seed: any integer or text
        language: "en" or "hi"
    """
    if level not in LEVELS:
        raise ValueError(f"level={level!r}: expected a number from 1 to {max(LEVELS)}")
    random = Random(f"{level} {seed}")
    return random.choice(LEVELS[level])(random, language)
