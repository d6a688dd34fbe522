"""A quiz in a terminal, a pipe or a notebook: questions one after the other, two tries each, and the score."""

from __future__ import annotations

from shapecheck.languages import chosen, words
from shapecheck.teaching.questions import Question, question
from shapecheck.teaching.texts import QUIZ

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[str], str | None]
    """Prints a prompt and returns a line; None at the end of the input."""

TRIES = 2


def quiz(level: int = 1, seed: int = 0, language: str | None = None) -> Question:
    """A question on shapes, for a notebook or a program: it shows itself, and its `answer(...)` checks an answer.

    Arguments:
        level: from 1 (one layer) to 5 (repairs)
        seed: any integer: the same level and seed make the same question
        language: "en" or "hi"; None: what TINYSEQ_LANGUAGE says, else "en"

    >>> ask = quiz(level=1, seed=1)
    >>> print(ask)
       Input((14,))
     1 Dense(5)
    <BLANKLINE>
    How many parameters does this model have?
    >>> ask.answer(75)
    right
      Dense(5)  14*5 + 5 = 75
    answer: 75
    """
    return question(level, seed, chosen(language))


def play(levels: list[int], seed: int, language: str, ask: Ask, show: Callable[[str], None]) -> tuple[int, int]:
    """Asks a question for each of `levels`; returns how many were answered right, and how many were asked to the end.

    Arguments:
        levels: the level of each question
        seed: of the whole quiz
        language: of the words
        ask: prints a prompt and returns a line, None at the end of the input
        show: prints text
    """
    say = words("quiz", QUIZ, language)
    right = done = 0
    for number, level in enumerate(levels):
        one = question(level, f"{seed} {number}", language)
        show(f"\n{say['number'].format(number=number + 1, count=len(levels), level=level)}\n\n{one.text}\n")
        found = _answered(one, ask, show, say["prompt"], say["again"])
        if found is None:
            break
        right, done = right + found, done + 1
    show("\n" + say["score"].format(right=right, count=done))
    return right, done


def _answered(one: Question, ask: Ask, show: Callable[[str], None], prompt: str, again: str) -> bool | None:
    """True if it was answered right in time; None if the player stops."""
    tries = 0
    while True:
        line = ask(prompt if tries == 0 else again)
        if line is None or line.strip().lower() in ("q", "quit"):
            return None
        if line.strip() == "?":
            show("\n".join(one.why()))
            return False
        found = one.answer(line)
        if found.right is None:
            show(found.text)
            continue
        tries += 1
        if found.right or tries == TRIES:
            show(found.text)
            return found.right
        show(found.hint)
