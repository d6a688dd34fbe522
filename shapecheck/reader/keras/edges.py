"""The edges of a call: its symbolic tensors, by position, by keyword, in nested lists, dicts and tuples.

An unknown value among them becomes a tensor of unknown shape, so that the graph continues after it.
"""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.nodes import Node, Tensor
from shapecheck.reader.keras.unseen import Given, opaque
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Items, Layer, Symbol, Table
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

STATES = ("initial_state", "states", "state", "constants", "initial_states")
"""Keywords for the states of recurrent layers and cells."""
WORDS = frozenset({"training", "name", "mask", "dtype", "axis", "return_attention_scores", "use_causal_mask"})
"""Keywords of a call that are not tensors for the input."""
MOST = 500
"""Most tensors of one call that are kept."""


def symbols(value: Any, depth: int = 0) -> Iterator[Symbol]:
    """The symbolic tensors inside a value, in order."""
    if isinstance(value, Symbol):
        yield value
    elif depth < 6 and isinstance(value, (Items, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from symbols(item, depth + 1)


def has_symbol(value: Any) -> bool:
    """Whether there is one."""
    return next(symbols(value), None) is not None


def told_whole(value: Any) -> bool:
    """True if a value contains only symbolic tensors."""
    return all(isinstance(item, Symbol) for item in leaves(value))


def unseen_tensor(name: str, why: str, call: Call | None = None) -> Tensor:
    """A tensor of unknown origin."""
    rule = opaque(name, why)
    origin = Layer(rule, name, Origin(call.unit, call.node)) if call is not None else None
    return Node(rule, (), origin).tensor()


def tensors(value: Any, call: Call | None = None) -> list[Tensor]:
    """The tensors of an argument that contains at least one symbolic tensor; its other values become tensors too.

    [] if it contains none: then it is data or unknown.
    """
    return [_tensor(item, call) for item in leaves(value)][:MOST] if has_symbol(value) else []


def leaves(value: Any, depth: int = 0) -> Iterator[Any]:
    """What is inside lists, dicts and tuples, in order."""
    if isinstance(value, Items) and value.why:
        yield from symbols(value)
        yield Unknown("tensors", value.why)
    elif depth < 6 and isinstance(value, (Items, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item, depth + 1)
    elif value is not None:
        yield value


def _tensor(value: Any, call: Call | None) -> Tensor:
    if isinstance(value, Symbol):
        tensor: Tensor = value.tensor
        return tensor
    if isinstance(value, Array) and value.dims is not None:
        rule = Given()
        rule.shape = Shape(value.dims)
        return Node(rule, (), Layer(rule, "Constant", Origin(call.unit, call.node)) if call is not None else None).tensor()
    why = getattr(value, "why", "") or because("one of the tensors is unknown")
    return unseen_tensor("Unknown", why, call)


def packed(reader: Reader, form: Any, symbols: Sequence[Symbol]) -> Any:
    """The outputs of a call: as the model's outputs were passed, in lists and dicts; else one, or a list."""
    nested = isinstance(form, dict) or (isinstance(form, (Items, tuple)) and any(isinstance(one, (dict, Items, tuple)) for one in form))
    if nested and len(list(leaves(form))) == len(symbols):
        return _filled(reader, form, iter(symbols))
    return symbols[0] if len(symbols) == 1 else reader.items(list(symbols))


def _filled(reader: Reader, form: Any, symbols: Iterator[Symbol]) -> Any:
    """The structure with these symbols as its leaves, in their order."""
    if isinstance(form, dict):
        return Table({key: _filled(reader, one, symbols) for key, one in form.items()})
    if isinstance(form, (Items, tuple)):
        return reader.items([_filled(reader, one, symbols) for one in form])
    return None if form is None else next(symbols)


def beside(owner: Any, call: Call) -> dict[str, list[Tensor]]:
    """The tensors of a call besides the input: states of recurrent layers (also by position), masks, other keywords."""
    found = {name: tensors(value, call) for name, value in call.keywords.items() if name not in ("inputs", "x", "query", "key", "value")}
    if len(call.args) > 1 and takes_states(owner):
        found["initial_state"] = tensors(call.args[1], call)
    return {("initial_state" if name in STATES else name): given for name, given in found.items() if given}


def takes_states(owner: Any) -> bool:
    """True for recurrent layers and their wrappers: the second argument of a call is the state."""
    rule = getattr(owner, "rule", None)
    return hasattr(rule, "state_sizes") or hasattr(rule, "cell") or type(rule).__name__ == "Bidirectional"
