"""Windows over a series, and tables read from text files."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.data import arrays
from shapecheck.reader.values import Array, Batches, plain, unknown
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call

def in_file(call: Call, what: str) -> str:
    """Why nothing is known of loaded data: the shape comes from train.csv (line 7)."""
    given = call.get(0, "filepath_or_buffer", call.keywords.get("file", call.keywords.get("fname", call.keywords.get("io"))))
    name = given.replace("\\", "/").rpartition("/")[2][:60] if isinstance(given, str) else ""
    return because("{what} comes from {file} (line {line})", what=what, file=name or because("a file"), line=call.node.lineno)


def timeseries(call: Call) -> Any:
    """TimeseriesGenerator(data, targets, length, sampling_rate, ..., batch_size): (batch, steps, ...) and one target for each window.

    Source: tf.keras 2.15, TimeseriesGenerator.__getitem__: rows row - length to row, every sampling_rate-th.
    """
    data, targets = arrays.of(call.get(0, "data")), arrays.of(call.get(1, "targets"))
    length, rate, size = call.get(2, "length"), call.get(3, "sampling_rate", 1), call.get(8, "batch_size", 128)
    if call.hidden or not data.dims or not targets.dims:
        return unknown("series", because("the data of the windows is unknown"))
    steps: Dim = Unknown("steps", because("the length of the windows is unknown"))
    if isinstance(length, int) and isinstance(rate, int) and rate > 0:
        steps = -(-length // rate)
    batch: Dim = 1 if size == 1 else Unknown("batch", because("the last batch can be smaller"))
    return Batches(Array((batch, steps, *data.dims[1:]), data.dtype), targets.like((batch, *targets.dims[1:])))


def from_array(call: Call) -> Any:
    """keras.utils.timeseries_dataset_from_array(data, targets, sequence_length): windows, and a target for each if there are targets."""
    data, targets = arrays.of(call.get(0, "data")), call.get(1, "targets")
    steps, size = call.get(2, "sequence_length"), call.get(5, "batch_size", 128)
    known = targets is None or (isinstance(targets, Array) and bool(targets.dims))
    if call.hidden or not data.dims or not known:
        return unknown("series", because("the data of the windows is unknown"))
    length: Dim = steps if isinstance(steps, int) else Unknown("steps", because("the length of the windows is unknown"))
    front: tuple[Dim, ...] = () if size is None else (Unknown("batch", because("the last batch can be smaller")),)
    y = targets.like((*front, *targets.dims[1:])) if isinstance(targets, Array) and targets.dims else None
    return Batches(Array((*front, length, *data.dims[1:]), data.dtype), y, batched=size is not None)


def load(call: Call) -> Any:
    """numpy.load: an array of unknown rank; or an archive .npz with any names."""
    name = call.get(0, "file")
    why = in_file(call, because("the shape"))
    return unknown("load", why) if not isinstance(name, str) or not name.endswith(".npy") else arrays.hidden(why)


def loadtxt(call: Call) -> Array:
    """numpy.loadtxt, genfromtxt: a table (rows, columns), or one column alone."""
    columns, transposed = plain(call.keywords.get("usecols")), call.keywords.get("unpack") is True
    why = in_file(call, because("the shape"))
    rows: Dim = Unknown("rows", why)
    if isinstance(columns, int) and not isinstance(columns, bool):
        return Array((rows,), "float")
    width: Dim = len(columns) if isinstance(columns, (tuple, list)) else Unknown("columns", why)
    if call.keywords.get("names") is not None or call.keywords.get("dtype") is not None or width == 1:
        return arrays.hidden(why)
    if isinstance(width, Unknown) and "delimiter" not in call.keywords and call.keywords.get("ndmin") != 2:
        made = arrays.hidden(because("{why}, a table or a column", why=why))
        made.source = "table"
        return made
    return Array((width, rows) if transposed else (rows, width), "float")
