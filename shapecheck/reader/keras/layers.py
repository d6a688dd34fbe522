"""Layer calls become rules: arguments by name, old spellings converted, errors of the rule kept for the walk."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.joins import TensorsInConstructor
from shapecheck.languages import Phrase, because
from shapecheck.layers import find
from shapecheck.layers.arguments import ACTIVATIONS
from shapecheck.layers.base import OPTIONS, Rule, argument_names
from shapecheck.layers.families import MERGES
from shapecheck.nodes import Node
from shapecheck.reader.advice import BEGIN
from shapecheck.reader.code.tracing import followed_lambda
from shapecheck.reader.keras import dialects, functional, layers, stacks
from shapecheck.reader.keras.edges import has_symbol
from shapecheck.reader.keras.unseen import named_class, opaque, refused
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin
from shapecheck.reader.values import (
    Array,
    Bound,
    Class,
    Function,
    Instance,
    Items,
    Layer,
    Library,
    Number,
    NumpyInt,
    Offset,
    Opaque,
    Symbol,
    Table,
    Text,
    plain,
)
from shapecheck.shapes import Computed, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader


def keras(reader: Reader, name: str, call: Call) -> Layer | None:
    """keras.layers.NAME(...); None if there is no such layer class."""
    if name[:1].islower():
        return merge_function(reader, name, call)
    return build(reader, name, call)


def build(reader: Reader, written: str, call: Call) -> Layer:
    """The layer object that a call of a layer class creates."""
    reader.news()
    made = _made(reader, written, call)
    made.branch = reader.branch
    if getattr(made.rule, "name", None) is None:
        reader.names.give(made.class_name)
    return made


def _made(reader: Reader, written: str, call: Call) -> Layer:
    name = dialects.CLASS_NAMES.get(written, written)
    gone = reader.stacks.dialect.used(written)
    if gone is not None:
        reader.stacks.findings.append((gone, Origin(call.unit, call.node), None))
    rule_class = find(name)
    if rule_class is None:
        options = {key: call.keywords[key] for key in ("name",) if isinstance(call.keywords.get(key), str)}
        origin = Origin(call.unit, call.node, _keyword_nodes(call))
        why = because("{why}: put a layer of Keras in its place", why=because("the shape of {name} is unknown", name=name))
        rule = opaque(name, why, **options)
        rule.declared_input = _declared(call.keywords)
        return Layer(rule, name, origin)
    if rule_class.several_inputs and call.args and has_symbol(call.args[0]):
        problem = TensorsInConstructor(name)
        problem.origin = Origin(call.unit, call.node)
        reader.stacks.findings.append((problem, problem.origin, None))
        return Layer(opaque(name, because("the tensors are passed where the layer is created")), name, problem.origin)
    names = argument_names(rule_class)
    args, keywords, nodes, findings = dialects.canonical_call(reader, name, written, rule_class, call)
    named: dict[str, Any] = dict(zip(names, args, strict=False))
    for place in range(len(args)):
        if place in nodes and place < len(names):
            nodes[names[place]] = nodes[place]
    origin = Origin(call.unit, call.node, {key: node for key, node in nodes.items() if isinstance(key, str)})
    for diagnostic in findings:
        reader.stacks.findings.append((diagnostic, origin, None))
    if call.hidden:
        return Layer(opaque(name, call.hidden), name, origin)
    if reader.stacks.dialect.data_format != "channels_last" and "data_format" in names and "data_format" not in named:
        keywords.setdefault("data_format", reader.stacks.dialect.data_format)
    doubled = next((key for key in keywords if key in named), None)
    extra = list(args[len(names) :])
    if extra or doubled:
        diagnostic = dialects.wrong_call(name, names, len(args), doubled)
        return Layer(refused(name, diagnostic, keywords.get("name", named.get("name"))), name, origin)
    number = _of_numpy(name, {**named, **keywords})
    if number is not None and reader.stacks.dialect.version >= 3 and not reader.guarded:
        reader.stacks.findings.append((number, origin, None))
    rule = _rule(reader, rule_class, name, {**named, **keywords}, names)
    if name == "Lambda" and type(rule) is rule_class:
        written_arguments = {**named, **keywords}
        rule = followed_lambda(reader, rule, written_arguments.get("function"), written_arguments.get("output_shape"))
    return Layer(rule, name, origin)


def _rule(reader: Reader, rule_class: type[Rule], name: str, given: dict[str, Any], names: tuple[str, ...]) -> Rule:
    given = {key: _argument(reader, key, value) for key, value in given.items()}
    hidden = next((given[key] for key in ("input_shape", "batch_input_shape") if isinstance(given.get(key), Unknown)), None)
    kept = (*names, "batch_size", "input_dim")
    given = {key: value for key, value in given.items() if key in kept or not (key in OPTIONS and isinstance(value, Unknown))}
    for key in ("input_shape", "batch_input_shape", "shape", "batch_shape"):
        if key in given:
            given[key] = _whole_sizes(given[key])
    given = {key: value for key, value in given.items() if not (key == "name" and not isinstance(value, (str, type(None))))}
    try:
        rule = rule_class(**given)
    except ShapeError as error:
        value = getattr(error.diagnostic, "value", None)
        if _foreign(value):
            why = because("an argument is unknown")
            if isinstance(value, Opaque):
                why = because("{path} is not in this file", path=value.path)
            return opaque(name, because("{why}: write its value for {argument}=", why=why, argument=error.diagnostic.argument or "it"))
        if value is None and reader.uncalled and given.get(error.diagnostic.argument or "", 0) is None:
            why = because("no call in this file passes it, and None is no size")
            return opaque(name, because("{why}: write its value for {argument}=", why=why, argument=error.diagnostic.argument))
        if isinstance(value, str) and value in reader.stacks.custom:
            registered = {key: Opaque(value, [], {}) for key, word in given.items() if word == value}
            return _rule(reader, rule_class, name, {**given, **registered}, names)
        loose = dialects.loosened(reader, error.diagnostic, given)
        if loose is not None:
            return _rule(reader, rule_class, name, loose, names)
        return refused(name, dialects.better(reader, name, error.diagnostic), given.get("name"))
    except TypeError as error:
        if any(isinstance(value, Unknown) for value in given.values()):
            return opaque(name, next(value.why for value in given.values() if isinstance(value, Unknown)))
        return refused(name, dialects.wrong_call(name, names, 0, None, str(error)), given.get("name"))
    except (ValueError, ArithmeticError, AttributeError, LookupError) as error:
        return opaque(name, because("its arguments are not supported ({kind})", kind=type(error).__name__))
    if hidden is not None:
        rule.declared_input = Shape(None, why=hidden.why)
    return rule


PYTHONS = {"Dense": ("units",), "Embedding": ("input_dim", "output_dim"), "RepeatVector": ("n",)}
"""Arguments of which keras 3.15 asks isinstance(value, int), and which it therefore refuses as a number of NumPy."""


def _of_numpy(name: str, given: dict[str, Any]) -> BadArgument | None:
    for argument in PYTHONS.get(name, ()):
        if isinstance(given.get(argument), NumpyInt):
            expected = Phrase("arguments", "an_integer_of_python", "a whole number of Python (np.prod() returns one of NumPy)")
            advice = Phrase("arguments", "write_int", "write {argument}=int(...)", argument=argument)
            return BadArgument(argument, int(given[argument]), expected, advice)
    return None


def _argument(reader: Reader, key: str, value: Any) -> Any:
    """Like `argument`; an unknown value without a name should be replaced by a literal."""
    found = argument(reader, value)
    if type(found) in (tuple, list) and any(type(item) in (Unknown, Computed) for item in found):
        return type(found)(_named_value(item, because("in {argument}=", argument=key)) for item in found)
    return _named_value(found, because("for {argument}=", argument=key))


def _named_value(value: Any, where: str) -> Any:
    if type(value) not in (Unknown, Computed, Number, Text, Offset) or BEGIN in value.why:
        return value
    why = value.why or because("{name} is unknown", name=value.name)
    made = Offset(value.base, value.by) if type(value) is Offset else Unknown(value.name, same=value)
    made.why = because("{why}: write its value {where}", why=why, where=where)
    return made


def _whole_sizes(value: Any) -> Any:
    """Keras accepts 28.0 as a size of a shape."""
    if isinstance(value, (list, tuple)):
        return type(value)(int(item) if isinstance(item, float) and item.is_integer() else item for item in value)
    return value


def _foreign(value: Any) -> bool:
    """True if a refused value is, or contains, an object of which only the class is known: it may be right."""
    if isinstance(value, (list, tuple)):
        return any(map(_foreign, value))
    return isinstance(value, (Opaque, Unknown)) or hasattr(value, "infer")


def _declared(keywords: dict[str, Any]) -> Shape | None:
    """The input shape that an unknown layer declares."""
    given = plain(keywords.get("input_shape"))
    if isinstance(given, (list, tuple)) and all(item is None or isinstance(item, (int, Unknown)) for item in given):
        return Shape((None, *given))
    return None


def _keyword_nodes(call: Call) -> dict[str, Any]:
    return {key: node for key, node in call.nodes.items() if isinstance(key, str)}


def argument(reader: Reader, value: Any) -> Any:
    """A value as an argument of a rule: functions by name, layers as rules, objects as callables."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, Unknown, Opaque)):
        return value
    if isinstance(value, Library):
        return _library_argument(value)
    if isinstance(value, Layer):
        return value.rule
    if isinstance(value, (Items, list, tuple, Table)):
        return _container(reader, value)
    if isinstance(value, (Function, Array, Class, Instance, Symbol)):
        return Opaque(getattr(value, "name", "object") or "object", [], {})
    if isinstance(value, Model):
        return stacks.as_rule(reader, value)
    if isinstance(value, range):
        return list(value) if len(value[:100]) < 100 else value  # len() of range(10**30) raises
    if isinstance(value, Bound):
        return Unknown(value.name, getattr(value.owner, "why", "") or because(".{name} is unknown", name=value.name))
    return Unknown("value", because("it is a {kind}, which is not an argument of a layer", kind=type(value).__name__.lower()))


def _container(reader: Reader, value: Any) -> Any:
    simple = plain(value)
    if isinstance(simple, (list, tuple)):
        return type(simple)(_item(reader, item) for item in simple)
    return simple


def _item(reader: Reader, item: Any) -> Any:
    if isinstance(item, (Layer, Library, list, tuple)):
        return argument(reader, item)
    known = item is None or isinstance(item, (bool, int, float, str, bytes, Unknown, dict, Opaque))
    return item if known else Unknown("item", getattr(item, "why", "") or because("an item is unknown"))


def _library_argument(value: Library) -> Any:
    """tf.nn.relu and keras.activations.relu are "relu"; classes and other functions stay callables."""
    if value.last in ACTIVATIONS and any(part in ("nn", "activations", "tensorflow", "keras") for part in value.path.split(".")):
        return value.last
    if value.path.startswith(("tensorflow.float", "tensorflow.int", "numpy.")):
        return value.last
    return Opaque(value.path, [], {})


def input_tensor(reader: Reader, call: Call) -> Any:
    """keras.Input(...): a symbolic tensor; in a stack, its first entry."""
    reader.stacks.symbolic = True
    layer = build(reader, "InputLayer", call)
    node = Node(layer.rule, (), layer)
    return Symbol(node.tensor())


def custom(reader: Reader, made: Instance, call: Call) -> Layer:
    """An object of a layer class of the file: its methods are evaluated when its shape is needed."""

    rule = followed(reader, made)
    rule.declared_input = _declared(call.keywords)
    return Layer(rule, made.of.name, Origin(call.unit, call.node, _keyword_nodes(call)))


def followed(reader: Reader, made: Instance) -> Any:
    """The rule of such an object."""
    from shapecheck.reader.code.classes import Followed, FollowedCell, cell_sizes

    sizes = cell_sizes(made)
    rule: Any = named_class(Followed if sizes is None else FollowedCell, made.of.name)()
    if sizes is not None:
        rule.state_sizes, rule.output_size = sizes
    rule.why = because("{name} is a class of the file; its output shape is unknown", name=made.of.name)
    rule.reader, rule.made = reader, made
    return rule


def merge_function(reader: Reader, name: str, call: Call) -> Layer | Any:
    """keras.layers.add([a, b]) and similar functions; None for others."""
    if name == "merge":
        return _keras_1_merge(reader, call)
    if name not in MERGES:
        return None
    inputs = call.args[0] if call.args else call.keywords.pop("inputs", None)
    call.args = call.args[1:]
    call.nodes = {(key - 1 if isinstance(key, int) else key): node for key, node in call.nodes.items() if key not in (0, "inputs")}
    layer = layers.build(reader, MERGES[name], call)
    return functional.connect(reader, layer, inputs, call)


MODES = {"concat": "concatenate", "sum": "add", "mul": "multiply", "ave": "average", "max": "maximum", "dot": "dot", "cos": "dot"}
"""mode= of Keras 1's merge(): today's function."""


def _keras_1_merge(reader: Reader, call: Call) -> Layer | Any:
    """merge([a, b], mode="concat", concat_axis=1) of Keras 1; None for a mode that is a function."""
    mode = call.get(1, "mode", "sum")
    if call.hidden or len(call.args) > 2 or not isinstance(mode, str) or mode not in MODES:
        return None
    axes = {"concat": ("concat_axis", "axis"), "dot": ("dot_axes", "axes"), "cos": ("dot_axes", "axes")}.get(mode)
    given: dict[str, Any] = {key: value for key, value in call.keywords.items() if key in ("inputs", "name")}
    if axes is not None:
        given[axes[1]] = call.keywords.get(axes[0], -1)
    if mode == "cos":
        given["normalize"] = True
    call.args, call.keywords = call.args[:1], given
    call.nodes = {key: node for key, node in call.nodes.items() if key in (0, "inputs", "name")}
    return merge_function(reader, MODES[mode], call)
