"""The .keras file of Keras 3: a zip of metadata.json, config.json and model.weights.h5. The one place that opens zips of models."""

from __future__ import annotations

import io
import mmap
import struct
import zipfile
import zlib

from shapecheck.languages import because
from shapecheck.model_files.bounded_json import DamagedFile, parse, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

SIGNATURE = b"PK\x03\x04"
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
ASSETS, VOCABULARY = "assets/", "/vocabulary.txt"
"""The tokens that a lookup layer learnt: assets/layers/integer_lookup/vocabulary.txt, one on each line."""
LARGEST_CONFIG = 8 << 20
"""Bytes: the greatest model of keras.applications has 2 MB. JSON takes up to 20 times as much memory once it is read."""
LARGEST_ASSETS = 1 << 30
"""Bytes of the files that one layer of the user's own wrote."""
PLAIN = {*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.+-"}
"""Letters of the names of such files."""
LARGEST_RATIO = 200
"""By how much a packed member may grow."""
MOST_MEMBERS = 10_000


class KerasFile:
    """A .keras file, mapped into memory: its configuration, the version that wrote it, and its weights as bytes.

    Raises DamagedFile for a file with other members, with one twice, or whose members unpack to far more than they hold.
    """

    def __init__(self, path: str, structure_only: bool = False, data: Any = None) -> None:
        """structure_only: read the configuration even of a file that has other members (`others`) or lacks its weights. `data`: the bytes,
        if they are not in a file."""
        self.path = path
        self.structure_only = structure_only
        self.others: list[str] = []
        """Names of members that a model does not have: those in assets/ may belong to a layer of the user's own."""
        with io.BytesIO(data) if data is not None else open(path, "rb") as file:
            self._map: Any = data if data is not None else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            try:
                self._members = self._read_members(file)
            except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError) as error:
                self.close()
                raise (
                    error
                    if isinstance(error, DamagedFile)
                    else DamagedFile(because("{where} is not a .keras file ({error})", where=path, error=words_of(error)))
                ) from error
        self.config: Any = parse(self._bytes(CONFIG, LARGEST_CONFIG), f"{path}, {CONFIG}")
        metadata = parse(self._bytes(METADATA, 1 << 16), f"{path}, {METADATA}") if METADATA in self._members else {}
        self.metadata: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
        version = self.metadata.get("keras_version")
        self.version: str | None = version if isinstance(version, str) else None

    def _read_members(self, file: IO[bytes]) -> dict[str, zipfile.ZipInfo]:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(names) > MOST_MEMBERS:
            raise DamagedFile(because("{where} contains {count} members: a model has three", where=self.path, count=len(names)))
        if len(set(names)) != len(names):
            raise DamagedFile(because("{where} contains a member twice: it is unclear which one counts", where=self.path))
        self.others = [name for name in names if name not in (CONFIG, METADATA, WEIGHTS) and not is_vocabulary(name)]
        if not self.structure_only:
            refuse_others(self.path, [name for name in self.others if not _is_asset(name)])
        for name in (CONFIG,) if self.structure_only else (CONFIG, WEIGHTS):
            if name not in names:
                raise DamagedFile(because("{where} has no {name}: it is not a .keras file, or is incomplete", where=self.path, name=name))
        for entry in entries:
            if entry.filename in self.others and (self.structure_only or not _is_asset(entry.filename)):
                continue
            if entry.flag_bits & 1:
                raise DamagedFile(because("{where} is encrypted", where=f"{self.path}, {entry.filename}"))
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DamagedFile(because("{where} is packed by a method other than deflate", where=f"{self.path}, {entry.filename}"))
            if entry.file_size > LARGEST_RATIO * max(entry.compress_size, 64):
                raise DamagedFile(
                    because(
                        "{where}: {packed} bytes would unpack to {size}: not plausible",
                        where=f"{self.path}, {entry.filename}",
                        packed=entry.compress_size,
                        size=entry.file_size,
                    )
                )
        return {entry.filename: entry for entry in entries}

    @property
    def has_weights(self) -> bool:
        """Whether the member with the weights is there."""
        return WEIGHTS in self._members

    def close(self) -> None:
        """Releases the file, which stays mapped while its weights are in use."""
        if isinstance(self._map, mmap.mmap):
            self._map.close()

    def assets(self, place: str) -> dict[str, bytes]:
        """The files that the layer at a place (layers/my_layer) wrote itself, by their paths in its folder of assets."""
        folder = f"{ASSETS}{place}/" if place else ASSETS
        names = [name for name in self._members if name.startswith(folder) and _is_asset(name)]
        if sum(self._members[name].file_size for name in names) > LARGEST_ASSETS:
            raise DamagedFile(because("{where} is larger than {most:,} bytes", where=f"{self.path}, {folder}", most=LARGEST_ASSETS))
        return {name.removeprefix(folder): bytes(self._bytes(name, LARGEST_ASSETS)) for name in names}

    def vocabulary(self, place: str) -> list[str] | None:
        """The tokens that the lookup at a place (layers/integer_lookup) learnt, special ones first. None if the file has none."""
        name = f"{ASSETS}{place}{VOCABULARY}"
        if name not in self._members:
            return None
        try:
            return bytes(self._bytes(name, LARGEST_CONFIG)).decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise DamagedFile(because("{where} is not text in UTF-8: the file is damaged", where=f"{self.path}, {name}")) from error

    def weights(self) -> Any:
        """The bytes of model.weights.h5, where possible those of the file itself."""
        return self._bytes(WEIGHTS, len(self._map) * LARGEST_RATIO)

    def _bytes(self, name: str, largest: int) -> Any:
        entry = self._members[name]
        where = f"{self.path}, {name}"
        if entry.file_size > largest:
            raise DamagedFile(
                because("{where} would be {size} bytes, at most {largest} are read", where=where, size=entry.file_size, largest=largest)
            )
        start = entry.header_offset
        head = self._map[start : start + 30]
        if len(head) < 30 or head[:4] != SIGNATURE:
            raise DamagedFile(because("{where} has no header: the file is damaged", where=where))
        name_length, extra_length = struct.unpack("<HH", head[26:30])
        start += 30 + name_length + extra_length
        if start + entry.compress_size > len(self._map):
            raise DamagedFile(because("{where} is truncated", where=where))
        packed = memoryview(self._map)[start : start + entry.compress_size]
        plain: Any = packed
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            try:
                plain = zlib.decompressobj(-15).decompress(packed, entry.file_size + 1)
            except zlib.error as error:
                raise DamagedFile(
                    because("{where} cannot be unpacked ({error}): the file is damaged", where=where, error=words_of(error))
                ) from error
        if len(plain) != entry.file_size or zlib.crc32(plain) != entry.CRC:
            raise DamagedFile(because("{where}: its checksum is wrong: the file is damaged", where=where))
        return plain


def refuse_others(path: str, others: list[str]) -> None:
    """Raises for members that neither Keras nor a layer of the model wrote."""
    if others:
        members = f"{METADATA}, {CONFIG}, {WEIGHTS}"
        raise DamagedFile(because(
            "{where} holds {name!r}: a model has {members} and vocabularies only", where=path, name=others[0], members=members
        ))  # fmt: skip


def _is_asset(name: str) -> bool:
    """assets/layers/.../words.txt: a file below assets/ with a path of plain names."""
    return name.startswith(ASSETS) and plain_path(name)


def plain_path(name: str) -> bool:
    """Whether a path stays below its folder on every system: names of letters, digits and " _.+-" that do not begin or end with a dot or
    space.

    >>> [plain_path(name) for name in ("a/b.txt", "../b", "/a", "a//b", "a/.b", "C:b", "a\\\\b")]
    [True, False, False, False, False, False, False]
    """
    words = name.split("/")
    return all(set(word) <= PLAIN and word.strip(". ") == word and word for word in words)


def is_vocabulary(name: str) -> bool:
    """assets/layers/.../vocabulary.txt, of plain words only."""
    words = name.split("/")
    plain = all(word.replace("_", "a").isalnum() for word in words[:-1])
    return plain and name.startswith(f"{ASSETS}layers/") and name.endswith(VOCABULARY)
