"""Weights in a .npz file: one array for each weight, named by the layer's place, its name and the weight's name.

Reading is safe: no pickled objects, and an array is read only if its header has exactly the expected shape.
"""

from __future__ import annotations

import struct
import tokenize
import zlib
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.saving.mismatch import report_left_out
from tinyseq.saving.whole_file import check_target, write_whole
from tinyseq.training.network import Network
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from zipfile import ZipFile

Array = NDArray[Any]

LARGEST_HEADER = 4096
"""Bytes: the header of an array of ours is 128 long."""
NO_HEADER = (ValueError, TypeError, IndexError, KeyError, SyntaxError, RecursionError, tokenize.TokenError)
"""What NumPy raises for a damaged header, a literal of Python that it reads by `ast` and, if that fails, by `tokenize`."""


def save(model: Network, filepath: str, overwrite: bool = True) -> None:
    """Writes weights to `filepath` (.npz), whole or not at all."""
    write_arrays({key: weight.value for key, weight in weight_keys(model).items()}, filepath, overwrite)


def write_arrays(arrays: dict[str, Any], filepath: str, overwrite: bool = True) -> None:
    """Writes arrays under their names, or nothing."""
    target = check_target(filepath, overwrite)
    # numpy 2.0 would save the argument allow_pickle as another array
    write_whole(target, lambda file: np.savez(file, **arrays))


def load(model: Network, path: str, skip_mismatch: bool = False) -> None:
    """Reads weights written by save_weights. ValueError if number or shapes differ; then nothing is changed."""
    import zipfile

    model._require_built()
    weights = model.weights
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = _read(model, archive, weights, path, skip_mismatch)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, struct.error, zlib.error) as error:
        raise ValueError(f"{path} is not a .npz file ({error}): write one with save_weights") from error
    report_left_out([weight.path for weight in weights], {weight.path for weight, _ in arrays}, path)
    with defer_interrupt():  # Ctrl-C: all or none
        for weight, array in arrays:
            weight.assign(array)


def weight_keys(model: Network) -> dict[str, Weight]:
    """The name in the file of each weight: 0/dense/kernel."""
    model._require_built()
    keys: dict[str, Weight] = {}
    for position, layer in enumerate(model.layers):
        for index, weight in enumerate(layer.weights):
            name = weight.name if layer.graph is None and not layer.children else f"{index}/{weight.path}"
            keys[f"{position}/{layer.name}/{name}"] = weight
    return keys


def _read(
    model: Network, archive: ZipFile, weights: list[Weight], path: str, skip: bool
) -> list[tuple[Weight, Array]]:
    """The arrays by place: names may differ, number, order and shapes may not."""
    names = [info.filename for info in archive.infolist()]
    if len(set(names)) != len(names):
        raise ValueError(f"{path} contains two arrays with the same name: it was not written by save_weights")
    if len(names) != len(weights):
        raise ValueError(
            f"{path} contains {len(names)} arrays, model {model.name!r} has {len(weights)} weights: load it into the model that "
            f"it was saved from"
        )
    found = []
    for name, weight in zip(names, weights, strict=True):
        with archive.open(name) as file:
            shape, dtype = _header(file, f"{path}, {name}")
            if shape != weight.shape or dtype != np.float32:
                if skip:
                    continue
                raise ValueError(
                    f"{path}, {name}: holds {dtype} of shape {shape}, weight {weight.path} has float32 {weight.shape}: load it "
                    f"into the model that it was saved from"
                )
            data = file.read(weight.nbytes + 1)
        if len(data) != weight.nbytes:
            raise ValueError(f"{path}, {name}: holds {len(data)} bytes instead of {weight.nbytes}: the file is damaged")
        found.append((weight, np.frombuffer(data, np.float32).reshape(weight.shape)))
    return found


def _header(file: IO[bytes], where: str) -> tuple[tuple[int, ...], Any]:
    """Shape and dtype from the head of an array, nothing else read yet."""
    try:
        version = npy.read_magic(file)
        if version == (1, 0):
            shape, fortran, dtype = npy.read_array_header_1_0(file, max_header_size=LARGEST_HEADER)
        else:
            shape, fortran, dtype = npy.read_array_header_2_0(file, max_header_size=LARGEST_HEADER)
    except NO_HEADER as error:
        raise ValueError(f"{where}: is not an array ({error}): the file is damaged") from error
    if fortran:
        raise ValueError(f"{where}: is in Fortran order: write it with save_weights")
    return shape, dtype
