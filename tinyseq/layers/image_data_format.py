"""What data_format=None means, for layers made from now on: keras.backend.set_image_data_format."""

from __future__ import annotations

from shapecheck.layers.arguments import DATA_FORMATS

_chosen = ["channels_last"]


def image_data_format() -> str:
    """"channels_last" or "channels_first": what data_format=None means."""
    return _chosen[0]


def set_image_data_format(data_format: str) -> None:
    """What data_format=None means in layers made from now on.

    Arguments:
        data_format: "channels_last" or "channels_first"
    """
    if data_format not in DATA_FORMATS:
        raise ValueError(f"data_format={data_format!r}: expected 'channels_last' or 'channels_first'")
    _chosen[0] = str(data_format)
