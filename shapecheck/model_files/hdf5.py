"""The structure of untrusted HDF5 files: groups, attributes and sizes, opened in this one module.

By pyfive, which is written in Python: on damaged files libhdf5 has run for ever and has crashed. Only expected paths are followed,
only hard links; how much is read is bounded. Numbers are read by tinyseq.saving.hdf5_read.
"""

from __future__ import annotations

import io
import mmap
import os
import struct
import zlib

from shapecheck.languages import because
from shapecheck.model_files.bounded_json import DamagedFile, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""The first bytes of every HDF5 file."""

READS_OF_DAMAGE = 2_000_000
"""Reads of the structure. A network of 10,000 layers takes fewer; a file whose pages point in circles takes more."""

BROKEN: list[type[Exception]] = [
    AssertionError, AttributeError, EOFError, IndexError, KeyError, MemoryError, NotImplementedError, OSError, OverflowError,
    RecursionError, TypeError, UnicodeError, ValueError, struct.error, zlib.error,
]  # fmt: skip
"""Errors of reading a damaged file; pyfive's error is added once it is loaded."""


class ReaderMissing(ImportError):
    """pyfive is not installed."""


class Hdf5Structure:
    """A file in memory or mapped: attributes, members and sizes by path. Every method raises DamagedFile for what it does not trust.

    Arguments:
        data: the bytes of the file
        where: what messages call it
    """

    def __init__(self, data: Any, where: str) -> None:
        self.where = where
        self._data = memoryview(data)
        if bytes(self._data[:8]) != SIGNATURE:
            raise DamagedFile(because("{where} is not an HDF5 file: it begins with {start!r}", where=where, start=bytes(self._data[:8])))
        try:
            import pyfive
            from pyfive.core import InvalidHDF5File
        except ImportError as error:
            raise ReaderMissing(
                because("{where} is an HDF5 file, which needs the package pyfive: {code}", where=where, code="python -m pip install pyfive")
            ) from error

        if InvalidHDF5File not in BROKEN:
            BROKEN.append(InvalidHDF5File)
        self._found: dict[str, Any] = {}
        """Groups and data sets that were looked up, by path: each is decoded once."""
        try:
            self._root = pyfive.File(_Reader(self._data))
        except tuple(BROKEN) as error:
            raise self._damaged("/", error) from error

    @classmethod
    def open(cls, path: str) -> Self:
        """The file at a path, mapped into memory."""
        with open(path, "rb") as source:
            if os.fstat(source.fileno()).st_size == 0:
                raise DamagedFile(because("{where} is empty", where=path))
            return cls(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ), path)

    def _damaged(self, path: str, error: Any) -> DamagedFile:
        said = words_of(error) or type(error).__name__
        return DamagedFile(
            because(
                "{where} cannot be read ({said}): the file is damaged, or contains data that weights do not need",
                where=f"{self.where}, {path}",
                said=said,
            )
        )

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
                        raise DamagedFile(because(
                            "{where} is a link to another place: weights are saved where they are", where=f"{self.where}, {walked}"
                        ))  # fmt: skip
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
            return None if value is None else text(value)
        except tuple(BROKEN) as error:
            raise self._damaged(f"{path}, {name}", error) from error

    def first_text(self, name: str) -> str | None:
        """An attribute that is a text: of the file, else of its model_weights; None if neither has one."""
        found = [self.attribute(path, name) for path in ("/", "model_weights")]
        return next((one for one in found if isinstance(one, str) and one), None)

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


def text(value: Any) -> Any:
    """Bytes as text, arrays of texts as lists."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if getattr(getattr(value, "dtype", None), "kind", "") in ("S", "O", "U") and hasattr(value, "ravel"):
        return [text(one) for one in value.ravel().tolist()]
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
            raise DamagedFile(because("points before its beginning"))
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        self._reads += 1
        if self._reads > READS_OF_DAMAGE:
            raise DamagedFile(because("its pages point in circles"))
        end = len(self._data) if size is None or size < 0 else self._at + size
        found = bytes(self._data[self._at : end])
        self._at += len(found)
        return found
