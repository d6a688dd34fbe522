"""SymbolicTensor: a tensor between the layers of a model under construction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapecheck.nodes import Node, Tensor
from shapecheck.shapes import Shape
from tinyseq.weights.variable import NoNumbers

JOINS: dict[str, Callable[[], Any]] = {}
"""The layers for +, - and *, registered by operators.py."""

OPERATORS: dict[str, Callable[..., Any]] = {}
"""The functions of tinyseq.ops by name, for x + 1, -x, x[0], numpy.exp(x), registered by operators.py."""
LOADERS: list[Callable[[], None]] = []
"""What registers both; the package puts it here. It is called at the first operator: most models have none."""
UFUNCS = {"true_divide": "divide", "absolute": "abs", "remainder": "mod"}
"""NumPy's names of its functions, where they are others."""


def operators() -> dict[str, Callable[..., Any]]:
    """OPERATORS, loaded."""
    for load in LOADERS if not OPERATORS else ():
        load()
    return OPERATORS


def operator(name: str) -> Callable[..., Any]:
    """The function of tinyseq.ops of that name."""
    return operators()[name]


class SymbolicTensor(Tensor):
    """A tensor between layers before any number exists: an output of a node, and its shape."""

    __slots__ = ("dtype", "name", "shape_accepted")

    def __init__(self, node: Node, port: int, shape: Shape, name: str, dtype: str = "float32") -> None:
        super().__init__(node, port)
        self.shape_accepted = shape
        self.name = name
        self.dtype = dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """Sizes, batch axis first; None: any."""
        assert self.shape_accepted.dims is not None
        return self.shape_accepted.dims

    @property
    def rank(self) -> int:
        """How many axes."""
        return len(self.shape)

    ndim = rank

    def __add__(self, other: Any) -> Any:
        return _merge("Add", "add", self, other)

    def __sub__(self, other: Any) -> Any:
        return _merge("Subtract", "subtract", self, other)

    def __mul__(self, other: Any) -> Any:
        return _merge("Multiply", "multiply", self, other)

    def __radd__(self, other: Any) -> Any:
        return operator("add")(other, self)

    def __rsub__(self, other: Any) -> Any:
        return operator("subtract")(other, self)

    def __rmul__(self, other: Any) -> Any:
        return operator("multiply")(other, self)

    def __truediv__(self, other: Any) -> Any:
        return operator("divide")(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return operator("divide")(other, self)

    def __floordiv__(self, other: Any) -> Any:
        return operator("floor_divide")(self, other)

    def __mod__(self, other: Any) -> Any:
        return operator("mod")(self, other)

    def __pow__(self, other: Any) -> Any:
        return operator("power")(self, other)

    def __rpow__(self, other: Any) -> Any:
        return operator("power")(other, self)

    def __matmul__(self, other: Any) -> Any:
        return operator("matmul")(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return operator("matmul")(other, self)

    def __neg__(self) -> Any:
        return operator("negative")(self)

    def __abs__(self) -> Any:
        return operator("abs")(self)

    def __lt__(self, other: Any) -> Any:
        return operator("less")(self, other)

    def __le__(self, other: Any) -> Any:
        return operator("less_equal")(self, other)

    def __gt__(self, other: Any) -> Any:
        return operator("greater")(self, other)

    def __ge__(self, other: Any) -> Any:
        return operator("greater_equal")(self, other)

    def __getitem__(self, key: Any) -> Any:
        return operator("getitem")(self, key)

    def __bool__(self) -> bool:
        raise NoNumbers(f"{self!r} has no numbers yet, so an `if` or `while` cannot choose by them: write ops.where(condition, a, b)")

    def __iter__(self) -> Any:
        size = self.shape[0] if self.shape else None
        if not isinstance(size, int):
            raise NoNumbers(f"{self!r} cannot be looped over, its first axis is the batch: write ops for all samples at once")
        return iter([self[i] for i in range(size)])

    def __float__(self) -> float:
        raise NoNumbers(f"{self!r} has no numbers yet: it is no float")

    def __array_ufunc__(self, function: Any, method: str, *given: Any, **options: Any) -> Any:
        """numpy.exp(x) and the like: the function of that name in tinyseq.ops."""
        name = UFUNCS.get(function.__name__, function.__name__)
        if method != "__call__" or options or name not in operators():
            raise NoNumbers(f"numpy.{function.__name__} takes arrays, and {self!r} has no numbers yet: write it with tinyseq.ops")
        return operator(name)(*given)

    def __array_function__(self, function: Any, types: Any, given: Any, options: Any) -> Any:
        if function.__name__ not in operators():
            raise NoNumbers(f"numpy.{function.__name__} takes arrays, and {self!r} has no numbers yet: write it with tinyseq.ops")
        return operator(function.__name__)(*given, **options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NoNumbers(
            f"{self!r} has a shape but no values: build a Model(inputs, outputs) with it and call the model on an array"
        )

    def __repr__(self) -> str:
        return f"<SymbolicTensor shape={self.shape_accepted}, dtype={self.dtype}, name={self.name}>"


def _merge(class_name: str, function: str, left: SymbolicTensor, right: Any) -> Any:
    """A merging layer for two tensors of one rank, else an operation."""
    function_of_two = operator(function)
    alike = isinstance(right, SymbolicTensor) and left.rank == right.rank and left.rank and left.shape[0] == right.shape[0]
    if alike and not (type(left.node.rule).operation or type(right.node.rule).operation):
        return JOINS[class_name]()([left, right])
    return function_of_two(left, right)
