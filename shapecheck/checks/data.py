"""Data against the inputs: number of arrays, their names, shapes and sample counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapecheck.diagnostics.batching import NotBatched, NotData
from shapecheck.diagnostics.labels import DataMismatch, InputsMismatch, SampleCount
from shapecheck.findings import Finding, Related
from shapecheck.languages import Phrase
from shapecheck.propagate import exchanged, of_rank, propagate, takes
from shapecheck.reader.data.flows import loose, written_data
from shapecheck.reader.values import Array, Items, Once, Table, told
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import Stack
    from shapecheck.reader.records import Event
    from shapecheck.reader.source import Place
    from shapecheck.table import Row


class Part:
    """The data of one input: its sizes (None: unknown), and where it is written."""

    __slots__ = ("dims", "place", "shape", "source")

    def __init__(self, value: Any, place: Place) -> None:
        self.dims: tuple[Any, ...] | None = getattr(value, "dims", None)
        self.shape = Shape(self.dims, getattr(value, "last", None))
        self.source: str = getattr(value, "source", "")
        self.place = place

    @property
    def samples(self) -> int | None:
        """How many there are, if that is known."""
        return self.dims[0] if self.dims and isinstance(self.dims[0], int) else None


def look(stack: Stack, event: Event, version: int, found: list[Part]) -> Iterator[Finding]:
    """What is wrong with the data of a call; fills `found` with the data of each input, if it is known and of equal length."""
    if loose(event) is not None:
        yield from _unbatched(stack, event)
        return
    iterator = event.get(0, "x")
    if isinstance(iterator, Once) and version >= 3 and event.kind != "call" and iterator.name in ("zip", "map"):
        yield Finding(NotData(iterator.name), place_of(event, 0, "x"), stack)
        return
    given = _parts(stack, event, version)
    if isinstance(given, InputsMismatch):
        yield Finding(given, place_of(event, 0, "x"), stack)
        return
    if event is not stack.input_event:
        yield from _sizes(stack, given, version >= 3 and len(given) > 1)  # as Keras 3 does for functional models, but not for stacks
    uneven = list(_samples(stack, event, given))
    yield from uneven
    found += given if not uneven else []


def _unbatched(stack: Stack, event: Event) -> Iterator[Finding]:
    """An unbatched dataset whose samples the model does not accept as batches."""
    given, place = loose(event), place_of(event, 0, "x")
    dims = getattr(given.x, "dims", None) if given is not None else None
    if given is None or dims is None or len(stack.graph.inputs) != 1 or event is stack.input_event:
        return
    if not dims or _refused(stack, [dims], exact=False) is not None:
        accepted = stack.table[stack.graph.inputs[0].node].output
        yield Finding(NotBatched(Shape(dims), accepted, given.dropped), place, stack)


def _parts(stack: Stack, event: Event, version: int) -> list[Part] | InputsMismatch:
    """One part for each input; none where it is unknown."""
    x, place, count = written_data(event), place_of(event, 0, "x"), len(stack.graph.inputs)
    if stack.model is not None and stack.model.code is not None and not stack.input_shape.known and count == 1:
        return []  # a subclass of Model: the number of inputs of its call() is unknown until its data is known
    if isinstance(x, Array) and (count == 1 or (x.dims and x.source != "list")):
        return [Part(x, place)] if count == 1 else InputsMismatch(_names(stack), 1)
    if stack.model is None or stack.model.graph is None or not isinstance(x, (Items, Table, tuple)) or not told(x):
        return []
    if isinstance(x, Table):
        return _by_name(stack, event, x) if version >= 3 else []
    if count == 1 and stack.input_shape.dims is None:
        return []  # a model from a file may have any number of inputs
    if len(x) != count:
        return InputsMismatch(_names(stack), len(x)) if x and all(isinstance(item, Array) for item in x) else []
    names = stack.model.input_keys
    if any(isinstance(item, (Items, Table, tuple)) for item in x) or list(names) != sorted(names):
        return []  # nested lists are flattened, and a list for inputs in a dict follows the order of its keys
    places = [event.origin.unit.place(node) for node in written_parts(stack, event)] or [place] * count
    return [Part(*pair) for pair in zip(x, places, strict=True)]


def _by_name(stack: Stack, event: Event, x: dict[Any, Any]) -> list[Part] | InputsMismatch:
    """Keras looks up the name of every input; further keys are allowed."""
    names = _names(stack)
    if "" in names or not all(isinstance(key, str) for key in x):
        return []
    missing = next((name for name in names if name not in x), None)
    if missing is not None:
        return InputsMismatch(names, None, missing, list(x))
    places = [event.origin.unit.place(node) for node in written_parts(stack, event)] or [place_of(event, 0, "x")] * len(names)
    return [Part(x[name], place) for name, place in zip(names, places, strict=True)]


def _names(stack: Stack) -> list[str]:
    """The names under which data is looked up; "" for an automatic name."""
    keys = stack.model.input_keys if stack.model is not None else ()
    return list(keys) or [name if isinstance(name := tensor.node.rule.name, str) else "" for tensor in stack.graph.inputs]


def _sizes(stack: Stack, given: Sequence[Part], exact: bool) -> Iterator[Finding]:
    at = _refused(stack, [part.dims for part in given], exact)
    if at is None:
        return
    shapes = [stack.table[tensor.node].output for tensor in stack.graph.inputs]
    accepted, data = shapes[at], Shape(given[at].dims)
    names = [stack.table[stack.graph.inputs[place].node].name for place in exchanged([part.dims for part in given], shapes, at)]
    problem = DataMismatch(data, accepted, takes(stack.graph, [*shapes[:at], Shape((None, *data.sizes)), *shapes[at + 1 :]]), names)
    if data.dims == shapes[at].sizes:
        problem.whole = _declared_whole(stack, at)
    finding = Finding(problem, given[at].place, stack, at)
    if stack.origins:
        if len(given) == 1:
            accepts = Phrase("places", "model_accepts", "the model accepts {shape}", shape=accepted)
        else:
            accepts = Phrase("places", "input_accepts", "this input accepts {shape}", shape=accepted)
        finding.related.append(Related(stack.origins[at].place, accepts))
    yield finding


def _declared_whole(stack: Stack, at: int) -> str:
    """x.shape, if input `at` is declared with the shape of an array including its number of samples."""
    for name in ("shape", "input_shape") if at < len(stack.origins) else ():
        node: Any = stack.origins[at].arguments.get(name)
        node = getattr(node, "value", node) if type(node).__name__ == "keyword" else node
        if type(node).__name__ == "Attribute" and node.attr == "shape":
            return f"{getattr(node.value, 'id', 'x')}.shape"
    return ""


def _refused(stack: Stack, given: Sequence[tuple[Any, ...] | None], exact: bool) -> int | None:
    """The input whose data Keras certainly refuses; None if there is none.

    Keras adds or drops a last axis of 1 itself and, unless `exact`, accepts sizes that differ from the declared ones if the
    layers can compute them: a longer sequence, a larger image without a Dense after a Flatten.
    """
    shapes, other = [stack.table[tensor.node].output for tensor in stack.graph.inputs], []
    for at, dims in enumerate(given):
        want = shapes[at].dims
        if want is None or dims is None:
            continue
        got = of_rank(dims, want)
        if len(want) != len(got):
            if len(got) == len(want) + 1 and isinstance(got[-1], Unknown):
                continue  # it may be 1 and is then dropped
            return at
        if any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(want[1:], got[1:], strict=True)):
            other.append(at)
        shapes[at] = Shape((None, *got[1:]))
    return other[0] if other and (exact or _breaks(stack, shapes)) else None


def _breaks(stack: Stack, shapes: Sequence[Shape]) -> bool:
    """True if a layer does not accept these inputs, or would need other weights for them."""
    table = propagate(stack.graph, shapes, accept=True)
    return bool(table.broken) or any(_other_weights(row, stack.table[row.node]) for row in table.rows)


def _other_weights(row: Row, built: Row) -> bool:
    """True if a layer needs weights of other sizes for this data than it was built with."""
    sizes = [(a, b) for new, old in zip(row.weights, built.weights, strict=False) for a, b in zip(new.shape, old.shape, strict=False)]
    return any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in sizes)


def _samples(stack: Stack, event: Event, given: Sequence[Part]) -> Iterator[Finding]:
    """Inputs with different numbers of samples. A batch of 1 may be broadcast to the others, and a call does not compare them."""
    counts = [(at, part.samples) for at, part in enumerate(given) if part.samples not in (None, 1)]
    for at, count in counts[1:] if event.kind != "call" else ():
        first, expected = counts[0]
        if count is not None and expected is not None and count != expected:
            names = [stack.table[stack.graph.inputs[i].node].name for i in (first, at)]
            yield Finding(SampleCount(expected, count, *names), given[at].place, stack)
            return


def written_parts(stack: Stack, event: Event) -> list[Any]:
    """The expression for each input in a list, tuple or dict written in the call; none if it is written otherwise."""
    node, names = _written(event), _names(stack)
    if type(node).__name__ == "Dict":
        values = {getattr(key, "value", None): value for key, value in zip(node.keys, node.values, strict=True)}
        return [values[name] for name in names] if all(name in values for name in names) else []
    items = list(getattr(node, "elts", ()))
    return items if len(items) == len(names) else []


def _written(event: Event) -> Any:
    return next((event.origin.arguments[name] for name in ("0", "x", "inputs") if name in event.origin.arguments), None)


def place_of(event: Event, position: int, name: str) -> Place:
    """Where an argument of a call is written; the whole call if it is not."""
    return event.origin.argument(name) or event.origin.argument(str(position)) or event.origin.place
