"""What a layer is asked for must be computed, or refused by name: an argument is never ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinyseq.engine import initializers

if TYPE_CHECKING:
    from tinyseq.layers.base import Layer

DTYPES = (None, "float32")


def check(layer: Layer) -> None:
    """Raises NotImplementedError or ValueError naming the argument."""
    arguments = layer.arguments()
    for name, value in arguments.items():
        if name.endswith("_initializer"):
            try:
                initializers.get(value)
            except ValueError as error:
                raise ValueError(f"{layer.name}: {name}: {error}") from None
        if name.endswith(("_regularizer", "_constraint")) and value is not None:
            raise NotImplementedError(f"{layer.name}: {name} is not computed yet: leave it out")
    if arguments.get("data_format") == "channels_first":
        raise NotImplementedError(
            f'{layer.name}: data_format="channels_first" has a shape rule but is not computed: put channels last, '
            f"np.moveaxis(x, 1, -1)"
        )
    dtype = getattr(layer.dtype, "__name__", layer.dtype)
    if dtype not in DTYPES:
        raise NotImplementedError(f"{layer.name}: dtype={layer.dtype!r} is not computed: weights and values are float32")
    layer.check_compute()
