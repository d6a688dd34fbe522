"""A layer defined by the user as a rule: shapes from output_shape, weights from build."""

from __future__ import annotations

from typing import Any

from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.shapes import Shape, Unknown
from tinyseq.engine.own import output_shapes
from tinyseq.layers.weighted import Weighted


def infer(layer: Weighted, inputs: tuple[Shape, ...]) -> Inference:
    """Output shapes and weights of a layer without a rule. Unknown rank in, unknown rank out."""
    if any(shape.dims is None for shape in inputs):
        return Inference(Shape(None, why=inputs[0].why))
    shapes = [shape.dims for shape in inputs]
    given: Any = shapes[0] if len(shapes) == 1 else shapes
    result = _function(layer)(given)
    outputs = tuple(Shape(sizes) for sizes in output_shapes(layer, result))
    for output in outputs:
        _same_batch(layer, inputs[0], output)
    hidden = Unknown("multiply-adds", f"the multiply-adds of {type(layer).__name__} are not counted")
    return Inference(outputs, _weights(layer, given), hidden, window="all")


def _same_batch(layer: Weighted, given: Shape, output: Shape) -> None:
    """Raises ValueError if output_shape omitted the batch axis."""
    before, after = given.dims and given.dims[0], output.dims[0] if output.dims else ()
    if after == () or (isinstance(after, int) and after != before):
        raise ValueError(
            f"{layer.name}: {type(layer).__name__}.output_shape returned {output} for an input {given}: the batch axis comes first, "
            f"write return (input_shape[0], ...)"
        )


def _function(layer: Weighted) -> Any:
    for name in ("output_shape", "compute_output_shape"):
        function = getattr(type(layer), name, None)
        if callable(function) and not getattr(function, "__module__", "").startswith("tinyseq.layers.questions"):
            return getattr(layer, name)
    raise NotImplementedError(
        f"{layer.name}: {type(layer).__name__} does not define its output shape: write output_shape(self, input_shape), which "
        f"returns a tuple of sizes, batch axis first"
    )


def _weights(layer: Weighted, given: Any) -> tuple[WeightSpec, ...]:
    """The weights that build() declares, tried on a copy so that computing a shape does not change the layer."""
    if layer.built or not layer._writes_build:
        return tuple(WeightSpec(w.name, w.shape, w.initializer, w.trainable) for w in layer._weights)
    trial = object.__new__(type(layer))
    trial.__dict__.update(layer.__dict__, _weights=[], _building=True)
    trial.build(given)
    return tuple(WeightSpec(w.name, w.shape, w.initializer, w.trainable) for w in trial._weights)
