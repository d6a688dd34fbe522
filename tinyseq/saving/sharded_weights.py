"""Weights that Keras 3 spreads over several files: model.weights.json lists which of them hold the data sets of each group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.model_files.bounded_json import DamagedFile, parse
from shapecheck.model_files.keras_archive import LARGEST_CONFIG
from shapecheck.model_files.tensorflow_js import beside
from tinyseq.saving.hdf5_read import Array, Hdf5File
from tinyseq.saving.whole_file import check_source

MOST_SHARDS = 10_000


def names_in(path: str) -> list[Any]:
    """The files that a list names, each once, as they are in it. DamagedFile if it is not a list of weights."""
    with open(path, "rb") as file:
        data = file.read(LARGEST_CONFIG + 1)
    if len(data) > LARGEST_CONFIG:
        raise DamagedFile(f"{path}: is larger than {LARGEST_CONFIG:,} bytes: it is not a list of weights")
    found = parse(data, path)
    groups = found.get("weight_map") if isinstance(found, dict) else None
    if not isinstance(groups, dict) or not all(isinstance(names, (str, list)) for names in groups.values()):
        raise DamagedFile(f"{path}: has no weight_map of groups to files: it is not a list of weights")
    every = [name for files in groups.values() for name in ([files] if isinstance(files, str) else files)]
    names: list[Any] = list({repr(name): name for name in every}.values())
    if len(names) > MOST_SHARDS:
        raise DamagedFile(f"{path}: lists {len(names)} files, at most {MOST_SHARDS:,} are read")
    return names


class ShardedFile:
    """The files together, with the methods of Hdf5File. Only files beside the list are opened, each once."""

    def __init__(self, path: str) -> None:
        self.where = path
        self._files = [self._open(path, name) for name in names_in(path)]

    @staticmethod
    def _open(path: str, name: Any) -> Hdf5File:
        place = beside(path, name)
        check_source(place, f"{path} lists it: copy it to the same folder")
        return Hdf5File.open(place)

    def members(self, path: str) -> list[str] | None:
        """The names in a group of any of the files, sorted as numbers where they are; None if there is no such group."""
        found = [members for file in self._files if (members := file.members(path)) is not None]
        if not found:
            return None
        names = {name for members in found for name in members}
        return sorted(names, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name))

    def attribute(self, path: str, name: str) -> Any:
        """An attribute, from the first file that has it."""
        return next((value for file in self._files if (value := file.attribute(path, name)) is not None), None)

    def shape(self, path: str) -> tuple[int, ...] | None:
        """The sizes of a data set; None if there is none."""
        file = self._of(path)
        return None if file is None else file.shape(path)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self._files)

    def read(self, path: str, shape: Sequence[int], whole: bool = False) -> Array:
        """As Hdf5File.read."""
        return self._having(path).read(path, shape, whole)

    def read_as_it_is(self, path: str, shape: Sequence[int]) -> Array:
        """As Hdf5File.read_as_it_is."""
        return self._having(path).read_as_it_is(path, shape)

    def _having(self, path: str) -> Hdf5File:
        file = self._of(path)
        if file is None:
            raise DamagedFile(f"{self.where}, {path}: does not exist in the files that it lists")
        return file

    def _of(self, path: str) -> Hdf5File | None:
        """The file with that data set."""
        having = [file for file in self._files if file.shape(path) is not None]
        if len(having) > 1:
            raise DamagedFile(f"{self.where}, {path}: is in {having[0].where} and in {having[1].where}: it is unclear which one counts")
        return having[0] if having else None
