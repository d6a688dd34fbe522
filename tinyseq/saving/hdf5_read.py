"""Reads untrusted HDF5 files, in this one module.

By pyfive, which is written in Python: on damaged files libhdf5 has run for ever and has crashed. Only expected paths are followed,
only hard links; numbers are copied once the shape is the expected one; how much is read and unpacked is bounded.
"""

from __future__ import annotations

import io
import math
import mmap
import os
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""The first bytes of every HDF5 file."""

READS_OF_DAMAGE = 2_000_000
"""Reads of the structure. A network of 10,000 layers takes fewer; a file whose pages point in circles takes more."""

NOWHERE = 0xFFFFFFFFFFFFFFFF
COMPACT, CONTIGUOUS, CHUNKED = 0, 1, 2
EXTERNAL_FILES = 7
DEFLATE, SHUFFLE = 1, 2
BROKEN: list[type[Exception]] = [
    AssertionError, AttributeError, EOFError, IndexError, KeyError, MemoryError, NotImplementedError, OSError, OverflowError,
    RecursionError, TypeError, UnicodeError, ValueError, struct.error, zlib.error,
]  # fmt: skip
"""Errors of reading a damaged file; pyfive's error is added once it is loaded."""


class DamagedFile(ValueError):
    """A damaged or unexpected file; the message says where and why."""


class Hdf5File:
    """A file in memory or mapped: attributes, members and arrays by path. Every method raises DamagedFile for what it does not trust.

    Arguments:
        data: the bytes of the file
        where: what messages call it
    """

    def __init__(self, data: Any, where: str) -> None:
        self.where = where
        self._data = memoryview(data)
        if bytes(self._data[:8]) != SIGNATURE:
            raise DamagedFile(f"{where} is not an HDF5 file: it begins with {bytes(self._data[:8])!r}")
        import pyfive
        from pyfive.core import InvalidHDF5File

        if InvalidHDF5File not in BROKEN:
            BROKEN.append(InvalidHDF5File)
        self._found: dict[str, Any] = {}
        """Groups and data sets that were looked up, by path: each is decoded once."""
        try:
            self._root = pyfive.File(_Reader(self._data))
        except tuple(BROKEN) as error:
            raise self._damaged("/", error) from error

    @classmethod
    def open(cls, path: str) -> Hdf5File:
        """The file at a path, mapped into memory."""
        with open(path, "rb") as source:
            if os.fstat(source.fileno()).st_size == 0:
                raise DamagedFile(f"{path} is empty")
            return cls(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ), path)

    def _damaged(self, path: str, error: Any) -> DamagedFile:
        said = str(error) or type(error).__name__
        return DamagedFile(f"{self.where}, {path}: cannot be read ({said}): the file is damaged, or contains data that weights do not need")

    def _object(self, path: str) -> Any:
        """The group or data set at a path; None if there is none. Links other than hard ones are refused on the way."""
        found = self._root
        walked = ""
        try:
            for name in path.strip("/").split("/") if path.strip("/") else ():
                links = getattr(found, "_links", None)
                if links is None or name not in links:
                    return None
                walked += f"/{name}"
                if walked not in self._found:
                    if not isinstance(links[name], int):
                        raise DamagedFile(f"{self.where}, {walked}: is a link to another place: weights are saved where they are")
                    self._found[walked] = found.get_lazy_view(name)
                found = self._found[walked]
        except DamagedFile:
            raise
        except tuple(BROKEN) as error:
            raise self._damaged(walked, error) from error
        return found

    def members(self, path: str) -> list[str] | None:
        """The names in a group, sorted as numbers where they are; None if there is no such group."""
        found = self._object(path)
        links = getattr(found, "_links", None)
        if links is None:
            return None
        return sorted(links, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name))

    def attribute(self, path: str, name: str) -> Any:
        """An attribute of a group or data set: a text, a list of texts, or what else it is; None if there is none."""
        found = self._object(path)
        if found is None:
            return None
        try:
            value = found.attrs.get(name)
            return None if value is None else _text(value)
        except tuple(BROKEN) as error:
            raise self._damaged(f"{path}, attribute {name}", error) from error

    def shape(self, path: str) -> tuple[int, ...] | None:
        """The sizes of a data set; None if there is none."""
        found = self._object(path)
        if found is None or getattr(found, "_links", None) is not None:
            return None
        return self._shape(path, found)

    def _shape(self, path: str, data: Any) -> tuple[int, ...]:
        try:
            return tuple(int(size) for size in data.shape)
        except tuple(BROKEN) as error:
            raise self._damaged(path, error) from error

    def read(self, path: str, shape: Sequence[int], whole: bool = False) -> Array:
        """The numbers of a data set that must have that shape: float32, or int64 if `whole`. Perhaps a view of the file: not to be
        written."""
        data = self._object(path)
        if data is None or getattr(data, "_links", None) is not None:
            raise DamagedFile(f"{self.where}, {path}: does not exist in the file")
        have = self._shape(path, data)
        if have != tuple(shape):
            raise DamagedFile(f"{self.where}, {path}: has shape {have}, expected {tuple(shape)}")
        try:
            found = self._numbers(data, have)
            if found.dtype.kind == "V" and found.dtype.itemsize == 2 and _text(data.attrs.get("dtype")) == "bfloat16":
                found = (found.view("<u2").astype(np.uint32) << 16).view(np.float32)
        except DamagedFile as error:
            raise DamagedFile(f"{self.where}, {path}: {error}") from None
        except tuple(BROKEN) as error:
            raise self._damaged(path, error) from error
        if found.dtype.kind not in "fiu":
            raise DamagedFile(f"{self.where}, {path}: contains {found.dtype}, expected numbers")
        return found.astype(np.int64 if whole else np.float32, copy=False)

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


def _text(value: Any) -> Any:
    """Bytes as text, arrays of texts as lists."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, np.ndarray) and value.dtype.kind in "SOU":
        return [_text(one) for one in value.ravel().tolist()]
    return value


class _Reader(io.RawIOBase):
    """A file over bytes that counts its reads, without a descriptor that a reader could open again."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0
        self._reads = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0 if whence == 0 else self._at if whence == 1 else len(self._data))
        if self._at < 0:
            raise DamagedFile("points before its beginning")
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        self._reads += 1
        if self._reads > READS_OF_DAMAGE:
            raise DamagedFile("its pages point in circles")
        end = len(self._data) if size is None or size < 0 else self._at + size
        found = bytes(self._data[self._at : end])
        self._at += len(found)
        return found
