"""Weights in .safetensors: arrays by name (conv2d.kernel), no code. Needs the package safetensors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.model_files.bounded_json import DamagedFile
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.saving.layout import groups
from tinyseq.saving.mismatch import report_left_out, side_by_side
from tinyseq.saving.whole_file import check_target, write_whole
from tinyseq.weights.weight import Weight

Array = NDArray[Any]


def _package(path: str) -> Any:
    try:
        import safetensors
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(f"{path}: needs the package safetensors: python -m pip install safetensors") from error
    return safetensors


def keys(model: Any) -> dict[str, Weight]:
    """The name of each weight: dense_1.kernel, sequential.conv2d.bias. Layers are counted by class, as in Keras's own files."""
    found: dict[str, Weight] = {}
    for group, _, weights in groups(model):
        place = ".".join(word for word in group.split("/") if word != "layers")
        for number, weight in enumerate(weights):
            name = f"{place}.{weight.name}"
            found[name if name not in found else f"{name}_{number}"] = weight
    return found


def save(model: Any, path: str, overwrite: bool = True) -> None:
    """Writes all weights, or nothing."""
    write_arrays({name: weight.value for name, weight in keys(model).items()}, path, overwrite, {"format": "tinyseq"})


def write_arrays(arrays: dict[str, Any], path: str, overwrite: bool = True, metadata: dict[str, str] | None = None) -> None:
    """Writes arrays under their names, or nothing."""
    package = _package(path)
    target = check_target(path, overwrite)
    data = package.numpy.save({name: np.array(array, order="C") for name, array in arrays.items()}, metadata=metadata)
    write_whole(target, lambda file: file.write(data))  # type: ignore[arg-type]


def load(model: Any, path: str, skip_mismatch: bool = False) -> None:
    """Reads all weights by name. All or none: DoesNotFit, with a table, if they do not fit."""
    package = _package(path)
    wanted = keys(model)
    try:
        with package.safe_open(path, framework="np") as file:
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
            fitting = [name for name, weight in wanted.items() if shapes.get(name) == weight.shape]
            if (len(fitting) < len(wanted) or len(shapes) > len(wanted)) and not skip_mismatch:
                ours = [(name, weight.shape) for name, weight in wanted.items()]
                ordered = [name for name in wanted if name in shapes] + [name for name in shapes if name not in wanted]
                raise side_by_side(ours, [(name, shapes[name]) for name in ordered], str(model.name), path)
            arrays = [(wanted[name], np.asarray(file.get_tensor(name), np.float32)) for name in fitting]
    except package.SafetensorError as error:
        raise DamagedFile(f"{path} is not a .safetensors file, or is damaged ({error})") from error
    except TypeError as error:
        raise DamagedFile(f"{path}: holds numbers that NumPy does not have ({error}): save them as float32") from error
    report_left_out(wanted.keys(), fitting, path)
    with defer_interrupt():
        for weight, array in arrays:
            weight.assign(array)
