"""Where a window stops: every position of a convolution or pooling along one axis, cell by cell, and what stays
unread.
"""

from typing import Any, Literal

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from shapecheck.shapes import same_padding, window_output
from tinyseq.plotting.canvas import BLACK, BLUE, GREY, ORANGE, PALE, SKY, Language, Path, Picture

CELLS = 40  # a longer axis is drawn from its end only: what happens at the border is the point


def padding_and_stride(
    size: int,
    window: int,
    stride: int = 1,
    padding: Literal["valid", "same"] = "valid",
    path: Path | None = None,
    *,
    dilation: int = 1,
    language: Language = "en",
) -> Picture:
    """Left: one axis of `size` cells and under it each position of the window. Right: how often each pixel is read.

    An axis of more than 40 cells is drawn from its end only. Cells in orange are read by no window; cells marked 0 are the
    zeros that padding="same" adds. The sum that gives the number of windows stands on top.
    ValueError: sizes below 1, a window that does not fit.
    """
    _check(size, window, stride, padding, dilation)
    output = window_output(size, window, stride, padding, dilation)
    assert isinstance(output, int)
    if output < 1:
        raise ValueError(f'a window of {dilation * (window - 1) + 1} does not fit in {size} cells; use padding="same" or a smaller window')
    before, after = same_padding(size, window, stride, dilation) if padding == "same" else (0, 0)
    starts = [stride * y - before for y in range(output)]
    read = _reads(size, starts, window, dilation)
    first = -before if before + size + after <= CELLS else size - CELLS // 2
    picture = Picture(10.5, max(3.4, 0.26 * sum(start >= first for start in starts) + 2.2), language, "padding_and_stride")
    picture.title(
        "{output} windows of {window} on {size} cells, stride {stride}, padding {padding}",
        output=output,
        window=window,
        size=size,
        stride=stride,
        padding=padding,
    )
    grid = picture.add_gridspec(1, 2, width_ratios=[2.1, 1])
    cells = (first, size, after)
    _positions(picture, picture.add_subplot(grid[0]), cells, starts, window, dilation, read)
    _counts(picture, picture.add_subplot(grid[1]), read, max(first, 0))
    sum_text = f"ceil({size}/{stride}) = {output}" if padding == "same" else _valid_sum(size, window, stride, dilation)
    picture.axes[0].set_title(sum_text, **picture.font(11, color=BLUE))
    return picture.saved(path)


def _valid_sum(size: int, window: int, stride: int, dilation: int) -> str:
    reach = dilation * (window - 1) + 1
    return f"floor(({size} - {reach})/{stride}) + 1 = {(size - reach) // stride + 1}"


def _check(size: int, window: int, stride: int, padding: str, dilation: int) -> None:
    for name, value in (("size", size), ("window", window), ("stride", stride), ("dilation", dilation)):
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be an integer of at least 1, got {value!r}")
    if padding not in ("valid", "same"):
        raise ValueError(f'padding must be "valid" or "same", got {padding!r}')


def _reads(size: int, starts: list[int], window: int, dilation: int) -> NDArray[np.int64]:
    """How many windows read each of the cells: (size,)."""
    read = np.zeros(size, np.int64)
    for start in starts:
        for i in range(window):
            cell = start + dilation * i
            if 0 <= cell < size:
                read[cell] += 1
    return read


def _positions(
    picture: Picture,
    axes: Any,
    cells: tuple[int, int, int],
    starts: list[int],
    window: int,
    dilation: int,
    read: NDArray[np.int64],
) -> None:
    first, size, after = cells
    drawn = [y for y, start in enumerate(starts) if start >= first]
    for cell in range(first, size + after):
        inside = 0 <= cell < size
        colour = PALE if inside and read[cell] else ORANGE if inside else "white"
        axes.add_patch(Rectangle((cell, 0.2), 1, 1, facecolor=colour, edgecolor=GREY, linestyle="-" if inside else ":"))
        axes.text(cell + 0.5, 0.7, str(cell) if inside else "0", ha="center", va="center", **picture.font(7))
    for row, y in enumerate(drawn):
        for i in range(window):
            corner = starts[y] + dilation * i, -row - 0.9
            axes.add_patch(Rectangle(corner, 1, 0.8, facecolor=SKY, edgecolor=BLACK, linewidth=0.5))
        reach = starts[y] + dilation * (window - 1) + 1
        axes.text(reach + 0.3, -row - 0.5, str(y), va="center", color=BLUE, **picture.font(7))
    left = {"x": first - 0.4, "ha": "right", "va": "center", **picture.font(8)}
    axes.text(y=0.7, s=picture.words("input cells"), **left)
    for row in sorted({0, len(drawn) - 1}) if drawn else ():
        axes.text(y=-row - 0.5, s=picture.words("window {i}", i=drawn[row]), **left)
    _note(picture, axes, cells, read)
    axes.set_xlim(first - 0.28 * (size - first), size + after + 1.5)
    axes.set_ylim(-max(len(drawn), 1) - 0.3, 3.2)
    axes.set_axis_off()


def _note(picture: Picture, axes: Any, cells: tuple[int, int, int], read: NDArray[np.int64]) -> None:
    """Over the cells: what is not drawn, which are added, which are never read."""
    first, size, after = cells
    skipped = [str(cell) for cell in np.flatnonzero(read == 0)]
    notes = [picture.words("only the last {count} cells are drawn", count=size - first)] if first > 0 else []
    notes += [picture.words("0: added zeros (padding)")] if first < 0 or after else []
    if skipped:
        listed = ", ".join(skipped if len(skipped) <= 8 else [*skipped[:3], "...", *skipped[-2:]])
        notes.append(picture.words("never read") + ": " + listed)
    colour = ORANGE if skipped else BLACK
    axes.text(size, 1.5, "\n".join(notes), ha="right", va="bottom", color=colour, **picture.font(9))


def _counts(picture: Picture, axes: Any, read: NDArray[np.int64], first: int) -> None:
    """The square picture that has this axis twice, from cell `first` on: pixel (i, j) is read by read[i] * read[j] windows."""
    whole = read[:, None] * read[None, :]
    counts = whole[first:, first:]
    size = len(counts)
    axes.imshow(counts, cmap="Blues", vmin=0, vmax=counts.max() * 1.6)
    if size <= 12:
        for i in range(size):
            for j in range(size):
                axes.text(j, i, str(counts[i, j]), ha="center", va="center", **picture.font(7))
    for i, j in zip(*np.nonzero(counts == 0), strict=True):
        axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=ORANGE, edgecolor="white", linewidth=0.3))
    unread = int((whole == 0).sum())
    axes.set_title(picture.words("how many windows read each pixel"), **picture.font(9))
    said = picture.words("{count} of {total} pixels are never read", count=unread, total=whole.size)
    axes.set_xlabel(said, **picture.font(9))
    axes.set_xticks([])
    axes.set_yticks([])
