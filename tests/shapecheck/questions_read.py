"""The answers of the quiz by another way: the code of each stack is read as a file is. `python -m tests.shapecheck.questions_read`
compares 10,000 questions."""

from __future__ import annotations

from shapecheck.file_report import check_units
from shapecheck.reader.source import units
from shapecheck.teaching.questions import LETTERS, LEVELS, Question, RightRepair, Smallest, question, sized
from shapecheck.teaching.written import WrittenStack

EACH = 2000


def read(stack: WrittenStack) -> list[tuple[str, object, object, object]]:
    """Verdict, output, parameters and trained parameters of each layer as the reader of source finds them."""
    source = f"import keras\nfrom keras import layers\nmodel = {stack.code()}\n"
    (found,) = check_units(units(source, "quiz.py"), "quiz.py", None, None).stacks
    rows = [row for row in found.rows if not row.is_input]
    return [(row.verdict, row.output.dims and row.output.dims[1:], row.params, row.trainable_params) for row in rows]


def works(stack: WrittenStack) -> bool:
    return all(row[0] == "proved" for row in read(stack))


def by_reading(one: Question) -> object:
    """The answer by another way than the question's own: its code is read as a file."""
    if isinstance(one, RightRepair):
        return "".join(letter for letter, change in zip(LETTERS, one.changes, strict=True) if works(change[2]))
    rows = read(one.stack)
    if isinstance(one, Smallest):
        size = one.stack.shape[0]
        assert size is not None
        return size if works(one.stack) and not works(sized(one.stack, size - 1)) else None
    if one.kind == "breaks":
        return 1 + [row[0] for row in rows].index("broken")
    return rows[-1][1] if one.kind == "output" else sum(row[2 if one.kind == "params" else 3] for row in rows)  # type: ignore[misc]


def differing(level: int, count: int) -> list[str]:
    """The questions of a level whose answer is another by reading, is not accepted, or whose choices repeat."""
    found = []
    for seed in range(count):
        one = question(level, seed)
        if by_reading(one) != one.expected or not one.answer(one.solution).right or len({*one.choices}) != len(one.choices):
            found.append(f"{level} {seed}: {one.text}")
    return found


def main() -> None:
    for level in LEVELS:
        print(f"level {level}: {EACH} questions, differing: {differing(level, EACH)}")


if __name__ == "__main__":
    main()
