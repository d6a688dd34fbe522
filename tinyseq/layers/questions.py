"""What a layer would return, without computing it: shapes, tensors and masks, under Keras's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from shapecheck.nodes import Node, known_input
from shapecheck.shapes import Shape
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.weighted import Weighted


def _is_shape(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(size is None or hasattr(size, "__index__") for size in value)


def shapes_in(given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The shapes of f(shape), f([shape, ...]), f(shape, shape) and f(query_shape=...)."""
    values = [*given, *named.values()]
    if len(values) == 1 and not _is_shape(values[0]):
        values = list(values[0].values() if isinstance(values[0], Mapping) else values[0])
    return tuple(Shape(tuple(one)) for one in values if one is not None)


class Questions(Weighted):
    """The part of a layer that answers before anything is computed."""

    def compute_output_shape(self, *input_shape: Any, **shapes: Any) -> Any:
        """The shape that comes out of inputs of this shape: a tuple, or a list of tuples of several outputs.

        Arguments:
            input_shape: sizes, batch axis first, None for any size; several, or a list of them, for several inputs
            shapes: the same by name, as in query_shape=(None, 4, 8)
        """
        self._check()
        outputs = [shape.dims for shape in self.infer(shapes_in(input_shape, shapes)).outputs]
        return outputs[0] if len(outputs) == 1 else outputs

    def compute_output_spec(self, *inputs: Any, **named: Any) -> Any:
        """A tensor without numbers, of the shape and dtype that comes out; a list of several outputs.

        Arguments:
            inputs: tensors or arrays, or one list of them
            named: the same by name
        """
        values = [*inputs, *(one for one in named.values() if hasattr(one, "shape"))]
        values = list(values[0]) if len(values) == 1 and isinstance(values[0], (list, tuple)) else values
        shapes = self.compute_output_shape(*(tuple(one.shape) for one in values))
        several = isinstance(shapes, list) or (isinstance(shapes, tuple) and any(isinstance(one, (list, tuple)) for one in shapes))
        found = [
            SymbolicTensor(Node(known_input(Shape(one))), 0, Shape(one), str(self.name), self.output_dtype)
            for one in (shapes if several else [shapes])
        ]
        return type(shapes)(found) if several else found[0]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the output: that of an input, one made of the inputs' numbers, or None.

        Arguments:
            inputs: an array, or a list of them; tensors, where the mask does not depend on numbers
            mask: the mask of the input, a list for several inputs; None: it has none
        """
        several = isinstance(inputs, (list, tuple))
        values = list(inputs) if several else [inputs]
        if several and mask is not None and not isinstance(mask, (list, tuple)):
            advice = f"pass one mask, or None, for each of {len(values)} inputs"
            raise ValueError(f"{self.name}: `mask` should be a list. Received one array: {advice}")
        masks = [mask] if not several or mask is None else list(mask)
        if several and mask is not None and len(masks) != len(values):
            counts = f"got {len(values)} inputs and {len(masks)} masks: pass None for an input without one"
            raise ValueError(f"{self.name}: The lists `inputs` and `mask` should have the same length: {counts}")
        masks = masks if len(masks) == len(values) else [None] * len(values)
        found = self.masking(tuple(one is not None for one in masks), 1)
        if found is None:
            if any(one is not None for one in masks):
                raise TypeError(f"{self.name}: {type(self).__name__} does not support masking: call it without mask")
            return None
        if found[0] is None or isinstance(found[0], int):
            return None if found[0] is None else masks[found[0]]
        return found[0].of(values, [None if one is None else np.asarray(one).astype(bool) for one in masks])
