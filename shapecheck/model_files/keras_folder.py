"""The folder in place of a .keras file, which Keras's save(zipped=False) writes: the same members as files."""

from __future__ import annotations

import os
import stat

from shapecheck.languages import because
from shapecheck.model_files.bounded_json import DamagedFile, parse
from shapecheck.model_files.keras_archive import (
    ASSETS,
    CONFIG,
    LARGEST_ASSETS,
    LARGEST_CONFIG,
    METADATA,
    MOST_MEMBERS,
    VOCABULARY,
    WEIGHTS,
    is_vocabulary,
    plain_path,
    refuse_others,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_keras_folder(path: str) -> bool:
    """Whether a path is a folder with a configuration and weights of Keras."""
    return os.path.isdir(path) and all(os.path.isfile(os.path.join(path, name)) for name in (CONFIG, WEIGHTS))


class KerasFolder:
    """The parts of a model in a folder, with the methods of KerasFile. DamagedFile for what is not a regular file in it: a link may point
    anywhere."""

    def __init__(self, path: str) -> None:
        self.path = path
        names = self._names()
        self.others = [name for name in names if name not in (CONFIG, METADATA, WEIGHTS) and not is_vocabulary(name)]
        """Files that a model does not have: those in assets/ may belong to a layer of the user's own."""
        refuse_others(path, [name for name in self.others if not (name.startswith(ASSETS) and plain_path(name))])
        for name in (CONFIG, WEIGHTS):
            if name not in names:
                raise DamagedFile(because(
                    "{where} has no {name}: it is not a model that {code} wrote, or is incomplete",
                    where=path, name=name, code="save(zipped=False)",
                ))  # fmt: skip
        self._all = frozenset(names)
        self.config: Any = parse(self._bytes(CONFIG, LARGEST_CONFIG), f"{path}, {CONFIG}")
        metadata = parse(self._bytes(METADATA, 1 << 16), f"{path}, {METADATA}") if METADATA in self._all else {}
        version = metadata.get("keras_version") if isinstance(metadata, dict) else None
        self.version: str | None = version if isinstance(version, str) else None

    def _names(self) -> list[str]:
        found: list[str] = []
        for folder, inside, files in os.walk(self.path):
            for name in (*files, *inside):
                place = os.path.join(folder, name)
                mode = os.lstat(place).st_mode
                if not (stat.S_ISREG(mode) or (stat.S_ISDIR(mode) and name in inside)):
                    raise DamagedFile(because("{where} is a link, or not a file: copy what it leads to into the folder", where=place))
                if name in files:
                    found.append(os.path.relpath(place, self.path).replace(os.sep, "/"))
            if len(found) > MOST_MEMBERS:
                why = because("{where} contains more than {most:,} files: a model has three", where=self.path, most=MOST_MEMBERS)
                raise DamagedFile(why)
        return found

    def weights_file(self) -> str:
        """The path of the weights."""
        return os.path.join(self.path, WEIGHTS)

    def vocabulary(self, place: str) -> list[str] | None:
        """As KerasFile.vocabulary."""
        name = f"{ASSETS}{place}{VOCABULARY}"
        if name not in self._all:
            return None
        try:
            return self._bytes(name, LARGEST_CONFIG).decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise DamagedFile(because("{where} is not text in UTF-8: the file is damaged", where=f"{self.path}, {name}")) from error

    def assets(self, place: str) -> dict[str, bytes]:
        """As KerasFile.assets."""
        folder = f"{ASSETS}{place}/" if place else ASSETS
        found: dict[str, bytes] = {}
        for name in sorted(self._all):
            if name.startswith(folder):
                found[name.removeprefix(folder)] = self._bytes(name, LARGEST_ASSETS - sum(map(len, found.values())))
        return found

    def _bytes(self, name: str, largest: int) -> bytes:
        with open(os.path.join(self.path, *name.split("/")), "rb") as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise DamagedFile(because("{where} is larger than {most:,} bytes", where=f"{self.path}, {name}", most=largest))
        return data
