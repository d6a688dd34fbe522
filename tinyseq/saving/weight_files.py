"""Weights alone in files, by the ending of the name: .weights.h5, .h5 (older), .npz, .safetensors."""

from __future__ import annotations

import warnings
from typing import Any

from shapecheck.model_files import keras_archive
from shapecheck.model_files.bounded_json import DamagedFile
from tinyseq.saving import hdf5_read, hdf5_weights, legacy_weights, npz_weights, safetensors_weights
from tinyseq.saving.foreign import refuse_foreign
from tinyseq.saving.model_files import STARTS_ANEW, dialect_of, text
from tinyseq.saving.sharded_weights import ShardedFile
from tinyseq.saving.whole_file import check_source, check_target, write_whole

ARRAYS = ("NumPy file", "safetensors file")
"""Files of other programs that are read."""
SHARDED = ".weights.json"
"""The list of the files over which Keras 3 spreads large weights: read, not written."""
ENDINGS = (".weights.h5", ".npz", ".safetensors", ".h5", ".hdf5")


def save_weights(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Writes all weights, whole or not at all; to .weights.h5 also what the optimizer remembers."""
    path = _checked(model, filepath)
    model._require_built()
    if path.endswith(".npz"):
        npz_weights.save(model, path, overwrite)
    elif path.endswith(".safetensors"):
        safetensors_weights.save(model, path, overwrite)
    elif path.endswith(".weights.h5"):
        write_whole(check_target(path, overwrite), lambda file: hdf5_weights.write(file, model))
    else:
        write_whole(check_target(path, overwrite), lambda file: legacy_weights.write(file, model))


def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False, by_name: bool = False) -> None:
    """Reads all weights; from .weights.h5 also what the optimizer remembers, if the model is compiled with the same.

    ValueError if they do not fit; then nothing has changed.
    """
    path = text(filepath)
    refuse_foreign(path, ARRAYS)
    _checked(model, filepath, (*ENDINGS, ".keras", SHARDED))
    model._require_built()
    check_source(path, f"model.save_weights({path!r}) writes it")
    if by_name and (path.endswith((".npz", ".safetensors", ".weights.h5", ".keras", SHARDED))):
        raise ValueError(f"by_name=True is for the older .h5 files, got {path!r}: leave it out")
    if path.endswith(".npz"):
        npz_weights.load(model, path, skip_mismatch)
    elif path.endswith(".safetensors"):
        safetensors_weights.load(model, path, skip_mismatch)
    elif path.endswith(".keras"):
        archive = keras_archive.KerasFile(path)
        hdf5_weights.read(hdf5_read.Hdf5File(archive.weights(), f"{path}, {keras_archive.WEIGHTS}"), model, skip_mismatch)
    else:
        _load_hdf5(model, path, skip_mismatch, by_name)


def _load_hdf5(model: Any, path: str, skip_mismatch: bool, by_name: bool) -> None:
    """Keras 3's layout or the older one: the file says which."""
    file = ShardedFile(path) if path.endswith(SHARDED) else hdf5_read.Hdf5File.open(path)
    members = file.members("/") or []
    if "layers" in members or hdf5_weights.OLD_LAYERS in members:
        hdf5_weights.read(file, model, skip_mismatch)
        if not hdf5_weights.read_optimizer(file, model):
            warnings.warn(f"{path}: {STARTS_ANEW}", stacklevel=5)
    else:
        if isinstance(file, ShardedFile):
            raise DamagedFile(f"{path}: its files have no layers/: they are not weights of Keras 3")
        legacy_weights.read(file, model, dialect_of(file), skip_mismatch, by_name)


def _checked(model: Any, filepath: Any, endings: tuple[str, ...] = ENDINGS) -> str:
    path = text(filepath)
    if not path.endswith(endings):
        raise ValueError(
            f"{model.name}: weights are kept in files that end in {', '.join(ENDINGS)}, got {path!r}: for example 'model.weights.h5'"
        )
    return path
