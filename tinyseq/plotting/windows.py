"""The positions of a window: every position of a convolution or pooling along one axis, cell by cell, and the unread cells."""

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from shapecheck.shapes import same_padding, window_output
from tinyseq.plotting.canvas import DARK, MIDDLE, WHITE, Language, Path, Sheet, save

CELLS = 24  # only the end of a longer axis is drawn: the border is what matters
CELL, LEFT, SQUARE = 0.3, 1.35, 2.6  # inches
READ, UNREAD, ADDED = (MIDDLE, ""), (DARK, "xx"), (WHITE, "//")


def padding_and_stride(
    size: int,
    window: int,
    stride: int = 1,
    padding: Literal["valid", "same"] = "valid",
    path: Path | None = None,
    *,
    dilation: int = 1,
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Left: one axis of `size` cells and under it each position of the window. Right: how often each pixel is read.

    Only the end of a longer axis is drawn. Cells are numbered from 0; those that no window reads are dark and crossed, the
    zeros that padding="same" adds are white and hatched, without a number. The arithmetic is on top.
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
    wide = LEFT + CELL * (size + after - first)
    drawn = [y for y, start in enumerate(starts) if start >= first]
    sheet = Sheet(axes, wide + SQUARE + 0.9, max(1.9 + 0.26 * len(drawn), 4.3), language, "padding_and_stride")
    title = sheet.words(
        "{output} windows of {window} on {size} cells, stride {stride}, padding {padding}",
        output=output, window=window, size=size, stride=stride, padding=padding,
    )  # fmt: skip
    total = f"ceil({size}/{stride}) = {output}" if padding == "same" else _valid_sum(size, window, stride, dilation)
    sheet.title(f"{title}\n{total}")
    notes = _notes(sheet, (first, size, before + after), read)
    _cells(sheet, (first, size, after), read)
    _positions(sheet, drawn, [starts[y] - first for y in drawn], window, dilation)
    for row, note in enumerate(notes):
        sheet.text(0.15, sheet.height - 0.2 - 0.2 * (len(notes) - 1 - row), note)
    said = _counts(sheet, read, max(first, 0), wide + 0.35)
    alt = sheet.finished(f"{title}: {total}. {'; '.join([*notes, said])}.")
    if path is not None:
        save(alt, path)
    return alt


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


def _cells(sheet: Sheet, cells: tuple[int, int, int], read: NDArray[np.int64]) -> None:
    """The row of input cells, added zeros included."""
    first, size, after = cells
    sheet.text(LEFT - 0.1, 1.0, sheet.words("input cells"), ha="right")
    for cell in range(first, size + after):
        inside = 0 <= cell < size
        colour, hatch = ADDED if not inside else READ if read[cell] else UNREAD
        left = LEFT + CELL * (cell - first)
        sheet.area(left, 0.85, CELL, CELL, colour, hatch)
        if inside:
            more = {"color": "white", "bbox": {"facecolor": DARK, "edgecolor": "none", "pad": 0.8}} if not read[cell] else {}
            sheet.text(left + CELL / 2, 1.0, str(cell), 9, ha="center", **more)


def _positions(sheet: Sheet, drawn: list[int], starts: list[int], window: int, dilation: int) -> None:
    """A line for each window that is drawn: its number, and the cells it reads."""
    for row, (y, start) in enumerate(zip(drawn, starts, strict=True)):
        top = 1.25 + 0.26 * row
        sheet.text(LEFT - 0.1, top + 0.11, sheet.words("window {i}", i=y), 9, ha="right")
        for i in range(window):
            sheet.area(LEFT + CELL * (start + dilation * i), top, CELL, 0.2, MIDDLE)


def _notes(sheet: Sheet, cells: tuple[int, int, int], read: NDArray[np.int64]) -> list[str]:
    """A note on cells that are not drawn, added, or never read."""
    first, size, added = cells
    skipped = [str(cell) for cell in np.flatnonzero(read == 0)]
    notes = [sheet.words("only the last {count} cells are drawn", count=size - first)] if first > 0 else []
    notes += [sheet.words("hatched, without a number: {count} added zeros (padding)", count=added)] if added else []
    if skipped:
        listed = ", ".join(skipped if len(skipped) <= 8 else [*skipped[:3], "...", *skipped[-2:]])
        notes.append(sheet.words("crossed: cells that no window reads: {cells}", cells=listed))
    return notes


def _counts(sheet: Sheet, read: NDArray[np.int64], first: int, left: float) -> str:
    """The square picture that has this axis twice, from cell `first` on: pixel (i, j) is read by read[i] * read[j] windows."""
    whole = read[:, None] * read[None, :]
    counts = whole[first:, first:]
    pixel = SQUARE / len(counts)
    sheet.text(left + SQUARE / 2, 0.98, sheet.words("how many windows read each pixel"), 9, ha="center")
    for (i, j), times in np.ndenumerate(counts):
        colour, hatch = READ if times else UNREAD
        sheet.area(left + j * pixel, 1.12 + i * pixel, pixel, pixel, colour, hatch, linewidth=0.4)
        if times and len(counts) <= 12:
            sheet.text(left + (j + 0.5) * pixel, 1.12 + (i + 0.5) * pixel, str(times), 9, ha="center")
    said = sheet.words("{count} of {total} pixels are never read", count=int((whole == 0).sum()), total=whole.size)
    sheet.text(left + SQUARE / 2, 1.12 + SQUARE + 0.17, said, ha="center")
    return said
