"""Weights in HDF5, in Keras 3's layout (.weights.h5 and inside .keras)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import IO, Any

from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.layers.weighted import Weighted
from tinyseq.saving import optimizer_state
from tinyseq.saving.hdf5_read import Hdf5File
from tinyseq.saving.layout import counted_layers, groups
from tinyseq.saving.mismatch import Row, report_left_out, side_by_side
from tinyseq.saving.own_saving import load_own, reads_itself, store_of, written_by
from tinyseq.saving.sharded_weights import ShardedFile
from tinyseq.saving.vocabularies import all_factors
from tinyseq.training.optimizer import Optimizer
from tinyseq.weights.weight import Weight

OLD_LAYERS = "_layer_checkpoint_dependencies"
"""The name of layers/ in TensorFlow 2.13."""


Section = tuple[str, str, dict[str, Any]]
"""A group of a file, the name of its layer, and its data sets by their names."""


def sections(model: Any, with_optimizer: bool = True, skip: Collection[int] = ()) -> Iterator[Section]:
    """All groups with weights, then what the optimizer remembers once it has trained.

    Arguments:
        model: a built model
        with_optimizer: False: leave out what the optimizer remembers
        skip: weights that are left out, by id, as left_out() returns them
    """
    yield "", str(model.name), {}
    for group, name, weights in groups(model):
        if not _skipped(weights, skip):
            yield group, name, written_by(weights)
    for group, layer in counted_layers(model):
        if getattr(layer, "output_mode", None) == "tf_idf" and getattr(layer, "idf_weights", None) is not None:
            inside = ("", "/_lookup_layer") if type(layer).__name__ == "TextVectorization" else ("",)
            for place in inside:
                yield f"{group}{place}", "", {"idf_weights": all_factors(layer)}
    optimizer = model.optimizer if with_optimizer else None
    if optimizer is not None and id(optimizer) not in skip and optimizer_state.can_be_saved(optimizer):
        arrays = optimizer_state.arrays(optimizer, model.trainable_weights)
        yield "optimizer", optimizer.name, {str(number): array for number, array in enumerate(arrays)}


def left_out(objects: Any) -> set[int]:
    """The ids of the weights of layers, and of optimizers, that `objects_to_skip` names. TypeError for anything else."""
    found: set[int] = set()
    for one in objects if objects is not None else ():
        if not isinstance(one, (Weighted, Optimizer)):
            raise TypeError(f"objects_to_skip: expected layers, and an optimizer perhaps, got {type(one).__name__}")
        found |= {id(one)} if isinstance(one, Optimizer) else {id(weight) for weight in one.weights}
    return found


def _skipped(weights: Sequence[Weight], skip: Collection[int]) -> bool:
    return bool(weights) and all(id(weight) in skip for weight in weights)


def write(file: IO[bytes], model: Any, with_optimizer: bool = True, skip: Collection[int] = ()) -> None:
    """All weights, and what the optimizer remembers once it has trained."""
    write_sections(file, sections(model, with_optimizer, skip))


def write_sections(file: IO[bytes], found: Iterable[Section]) -> None:
    """Groups and their data sets, as one HDF5 file."""
    import h5py

    with h5py.File(file, "w") as root:
        for group, name, arrays in found:
            variables = root.require_group(f"{group}/vars")
            if name:
                variables.attrs["name"] = name
            for key, array in arrays.items():
                variables.create_dataset(key, data=array)


def read(file: Hdf5File | ShardedFile, model: Any, skip_mismatch: bool = False, skip: Collection[int] = ()) -> None:
    """All weights of a built model but those to `skip`, by id. All or none: ValueError if they do not fit."""
    found = _agreed(file, model, skip_mismatch, skip)
    arrays = [(weight, file.read(path, weight.shape)) for path, weight in found]
    owners = ((group, reads_itself(weights)) for group, _, weights in groups(model) if not _skipped(weights, skip))
    stores = {group: (layer, store_of(file, group)) for group, layer in owners if layer is not None}
    with defer_interrupt():  # Ctrl-C: all or none
        for weight, array in arrays:
            weight.assign(array)
        load_own(stores)


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


def _agreed(file: Hdf5File | ShardedFile, model: Any, skip_mismatch: bool, skip: Collection[int]) -> list[tuple[str, Weight]]:
    """Path and weight, for those of the same shape. Raises DoesNotFit, with a table, unless what differs may be left out."""
    old = file.members("layers") is None and file.members(OLD_LAYERS) is not None
    agreed: list[tuple[str, Weight]] = []
    ours: list[Row] = []
    theirs: list[Row] = []
    equal = True
    for group, name, weights in groups(model):
        if _skipped(weights, skip) or reads_itself(weights) is not None:
            continue
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
    own = {id(weight) for _, _, weights in groups(model) if reads_itself(weights) is not None for weight in weights}
    wanted = {weight.path for weight in model.weights if id(weight) not in own and id(weight) not in skip}
    report_left_out(wanted, {weight.path for _, weight in agreed}, file.where)
    return agreed
