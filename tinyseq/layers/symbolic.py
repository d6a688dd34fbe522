"""SymbolicTensor: a tensor between the layers of a model under construction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapecheck.nodes import Node, Tensor
from shapecheck.shapes import Shape

JOINS: dict[str, Callable[[], Any]] = {}
"""The layers for +, - and *, registered by core.py."""


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

    def __add__(self, other: SymbolicTensor) -> Any:
        return _merge("Add", self, other)

    def __sub__(self, other: SymbolicTensor) -> Any:
        return _merge("Subtract", self, other)

    def __mul__(self, other: SymbolicTensor) -> Any:
        return _merge("Multiply", self, other)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            f"{self!r} has a shape but no values: build a Model(inputs, outputs) with it and call the model on an array"
        )

    def __repr__(self) -> str:
        return f"<SymbolicTensor shape={self.shape_accepted}, dtype={self.dtype}, name={self.name}>"


def _merge(class_name: str, left: SymbolicTensor, right: Any) -> Any:
    if not isinstance(right, SymbolicTensor):
        raise TypeError(f"{class_name} joins two tensors of a model, got {type(right).__name__}: use a Rescaling layer for numbers")
    return JOINS[class_name]()([left, right])
