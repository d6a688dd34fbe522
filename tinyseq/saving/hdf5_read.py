"""Reads the numbers of untrusted HDF5 files; their structure is read by shapecheck.model_files.hdf5.

Numbers are copied once the shape is the expected one; how much is read and unpacked is bounded.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.model_files.bounded_json import DamagedFile as DamagedFile
from shapecheck.model_files.hdf5 import BROKEN, Hdf5Structure, text
from shapecheck.model_files.hdf5 import SIGNATURE as SIGNATURE

Array = NDArray[Any]

NOWHERE = 0xFFFFFFFFFFFFFFFF
COMPACT, CONTIGUOUS, CHUNKED = 0, 1, 2
EXTERNAL_FILES = 7
DEFLATE, SHUFFLE = 1, 2


class Hdf5File(Hdf5Structure):
    """A file whose arrays are read, too. DamagedFile for what it does not trust."""

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self._data)

    def read(self, path: str, shape: Sequence[int], whole: bool = False) -> Array:
        """The numbers of a data set that must have that shape: float32, or int64 if `whole`. Perhaps a view of the file: not to be
        written."""
        return self.read_as_it_is(path, shape).astype(np.int64 if whole else np.float32, copy=False)

    def read_as_it_is(self, path: str, shape: Sequence[int]) -> Array:
        """The same, of the type that they have in the file (float32 for bfloat16)."""
        data = self._object(path)
        if data is None or getattr(data, "_links", None) is not None:
            raise DamagedFile(f"{self.where}, {path}: does not exist in the file")
        have = self._shape(path, data)
        if have != tuple(shape):
            raise DamagedFile(f"{self.where}, {path}: has shape {have}, expected {tuple(shape)}")
        try:
            found = self._numbers(data, have)
            if found.dtype.kind == "V" and found.dtype.itemsize == 2 and text(data.attrs.get("dtype")) == "bfloat16":
                found = (found.view("<u2").astype(np.uint32) << 16).view(np.float32)
        except DamagedFile as error:
            raise DamagedFile(f"{self.where}, {path}: {error}") from None
        except tuple(BROKEN) as error:
            raise self._damaged(path, error) from error
        if found.dtype.kind not in "fiu":
            raise DamagedFile(f"{self.where}, {path}: contains {found.dtype}, expected numbers")
        return found

    def _numbers(self, data: Any, shape: tuple[int, ...]) -> Array:
        """The array as it is in the file, perhaps a view of it."""
        dtype = np.dtype(data.dtype)
        if dtype.hasobject or dtype.itemsize > 16:
            raise DamagedFile(f"contains {dtype}, expected numbers")
        count = math.prod(shape)
        layout = data.id.layout_class
        if any(message["type"] == EXTERNAL_FILES for message in self._root._get_dataobjects(data.parent._links[_last(data)]).msgs):
            raise DamagedFile("keeps its numbers in another file: weights are saved in the file itself")
        if layout not in (COMPACT, CONTIGUOUS, CHUNKED):
            raise DamagedFile("is put together from other data sets: weights are saved where they are")
        if count == 0:
            return np.empty(shape, dtype)
        if layout == CHUNKED:
            return self._chunked(data, shape, dtype)
        if data.id.filter_pipeline is not None:
            raise DamagedFile("is packed without pieces: the file is damaged")
        if layout == COMPACT:
            return np.frombuffer(data.id._data, dtype, count).reshape(shape)
        offset = data.id.data_offset
        if offset == NOWHERE or offset + count * dtype.itemsize > len(self._data):
            raise DamagedFile(f"{count * dtype.itemsize} bytes are missing: the file is truncated")
        return np.frombuffer(self._data, dtype, count, offset).reshape(shape)

    def _chunked(self, data: Any, shape: tuple[int, ...], dtype: Any) -> Array:
        """A data set in pieces, packed or not. A piece is unpacked to its own size and no further."""
        piece = tuple(int(size) for size in data.chunks)
        room = math.prod(piece) * dtype.itemsize
        if len(piece) != len(shape) or not 0 < room <= max(4 * math.prod(shape) * dtype.itemsize, 1 << 20):
            raise DamagedFile(f"is divided into chunks of shape {piece}, larger than itself, {shape}")
        filters = [found["filter_id"] for found in data.id.filter_pipeline or ()]
        if filters not in ([], [DEFLATE], [SHUFFLE], [SHUFFLE, DEFLATE]):
            raise DamagedFile("is packed by a filter other than gzip and shuffle: save it without compression")
        data.id._build_index()
        needed = math.prod(-(-size // step) for size, step in zip(shape, piece, strict=True))
        if data.id.get_num_chunks() != needed:
            raise DamagedFile(f"has {data.id.get_num_chunks()} chunks, expected {needed}: the file is truncated")
        array = np.empty(shape, dtype)
        for number in range(needed):
            start = data.id.get_chunk_info(number).chunk_offset
            mask, packed = data.id.read_direct_chunk(start)
            if mask:
                raise DamagedFile("leaves out a filter for a piece: save it without compression")
            plain = _unpacked(packed, filters, room, dtype.itemsize)
            target = tuple(slice(at, min(at + step, size)) for at, step, size in zip(start, piece, shape, strict=True))
            array[target] = np.frombuffer(plain, dtype).reshape(piece)[tuple(slice(0, s.stop - s.start) for s in target)]
        return array


def _last(data: Any) -> str:
    return str(data.name).rsplit("/", 1)[-1]


def _unpacked(packed: bytes, filters: Sequence[int], room: int, itemsize: int) -> bytes:
    plain = packed
    if DEFLATE in filters:
        plain = zlib.decompressobj().decompress(packed, room + 1)
    if len(plain) != room:
        raise DamagedFile(f"has a piece of {len(plain)} bytes or more, expected {room}: the file is damaged")
    if SHUFFLE in filters:
        plain = np.frombuffer(plain, np.uint8).reshape(itemsize, -1).T.tobytes()
    return plain
