"""A layer called with options (a causal mask, returned attention scores): in a graph it is a twin that shares its weights.

A node of a graph knows only its layer and its inputs. So a call that says more than that gets a layer of its own,
of the same class and name, with the same weights; `original` finds the layer that the user made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shapecheck.layers.base import Rule
from shapecheck.shapes import Shape
from tinyseq.layers import calling
from tinyseq.layers.base import Layer
from tinyseq.layers.symbolic import SymbolicTensor

Options = tuple[tuple[str, Any], ...]


class Optional(Layer):
    """A layer whose calls take more than its inputs. `call_options`: those of this use, () for a plain one."""

    call_options: Options = ()
    call_inputs: tuple[str, ...] = ()
    """The tensors of this use by name; () for a plain one."""
    _original: Any = None

    @property
    def layer_made(self) -> Rule:
        found: Rule = original(self)
        return found

    def twin(self, names: tuple[str, ...], options: Mapping[str, Any]) -> Any:
        """The layer as it is called so: itself for a plain call."""
        kept = tuple(sorted((name, value) for name, value in options.items() if value))
        if not kept and names == self.plain_inputs(len(names)):
            return self
        twins = self.__dict__.setdefault("_twins", {})
        if (names, kept) not in twins:
            made = object.__new__(type(self))
            own = {**self.__dict__, "_engines": {}, "_prepared": {}, "_original": self, "call_options": kept, "call_inputs": names}
            made.__dict__.update(own)
            del made.__dict__["_twins"]
            twins[names, kept] = made
        found = twins[names, kept]
        found.__dict__["_weights_for"] = self._weights_for  # the weights may have been declared since
        return found

    supports_masking = True
    masked_inputs: tuple[str, ...] = ("query", "value", "key")
    """Whose masks it looks at."""

    def with_masks(self, masks: tuple[bool, ...]) -> tuple[Any, tuple[int, ...]] | None:
        names = list(self.named(masks))
        wanted = {f"{name}_mask": i for i, name in enumerate(names) if name in self.masked_inputs and masks[i]}
        wanted = {name: i for name, i in wanted.items() if name not in names}
        if not wanted:
            return None
        return original(self).twin((*names, *wanted), dict(self.call_options)), tuple(wanted.values())

    def plain_inputs(self, count: int) -> tuple[str, ...]:
        """The names of so many inputs of a plain call."""
        return ("query", "value", "key")[:count]

    def option(self, name: str) -> Any:
        """An option of this use; None if it does not have it."""
        return dict(self.call_options).get(name)

    def named(self, inputs: Sequence[Any]) -> dict[str, Any]:
        """The inputs of this use by name."""
        return dict(zip(self.call_inputs or self.plain_inputs(len(inputs)), inputs, strict=True))

    def call_with(self, given: Mapping[str, Any], options: Mapping[str, Any], training: bool | None) -> Any:
        """On tensors its output tensors, on arrays its output arrays."""
        names, values = tuple(given), list(given.values())
        if not self.built and not any(isinstance(value, SymbolicTensor) for value in values):
            self._declare_for([np.asarray(value) for name, value in given.items() if name in ("query", "value", "key")])
        values = calling.followed(self, values)
        given = dict(zip(names, values, strict=True))
        if calling.symbolic(self, values):
            plain = [value for name, value in given.items() if name in ("query", "value", "key")]
            calling.declare(self, tuple(tensor.shape_accepted for tensor in plain))
            return calling.connect(calling.forced(self.twin(names, options), values, training), values)
        arrays = [np.asarray(value) for value in values]
        batch = len(arrays[0])
        arrays = [np.repeat(a, batch, 0) if i and a.ndim and len(a) == 1 < batch else a for i, a in enumerate(arrays)]
        plain = [array for name, array in zip(names, arrays, strict=True) if name in ("query", "value", "key")]
        self._declare_for(plain)
        return self.twin(names, options)._compute(arrays, bool(training))

    def _declare_for(self, arrays: Sequence[Any]) -> None:
        calling.declare(self, tuple(Shape(array.shape) for array in arrays))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_twins"}


def original(layer: Any) -> Any:
    """The layer that the user made, of a twin."""
    while getattr(layer, "_original", None) is not None:
        layer = layer._original
    return layer


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor of a model."""
    return isinstance(value, SymbolicTensor)
