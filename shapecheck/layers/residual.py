"""Layers of residual branches that Keras uses inside its applications and does not export."""

from __future__ import annotations

from shapecheck.layers import arguments as check
from shapecheck.layers.activation import Elementwise
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.layers.merging import Merge
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Unpack

    from shapecheck.layers.base import Options


class CustomScaleLayer(Merge):
    """[(...), (...)] -> (...): first + second*scale.

    Szegedy et al. (2017), "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning", section 3.3.

    >>> print(CustomScaleLayer(0.17).infer((Shape((None, 5, 7)), Shape((None, 5, 7)))).output)
    (None, 5, 7)
    """

    def __init__(self, scale: float, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.scale = check.number("scale", scale)


class LayerScale(Elementwise):
    """(..., channels) -> (..., channels): each channel times a separate weight, which starts at `init_values`.

    Touvron et al. (2021), "Going deeper with Image Transformers", section 2.

    >>> LayerScale(1e-6, 7).infer((Shape((None, 5, 7)),)).weights[0].shape
    (7,)
    """

    def __init__(self, init_values: float, projection_dim: int, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.init_values = check.number("init_values", init_values)
        self.projection_dim = check.whole("projection_dim", projection_dim)

    def infer_known(self, shape: Shape) -> Inference:
        start = {"class_name": "Constant", "config": {"value": self.init_values}}
        return Inference(shape, (WeightSpec("gamma", (self.projection_dim,), start),))

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(shape)


LAYERS = {"CustomScaleLayer": CustomScaleLayer, "LayerScale": LayerScale}
