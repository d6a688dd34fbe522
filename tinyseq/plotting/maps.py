"""Feature maps: the output of a layer, as small pictures. Filters: the weights of the layer."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from tinyseq.plotting.canvas import Language, Path, Sheet, save

MAP, GAP, LEAD = 1.05, 0.12, 2.0  # inches: a map's side, the space between two, the picture that went in


def feature_maps(
    activations: ArrayLike | Sequence[ArrayLike],
    path: Path | None = None,
    *,
    image: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    maps: int = 8,
    scale: Literal["each", "shared"] = "each",
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """One row a layer: its first `maps` channels, dark = 0 (or the lowest value), bright = the largest.

    scale: "each" map its own largest value, or one for all that are "shared". activations: (rows, columns, channels) or
    (1, rows, columns, channels), one array or a list of them. image: the picture that went in. names: a word for each row.
    ValueError: an array of another rank, or a batch of more than one.
    """
    if scale not in ("each", "shared"):
        raise ValueError(f'scale must be "each" or "shared", got {scale!r}')
    layers = [_one_sample(a) for a in _several(activations)]
    shown = min(maps, max(a.shape[2] for a in layers))
    left = 0.25 + (LEAD + 0.3 if image is not None else 0)
    width = max(left + shown * (MAP + GAP) + 0.15, 6.2)
    sheet = Sheet(axes, width, 0.7 + len(layers) * (MAP + 0.42), language, "feature_maps")
    own = "Feature maps: dark = 0, bright = the largest value of each map"
    sheet.title(sheet.words(own if scale == "each" else "Feature maps: dark = 0, bright = the largest value of all maps"))
    if image is not None:
        _lead(sheet, np.asarray(image))
    largest = max(float(a[:, :, :maps].max()) for a in layers)
    said = []
    for row, values in enumerate(layers):
        top = 0.95 + row * (MAP + 0.42)
        name = f"{names[row] if names else sheet.words('layer {i}', i=row + 1)}  {'x'.join(map(str, values.shape))}"
        sheet.text(left, top - 0.13, name, 9.5)
        shades = values[:, :, : min(shown, values.shape[2])]
        for i in range(shades.shape[2]):
            _map(sheet, shades[:, :, i], left + i * (MAP + GAP), top, largest if scale == "shared" else None)
        dead = int((shades.max(axis=(0, 1)) == 0).sum())
        said.append(
            sheet.words(
                "{name}: largest value {high:.2f}, {dead} of {count} maps all 0",
                name=name,
                high=float(shades.max()),
                dead=dead,
                count=shades.shape[2],
            )
        )
    return _finished(sheet, "; ".join(said) + ".", path)


def filters(kernel: ArrayLike, path: Path | None = None, *, limit: int = 16, axes: Axes | None = None, language: Language = "en") -> Axes:
    """The filters of a convolution, (rows, columns, channels, filters): black negative, grey 0, white positive, one scale.

    A filter of three channels has a square for red, green and blue; of more channels the first one is shown.
    """
    weights = np.asarray(kernel, dtype=np.float32)
    if weights.ndim != 4:
        raise ValueError(f"a Conv2D kernel has 4 axes (rows, columns, channels, filters), got shape {weights.shape}")
    rows, columns, channels, count = weights.shape
    planes = channels if channels in (1, 3) else 1
    shown = min(count, limit)
    across = min(8, shown)
    down = -(-shown // across)
    tall = planes * 0.85 + 0.45
    sheet = Sheet(axes, max(0.6 + across * 0.95, 6.6), 0.95 + down * tall, language, "filters")
    sheet.title(
        sheet.words(
            "{shown} of {count} filters, {rows}x{columns}: black negative, grey 0, white positive",
            shown=shown,
            count=count,
            rows=rows,
            columns=columns,
        )
    )
    largest = float(np.abs(weights).max()) or 1.0
    for i in range(shown):
        left, top = 0.55 + (i % across) * 0.95, 0.95 + (i // across) * tall
        sheet.text(left + 0.4, top - 0.12, str(i), 9, ha="center")
        for plane in range(planes):
            if planes == 3 and i % across == 0:
                sheet.text(0.3, top + plane * 0.85 + 0.4, sheet.words(("red", "green", "blue")[plane]), 9, ha="center", rotation=90)
            sheet.image(weights[:, :, plane, i], (left, top + plane * 0.85, 0.8, 0.8), span=(-largest, largest))
    values = weights[:, :, :planes, :shown]
    alt = sheet.words(
        "{shown} filters of {rows}x{columns}; smallest weight {low:.2f}, largest {high:.2f}.",
        shown=shown,
        rows=rows,
        columns=columns,
        low=float(values.min()),
        high=float(values.max()),
    )
    return _finished(sheet, alt, path)


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


def _lead(sheet: Sheet, image: NDArray[Any]) -> None:
    if image.dtype.kind == "f" and image.max() > 1:
        image = image / image.max()
    sheet.text(0.25, 0.82, sheet.words("the picture"), 9.5)
    sheet.image(image, (0.25, 0.95, LEAD, LEAD * image.shape[0] / image.shape[1]))


def _map(sheet: Sheet, values: NDArray[Any], left: float, top: float, largest: float | None) -> None:
    low, high = float(values.min()), float(values.max()) if largest is None else largest
    sheet.image(values, (left, top, MAP, MAP), "viridis", (min(low, 0.0), high if high > min(low, 0.0) else 1.0))
    if low == float(values.max()) == 0:
        sheet.text(left + MAP / 2, top + MAP / 2, sheet.words("all 0"), 9, ha="center", color="white")


def _finished(sheet: Sheet, alt: str, path: Path | None) -> Axes:
    drawn = sheet.finished(alt)
    if path is not None:
        save(drawn, path)
    return drawn
