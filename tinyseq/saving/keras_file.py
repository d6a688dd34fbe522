"""The .keras file of Keras 3: a zip of metadata.json, config.json and model.weights.h5. The one place that opens zips of models."""

from __future__ import annotations

import json
import mmap
import struct
import zipfile
import zlib
from datetime import datetime
from typing import IO, Any

from tinyseq.saving.hdf5_read import DamagedFile

Json = Any

SIGNATURE = b"PK\x03\x04"
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
LARGEST_CONFIG = 32 << 20
"""Bytes: the greatest model of keras.applications has 2 MB."""
LARGEST_RATIO = 200
"""By how much a packed member may grow."""
KERAS_VERSION = "3.15.1"
"""Whose form the files have that we write."""


def write(file: IO[bytes], config: Json, weights: Any) -> None:
    """The three members, stored."""
    metadata = {"keras_version": KERAS_VERSION, "date_saved": datetime.now().strftime("%Y-%m-%d@%H:%M:%S")}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(METADATA, json.dumps(metadata))
        archive.writestr(CONFIG, json.dumps(config))
        archive.writestr(WEIGHTS, weights)


class KerasFile:
    """A .keras file, mapped into memory: its configuration, the version that wrote it, and its weights as bytes.

    Raises DamagedFile for a file with other members, with one twice, or whose members unpack to far more than they hold.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        with open(path, "rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            try:
                self._members = self._read_members(file)
            except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError) as error:
                self._map.close()
                raise error if isinstance(error, DamagedFile) else DamagedFile(f"{path} is not a .keras file ({error})") from error
        self.config: Json = parse(self._bytes(CONFIG, LARGEST_CONFIG), f"{path}, {CONFIG}")
        metadata = parse(self._bytes(METADATA, 1 << 16), f"{path}, {METADATA}") if METADATA in self._members else {}
        self.version: str | None = metadata.get("keras_version") if isinstance(metadata, dict) else None

    def _read_members(self, file: IO[bytes]) -> dict[str, zipfile.ZipInfo]:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(set(names)) != len(names):
            raise DamagedFile(f"{self.path} contains a member twice: it is unclear which one counts")
        for name in names:
            if name not in (CONFIG, METADATA, WEIGHTS):
                raise DamagedFile(f"{self.path} holds {name!r}: a model has {METADATA}, {CONFIG} and {WEIGHTS} only")
        for name in (CONFIG, WEIGHTS):
            if name not in names:
                raise DamagedFile(f"{self.path} has no {name}: it is not a .keras file, or is incomplete")
        for entry in entries:
            if entry.flag_bits & 1:
                raise DamagedFile(f"{self.path}, {entry.filename}: is encrypted")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DamagedFile(f"{self.path}, {entry.filename}: is packed by a method other than deflate")
            if entry.file_size > LARGEST_RATIO * max(entry.compress_size, 64):
                raise DamagedFile(
                    f"{self.path}, {entry.filename}: {entry.compress_size} bytes would unpack to {entry.file_size}: not plausible"
                )
        return {entry.filename: entry for entry in entries}

    def weights(self) -> Any:
        """The bytes of model.weights.h5, where possible those of the file itself."""
        return self._bytes(WEIGHTS, len(self._map) * LARGEST_RATIO)

    def _bytes(self, name: str, largest: int) -> Any:
        entry = self._members[name]
        where = f"{self.path}, {name}"
        if entry.file_size > largest:
            raise DamagedFile(f"{where}: would be {entry.file_size} bytes, at most {largest} are read")
        start = entry.header_offset
        head = self._map[start : start + 30]
        if len(head) < 30 or head[:4] != SIGNATURE:
            raise DamagedFile(f"{where}: has no header: the file is damaged")
        name_length, extra_length = struct.unpack("<HH", head[26:30])
        start += 30 + name_length + extra_length
        if start + entry.compress_size > len(self._map):
            raise DamagedFile(f"{where}: is truncated")
        packed = memoryview(self._map)[start : start + entry.compress_size]
        plain: Any = packed
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            try:
                plain = zlib.decompressobj(-15).decompress(packed, entry.file_size + 1)
            except zlib.error as error:
                raise DamagedFile(f"{where}: cannot be unpacked ({error}): the file is damaged") from error
        if len(plain) != entry.file_size or zlib.crc32(plain) != entry.CRC:
            raise DamagedFile(f"{where}: its checksum is wrong: the file is damaged")
        return plain


def parse(text: Any, where: str) -> Json:
    """JSON in which no key is twice."""
    try:
        return json.loads(bytes(text).decode("utf-8"), object_pairs_hook=_once)
    except RecursionError as error:
        raise DamagedFile(f"{where}: is nested too deeply: the file is damaged") from error
    except ValueError as error:
        raise DamagedFile(f"{where}: is not JSON ({error}): the file is damaged") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found
