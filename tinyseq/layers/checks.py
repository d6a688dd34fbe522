"""What a layer is asked for must be computed, or refused by name: an argument is never ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinyseq.engine import constraints, initializers, regularizers

if TYPE_CHECKING:
    from tinyseq.layers.base import Layer

GETTERS: dict[str, Callable[[Any], Any]] = {
    "initializer": initializers.get,
    "regularizer": regularizers.get,
    "constraint": constraints.get,
}
DTYPES = (None, "float32")


def check(layer: Layer) -> None:
    """Raises NotImplementedError or ValueError naming the argument."""
    arguments = layer.arguments()
    for name, value in arguments.items():
        get = GETTERS.get(name.rpartition("_")[2])
        if get is not None and value is not None:
            try:
                get(value)
            except ValueError as error:
                raise ValueError(f"{layer.name}: {name}: {error}") from None
    if arguments.get("activity_regularizer") is not None:
        raise NotImplementedError(f"{layer.name}: activity_regularizer is not computed yet: leave it out")
    if arguments.get("data_format") == "channels_first":
        raise NotImplementedError(
            f'{layer.name}: data_format="channels_first" has a shape rule but is not computed: put channels last, '
            f"np.moveaxis(x, 1, -1)"
        )
    dtype = getattr(layer.dtype, "__name__", layer.dtype)
    if dtype not in DTYPES:
        raise NotImplementedError(f"{layer.name}: dtype={layer.dtype!r} is not computed: weights and values are float32")
    layer.check_compute()
