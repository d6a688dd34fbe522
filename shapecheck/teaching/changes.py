"""Changes to a broken stack, of which exactly one makes every layer work: the choices of a question."""

from __future__ import annotations

from shapecheck.teaching.written import Written, WrittenStack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    Change = tuple[str, Mapping[str, object], WrittenStack]
    """The key of its words, their values, and the stack after it."""

CHOICES = 4
RECURRENT = ("SimpleRNN", "GRU", "LSTM")


def one_that_works(random: Random, stack: WrittenStack) -> list[Change] | None:
    """Four changes of which one works, in random order; None if the stack has not enough of both."""
    good: list[Change] = []
    bad: list[Change] = []
    for change in changes(stack):
        (good if change[2].works() else bad).append(change)
    if not good or len(bad) < CHOICES - 1:
        return None
    found = [random.choice(good), *random.sample(bad, CHOICES - 1)]
    random.shuffle(found)
    return found


def changes(stack: WrittenStack) -> Iterator[Change]:
    """All changes of one layer or of the input, each with another text."""
    for place, layer in enumerate(stack.layers):
        name = f"{place + 1} {layer.code()}"
        if place < len(stack.layers) - 1:
            yield "drop", {"layer": name}, _with(stack, place, [])
        yield from _of_layer(stack, place, layer, name)
        yield "add_flatten", {"layer": name}, _with(stack, place, [Written("Flatten"), layer])
    for shape in _inputs(stack.shape):
        yield "larger", {"shape": repr(shape)}, WrittenStack(shape, stack.layers)


def _of_layer(stack: WrittenStack, place: int, layer: Written, name: str) -> Iterator[Change]:
    if layer.kind in ("Conv2D", "Conv1D") and "padding" not in layer.named:
        yield "same", {"layer": name}, _with(stack, place, [layer.having(padding="same")])
        if isinstance(layer.plain[1], int) and layer.plain[1] > 2:
            smaller = Written(layer.kind, layer.plain[0], layer.plain[1] - 1, **layer.named)
            yield "window", {"layer": name, "window": layer.plain[1] - 1}, _with(stack, place, [smaller])
    if layer.kind in RECURRENT and not layer.named.get("return_sequences"):
        yield "sequences", {"layer": name}, _with(stack, place, [layer.having(return_sequences=True)])


def _inputs(shape: tuple[int | None, ...]) -> Iterator[tuple[int | None, ...]]:
    """Larger pictures, or one axis more."""
    first = shape[0]
    assert first is not None
    if len(shape) == 3:
        yield from ((first + more, first + more, shape[2]) for more in (1, 2, 4, 8, 16, 32))
    elif len(shape) == 2:
        yield (*shape, 1)
        yield (first * 2, shape[1])
    else:
        yield (first * 2,)
        yield (first, 1)


def _with(stack: WrittenStack, place: int, layers: list[Written]) -> WrittenStack:
    return WrittenStack(stack.shape, [*stack.layers[:place], *layers, *stack.layers[place + 1 :]])
