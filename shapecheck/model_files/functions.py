"""A function as a node of a model's graph (x + y, keras.ops.mean): its shape by the same table that is used for source text."""

from __future__ import annotations

from shapecheck.diagnostics.model_files import NotSupported
from shapecheck.languages import because
from shapecheck.layers.base import Inference
from shapecheck.model_files import names_of_operations as names
from shapecheck.nodes import Node, Tensor
from shapecheck.reader.call import Call
from shapecheck.reader.code import tensors
from shapecheck.reader.code.tracing import shapes_of
from shapecheck.reader.keras.unseen import Hidden
from shapecheck.reader.values import Traced
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.diagnostics.base import Diagnostic


class Operation(Hidden):
    """A function of tensors, without weights."""

    operation = True
    unseen = False
    several_inputs = True
    shown = ""
    """Its class in Keras 3, if the file names it."""
    function: str
    template: tuple[Any, ...]
    """The arguments, with a Tensor for each tensor."""
    keywords: dict[str, Any]

    @property
    def class_name(self) -> str:
        return self.shown or names.class_of(self.function)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        usual = Inference(self.declared_output or Shape(None, why=self.why), (), 0, window="new")
        if any(shape.dims is None for shape in inputs):
            return usual
        rest = [Traced(shape.dims or ()) for shape in inputs]
        arguments = [_replaced(one, rest) for one in self.template]
        keywords = {key: _replaced(one, rest) for key, one in self.keywords.items()}
        try:
            found = shapes_of(_result(self.function, arguments, keywords))
        except (ValueError, TypeError, IndexError, AttributeError):
            return usual
        return Inference(found[0], (), 0, window=None if self.function in ELEMENTWISE else "new") if found else usual


ELEMENTWISE = frozenset({
    "abs", "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "negative", "exp", "log", "sqrt", "square", "tanh",
    "sigmoid", "relu",
})  # fmt: skip
"""Functions that work number by number."""


def _result(function: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
    if function in ("getitem", "get_item"):
        key = arguments[1] if len(arguments) > 1 else keywords["key"]
        return tensors.index(arguments[0], names.index(key))
    call = Call(None, None)  # type: ignore[arg-type]
    call.args, call.keywords = arguments, keywords
    return tensors.call(f"keras.ops.{function}", call)


class Function:
    """What a file calls by the name of an operation; `node` calls it."""

    def __init__(self, entry: Any, problems: list[tuple[Diagnostic, str]]) -> None:
        name = str(entry.get("name"))
        self.of_tensorflow = entry["class_name"] in names.OF_KERAS_2
        self.shown = "" if self.of_tensorflow else entry["class_name"]
        try:
            self.function, self.fixed, where = names.named(entry)
            known = self.function in names.COMPUTED
        except ValueError:
            where = f"tf.{entry['config'].get('function')}" if isinstance(entry.get("config"), dict) else because("a tf function")
            self.function, self.fixed, known = where.rpartition(".")[2], {}, False
        if not known:
            problems.append((NotSupported(because("{where} is not supported", where=where), names.ADVICE), name))

    def node(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> Node:
        """The function on these tensors and numbers."""
        if self.of_tensorflow:
            arguments, keywords = names.arguments_of_tensorflow(arguments, keywords)
        rule = Operation(name=name or None)
        rule.function, rule.template, rule.keywords = self.function, tuple(arguments), {**self.fixed, **keywords}
        rule.shown = self.shown
        rule.why = because("the shape of {name}() of these tensors is unknown", name=self.function)
        inputs = tensors_in([*rule.template, *rule.keywords.values()])
        if not inputs:
            raise ValueError(because("layer {name}: nothing feeds it: the file is damaged", name=name))
        return Node(rule, inputs)


def tensors_in(value: Any) -> list[Tensor]:
    """The tensors in arguments, also in lists and dictionaries, in order."""
    if isinstance(value, Tensor):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [tensor for one in inside for tensor in tensors_in(one)]


def _replaced(value: Any, rest: list[Any]) -> Any:
    """The same arguments with shapes in place of tensors."""
    if isinstance(value, Tensor):
        return rest.pop(0)
    if isinstance(value, (list, tuple)):
        return tuple(_replaced(one, rest) for one in value)
    return {key: _replaced(one, rest) for key, one in value.items()} if isinstance(value, dict) else value
