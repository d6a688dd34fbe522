"""Sequential models while a file is read: layers added, compiled, fitted and called, as events in order."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.nodes import Structure
from shapecheck.reader.keras import dialects, edges, functional, layers
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.records import MOST_ELEMENTS, Element, Model, own_origin
from shapecheck.reader.source import Origin, expression
from shapecheck.reader.values import Instance, Items, Layer, Library, Opaque, SomeLayers, Text, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader


def sequential(reader: Reader, call: Call) -> Model:
    """Sequential(layers=None, name=None)."""
    model = Model(Origin(call.unit, call.node), reader.branch, call.keywords.get("name", call.args[1] if len(call.args) > 1 else None))
    model.guarded = reader.guarded > 0
    reader.news()
    reader.stacks.models.append(model)
    fill(reader, model, call)
    return model


LOADED = frozenset({"load_model", "model_from_json", "model_from_yaml", "model_from_config", "clone_model", "clone_and_build_model"})
"""Functions that return a model."""


def saved(reader: Reader, model: Any, path: Any) -> None:
    """A model is written into a file: load_model() of the same path gives its layers again."""
    if isinstance(model, Instance):
        model = model.model
    if isinstance(model, Model) and path is not None:
        reader.saved[_key(path)] = path, model


def checkpoints(reader: Reader, model: Model, call: Call) -> None:
    """fit(callbacks=[ModelCheckpoint("best.keras")]) saves the model."""
    given = call.keywords.get("callbacks")
    for one in given if isinstance(given, (Items, tuple)) else ():
        if isinstance(one, Opaque) and one.last == "ModelCheckpoint" and one.keywords.get("save_weights_only") is not True:
            saved(reader, model, one.args[0] if one.args else one.keywords.get("filepath"))


def _key(path: Any) -> Any:
    """A path as text, its known and unknown parts, or the unknown value itself: the same name means the same file."""
    if isinstance(path, str):
        return _plain(path)
    if isinstance(path, Text):
        first, *rest = path.key
        return (_plain(first) if isinstance(first, str) else first, *rest)
    return path.path if isinstance(path, Library) else id(path)


def _plain(path: str) -> str:
    """./model.h5 is model.h5."""
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def loaded(reader: Reader, name: str, call: Call) -> Any:
    """clone_model(model), or a model from a file or a configuration, whose layers are not in the source."""
    origin = Origin(call.unit, call.node)
    made = Model(origin, reader.branch)
    made.guarded = reader.guarded > 0
    given = call.args[0] if call.args else next(iter(call.keywords.values()), None)
    if isinstance(given, Instance) and given.model is not None:
        given = given.model
    if isinstance(given, Opaque) and given.last == "to_json":
        given = given.args[0]
    elif name == "load_model" and _key(given) in reader.saved:
        path, given = reader.saved[_key(given)]
        made.loading = call, path, given
    if isinstance(given, Model) and given.code is None:
        made.elements, made.graph, made.unread = list(given.elements), given.graph, given.unread
        made.input_keys, made.output_keys, made.answers = given.input_keys, given.output_keys, given.answers
    else:
        made.unread = _from_file(given if isinstance(given, str) and name == "load_model" else None, origin.line, call.unit.cell)
    reader.news()
    reader.stacks.models.append(made)
    return made


def fill(reader: Reader, model: Model, call: Call) -> None:
    """The layers passed to a constructor."""
    given = call.get(0, "layers")
    node = call.node_of(0, "layers")
    if call.hidden and given is None:
        given = unknown("layers", call.hidden)
    if given is None:
        return
    use = Origin(call.unit, expression(node) or call.node)
    if isinstance(given, (Items, tuple)):
        if isinstance(given, Items) and given.why:
            model.elements.append(Element(Unknown("layers", given.why), use))
            return
        reader.steps -= len(given)
        nodes = given.nodes if isinstance(given, Items) else _tuple_nodes(call.unit, use.node, len(given))
        for item, place in zip(list(given)[:MOST_ELEMENTS], nodes, strict=False):
            model.elements.append(Element(item, Origin(*place) if place else own_origin(item) or use))
    elif isinstance(given, Model) and given.graph is None:
        reader.steps -= len(given.elements)
        model.elements.extend(given.elements)
    else:
        model.elements.append(Element(given, use))


def _tuple_nodes(unit: Any, node: Any, count: int) -> list[Any]:
    elements = getattr(node, "elts", None) or []
    return [(unit, element) for element in elements] if len(elements) == count else [None] * count


def add(reader: Reader, model: Model, call: Call) -> None:
    """model.add(layer)."""
    if len(model.elements) >= MOST_ELEMENTS or (reader.guarded and not model.guarded):
        return  # inside `with assertRaises(...)` the layer should be refused
    given = call.get(0, "layer", unknown("layer", because("nothing was passed")))
    node = call.node_of(0, "layer")
    use = Origin(call.unit, expression(node) or call.node)
    reader.news()
    model.elements.append(Element(given, use, reader.certain(model.branch)))


def set_attribute(reader: Reader, owner: Any, name: str, value: Any) -> None:
    """layer.trainable = False and similar: on a model it applies to every inner layer and is stored for the model itself."""
    if name != "trainable" or not (isinstance(value, Unknown) or value in (True, False)):
        return
    if isinstance(owner, SomeLayers):
        value, owner = Unknown("trainable", owner.why), owner.of
    elif isinstance(owner, (Layer, Model)) and not reader.certain(owner.branch):
        value = Unknown("trainable", because("whether a layer is frozen depends on a condition"))
    if isinstance(owner, Layer):
        reader.news()  # a loop over layers; a loop over batches freezes and unfreezes whole models repeatedly
    if isinstance(owner, Model):
        owner.frozen = value is False
    for rule in _rules(owner):
        rule.trainable = value


def _rules(owner: Any) -> Iterator[Rule]:
    """The layer, or every layer inside a model, without inner models: Keras checks only their layers."""
    waiting = [owner]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Instance) and value.model is not None:
            value = value.model
        if isinstance(value, Model):
            waiting += [element.value for element in value.elements]
            waiting += value.graph.children if value.graph is not None else ()
            continue
        rule = value.rule if isinstance(value, Layer) else value
        if hasattr(rule, "children") and hasattr(rule, "trainable"):
            waiting += rule.children
            if not isinstance(rule, Structure):
                yield rule


def prepare_instance(reader: Reader, made: Instance, call: Call | None) -> None:
    """An object of a subclass of Sequential or of Model is a stack."""
    bases = made.of.library_bases()
    sequential = any(path.rpartition(".")[2] == "Sequential" for path in bases)
    subclass = not sequential and any(is_model_base(path) for path in bases)
    if sequential or subclass:
        node = call.node if call is not None else made.of.node
        unit = call.unit if call is not None else reader.unit
        made.model = Model(Origin(unit, node), reader.branch)
        made.model.guarded = reader.guarded > 0
        if subclass:
            made.model.code = made
            made.model.variable = "" if call is not None else made.of.name
            made.model.rule = layers.followed(reader, made)
        reader.news()
        reader.stacks.models.append(made.model)


def functional_base(reader: Reader, model: Model, call: Call) -> None:
    """super().__init__(inputs=..., outputs=...) in a subclass of Model: a functional model after all."""
    given, answers = call.get(0, "inputs"), call.get(1, "outputs")
    if edges.has_symbol(given) and edges.has_symbol(answers):
        model.graph, _ = functional.graph(reader, call, given, answers, model.name)


def finish_instance(reader: Reader, made: Instance, call: Call | None) -> Any:
    """An object of a layer class of the file becomes a layer whose shape is unknown."""
    bases = [path.rpartition(".")[2] for path in made.of.library_bases()]
    if made.model is None and call is not None and any(is_layer_base(base) for base in bases):
        return layers.custom(reader, made, call)
    return made


def is_model_base(path: str) -> bool:
    """True for Keras's Model, wherever it is imported from, but not for another library's."""
    return path.rpartition(".")[2] in ("Model", "Functional") and canonical(path).startswith("keras.")


def is_layer_base(name: str) -> bool:
    """True for Layer, Dense, Model ...: a subclass of it is a layer."""
    return name in ("Layer", "Model", "Wrapper") or dialects.is_layer(name)


def _from_file(name: str | None, line: int, cell: int | None) -> str:
    """Why a model that is loaded has no layers; without a name it may come from a configuration too."""
    file = because("a file or a configuration") if name is None else because("the file {name}", name=repr(name))
    where = because("line {line}", line=line) if cell is None else because("line {line} of cell {cell}", line=line, cell=cell)
    return because(
        "the model comes from {file} ({where}), which is not read here: write its layers in this file and call load_weights()",
        file=file, where=where,
    )  # fmt: skip
