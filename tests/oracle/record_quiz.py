"""Record what Keras answers to questions of the quiz -> quiz.json.

    python -m tests.oracle.record_quiz

Forty questions of each level. The model is built in Keras from the code of its stack: output shape, parameters, the first layer that
raises, the smallest picture (n is built, n - 1 raises), the choices that can be built.
"""

from typing import Any

from shapecheck.teaching.questions import LETTERS, LEVELS, Question, RightRepair, Smallest, question, sized
from shapecheck.teaching.written import WrittenStack
from tests.oracle.keras_side import keras, write

EACH = 40


def built(stack: WrittenStack, count: int | None = None) -> Any:
    """A Keras model of the first `count` layers, all if None. Raises what Keras raises."""
    return eval(WrittenStack(stack.shape, stack.layers[:count]).code(), {"keras": keras, "layers": keras.layers})


def builds(stack: WrittenStack, count: int | None = None) -> bool:
    """True if Keras can build it."""
    try:
        built(stack, count)
    except ValueError:
        return False
    return True


def answer(one: Question) -> Any:
    """Keras's answer, as JSON holds it."""
    if one.kind == "output":
        return list(built(one.stack).output_shape[1:])
    if one.kind == "params":
        return built(one.stack).count_params()
    if one.kind == "trained":
        return sum(int(weight.size) for weight in (w.numpy() for w in built(one.stack).trainable_weights))
    if one.kind == "breaks":
        return next(count for count in range(1, len(one.stack.layers) + 1) if not builds(one.stack, count))
    if isinstance(one, Smallest):
        size = one.stack.shape[0]
        assert size is not None
        return size if builds(sized(one.stack, size)) and not builds(sized(one.stack, size - 1)) else None
    assert isinstance(one, RightRepair)
    return "".join(letter for letter, change in zip(LETTERS, one.changes, strict=True) if builds(change[2]))


def main() -> None:
    rows = {}
    for level in LEVELS:
        for seed in range(EACH):
            one = question(level, seed)
            rows[f"{level} {seed}"] = {"text": one.text, "answer": answer(one)}
    write("quiz.json", rows)


if __name__ == "__main__":
    main()
