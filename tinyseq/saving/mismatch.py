"""A file and a model that do not agree: both side by side, the first difference marked."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence

Row = tuple[str, tuple[int, ...]]

CONTEXT = 2
"""Equal rows shown before the first difference."""
AFTER = 4
"""Rows shown from there on."""


class DoesNotFit(ValueError):
    """The weights of a file are not those of the model."""


def side_by_side(model: Sequence[Row], file: Sequence[Row], model_name: str, path: str, live: bool = False) -> DoesNotFit:
    """The error with a table: what the model has on the left, what the file (or Keras's `live` model) holds on the right."""
    other = "Keras" if live else "file"
    first = next((i for i, (a, b) in enumerate(zip(model, file, strict=False)) if a[1] != b[1]), min(len(model), len(file)))
    start = max(0, first - CONTEXT)
    stop = first + AFTER
    left = [_shown(row) for row in model[start:stop]]
    right = [_shown(row) for row in file[start:stop]]
    rows = max(len(left), len(right))
    left += ["-"] * (rows - len(left))
    right += ["-"] * (rows - len(right))
    width = max(map(len, (*left, "model")))
    lines = [f"      {'model'.ljust(width)}   {other}"]
    for number, (a, b) in enumerate(zip(left, right, strict=True), start):
        lines.append(f"{'-->' if number == first else '   '} {number:>2} {a.ljust(width)}   {b}")
    if max(len(model), len(file)) > stop:
        lines.append(f"       ... {max(len(model), len(file)) - stop} more")
    counts = f"{len(model)} weights" if len(model) == len(file) else f"{len(model)} weights, the {other} {len(file)}"
    return DoesNotFit(
        f"{path} does not fit model {model_name!r} ({counts}). They differ first at weight {first}:\n"
        + "\n".join(lines)
        + ("" if live else "\nload it into a model with these layers, or pass skip_mismatch=True to leave out what differs")
    )


def _shown(row: Row) -> str:
    name, shape = row
    return f"{name} {shape}"


def report_left_out(wanted: Collection[str], read: Collection[str], path: str) -> None:
    """Warns of weights that keep their values, because skip_mismatch=True lets a file differ."""
    left = [name for name in wanted if name not in read]
    if left:
        names = ", ".join(left[:4]) + (f" and {len(left) - 4} more" if len(left) > 4 else "")
        warnings.warn(f"{path}: skip_mismatch=True leaves out {names}: they keep their values", stacklevel=7)
