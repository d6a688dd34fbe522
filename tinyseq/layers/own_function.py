"""Lambda: a function of the user's own as a layer. What tinyseq.ops or NumPy's functions of tensors can follow has a gradient; other NumPy
code runs by Python in each step and has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers import core as rules
from shapecheck.layers.base import Inference, shape_argument
from shapecheck.nodes import Node, known_input
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq.engine.operator import Array
from tinyseq.layers import calling
from tinyseq.layers.base import Layer
from tinyseq.layers.tensor_functions.operation import Operation
from tinyseq.layers.tensor_functions.primitive import Primitive, narrowed
from tinyseq.layers.traced import NotTraced, graph_of

Primitive("own function", lambda *x: x, lambda *x: x)


class OwnFunction(Operation):
    """A function of arrays, by Python in each step."""

    tells = True

    def __init__(self, owner: str, function: Callable[..., Any], count: int) -> None:
        super().__init__("own function", [], (False,) * count, name=f"{owner}_function")
        self.owner = owner
        self.own = function

    def compute(self, arrays: Sequence[Any]) -> Array:
        return narrowed(self.own(*arrays), arrays)

    def backward(self, ctx: Any, *gradients: Any) -> None:
        raise NotImplementedError(
            f"{self.owner}: its function runs NumPy code, which has no gradient here: write it with tinyseq.ops, or write a Layer with "
            f"forward(self, ctx, x) and backward(self, ctx, gradient)"
        )


class Lambda(rules.Lambda, Layer):
    tells = True

    def check_compute(self) -> None:
        if self.given_mask is not None:
            raise NotImplementedError(f"{self.name}: mask= is not computed: leave it out")

    @property
    def graph(self) -> Graph | None:  # type: ignore[override]
        """What the function does; None before the first call."""
        return self.__dict__.get("_call_graph")

    @property
    def layers(self) -> list[Any]:
        """None inside."""
        return []

    @property
    def several_inputs(self) -> bool:  # type: ignore[override]
        """Whether it was called on a list."""
        return bool(self.__dict__.get("_listed"))

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None) -> Any:  # type: ignore[override]
        """The function of tensors or arrays.

        Arguments:
            inputs: a tensor or array, or a list of them, as the function takes it
            training: changes nothing
            mask: of Keras, not computed: leave it out
        """
        if mask is not None:
            raise NotImplementedError(f"{self.name}: mask= is not computed: leave it out")
        if len(inputs) != 1:
            raise TypeError(f"{self.name}: got {len(inputs)} inputs: pass one, or one list")
        listed = isinstance(inputs[0], (list, tuple)) and all(hasattr(one, "shape") for one in inputs[0])
        given = list(inputs[0]) if listed else [inputs[0]]
        if self.graph is None:
            self.__dict__["_listed"] = listed
        if calling.symbolic(self, given):
            return calling.connect(self, given)
        return self._compute(given, bool(training))

    def _run(self, *inputs: Any) -> Any:
        given: Any = list(inputs) if self.several_inputs else inputs[0]
        return self.function(given, **(self.given_arguments or {}))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if any(shape.dims is None for shape in inputs):
            return rules.Lambda.infer(self, inputs)
        if self.graph is None or not _same(self.graph, inputs):
            self.__dict__["_call_graph"] = self._followed(tuple(Shape((None, *shape.dims[1:])) for shape in inputs if shape.dims))
        assert self.graph is not None
        found = propagate(self.graph, inputs).as_inference()
        self._check_given(found)
        return Inference(found.outputs, (), found.multiply_adds, window="new")

    def _followed(self, shapes: tuple[Shape, ...]) -> Graph:
        """The function on tensors, or as Python."""
        try:
            return graph_of(str(self.name), self._run, shapes, listed=False)
        except (NotTraced, TypeError, AttributeError, ValueError) as error:
            why = error
        operation = OwnFunction(str(self.name), self._run, len(shapes))
        inputs = [Node(known_input(shape)).tensor() for shape in shapes]
        try:
            operation.infer(shapes)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{self.name}: its function fails on tensors ({why}) and on arrays ({error})") from None
        return Graph(inputs, [Node(operation, inputs).tensor()])

    def _check_given(self, found: Inference) -> None:
        """The output_shape that was given must be the one that comes out."""
        given = self.given_output_shape
        if given is None or callable(given) or found.output.dims is None:
            return
        sizes = shape_argument("output_shape", given)
        if len(sizes) != len(found.output.dims) - 1 or any(
            isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(sizes, found.output.dims[1:], strict=True)
        ):
            raise ValueError(f"{self.name}: output_shape={given}, but its function makes {found.output}: correct it or leave it out")

    def _unbuild(self) -> None:
        super()._unbuild()
        self.__dict__.pop("_call_graph", None)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_call_graph"}


def _same(graph: Graph, inputs: Sequence[Shape]) -> bool:
    shapes = [tensor.node.rule.shape_accepted.dims for tensor in graph.inputs]  # type: ignore[attr-defined]
    if len(shapes) != len(inputs):
        return False
    return all(a is not None and b.dims is not None and a[1:] == b.dims[1:] for a, b in zip(shapes, inputs, strict=True))
