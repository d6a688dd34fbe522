"""Weights in HDF5, in Keras 3's layout (.weights.h5 and inside .keras)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.saving import optimizer_state
from tinyseq.saving.hdf5_read import Hdf5File
from tinyseq.saving.layout import counted_layers, groups
from tinyseq.saving.mismatch import Row, report_left_out, side_by_side
from tinyseq.saving.sharded_weights import ShardedFile
from tinyseq.saving.vocabularies import all_factors
from tinyseq.weights.weight import Weight

OLD_LAYERS = "_layer_checkpoint_dependencies"
"""The name of layers/ in TensorFlow 2.13."""


def write(file: IO[bytes], model: Any, with_optimizer: bool = True) -> None:
    """All weights, and what the optimizer remembers once it has trained."""
    import h5py

    with h5py.File(file, "w") as root:
        root.create_group("vars").attrs["name"] = str(model.name)
        for group, name, weights in groups(model):
            _write_group(root, group, name, [weight.value for weight in weights])
        for group, layer in counted_layers(model):
            if getattr(layer, "output_mode", None) == "tf_idf" and getattr(layer, "idf_weights", None) is not None:
                inside = ("vars", "_lookup_layer/vars") if type(layer).__name__ == "TextVectorization" else ("vars",)
                for place in inside:
                    root.require_group(f"{group}/{place}").create_dataset("idf_weights", data=all_factors(layer))
        optimizer = model.optimizer if with_optimizer else None
        if optimizer is not None and optimizer_state.can_be_saved(optimizer):
            _write_group(root, "optimizer", optimizer.name, optimizer_state.arrays(optimizer, model.trainable_weights))


def _write_group(root: Any, group: str, name: str, arrays: Sequence[Any]) -> None:
    variables = root.create_group(f"{group}/vars")
    variables.attrs["name"] = name
    for number, array in enumerate(arrays):
        variables.create_dataset(str(number), data=array)


def read(file: Hdf5File | ShardedFile, model: Any, skip_mismatch: bool = False) -> None:
    """All weights of a built model, and what the optimizer remembers, if both have it. All or none: ValueError if they do not fit."""
    found = _agreed(file, model, skip_mismatch)
    arrays = [(weight, file.read(path, weight.shape)) for path, weight in found]
    with defer_interrupt():  # Ctrl-C: all or none
        for weight, array in arrays:
            weight.assign(array)


def read_optimizer(file: Hdf5File | ShardedFile, model: Any) -> bool:
    """The optimizer's state. False if the file has one that is not this optimizer's, or not of these weights; then nothing has changed."""
    optimizer = model.optimizer
    names = file.members("optimizer/vars")
    if optimizer is None or not names:
        return True
    if not optimizer_state.known(optimizer):
        return False
    shapes = [file.shape(f"optimizer/vars/{name}") or () for name in names]
    arrays = [file.read(f"optimizer/vars/{name}", shape, whole=name == "0") for name, shape in zip(names, shapes, strict=True)]
    return optimizer_state.restore(optimizer, model.trainable_weights, arrays)


def _agreed(file: Hdf5File | ShardedFile, model: Any, skip_mismatch: bool) -> list[tuple[str, Weight]]:
    """Path and weight, for those of the same shape. Raises DoesNotFit, with a table, unless what differs may be left out."""
    old = file.members("layers") is None and file.members(OLD_LAYERS) is not None
    agreed: list[tuple[str, Weight]] = []
    ours: list[Row] = []
    theirs: list[Row] = []
    equal = True
    for group, name, weights in groups(model):
        path = group.replace("layers/", f"{OLD_LAYERS}/") if old else group
        members = [member for member in file.members(f"{path}/vars") or () if member.isdigit()]
        shapes = [file.shape(f"{path}/vars/{member}") or () for member in members]
        same = shapes == [weight.shape for weight in weights]
        equal = equal and same
        ours += [(f"{name}/{weight.name}", weight.shape) for weight in weights]
        theirs += [(f"{path}/{member}", shape) for member, shape in zip(members, shapes, strict=True)]
        if same:
            agreed += [(f"{path}/vars/{member}", weight) for member, weight in zip(members, weights, strict=True)]
    used = {group.split("/")[1] for group, _, _ in groups(model)}
    top = OLD_LAYERS if old else "layers"
    for member in file.members(top) or ():
        left = file.members(f"{top}/{member}/vars") or ()
        for number in left if member not in used else ():
            theirs.append((f"{top}/{member}/{number}", file.shape(f"{top}/{member}/vars/{number}") or ()))
            equal = False
    if not equal and not skip_mismatch:
        raise side_by_side(ours, theirs, str(model.name), file.where)
    report_left_out({weight.path for weight in model.weights}, {weight.path for _, weight in agreed}, file.where)
    return agreed
