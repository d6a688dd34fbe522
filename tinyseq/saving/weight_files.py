"""Weights alone in files, by the ending of the name: .weights.h5, .h5 (older), .npz, .safetensors."""

from __future__ import annotations

import warnings
from typing import Any

from shapecheck.model_files import keras_archive
from shapecheck.model_files.bounded_json import DamagedFile
from tinyseq.saving import hdf5_read, hdf5_weights, legacy_weights, npz_weights, safetensors_weights
from tinyseq.saving.foreign import refuse_foreign
from tinyseq.saving.model_files import STARTS_ANEW, dialect_of, text
from tinyseq.saving.own_classes import has_call
from tinyseq.saving.sharded_weights import ShardedFile
from tinyseq.saving.whole_file import check_source, check_target, write_whole
from tinyseq.saving.write_shards import write_shards

ARRAYS = ("NumPy file", "safetensors file")
"""Files of other programs that are read."""
SHARDED = ".weights.json"
"""The list of the files over which Keras 3 spreads large weights."""
ENDINGS = (".weights.h5", ".npz", ".safetensors", ".h5", ".hdf5")
KERAS_3 = (".weights.h5", SHARDED)
"""Files that have a group for each layer, so that layers can be left out."""


def save_weights(
    model: Any, filepath: Any, overwrite: bool = True, max_shard_size: float | None = None, objects_to_skip: Any = None
) -> None:
    """Writes all weights, whole or not at all; to .weights.h5 also what the optimizer remembers."""
    path = text(filepath)
    if max_shard_size is not None and path.endswith(".weights.h5"):
        listed = path.removesuffix(".h5") + ".json"
        raise ValueError(f"{path}: max_shard_size= spreads weights over several files: pass the name of their list, {listed!r}")
    if max_shard_size is None and path.endswith(SHARDED):
        raise ValueError(f"{path} lists several files: pass how large each may be, in gigabytes: max_shard_size=5")
    _checked(model, path, ENDINGS if max_shard_size is None else (SHARDED,), KEPT if max_shard_size is None else SPREAD)
    if not model.built:
        raise ValueError(f"{model.name}: {UNBUILT.format('saving')}: call it on data first, or model.build(input_shape)")
    skip = _skipped(path, objects_to_skip, "saving")
    if path.endswith(SHARDED):
        write_shards(model, path, overwrite, max_shard_size, skip)
    elif path.endswith(".npz"):
        npz_weights.save(model, path, overwrite)
    elif path.endswith(".safetensors"):
        safetensors_weights.save(model, path, overwrite)
    elif path.endswith(".weights.h5"):
        write_whole(check_target(path, overwrite), lambda file: hdf5_weights.write(file, model, skip=skip))
    else:
        write_whole(check_target(path, overwrite), lambda file: legacy_weights.write(file, model))


UNBUILT = "You are {} a model that has not yet been built"
KEPT = f"weights are kept in files that end in {', '.join(ENDINGS)}"
SPREAD = f"with max_shard_size=, weights are listed in a file that ends in {SHARDED}"


def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False, by_name: bool = False, objects_to_skip: Any = None) -> None:
    """Reads all weights; from .weights.h5 also what the optimizer remembers, if the model is compiled with the same.

    ValueError if they do not fit; then nothing has changed.
    """
    path = text(filepath)
    refuse_foreign(path, ARRAYS)
    _checked(model, filepath, (*ENDINGS, ".keras", SHARDED), f"File format not supported: {KEPT}")
    if not model.built:
        raise ValueError(f"{model.name}: {UNBUILT.format('loading weights into')}: call it on data first, or model.build(input_shape)")
    check_source(path, f"model.save_weights({path!r}) writes it")
    if by_name and (path.endswith((".npz", ".safetensors", ".keras", *KERAS_3))):
        raise ValueError(f"by_name=True only supports loading legacy '.h5' or '.hdf5' files, got {path!r}: leave it out")
    skip = _skipped(path, objects_to_skip, "loading")
    if path.endswith(".npz"):
        npz_weights.load(model, path, skip_mismatch)
    elif path.endswith(".safetensors"):
        safetensors_weights.load(model, path, skip_mismatch)
    elif path.endswith(".keras"):
        archive = keras_archive.KerasFile(path)
        hdf5_weights.read(hdf5_read.Hdf5File(archive.weights(), f"{path}, {keras_archive.WEIGHTS}"), model, skip_mismatch)
    else:
        _load_hdf5(model, path, skip_mismatch, by_name, skip)


def _skipped(path: str, objects: Any, what: str) -> set[int]:
    if objects is not None and not path.endswith(KERAS_3):
        raise ValueError(f"objects_to_skip= only supports {what} '.weights.h5' files, got {path!r}: leave it out")
    return hdf5_weights.left_out(objects)


def _load_hdf5(model: Any, path: str, skip_mismatch: bool, by_name: bool, skip: set[int]) -> None:
    """Keras 3's layout or the older one: the file says which."""
    file = ShardedFile(path) if path.endswith(SHARDED) else hdf5_read.Hdf5File.open(path)
    members = file.members("/") or []
    of_keras_3 = {"layers", hdf5_weights.OLD_LAYERS} if not has_call(model) else {"layers", hdf5_weights.OLD_LAYERS, "vars"}
    if of_keras_3 & {*members}:
        hdf5_weights.read(file, model, skip_mismatch, skip)
        if id(model.optimizer) not in skip and not hdf5_weights.read_optimizer(file, model):
            warnings.warn(f"{path}: {STARTS_ANEW}", stacklevel=5)
    else:
        if isinstance(file, ShardedFile):
            raise DamagedFile(f"{path}: its files have no layers/: they are not weights of Keras 3")
        if skip:
            raise ValueError(f"objects_to_skip= is for weights of Keras 3, and {path} has the older form: leave it out")
        legacy_weights.read(file, model, dialect_of(file), skip_mismatch, by_name)


def _checked(model: Any, filepath: Any, endings: tuple[str, ...], words: str) -> None:
    path = text(filepath)
    if not path.endswith(endings):
        raise ValueError(f"{model.name}: {words}, got {path!r}: for example 'model{endings[0]}'")
