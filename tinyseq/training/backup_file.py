"""Numbers, text, arrays, lists and dictionaries in one file: a checksum, a line of JSON, the arrays' bytes; written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.team import speaks

Array = NDArray[Any]
MAGIC = b"tinyseq backup 1\n"


class NotPlainError(TypeError):
    """Something that is no number, text, array, list or dictionary of such."""


def encoded(value: Any, arrays: list[Array]) -> Any:
    """The value as JSON takes it; arrays are put into the list. NotPlainError for anything else."""
    if value is None or isinstance(value, (bool, str)) or type(value) in (int, float):
        return value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fiubc":
        arrays.append(np.array(value, order="C"))
        return {"scalar" if isinstance(value, np.generic) else "array": len(arrays) - 1}
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, (list, tuple)):
        return {type(value).__name__ if type(value) in (list, tuple) else "list": [encoded(one, arrays) for one in value]}
    if isinstance(value, dict):
        return {"dict": [[encoded(key, arrays), encoded(one, arrays)] for key, one in value.items()]}
    raise NotPlainError(f"{type(value).__name__} is not kept")


def decoded(value: Any, arrays: list[Array]) -> Any:
    """The other way round."""
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind in ("array", "scalar"):
        array = arrays[content]
        return array if kind == "array" else array[()]
    if kind == "dict":
        return {decoded(key, arrays): decoded(one, arrays) for key, one in content}
    made = [decoded(one, arrays) for one in content]
    return tuple(made) if kind == "tuple" else made


def write(path: str, value: Any) -> None:
    """Writes the value beside the old file, and puts it in its place once it is on the disk. Of several processes the first one does."""
    if not speaks():
        return
    arrays: list[Array] = []
    content = encoded(value, arrays)
    kinds = [(array.dtype.str, array.shape) for array in arrays]
    head = json.dumps({"content": content, "arrays": kinds}).encode() + b"\n"
    whole = head + b"".join(array.tobytes() for array in arrays)
    handle, unfinished = tempfile.mkstemp(suffix=".part", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + b"%08x\n" % zlib.crc32(whole) + whole)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise


def read(path: str) -> Any:
    """The value in a file. ValueError if it is not one that `write` wrote, whole."""
    with open(path, "rb") as file:
        data = file.read()
    checksum, _, whole = data.removeprefix(MAGIC).partition(b"\n")
    if not data.startswith(MAGIC) or checksum != b"%08x" % zlib.crc32(whole):
        raise ValueError(f"{path} is not a whole backup: delete it, and training begins anew")
    head, _, body = whole.partition(b"\n")
    found = json.loads(head)
    arrays, start = [], 0
    for kind, shape in found["arrays"]:
        count = int(np.prod(shape, dtype=np.int64))
        arrays.append(np.frombuffer(body, np.dtype(kind), count, start).reshape(shape).copy())
        start += arrays[-1].nbytes
    return decoded(found["content"], arrays)
