"""Feature maps: what comes out of a layer, as small pictures. Filters: what the layer multiplies with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinyseq.plotting.canvas import Language, Path, Picture


def feature_maps(
    activations: ArrayLike | Sequence[ArrayLike],
    path: Path | None = None,
    *,
    image: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    maps: int = 8,
    language: Language = "en",
) -> Picture:
    """One row a layer: its first `maps` channels, each scaled to its own largest value, bright = strong.

    activations: (rows, columns, channels) or (1, rows, columns, channels), one array or a list of them (one a layer).
    image: the picture that went in, (rows, columns, 3) or (rows, columns), shown first. names: a word for each row.
    ValueError: an array of another rank, or a batch of more than one.
    """
    layers = [_one_sample(a) for a in _several(activations)]
    shown = min(maps, max(a.shape[2] for a in layers))
    lead = image is not None
    picture = Picture(1.15 * shown + (1.9 if lead else 0.7), 1.5 * len(layers) + 0.8, language, "feature_maps")
    picture.title("What the layers see: {shown} feature maps each, dark = 0, bright = strong", shown=shown)
    layout: Any = picture.get_layout_engine()
    layout.set(h_pad=0.11)  # inches: room for the rows' names
    grid = picture.add_gridspec(len(layers), shown + lead, width_ratios=[1.6] * lead + [1] * shown)
    if lead:
        axes = picture.add_subplot(grid[:, 0])
        _show_image(axes, np.asarray(image))
        axes.set_title(picture.words("the picture"), **picture.font(10))
        picture.bare(axes)
    for row, maps_of_layer in enumerate(layers):
        name = names[row] if names else picture.words("layer {i}", i=row + 1)
        for i in range(min(shown, maps_of_layer.shape[2])):
            axes = picture.add_subplot(grid[row, i + lead])
            _show_map(picture, axes, maps_of_layer[:, :, i])
            if i == 0:
                size = "x".join(map(str, maps_of_layer.shape))
                title = axes.text(0, 1.05, f"{name}  {size}", transform=axes.transAxes, va="bottom", **picture.font(9))
                title.set_in_layout(False)  # a long one would push its column aside
    return picture.saved(path)


def filters(kernel: ArrayLike, path: Path | None = None, *, channel: int = 0, limit: int = 32, language: Language = "en") -> Picture:
    """The filters of a convolution, (rows, columns, channels, filters): as colours if they read 3 channels, else
    `channel`.

    Colours are scaled so that grey is 0. One channel: blue negative, white zero, red positive, all on one scale.
    """
    weights = np.asarray(kernel, dtype=np.float32)
    if weights.ndim != 4:
        raise ValueError(f"a Conv2D kernel has 4 axes (rows, columns, channels, filters), got shape {weights.shape}")
    rows, columns, channels, count = weights.shape
    shown = min(count, limit)
    across = min(8, shown)
    down = -(-shown // across)
    picture = Picture(1.1 * across + 0.4, 1.2 * down + 1.0, language, "filters")
    picture.title("{shown} of {count} filters, {rows}x{columns}", shown=shown, count=count, rows=rows, columns=columns)
    largest = float(np.abs(weights).max()) or 1.0
    for i in range(shown):
        axes = picture.add_subplot(down, across, i + 1)
        if channels == 3:
            axes.imshow(0.5 + weights[:, :, :, i] / (2 * largest), interpolation="nearest")
        else:
            axes.imshow(weights[:, :, channel, i], cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="nearest")
        axes.set_title(str(i), **picture.font(8))
        axes.set_xticks([])
        axes.set_yticks([])
    if channels != 3:
        picture.supxlabel(picture.words("blue: negative, white: zero, red: positive"), **picture.font(9))
    return picture.saved(path)


def _several(activations: Any) -> list[Any]:
    if isinstance(activations, (list, tuple)):
        if not activations:
            raise ValueError("no activations given: an array, or a list with at least one")
        return list(activations)
    return [activations]


def _one_sample(activation: ArrayLike) -> NDArray[Any]:
    array = np.asarray(activation)
    if array.ndim == 4 and array.shape[0] != 1:
        raise ValueError(f"feature maps of one sample are shown, got a batch of {array.shape[0]}: pass activations[:1]")
    if array.ndim == 4:
        array = array[0]
    if array.ndim != 3:
        raise ValueError(f"feature maps have the axes (rows, columns, channels), got shape {array.shape}")
    return array


def _show_image(axes: Any, image: NDArray[Any]) -> None:
    if image.dtype.kind == "f" and image.max() > 1:
        image = image / image.max()
    axes.imshow(image, cmap="gray", interpolation="nearest")


def _show_map(picture: Picture, axes: Any, values: NDArray[Any]) -> None:
    low, high = float(values.min()), float(values.max())
    axes.imshow(values, cmap="viridis", vmin=min(low, 0.0), vmax=high if high > min(low, 0.0) else 1.0, interpolation="nearest")
    if low == high == 0:
        middle = values.shape[1] / 2 - 0.5, values.shape[0] / 2 - 0.5
        axes.text(*middle, picture.words("all 0"), ha="center", va="center", color="white", **picture.font(8))
    picture.bare(axes)
