"""The result of reading: models with their elements and events, in the order of the source."""

from __future__ import annotations

from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.nodes import Node
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Branch, Instance, Layer, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from shapecheck.graph import Graph
    from shapecheck.layers.base import Rule
    from shapecheck.shapes import Shape

MOST_ELEMENTS = 2000
"""Longest stack that is kept."""


class Element:
    """One element of a stack as written: a Layer, a Model, a Symbol of an Input, or something that is not a layer.

    `use` is where it was added to the stack; `certain` is False if that may not run.
    """

    __slots__ = ("certain", "use", "value")

    def __init__(self, value: Any, use: Origin, certain: bool = True) -> None:
        self.value = value
        self.use = use
        self.certain = certain


class Event:
    """compile, fit, evaluate, predict, call, build, summary: `elements` is the stack at that moment.

    `guarded`: it may not run, or may be intended to raise; `expected`: it is intended to raise.
    """

    __slots__ = ("args", "elements", "expected", "guarded", "keywords", "kind", "origin")

    def __init__(
        self, kind: str, origin: Origin, elements: Sequence[Element] = (), args: Sequence[Any] = (),
        keywords: Mapping[str, Any] | None = None, guarded: bool = False, expected: bool = False,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.origin = origin
        self.elements = tuple(elements)
        self.args = list(args)
        self.keywords = dict(keywords or {})
        self.guarded = guarded
        self.expected = expected

    def get(self, place: int, *names: str) -> Any:
        """An argument by position or by one of its names; None if it is not given."""
        if 0 <= place < len(self.args):
            return self.args[place]
        return next((self.keywords[name] for name in names if name in self.keywords), None)


class Model:
    """A Sequential (its `elements`) or a functional model (its `graph`; `answers`: its outputs as they were passed, in lists and dicts;
    `input_keys`, `output_keys`: of those passed as a dict).

    `code` is the object of a subclass of Model, whose call() connects the layers; `rule` its rule inside another model; `unread` why a
    model could not be read (it comes from a file); `part` is True if the model is only used as a layer of another one;
    `refused` names a known architecture whose arguments Keras refuses. `caller`: the call that made it in another file, which made it
    when it was `imported` if it is that file's own. `uncalled`: it is made in a function that the file never calls. `loading`: for one that
    load_model() reads from a file of this script, the call, the path, and the model that was saved.
    """

    __slots__ = (
        "answers", "branch", "called_with", "caller", "code", "elements", "events", "frozen", "graph", "guarded", "imported",
        "input_keys", "loading", "name", "origin", "output_keys", "part", "refused", "rule", "uncalled", "unread", "variable",
    )  # fmt: skip

    def __init__(self, origin: Origin, branch: Branch, name: Any = None) -> None:
        self.origin = origin
        self.branch = branch
        self.name = name if isinstance(name, str) else None
        self.variable = ""
        self.elements: list[Element] = []
        self.events: list[Event] = []
        self.graph: Graph | None = None
        self.answers: Any = None
        self.input_keys: tuple[str, ...] = ()
        self.output_keys: tuple[str, ...] = ()
        self.frozen = False
        self.guarded = False
        self.called_with: Any = None
        self.code: Instance | None = None
        self.rule: Rule | None = None
        self.unread = ""
        self.part = False
        self.refused = ""
        self.caller: Origin | None = None
        self.imported = False
        self.uncalled = False
        self.loading: tuple[Any, Any, Model] | None = None


class Stacks:
    """The result of reading: models in the order of creation, and findings that belong to no stack."""

    def __init__(self, dialect: Any) -> None:
        self.models: list[Model] = []
        self.findings: list[tuple[Any, Origin, Any]] = []
        self.dialect = dialect
        self.symbolic = False  # whether the file has symbolic tensors at all
        self.in_call = False  # whether call() of a subclass of Model is evaluated: there Keras passes real tensors, not symbolic ones
        self.custom = Table()  # names that the file registers: an activation "mine" is then known

    def named(self, value: Any, name: str) -> None:
        """A value was assigned to a name: the first one is the name of the stack."""
        if isinstance(value, Instance) and value.model is not None:
            value = value.model
        if isinstance(value, Model) and not value.variable:
            value.variable = name


def own_origin(item: Any) -> Origin | None:
    """Where a layer or model was written."""
    return item.origin if isinstance(item, (Layer, Model)) else None


WEIGHTS, UNCLEAR = "@weights", "@unclear"
"""Attributes under which an object stores the weights of add_weight(), and why they are unknown."""


class Trace:
    """One walk through a layer's code: the layers called on the way, with what they inferred."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.called: dict[int, tuple[Rule, Inference, tuple[Shape, ...]]] = {}
        self.unclear = ""
        self.refused: tuple[Any, Any] | None = None  # what a layer on the way certainly does not accept, and the call

    def weights(self, made: Instance | None) -> tuple[WeightSpec, ...]:
        """The weights of the object, then those of the layers it called, each layer once."""
        own: tuple[WeightSpec, ...] = made.attributes.get(WEIGHTS, ()) if made is not None else ()
        inner = tuple(
            WeightSpec(spec.name, spec.shape, spec.initializer, spec.trainable and rule.trainable)
            for rule, inference, _ in self.called.values()
            for spec in inference.weights
        )
        return own + inner


class Assembled:
    """A graph; `nodes[i]` is element i's node, `origins[i]` where its layer was written; `has_input` if an input is declared."""

    __slots__ = ("graph", "has_input", "nodes", "origins")

    def __init__(self, graph: Graph, nodes: list[Node], origins: list[Origin], has_input: bool) -> None:
        self.graph = graph
        self.nodes = nodes
        self.origins = origins
        self.has_input = has_input
