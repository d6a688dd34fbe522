"""Weights in HDF5, in Keras 3's layout (.weights.h5 and inside .keras)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.layers.weighted import Weighted
from tinyseq.saving import optimizer_state
from tinyseq.saving.hdf5_read import Hdf5File
from tinyseq.saving.layout import counted_layers, groups, other_groups
from tinyseq.saving.mismatch import Row, report_left_out, side_by_side
from tinyseq.saving.own_classes import has_call
from tinyseq.saving.own_saving import load_own, reads_itself, store_of, written_by
from tinyseq.saving.sharded_weights import ShardedFile
from tinyseq.saving.vocabularies import all_factors
from tinyseq.training.optimizer import Optimizer
from tinyseq.weights.weight import Weight

OLD_LAYERS = "_layer_checkpoint_dependencies"
"""The name of layers/ in TensorFlow 2.13."""


Section = tuple[str, str, dict[str, Any]]
"""A group of a file, the name of its layer, and its data sets by their names."""


def sections(model: Any, with_optimizer: bool = True, skip: Collection[int] = (), as_class: bool = True) -> Iterator[Section]:
    """All groups with weights, then what the optimizer remembers once it has trained.

    Arguments:
        model: a built model
        with_optimizer: False: leave out what the optimizer remembers
        skip: weights that are left out, by id, as left_out() returns them
        as_class: as layout.groups takes it
    """
    yield "", str(model.name), {}
    if not model.built:
        return
    for group, name, weights in groups(model, as_class=as_class):
        if not _skipped(weights, skip):
            yield group, name, written_by(weights)
    for group, layer in () if as_class and has_call(model) else counted_layers(model):
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


def write(
    file: IO[bytes], model: Any, with_optimizer: bool = True, skip: Collection[int] = (), as_class: bool = True
) -> None:
    """All weights, and what the optimizer remembers once it has trained."""
    write_sections(file, sections(model, with_optimizer, skip, as_class))


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


def holds_numbers(file: Hdf5File) -> bool:
    """Whether a file has any data set, in any group."""
    waiting = [""]
    for _ in range(MOST_GROUPS):
        if not waiting:
            return False
        path = waiting.pop()
        for name in file.members(path) or ():
            if file.shape(f"{path}/{name}") is not None:
                return True
            waiting.append(f"{path}/{name}")
    return True


MOST_GROUPS = 10_000
"""Groups without numbers that are looked into; one with more is taken for one with numbers."""


def _agreed(file: Hdf5File | ShardedFile, model: Any, skip_mismatch: bool, skip: Collection[int]) -> list[tuple[str, Weight]]:
    """Path and weight, for those of the same shape. Raises DoesNotFit, with a table, unless what differs may be left out."""
    wanted = [part for part in groups(model) if not _skipped(part[2], skip) and reads_itself(part[2]) is None]
    found = _compared(file, wanted, other_groups(model), {group for group, _, _ in groups(model)})
    if found.differs and has_call(model):  # saved as a functional model, since its class was not registered
        parts = list(groups(model, as_class=False))
        functional = _compared(file, [part for part in parts if not _skipped(part[2], skip)], {}, {group for group, _, _ in parts})
        found = found if functional.differs else functional
    if found.differs and not skip_mismatch:
        raise side_by_side(found.ours, found.theirs, str(model.name), file.where)
    own = {id(weight) for _, _, weights in groups(model) if reads_itself(weights) is not None for weight in weights}
    left = {weight.path for weight in model.weights if id(weight) not in own and id(weight) not in skip}
    report_left_out(left, {weight.path for _, weight in found.agreed}, file.where)
    return found.agreed


class _Compared:
    """What of a file and a model agrees."""

    def __init__(self) -> None:
        self.agreed: list[tuple[str, Weight]] = []
        self.ours: list[Row] = []
        self.theirs: list[Row] = []
        self.differs = False


def _compared(
    file: Hdf5File | ShardedFile, wanted: list[tuple[str, str, Sequence[Weight]]], others: Mapping[tuple[int, ...], Sequence[str]],
    known: Collection[str],
) -> _Compared:  # fmt: skip
    """The groups of a model beside those of a file. `others`: further places of a group, by the ids of its weights; `known`: all groups
    of the model."""
    old = file.members("layers") is None and file.members(OLD_LAYERS) is not None
    found = _Compared()
    taken: set[str] = set(known)
    for group, name, weights in wanted:
        path, members, shapes = _in_file(file, group.replace("layers/", f"{OLD_LAYERS}/") if old else group)
        for place in others.get(tuple(map(id, weights)), ()) if shapes != [weight.shape for weight in weights] else ():
            another = _in_file(file, place)
            if another[2] == [weight.shape for weight in weights]:
                path, members, shapes = another
                taken.add(place)
                break
        same = shapes == [weight.shape for weight in weights]
        found.differs = found.differs or not same
        found.ours += [(f"{name}/{weight.name}", weight.shape) for weight in weights]
        found.theirs += [(f"{path}/{member}", shape) for member, shape in zip(members, shapes, strict=True)]
        if same:
            found.agreed += [(f"{path}/vars/{member}", weight) for member, weight in zip(members, weights, strict=True)]
    top = OLD_LAYERS if old else "layers"
    used = {group.split("/")[1] for group in taken if group.startswith("layers/")}
    for member in file.members(top) or ():
        left = file.members(f"{top}/{member}/vars") or ()
        for number in left if member not in used else ():
            found.theirs.append((f"{top}/{member}/{number}", file.shape(f"{top}/{member}/vars/{number}") or ()))
            found.differs = True
    return found


def _in_file(file: Hdf5File | ShardedFile, path: str) -> tuple[str, list[str], list[tuple[int, ...]]]:
    """A group, the names of its numbered data sets, and their shapes."""
    members = [member for member in file.members(f"{path}/vars") or () if member.isdigit()]
    return path, members, [file.shape(f"{path}/vars/{member}") or () for member in members]
