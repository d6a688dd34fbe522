"""SpectralNormalization: the kernel of the layer inside is divided by its greatest singular value before each training step.

Rule: shapecheck.layers.wrappers. The division changes the kernel itself, as in Keras; prediction reads it as it is.
"""

from __future__ import annotations

import numpy as np

from shapecheck.graph import Graph
from shapecheck.layers import wrappers as rules
from shapecheck.layers.base import Inference
from shapecheck.nodes import Node, known_input
from shapecheck.shapes import Shape
from tinyseq.engine.operator import Array, Sizes
from tinyseq.layers.calling import declare
from tinyseq.layers.wrapper import OfOneLayer
from tinyseq.weights.weight import Weight

LEAST = 1e-14
"""The square of a length below counts as this much."""


class SpectralNormalization(rules.SpectralNormalization, OfOneLayer):
    wraps_mask = True
    changes_before_step = True

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        return [shapes]

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        declare(self.layer, shapes)
        self._add(next(spec for spec in inference.weights if spec.name == "vector_u"))

    @property
    def weights(self) -> list[Weight]:
        """The kernel, vector_u, then the others of the layer inside, as Keras orders them."""
        inner = self.layer.weights
        return [*inner[:1], *self._weights, *inner[1:]]

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        return self.graph_of(len(inputs), self._alone)

    def _alone(self) -> Graph:
        x = Node(known_input(Shape((None,)))).tensor()
        return Graph((x,), (Node(self.layer, (x,)).tensor(),))

    def before_step(self) -> None:
        """One training step's division. A kernel of zeros stays as it is."""
        (vector,) = self._weights
        kernel = next(weight for weight in self.layer.weights if weight.name in ("kernel", "embeddings"))
        matrix = kernel.value.reshape(-1, kernel.shape[-1])
        if not matrix.any():
            return
        u = vector.value
        for _ in range(self.power_iterations):
            v = _unit(u @ matrix.T)
            u = _unit(v @ matrix)
        sigma = (v @ matrix @ u.T).item()
        kernel.assign(kernel.value / np.float32(sigma))
        vector.assign(u)


def _unit(x: Array) -> Array:
    found: Array = x / np.sqrt(np.maximum(np.sum(np.square(x)), np.float32(LEAST)))
    return found
