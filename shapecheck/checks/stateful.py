"""Batches against the batch size of stateful layers.

Source: keras 3.15, by running fit, predict and calls with LSTM, GRU, SimpleRNN, RNN, Bidirectional and ConvLSTM1D.
"""

from __future__ import annotations

from shapecheck.checks.data import place_of
from shapecheck.diagnostics.recurrent import StatefulBatch
from shapecheck.findings import Finding
from shapecheck.reader.data.flows import FEEDING, data_of, feeds
from shapecheck.reader.values import Array, Batches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event

USUAL = 32
"""Rows of a batch, if batch_size is not passed."""


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Calls whose first, or last, batch has another size than a stateful layer: one finding for each call."""
    position, fixed = _stateful(stack)
    if fixed is None or stack.model is None or report.dialect.version < 3:
        return
    for event in feeds(stack.events):
        batch, samples = _other(event, fixed)
        if batch is not None and not event.guarded and event is not stack.input_event:
            yield Finding(StatefulBatch(fixed, batch, samples, _name(event)), place_of(event, 0, "x"), stack, position)


def _stateful(stack: Stack) -> tuple[int, int | None]:
    """The first stateful layer and its number of rows."""
    for position, row in enumerate(stack.rows):
        rule = row.node.rule
        inner = getattr(rule, "layer", rule)
        batch = row.inputs[0].dims[0] if row.inputs and row.inputs[0].dims else None
        if getattr(inner, "stateful", False) is True and row.verdict == "proved" and isinstance(batch, int):
            return position, batch
    return 0, None


def _other(event: Event, fixed: int) -> tuple[int | None, int]:
    """The size of the first batch that is not `fixed`, and the number of samples; None if there is none, or it is unknown."""
    x = data_of(event)[0] if event.kind in FEEDING else None
    samples = x.dims[0] if isinstance(x, Array) and x.dims else None
    if not isinstance(samples, int) or samples < 1:
        return None, 0
    if event.kind == "call" or _name(event).endswith("_on_batch") or isinstance(event.get(0, "x"), Batches):
        return (samples if samples != fixed else None), samples
    size = event.keywords.get("batch_size")
    if size is None:
        size = event.get({"fit": 2, "evaluate": 2, "predict": 1}[event.kind], "batch_size")
    size = USUAL if size is None else size
    split = event.keywords.get("validation_split", 0)
    if not isinstance(size, int) or size < 1 or not isinstance(split, (int, float)) or not 0 <= split < 1:
        return None, 0
    if event.get(-1, "steps_per_epoch", "steps") is not None:
        first = min(size, samples)  # fit() may stop before the last batch
        return (first if first != fixed else None), samples
    trained = int(samples * (1 - split))
    held = event.keywords.get("validation_batch_size")
    for rows, most in ((trained, size), (samples - trained, size if held is None else held)):
        if not isinstance(most, int) or most < 1:
            return None, 0
        sizes = [min(most, rows), rows % most] if rows else []
        other = next((one for one in sizes if one not in (0, fixed)), None)
        if other is not None:
            return other, rows
    return None, samples


def _name(event: Event) -> str:
    """What is called: fit, predict_on_batch; `model` for a call of the model itself."""
    function: Any = getattr(event.origin.node, "func", None)
    return str(getattr(function, "attr", None) or getattr(function, "id", None) or event.kind)
