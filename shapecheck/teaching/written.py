"""Layers as a quiz writes them: code for the reader and a rule for the answer, made from the same arguments."""

from __future__ import annotations

from shapecheck import layers
from shapecheck.graph import Graph, chain
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.table import Row, ShapeTable


class Written:
    """A layer: its class and its arguments, which may be layers themselves (Bidirectional(LSTM(8)))."""

    __slots__ = ("kind", "named", "plain")

    def __init__(self, kind: str, *plain: Any, **named: Any) -> None:
        self.kind = kind
        self.plain = plain
        self.named = named

    def code(self, module: str = "") -> str:
        """As it is written in Python; `module` is written before each class: "layers.".

        >>> Written("Conv2D", 8, 3, strides=2).code()
        'Conv2D(8, 3, strides=2)'
        """
        plain = [value.code(module) if isinstance(value, Written) else repr(value) for value in self.plain]
        return f"{module}{self.kind}({', '.join([*plain, *(f'{name}={value!r}' for name, value in self.named.items())])})"

    def rule(self) -> Rule:
        """A new rule with these arguments."""
        plain = [value.rule() if isinstance(value, Written) else value for value in self.plain]
        made: Rule = getattr(layers, self.kind)(*plain, **self.named)
        return made

    def having(self, **named: Any) -> Written:
        """The same layer with other keyword arguments."""
        return Written(self.kind, *self.plain, **{**self.named, **named})


class WrittenStack:
    """A stack: its input without the batch axis, and its layers."""

    __slots__ = ("layers", "shape")

    def __init__(self, shape: tuple[int | None, ...], layers: Sequence[Written]) -> None:
        self.shape = shape
        self.layers = tuple(layers)

    def graph(self) -> Graph:
        """A new graph of its rules."""
        return chain([layer.rule() for layer in self.layers], input_shape=Shape((None, *self.shape)))

    def table(self) -> ShapeTable:
        """Its shape table."""
        return propagate(self.graph())

    def rows(self) -> list[Row]:
        """A row for each layer, in order, without that of the input."""
        return [row for row in self.table().rows if not row.is_input]

    def works(self) -> bool:
        """True if every layer is proved."""
        return all(row.verdict == "proved" for row in self.rows())

    def code(self) -> str:
        """The expression that makes it."""
        lines = [f"    keras.Input({self.shape!r}),", *(f"    {layer.code('layers.')}," for layer in self.layers)]
        return "\n".join(["keras.Sequential([", *lines, "])"])

    def lines(self) -> list[str]:
        """What a reader sees: the input, and the layers with their numbers."""
        return [f"   Input({self.shape!r})", *(f"{place:2} {layer.code()}" for place, layer in enumerate(self.layers, 1))]
