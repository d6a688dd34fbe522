"""Functional graphs: layers called on symbolic tensors, keras.Model(inputs, outputs), and attributes of both."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.cutting import EmptyInputs
from shapecheck.diagnostics.joins import Disconnected, NotATensor, NotInAList
from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.layers.core import InputLayer
from shapecheck.layers.families import MERGES
from shapecheck.nodes import Node, Tensor, known_input, reachable, sources
from shapecheck.reader.advice import cause, settles_no_tensor
from shapecheck.reader.code import tracing
from shapecheck.reader.keras import edges, stacks
from shapecheck.reader.keras.inferred import output_dims, ports, shape_of
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.keras.unseen import Undecided, opaque, refused
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Bound, Function, Items, Layer, Library, Symbol, join, unknown
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from shapecheck.diagnostics.base import Diagnostic
    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

MERGING = frozenset(MERGES.values())
"""Layers that take one list of tensors."""


def model(reader: Reader, call: Call) -> Any:
    """keras.Model(inputs, outputs, name=None): always a model, also where a part of it is unknown."""
    given = call.get(0, "inputs", call.keywords.get("input"))
    answers = call.get(1, "outputs", call.keywords.get("output"))
    made = Model(Origin(call.unit, call.node), reader.branch, call.keywords.get("name"))
    made.guarded = reader.guarded > 0
    made.input_keys, made.output_keys = (tuple(map(str, ends)) if isinstance(ends, dict) else () for ends in (given, answers))
    made.answers = answers
    made.graph, problem = graph(reader, call, given, answers, made.name)
    if problem is not None:
        reader.stacks.findings.append((problem, Origin(call.unit, call.node), None))
    reader.news()
    reader.stacks.models.append(made)
    return made


def graph(reader: Reader, call: Call, given: Any, answers: Any, name: str | None) -> tuple[Graph, Diagnostic | None]:
    """The graph between inputs and outputs; an unknown part is a layer with the reason."""
    inputs = [symbol.tensor for symbol in edges.symbols(given)]
    outputs = edges.tensors(answers, call)
    empty = isinstance(given, (Items, tuple)) and not given and not getattr(given, "why", "") and not reader.uncalled
    problem: Diagnostic | None = EmptyInputs() if empty else None
    guessed = not outputs
    if guessed:
        why = call.hidden or _why(answers, because("the outputs of the model are unknown"))
        last = ends(reader, inputs) or inputs
        outputs = [Node(opaque("Unknown", why), last, Layer(None, "Unknown", Origin(call.unit, call.node))).tensor()]
    if any(tensor.node.feeds for tensor in inputs):
        inputs, outputs = _cut(reader, inputs, outputs)
    missing = [node for node in sources(outputs) if node not in {tensor.node for tensor in inputs}]
    if inputs and missing and not guessed and edges.told_whole(given):
        first = missing[0]
        origin = getattr(first.origin, "origin", None)
        found = Disconnected(_variable(reader, first), getattr(origin, "line", None), shape_of(reader, first.tensor()))
        found.origin, problem = Origin(call.unit, call.node), found
    inputs += [node.tensor() for node in missing]
    if not inputs:
        start = Node(known_input(Shape(None, why=_why(given, because("the inputs of the model are unknown")))))
        inputs, outputs = [start.tensor()], [_behind(start, outputs)]
    return Graph(inputs, outputs, name or None), problem


def loose(reader: Reader) -> Iterator[Model]:
    """A model around each layer that certainly does not accept its input, if it is part of no keras.Model: the line raises all the same."""
    inside = {node for model in reader.stacks.models if model.graph is not None for node in model.graph.nodes}
    for node in reader.nodes:
        if node not in reader.reached or node not in reader.broken or node in inside or node.call is None or node.rule.unseen:
            continue
        if any(feed.node in reader.broken for feed in node.feeds):
            continue  # what comes after it
        made = Model(Origin(*node.call), ())
        starts = [start.tensor() for start in sources([node.tensor()])]
        if starts and node not in {start.node for start in starts}:
            made.graph = Graph(starts, [node.tensor()])
            yield made


def _behind(start: Node, outputs: Sequence[Tensor]) -> Tensor:
    """One layer for the unknown part between an unknown input and the outputs."""
    rule = opaque("Unknown", next((shape.why for shape in start.rule.infer(()).outputs if shape.why), ""))
    return Node(rule, [start.tensor(), *outputs], None).tensor()


def _why(value: Any, otherwise: str) -> str:
    if isinstance(value, Bound) and isinstance(value.owner, Unknown):
        why = cause(value.owner.why) or otherwise
        return because("{why}: write that model with the layers of Keras in this file", why=why)
    why = getattr(value, "why", "")
    if why and not (isinstance(value, Unknown) and settles_no_tensor(why)):
        return why
    return because("{why}: pass keras.Input((30,)), or what layers return for it", why=cause(why) or otherwise)


def ends(reader: Reader, inputs: Sequence[Tensor]) -> list[Tensor]:
    """The outputs of the layers called so far after only these inputs that no other of these layers uses."""
    behind = {tensor.node for tensor in inputs}
    taken: set[Node] = set()
    for node in reader.nodes:
        feeders = {feed.node for feed in node.feeds}
        if feeders & behind and not any(feeder.feeds or isinstance(feeder.rule, InputLayer) for feeder in feeders - behind):
            behind.add(node)
            taken |= feeders
    return [node.tensor() for node in reader.nodes if node in behind and node not in taken]


def _cut(reader: Reader, inputs: list[Tensor], outputs: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """As Keras 3 does for a model that begins inside another one: new Inputs, and the layers after them called again."""
    changed: dict[Tensor, Tensor] = {}
    starts = []
    for tensor in inputs:
        start = tensor
        if tensor.node.feeds:
            shape = shape_of(reader, tensor)
            start = Node(known_input(shape), (), tensor.node.origin).tensor()
        changed[tensor] = start
        starts.append(start)
    try:
        order = reachable(inputs, outputs)
    except ValueError:
        order = ()
    again: dict[Node, Node] = {}

    def new(tensor: Tensor) -> Tensor:
        found = changed.get(tensor)
        return found if found is not None else Tensor(again.get(tensor.node, tensor.node), tensor.port)

    begun = {tensor.node for tensor in inputs}
    for node in order:
        if node in begun or not node.feeds:
            continue
        feeds = [new(tensor) for tensor in node.inputs]
        beside = {name: [new(tensor) for tensor in tensors] for name, tensors in node.beside.items()}
        again[node] = Node(node.rule, feeds, node.origin, beside)
    return starts, [new(tensor) for tensor in outputs]


def _variable(reader: Reader, node: Node) -> str:
    """The current variable name of an Input in the file; "" if it has none."""
    for scope in (reader.scope.names, reader.scope.root.names):
        for name, value in scope.items():
            if isinstance(value, Symbol) and value.tensor.node is node:
                return name
    return ""


def call_layer(reader: Reader, owner: Any, call: Call) -> Any:
    """layer(x): a new node for symbolic x; for arrays, the output's shape."""
    given = call.get(0, "inputs", call.keywords.get("x"))
    if given is None and not call.args and call.keywords:
        given = call.keywords.get("query", call.keywords.get("sequence", call.keywords.get("sequences")))
    return connect(reader, owner, given, call)


def connect(reader: Reader, owner: Any, given: Any, call: Call) -> Any:
    """Like `call_layer`, for a given input."""
    tensors = edges.tensors(given, call)
    tensors += _more_tensors(owner, call)
    if not tensors and _perhaps_a_tensor(reader, owner, given):
        if isinstance(owner, Model):
            reader.remember(owner, "call", call)
        tensors = [edges.unseen_tensor("Unknown", _why(given, because("what the layer is called on is unknown")), call)]
    if not tensors:
        return _on_data(reader, owner, given, call)
    rule = stacks.as_rule(reader, owner) if isinstance(owner, Model) else owner.rule
    if isinstance(owner, Model):
        owner.called_with = tensors
        if isinstance(rule, Graph) and len(rule.inputs) != len(tensors):
            why = because("the model takes {count} inputs, the call has {given}", count=len(rule.inputs), given=len(tensors))
            rule = opaque("Model", why)
    rule = _refused(owner, rule, call)
    reader.news()
    layer = owner if isinstance(owner, Layer) and owner.rule is rule else Layer(rule, type(rule).__name__, Origin(call.unit, call.node))
    beside = edges.beside(owner, call)
    for name in getattr(rule, "separate", ()):
        beside.pop(name, None)
    node = reader.node(Node(rule, tensors, layer, beside))
    node.call = (call.unit, call.node)
    found = [Symbol(node.tensor(port)) for port in range(ports(reader, node))]
    return edges.packed(reader, owner.answers if isinstance(owner, Model) else None, found)


def _perhaps_a_tensor(reader: Reader, owner: Any, given: Any) -> bool:
    """True if the argument of a layer is unknown in a file that builds functional models: it is assumed to be a tensor."""
    part = isinstance(given, Bound) and isinstance(given.owner, Unknown)  # net.output of a model of another library
    told = part or isinstance(given, Unknown) or (isinstance(given, Items) and bool(given.why))
    symbolic = reader.stacks.symbolic or (part and given.name in ("input", "output"))
    return symbolic and reader.tracing is None and told and getattr(owner, "rule", owner) is not None


def _refused(owner: Any, rule: Any, call: Call) -> Any:
    """Refuses a merging layer called with separate tensors, as Keras does."""
    several = isinstance(owner, Layer) and rule.several_inputs and not isinstance(rule, Graph) and owner.class_name in MERGING
    if several and len(call.args) > 1 and all(map(edges.has_symbol, call.args[:2])):
        problem = NotInAList(owner.class_name, len(call.args))
        problem.origin = Origin(call.unit, call.node)
        return refused(owner.class_name, problem)
    return rule


def _more_tensors(owner: Any, call: Call) -> list[Tensor]:
    """attention(query, value, key=...): separate tensors, for layers that accept several."""
    if isinstance(owner, Layer) and hasattr(owner.rule, "separate"):
        return _separate(owner, call)
    if not isinstance(owner, Layer) or "Attention" not in owner.class_name:
        return []
    named = [call.keywords.get(name) for name in ("query", "value", "key")]
    given = [*call.args[1:], *(named if call.args else named[1:])]
    return [item.tensor for item in given if isinstance(item, Symbol)]


def _separate(owner: Layer, call: Call) -> list[Tensor]:
    """layer(x, y) or layer(x, y=y) for a layer of the file: its call() has a parameter for each tensor."""
    found = owner.rule.made.of.find("call")
    spec = found.node.args if isinstance(found, Function) else None
    if spec is None or not call.args or not isinstance(call.args[0], Symbol):
        return []
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)][1:]
    pairs = [(names[place], given) for place, given in enumerate(call.args) if place < len(names)]
    pairs += [(name, given) for name, given in call.keywords.items() if name in names]
    several = [(name, given.tensor) for name, given in pairs if isinstance(given, Symbol) and name not in edges.WORDS]
    if len(several) < 2:
        return []
    owner.rule.separate = tuple(name for name, _ in several)
    return [tensor for _, tensor in several[1:]]


def _on_data(reader: Reader, owner: Any, given: Any, call: Call) -> Any:
    """The result of a layer or a model on an array, or on something that is not a tensor."""
    if isinstance(owner, Model):
        reader.remember(owner, "call", call)
    node = call.nodes.get(0)
    if isinstance(given, (Items, tuple)) and not getattr(given, "why", ""):
        places = getattr(node, "elts", ())
        pairs = zip(given, places if len(places) == len(given) else [node] * len(given), strict=True)
        given, node = next(((one, place) for one, place in pairs if isinstance(one, (Layer, Model))), (given, node))
    if isinstance(given, (Layer, Model)) and reader.tracing is None:
        problem = NotATensor(ast_text(call.node.func) or "the layer", ast_text(node) or "it", isinstance(given, Model))
        problem.argument_place = (call.unit, node) if node is not None else None
        problem.origin, problem.tensor = given.origin, _only_tensor(reader)
        rule = refused(getattr(owner, "class_name", "Model"), problem)
        start = edges.unseen_tensor("Unknown", because("a layer is called on something that is not a tensor"), call)
        return Symbol(reader.node(Node(rule, (start,), Layer(rule, type(rule).__name__, Origin(call.unit, call.node)))).tensor())
    if reader.tracing is not None:
        return tracing.layer(reader, reader.tracing, owner, given, call)
    return on_data(reader, owner, given, call)


def _only_tensor(reader: Reader) -> str:
    """The name of the only symbolic tensor in scope; "" if there are several."""
    names = [name for name, value in reader.scope.names.items() if isinstance(value, Symbol)]
    return names[0] if len(names) == 1 else ""


def ast_text(node: Any) -> str:
    """A name in the source; "" for any other expression."""
    name = getattr(node, "id", None)
    return name if isinstance(name, str) else ""


def on_data(reader: Reader, owner: Any, given: Any, call: Call | None = None) -> Any:
    """The result of a layer or a model on an array, or on several."""
    parts = list(given) if isinstance(given, (Items, tuple)) and not getattr(given, "why", "") and isinstance(owner, Layer) else [given]
    if not parts or not all(isinstance(part, Array) and part.dims is not None for part in parts):
        return Array(None, why=because("the data is unknown"))
    try:
        if isinstance(owner, Model):
            return Array(output_dims(reader, stacks.as_rule(reader, owner, Shape((None, *given.dims[1:]))), given.dims), "float")
        return Array(owner.rule.infer(tuple(Shape(part.dims) for part in parts)).output.dims, "float")
    except ShapeError as error:
        _refused_data(reader, owner, parts, call, error.diagnostic)
    except (ValueError, TypeError, AssertionError):
        pass
    return Array(None, why=because("a layer does not accept this data"))


def _refused_data(reader: Reader, owner: Any, parts: list[Array], call: Call | None, problem: Diagnostic) -> None:
    """A layer called on arrays whose sizes are all known, which it does not accept."""
    known = all(isinstance(size, int) for part in parts for size in part.dims or ())
    if not known or call is None or not isinstance(owner, Layer) or reader.guarded or reader.branch or reader.uncalled:
        return
    if not any(other.node is call.node for _, other, _ in reader.stacks.findings):
        reader.stacks.findings.append((problem, Origin(call.unit, call.node), None))


def either(reader: Reader, left: Any, right: Any, why: str) -> Any:
    """What is certain about a value that is `left` or `right`: of two tensors, a tensor after both; of two versions of Keras, one."""
    if left is right:
        return left
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        if left.tensor == right.tensor:
            return left
        rule = Undecided()
        rule.why = why
        return Symbol(reader.node(Node(rule, (left.tensor, right.tensor))).tensor())
    if isinstance(left, Library) and isinstance(right, Library) and canonical(left.path) == canonical(right.path):
        return left
    if isinstance(left, Items) and isinstance(right, Items) and _same_length(left, right):
        return reader.items([either(reader, a, b, why) for a, b in zip(left, right, strict=True)])
    return join(left, right, why)


def _same_length(left: Items, right: Items) -> bool:
    """True for two lists with equally many tensors."""
    told = not left.why and not right.why and len(left) == len(right) <= 50
    return told and all(isinstance(item, Symbol) for item in (*left, *right))


def unknown_result(reader: Reader, call: Call, name: str) -> Any:
    """The result of an object of a class in the file on symbolic inputs: a tensor of unknown shape."""
    found = unseen_result(reader, call, name, because("the output shape of {name} is unknown", name=name))
    return found or unknown(name, because("the result of {name}() is unknown", name=name))


def unseen_result(reader: Reader, call: Call, name: str, why: str) -> Symbol | None:
    """A tensor of unknown shape after the tensors of a call; None if the call has none."""
    given = [tensor for value in (*call.args, *call.keywords.values()) for tensor in edges.tensors(value, call)]
    if not given:
        return None
    rule = opaque(name, why)
    return Symbol(reader.node(Node(rule, given, Layer(rule, name, Origin(call.unit, call.node)))).tensor())


def symbol_attribute(reader: Reader, owner: Symbol, name: str) -> Any:
    """x.shape, x.dtype ..."""
    if name in ("shape", "_keras_shape"):
        shape = shape_of(reader, owner.tensor)
        return shape.dims if shape.dims is not None else Unknown("shape", shape.why)
    return Bound(owner, name)
