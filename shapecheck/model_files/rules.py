"""A configuration as a graph of rules, for a table: what cannot be read becomes a layer of unknown shape, and a finding."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.model_files import CustomClass, NotSupported
from shapecheck.graph import Graph, chain
from shapecheck.languages import because
from shapecheck.languages import inputs as counted
from shapecheck.layers import find, residual
from shapecheck.layers.arguments import ACTIVATIONS, CONSTRAINTS, INITIALIZERS, REGULARIZERS
from shapecheck.layers.attention import MultiHeadAttention
from shapecheck.layers.base import Inference, OneInput, argument_names
from shapecheck.layers.core import InputLayer, Lambda
from shapecheck.model_files.bounded_json import DamagedFile, short, words_of
from shapecheck.model_files.configuration import MODEL_CLASSES, Configuration
from shapecheck.model_files.functions import Function, tensors_in
from shapecheck.model_files.node_shapes import again, are_sizes, built_shape, declare, outputs_of
from shapecheck.model_files.old_forms import PARTS
from shapecheck.nodes import Node
from shapecheck.reader.keras.unseen import Hidden, named_class, opaque, refused
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from shapecheck.diagnostics.base import Diagnostic
    from shapecheck.layers.base import Rule
    from shapecheck.model_files.old_forms import Dialect

    Json = Any

HOMES = {"LayerScale": "keras.src.applications.convnext", "CustomScaleLayer": "keras.src.applications.inception_resnet_v2"}
"""Layers of Keras that it does not export, and where its files say that they are."""
NOT_COMPUTED = ("RandomHeight", "RandomWidth")
"""Layers of Keras 2 that have a rule, and that tinyseq does not compute."""
PARTS_OF_LAYERS = {
    "initializers": {name.replace("_", "") for name in INITIALIZERS} | {"orthogonalinitializer", "identityinitializer"},
    "regularizers": {name.replace("_", "") for name in REGULARIZERS},
    "constraints": {name.replace("_", "") for name in CONSTRAINTS},
}
"""Known classes, in small letters."""
NUMBERS = ("bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
"""What inputs may hold."""
MOST_LAYERS = 20_000
"""Layers of a file that are read: the largest known architectures have 1,500."""
BESIDE = ("initial_state", "mask", "query_mask", "value_mask", "key_mask", "attention_mask")
"""Tensors of a call that are not its inputs."""


class Part:
    """An initializer, a regularizer or a constraint: it changes neither shapes nor counts."""


class Scores(MultiHeadAttention):
    """MultiHeadAttention called with return_attention_scores=True: the scores are a second output."""

    original: MultiHeadAttention

    @property
    def layer_made(self) -> Rule:
        return self.original

    @property
    def class_name(self) -> str:
        return "MultiHeadAttention"

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        found = self.original.infer(inputs)
        query, value = inputs[0], inputs[1]
        scores = Shape(None, why=query.why or value.why)
        if query.dims is not None and value.dims is not None:
            scores = Shape((query.dims[0], self.num_heads, *query.dims[1:-1], *value.dims[1:-1]))
        return Inference((*found.outputs, scores), found.weights, found.multiply_adds, found.arithmetic, found.window)


class Rules(Configuration):
    """Rules, and tensors between them. `problems`: what keeps the file from being loaded, each with the name of its layer."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.problems: list[tuple[Diagnostic, str]] = []
        self.dtypes: list[str] = []
        """The dtypes other than float32 that the file names."""
        self._custom: set[str] = set()
        self._layers = 0
        self._at = "?"
        """The name of the layer that is read."""

    def model(self, config: Json) -> Graph | None:
        """The graph of a whole model; None for a class of the user's. ValueError if its configuration is damaged."""
        if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
            raise DamagedFile(because("the file's configuration is not a model: it is {value}", value=short(config)))
        made = self.layer(config)
        if isinstance(made, Hidden) and not made.operation:
            return None
        if not isinstance(made, Graph):
            raise DamagedFile(because("the file holds a {name}, expected a Sequential or functional model", name=config["class_name"]))
        return made

    def layer(self, entry: Json) -> Any:
        self._layers += 1
        if self._layers > MOST_LAYERS:
            raise DamagedFile(because("the file has more than {most:,} layers: that is not plausible", most=MOST_LAYERS))
        config = entry.get("config") if isinstance(entry, dict) else None
        around, self._at = self._at, str(config.get("name", "?")) if isinstance(config, dict) else "?"
        made = super().layer(entry)
        self._at = around
        return made

    # ------------------------------------------------------------------ layers

    def own(self, entry: Json) -> Any:
        """A class that the file itself calls the user's, though it may have the name of a layer of Keras."""
        registered = entry.get("registered_name")
        module = entry.get("module")
        custom = isinstance(registered, str) and ">" in registered and isinstance(module, str) and module.partition(".")[0] != "keras"
        if not custom or entry["class_name"] in MODEL_CLASSES:
            return None
        config = entry.get("config")
        return self.unknown(entry, entry["class_name"], config if isinstance(config, dict) else {})

    def find(self, name: str, module: Any) -> Any:
        if name in HOMES and module == HOMES[name]:
            return getattr(residual, name)
        found = find(name)
        return found if found is not None and issubclass(found, object) and hasattr(found, "infer") else None

    def arguments_of(self, cls: Any) -> Collection[str]:
        return argument_names(cls)

    def unknown(self, entry: Json, name: str, config: dict[str, Any]) -> Any:
        self._needs(name, "layer")
        return opaque(name, because("{name} is not a layer of Keras", name=name), name=_name(config.get("name")))

    def _needs(self, name: str, what: str) -> None:
        """Notes a class or function of the user's, at the first layer that has it."""
        if name not in self._custom:
            self._custom.add(name)
            self.problems.append((CustomClass(name, what), self._at))

    def refuse(self, where: str, what: str, advice: str) -> None:
        self.problems.append((NotSupported(because("{what} is not supported", what=what), advice), where.partition(" ")[2]))

    def construct(self, cls: Any, name: str, options: dict[str, Any]) -> Any:
        label = _name(options.get("name"))
        if name in NOT_COMPUTED:
            advice = because("remove it: it changes pictures in training only")
            self.problems.append((NotSupported(because("{name} is not computed", name=name), advice), label or name))
        if options.get("trainable", True) not in (True, False):
            value = short(options["trainable"])
            raise DamagedFile(because(
                "layer {name}: trainable is {value}, expected true or false: the file is damaged", name=label or name, value=value
            ))  # fmt: skip
        try:
            return getattr(cls, "from_arguments", cls)(**options)
        except ShapeError as error:
            return refused(name, error.diagnostic, label)
        except TypeError as error:
            raise DamagedFile(
                because(
                    "layer {layer}: {name} cannot be created ({error}): the file is damaged",
                    layer=label or name,
                    name=name,
                    error=words_of(error),
                )
            ) from error

    def dtype(self, name: str | None, where: str) -> None:
        if name is not None and name not in self.dtypes and not name.startswith(("int", "uint", "bool", "string")):
            self.dtypes.append(name)

    def lambda_layer(self, config: dict[str, Any]) -> Any:
        name, shape = _name(config.get("name")), config.get("output_shape")
        if not holds_code(config.get("function"), config.get("function_type")):  # else unsafe.py says it
            self.problems.append((CustomClass("", "lambda", str(name)), str(name)))
        function = Unknown("function", because("the code of a Lambda is not run"))
        sizes = tuple(shape) if isinstance(shape, list) and all(one is None or isinstance(one, int) for one in shape) else None
        return Lambda(function, output_shape=sizes, name=name)

    def operation(self, entry: Json) -> Any:
        return Function(entry, self.problems)

    def input(self, dims: list[Json], dtype: str | None, name: Any) -> Any:
        if dtype is not None and dtype not in (*NUMBERS, "string"):
            self.refuse(
                f"input {name}",
                because("an input of {dtype}", dtype=short(dtype)),
                because("apply text layers before the model, and pass it numbers"),
            )
        try:
            return InputLayer(batch_shape=tuple(dims), dtype=dtype, name=_name(name))
        except ShapeError as error:
            return refused("InputLayer", error.diagnostic, _name(name))

    def activation(self, value: str) -> Any:
        if value in ACTIVATIONS or not value.isidentifier():
            return value
        self._needs(value, "function")
        return None

    def value(self, value: Json, kind: str = "") -> Any:
        if isinstance(value, list):
            return [self.value(one, kind) for one in value]
        if not isinstance(value, dict):
            return value
        name, config = value.get("class_name"), value.get("config")
        if kind and not (isinstance(name, str) and isinstance(config or {}, dict)) and name != "function":
            raise DamagedFile(because("one of the {kind} is {value}: the file is damaged", kind=kind, value=short(value)))
        if not isinstance(name, str):
            return {key: self.value(one, kind) for key, one in value.items()}
        if name == "function":
            function = config if isinstance(config, str) else str(value.get("registered_name"))
            return self.activation(function)
        if name == "__tuple__":
            items = value.get("items", [])
            return tuple(self.value(one, kind) for one in items) if isinstance(items, list) else ()
        if name in ("DTypePolicy", "Policy", "__numpy__", "__tensor__", "__slice__", "__ellipsis__"):
            return value
        known = PARTS_OF_LAYERS.get(kind) or set().union(*PARTS_OF_LAYERS.values())
        plain = PARTS.get(name, name).replace("_", "").lower()
        if plain not in known and plain not in {one + "v2" for one in known}:
            self._needs(name, kind.removesuffix("s") or "object")
        return Part()

    # ------------------------------------------------------------------ models

    def chain(self, options: dict[str, Any], entries: list[Json], kind: Any = None) -> Any:
        rules = [self.layer(entry) for entry in entries]
        for rule, after in zip(rules, entries[1:], strict=False):
            declare(rule, built_shape(after))
        shape = options.get("build_input_shape")
        given = Shape(tuple(shape)) if isinstance(shape, list) and are_sizes(shape) else None
        name = _name(options.get("name"))
        if any(isinstance(rule, InputLayer) for rule in rules[1:]) or any(isinstance(rule, Function) for rule in rules):
            raise DamagedFile(because("Sequential {name}: has an input or a function among its layers: the file is damaged", name=name))
        if rules and getattr(rules[0], "refusal", None) is None and isinstance(rules[0], Graph) and given is None:
            (first, *others) = rules[0].inputs
            given = first.node.rule.infer(()).output if not others else None
        graph = chain(rules, input_shape=None if rules and isinstance(rules[0], InputLayer) else given, name=name)
        made = named_class(Graph, "Sequential")(graph.inputs, graph.outputs, name)
        return _frozen(made, options)

    def join(self, config: dict[str, Any], inputs: Any, outputs: Any, kind: Any = None) -> Any:
        starts, ends = tensors_in(inputs), tensors_in(outputs)
        if not starts or not ends:
            raise DamagedFile(because("a model without inputs or outputs: the file is damaged"))
        return _frozen(Graph(starts, ends, _name(config.get("name"))), config)

    def start(self, layer: Any) -> Any:
        first = isinstance(layer, InputLayer) or (getattr(layer, "refusal", None) is not None and type(layer).__name__ == "InputLayer")
        return outputs_of(Node(layer))[0] if first else None

    def seen(self, tensor: Any, config: dict[str, Any]) -> None:
        shape = config.get("shape")
        if isinstance(shape, list) and are_sizes(shape) and tensor.port == 0:
            declare(tensor.node.rule, shape)
            again(tensor.node)

    def call(self, name: str, layer: Any, arguments: list[Any], keywords: dict[str, Any]) -> list[Any]:
        if isinstance(layer, Function):
            node: Node = layer.node(name, arguments, keywords)
            return outputs_of(node)[:1]
        tensors = tensors_in(arguments)
        tensors += [tensor for word in ("query", "value", "key", "inputs") if word in keywords for tensor in tensors_in(keywords[word])]
        beside = {word: found for word in BESIDE if word in keywords and (found := tensors_in(keywords[word]))}
        if not tensors:
            raise ValueError(because("layer {name}: nothing feeds it: the file is damaged", name=name))
        rule = _with_scores(layer) if keywords.get("return_attention_scores") is True and isinstance(layer, MultiHeadAttention) else layer
        takes = len(rule.inputs) if isinstance(rule, Graph) else 1 if isinstance(rule, OneInput) else len(tensors)
        if takes != len(tensors):
            raise ValueError(
                because(
                    "layer {name}: takes {inputs}, the file passes {count}: the file is damaged",
                    name=name,
                    inputs=counted(takes),
                    count=len(tensors),
                )
            )
        return outputs_of(Node(rule, tensors, beside=beside))


def holds_code(function: Json, kind: Json) -> bool:
    """Whether the configuration of a function contains Python's machine code: a list of Keras 2, an object of Keras 3."""
    if isinstance(function, list):
        return bool(kind != "function")
    return isinstance(function, dict) and function.get("class_name") == "__lambda__"


def _with_scores(layer: MultiHeadAttention) -> Scores:
    twin = object.__new__(Scores)
    twin.__dict__.update(layer.__dict__)
    twin.original = layer
    return twin


def _frozen(graph: Graph, config: dict[str, Any]) -> Graph:
    """trainable=False of a model is that of all its layers, as in Keras."""
    waiting: list[Any] = [graph] if config.get("trainable") is False else []
    while waiting:
        rule = waiting.pop()
        rule.__dict__["trainable"] = False
        waiting += rule.children
    return graph


def _name(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise DamagedFile(because("the name of a layer is {value}, expected a word: the file is damaged", value=short(value)))
