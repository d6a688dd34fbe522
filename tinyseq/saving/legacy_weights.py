"""Weights in the .h5 files of Keras 1 and 2, which Keras 3 still writes: by position in layer_names and weight_names, or by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.saving import optimizer_state
from tinyseq.saving.hdf5_read import DamagedFile, Hdf5File
from tinyseq.saving.keras_file import KERAS_VERSION
from tinyseq.saving.layout import saved_layers
from tinyseq.saving.mismatch import DoesNotFit, Row, report_left_out, side_by_side
from tinyseq.saving.old_forms import Dialect
from tinyseq.saving.old_weights import FLIPPED_BY_THEANO, expected, today
from tinyseq.weights.weight import Weight

Array = NDArray[Any]

LONGEST = 64512
"""Bytes of an attribute; longer lists of names are split into name0, name1, ..."""


def write(file: IO[bytes], model: Any, attributes: dict[str, str] | None = None) -> None:
    """Weights under model_weights if `attributes` (model_config and so on) make a whole model of it, else at the root."""
    import h5py

    names = [str(layer.name) for layer in saved_layers(model)]
    for name in set(names):
        if names.count(name) > 1:
            raise ValueError(f"two layers have the name {name}, and an .h5 file has one place for each: rename one, or save as .weights.h5")
    with h5py.File(file, "w") as root:
        for name, value in (attributes or {}).items():
            root.attrs[name] = value.encode("utf-8")
        top = root.create_group("model_weights") if attributes else root
        layers = saved_layers(model)
        _names(top, "layer_names", names)
        top.attrs["backend"] = b"tensorflow"
        top.attrs["keras_version"] = KERAS_VERSION.encode()
        for layer in layers:
            _write_weights(top.create_group(str(layer.name)), _paths(in_order(layer)))
        _write_weights(top.create_group("top_level_model_weights"), [])
        optimizer = model.optimizer
        if attributes and optimizer is not None and optimizer_state.can_be_saved(optimizer):
            arrays = optimizer_state.arrays(optimizer, model.trainable_weights)
            _write_weights(root.create_group("optimizer_weights"), [(f"{optimizer.name}/{i}", a) for i, a in enumerate(arrays)])


def _paths(weights: Sequence[Weight]) -> list[tuple[str, Any]]:
    """Weights by their paths. Those of equal paths, in layers of equal names of a user's model, are numbered: Keras reads by position."""
    found: dict[str, Any] = {}
    for weight in weights:
        path, number = weight.path, 1
        while path in found:
            path, number = f"{weight.path}_{number}", number + 1
        found[path] = weight.value
    return list(found.items())


def _write_weights(group: Any, arrays: Sequence[tuple[str, Any]]) -> None:
    _names(group, "weight_names", [name for name, _ in arrays])
    for name, array in arrays:
        group.create_dataset(name, data=array)


def _names(group: Any, attribute: str, names: Sequence[str]) -> None:
    """A list of strings as an attribute, split if it is too long for one."""
    data = np.asarray([name.encode("utf-8") for name in names]) if names else np.empty(0, np.float64)
    if data.nbytes <= LONGEST:
        group.attrs[attribute] = data
        return
    pieces = int(np.ceil(data.nbytes / LONGEST)) + 1
    for number, piece in enumerate(np.array_split(data, pieces)):
        group.attrs[f"{attribute}{number}"] = piece


def in_order(layer: Any) -> list[Weight]:
    """Keras 2's order of a layer's weights: those that train, then the others."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


# ---------------------------------------------------------------------- reading


def read(
    file: Hdf5File, model: Any, dialect: Dialect, skip_mismatch: bool = False, by_name: bool = False
) -> None:
    """All weights of a built model. All or none: DoesNotFit, with a table, if they do not fit."""
    top = "model_weights/" if file.members("model_weights") is not None else ""
    stored = _stored(file, top)
    pairs = _by_name(model, stored) if by_name else _by_position(model, stored)
    if by_name and not pairs:
        names = ", ".join(name for name, _ in stored[:5])
        raise DoesNotFit(f"{file.where}: no layer of {model.name!r} has a name that is in the file ({names} ...): leave out by_name=True")
    found: list[tuple[Weight, Callable[[], Array]]] = []
    ours: list[Row] = []
    theirs: list[Row] = []
    equal = True
    for layer, name, paths in pairs:
        weights = in_order(layer) if layer is not None else []
        shapes = [file.shape(f"{top}{name}/{path}") or () for path in paths]
        same = layer is not None and expected(layer, weights, dialect) == shapes
        equal = equal and same
        ours += [(weight.path, weight.shape) for weight in weights]
        theirs += [(f"{name}/{path}", shape) for path, shape in zip(paths, shapes, strict=True)]
        if same:
            places = [f"{top}{name}/{path}" for path in paths]
            found += today(layer, weights, [_reader(file, place, shape) for place, shape in zip(places, shapes, strict=True)], dialect)
    if not equal and not skip_mismatch:
        raise side_by_side(ours, theirs, str(model.name), file.where)
    wanted = {weight.path for layer, _, _ in pairs if layer is not None for weight in layer.weights}
    report_left_out(wanted, {weight.path for weight, _ in found}, file.where)
    arrays = [(weight, make()) for weight, make in found]
    with defer_interrupt():  # Ctrl-C: all or none
        for weight, array in arrays:
            weight.assign(array)


def _reader(file: Hdf5File, place: str, shape: Sequence[int]) -> Callable[[], Array]:
    return lambda: file.read(place, shape)


def _stored(file: Hdf5File, top: str) -> list[tuple[str, list[str]]]:
    """(group, paths of its weights) for each layer that has any, in the order of the file."""
    names = _list(file, top or "/", "layer_names")
    if names is None:
        raise DamagedFile(f"{file.where} has no layer_names: it is not a file of Keras weights")
    found = [(name, _list(file, f"{top}{name}", "weight_names") or []) for name in names]
    return [one for one in found if one[1]]


def _list(file: Hdf5File, path: str, attribute: str) -> list[str] | None:
    whole = file.attribute(path, attribute)
    if whole is not None:
        return _texts(whole)
    names: list[str] = []
    number = 0
    while (piece := file.attribute(path, f"{attribute}{number}")) is not None:
        names += _texts(piece)
        number += 1
    return names if number else None


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _by_position(model: Any, stored: list[tuple[str, list[str]]]) -> list[tuple[Any, str, list[str]]]:
    layers = [layer for layer in saved_layers(model) if layer.weights]
    count = max(len(layers), len(stored))
    ours = [*layers, *[None] * (count - len(layers))]
    theirs = [*stored, *[("-", [])] * (count - len(stored))]
    return [(layer, name, paths) for layer, (name, paths) in zip(ours, theirs, strict=True)]


def _by_name(model: Any, stored: list[tuple[str, list[str]]]) -> list[tuple[Any, str, list[str]]]:
    layers = {str(layer.name): layer for layer in saved_layers(model)}
    return [(layers[name], name, paths) for name, paths in stored if name in layers]


def read_optimizer(file: Hdf5File, model: Any, dialect: Dialect) -> bool:
    """The optimizer's state, as Keras 3 or Keras 2 writes it. True if it was read, or if there is none."""
    names = _list(file, "optimizer_weights", "weight_names")
    optimizer = model.optimizer
    if not names or optimizer is None:
        return True
    if not optimizer_state.known(optimizer):
        return False
    places = [f"optimizer_weights/{name}" for name in names]
    shapes = [file.shape(place) or () for place in places]
    pairs = zip(places, shapes, strict=True)
    arrays = [file.read(place, shape, whole=not number and not shape) for number, (place, shape) in enumerate(pairs)]
    if dialect.major < 3:
        if optimizer_state.restore_by_name(optimizer, model.trainable_weights, list(zip(names, arrays, strict=True))):
            return True
        weights = _trained_by_old_keras(file, model, dialect)
        return weights is not None and optimizer_state.restore_by_position(optimizer, weights, arrays)
    return optimizer_state.restore(optimizer, model.trainable_weights, arrays)


def _trained_by_old_keras(file: Hdf5File, model: Any, dialect: Dialect) -> list[Weight] | None:
    """The weights in the order in which the optimizer of Keras 1 to 2.3 kept its arrays: Keras 1 sorted them by their names in the file.

    None if a kernel has another form in the file than here: then its averages have, too.
    """
    top = "model_weights/" if file.members("model_weights") is not None else ""
    named: list[tuple[str, Weight]] = []
    for layer, _, paths in _by_position(model, _stored(file, top)):
        weights = in_order(layer) if layer is not None else []
        turned = dialect.backend == "theano" and type(layer).__name__ in FLIPPED_BY_THEANO
        if len(weights) != len(paths) or turned or expected(layer, weights, dialect) != [weight.shape for weight in weights]:
            return None
        named += zip(paths, weights, strict=True)
    trained = {id(weight) for weight in model.trainable_weights}
    if dialect.major < 2:
        return [weight for _, weight in sorted(named, key=lambda pair: pair[0]) if id(weight) in trained]
    return list(model.trainable_weights)
