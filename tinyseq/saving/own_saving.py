"""What layers of the user's own save themselves: save_own_variables and load_own_variables, save_assets and load_assets, as in Keras."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from shapecheck.model_files.keras_archive import ASSETS, KerasFile, plain_path, refuse_others
from shapecheck.model_files.keras_folder import KerasFolder
from tinyseq.layers.weighted import Weighted
from tinyseq.saving.hdf5_read import DamagedFile, Hdf5File
from tinyseq.saving.layout import Owned, groups
from tinyseq.saving.sharded_weights import ShardedFile

ROOM = 64 << 20
"""Bytes that the own variables of a layer may unpack to beyond the size of their file."""


def written_by(weights: Sequence[Any]) -> dict[str, Any]:
    """The arrays of a group of a file by their names: those that its layer puts into its store, or its weights by their numbers."""
    layer = getattr(weights, "layer", None)
    if not _defines(layer, "save_own_variables"):
        return {str(number): weight.value for number, weight in enumerate(weights)}
    store: dict[str, Any] = {}
    layer.save_own_variables(store)  # type: ignore[union-attr]
    found: dict[str, Any] = {}
    for key, value in store.items():
        array = np.asarray(getattr(value, "value", value))
        if not isinstance(key, str) or not plain_path(key) or "/" in key:
            raise ValueError(f"{layer.name}: save_own_variables: the name {key!r} cannot be in a file: use letters, digits and _")  # type: ignore[union-attr]
        if array.dtype.kind not in "fiu":
            raise ValueError(f"{layer.name}: save_own_variables: {key} holds {array.dtype}, expected numbers")  # type: ignore[union-attr]
        found[key] = array
    return found


def reads_itself(weights: Sequence[Any]) -> Any:
    """The layer that a group belongs to, if it defines load_own_variables; else None."""
    layer = getattr(weights, "layer", None)
    return layer if _defines(layer, "load_own_variables") else None


def store_of(file: Hdf5File | ShardedFile, path: str) -> dict[str, Any]:
    """The arrays of a group by their names, of the types that they have in the file."""
    found: dict[str, Any] = {}
    total = 0
    for name in file.members(f"{path}/vars") or ():
        shape = file.shape(f"{path}/vars/{name}")
        if shape is None:
            continue
        total += 8 * int(np.prod([float(size) for size in shape]))
        if total > max(ROOM, 8 * file.size):
            raise DamagedFile(f"{file.where}, {path}/vars: its arrays would take {total:,} bytes, more than the file can hold")
        found[name] = np.array(file.read_as_it_is(f"{path}/vars/{name}", shape))
    return found


def _defines(layer: Any, method: str) -> bool:
    """Whether the user's class defines the method."""
    own = getattr(type(layer), method, None)
    return layer is not None and own is not None and own is not getattr(Weighted, method, None)


# ---------------------------------------------------------------------- files of their own


def assets_of(model: Any) -> dict[str, bytes]:
    """The files that layers write by save_assets, by their names in the .keras file."""
    found: dict[str, bytes] = {}
    for group, layer in _owners(model, "save_assets"):
        with tempfile.TemporaryDirectory() as folder:
            layer.save_assets(folder)
            for place, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(place, name)
                    inside = os.path.relpath(path, folder).replace(os.sep, "/")
                    if not plain_path(inside):
                        raise ValueError(f"{layer.name}: save_assets: the name {inside!r} cannot be in a file: use letters, digits and _")
                    with open(path, "rb") as file:
                        found[f"{ASSETS}{group}/{inside}" if group else f"{ASSETS}{inside}"] = file.read()
    return found


def load_assets(archive: KerasFile | KerasFolder, model: Any) -> None:
    """Hands each layer that defines load_assets a folder with its files. DamagedFile for files of no layer."""
    owners = list(_owners(model, "load_assets"))
    folders = tuple(f"{ASSETS}{group}/" if group else ASSETS for group, _ in owners)
    refuse_others(archive.path, [name for name in archive.others if not name.startswith(folders)])
    for group, layer in owners:
        with tempfile.TemporaryDirectory() as folder:
            for name, data in archive.assets(group).items():
                path = os.path.join(folder, *name.split("/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(data)
            layer.load_assets(folder)


def _owners(model: Any, method: str) -> Iterator[tuple[str, Any]]:
    for group, _, weights in groups(model):
        if isinstance(weights, Owned) and _defines(weights.layer, method):
            yield group, weights.layer


def load_own(stores: Mapping[str, tuple[Any, dict[str, Any]]]) -> None:
    """Calls load_own_variables of each layer with what was read for it."""
    for layer, store in stores.values():
        layer.load_own_variables(store)
