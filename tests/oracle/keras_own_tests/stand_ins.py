"""What Keras's tests use of its private modules to make data and to compare: arrays are NumPy's, the backend is called "tinyseq"."""

from __future__ import annotations

import contextlib
import os
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np

import tinyseq
from tests.oracle.keras_own_tests import nests
from tests.oracle.keras_own_tests.keras_test_case import TestCase
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.model import Functional as functional_class
from tinyseq.training import clipping
from tinyseq.weights.variable import Numeric
from tinyseq.weights.variable import Variable as OwnVariable

NOTHING = object()
NAME = ["tinyseq"]
"""What the backend is called."""
FLOATS = ("float16", "float32", "float64", "bfloat16")


def standardize_dtype(dtype: Any) -> str:
    """The name of a dtype; None: float32."""
    if dtype is None:
        return "float32"
    return {"float": "float32", "int": "int32"}.get(dtype, dtype) if isinstance(dtype, str) else np.dtype(dtype).name


def convert_to_tensor(x: Any, dtype: Any = None, sparse: Any = None, ragged: Any = None) -> Any:
    """An array, float32 where Python's numbers are floats and int32 where they are whole."""
    if isinstance(x, SymbolicTensor):
        return x
    if isinstance(x, Numeric):
        x = x.value
    array = np.asarray(x, None if dtype is None else standardize_dtype(dtype))
    if dtype is None and not isinstance(x, (np.ndarray, np.generic)):
        return array.astype({"f": "float32", "i": "int32"}.get(array.dtype.kind, array.dtype))
    return array


class Variable(OwnVariable):
    """Keras's arguments: an initializer or numbers, float32 unless told."""

    def __init__(
        self, initializer: Any, shape: Any = None, dtype: Any = None, trainable: bool = True, autocast: bool = True,
        aggregation: Any = None, synchronization: Any = None, name: str | None = None, **options: Any,
    ) -> None:  # fmt: skip
        if isinstance(initializer, str):
            initializer = tinyseq.initializers.get(initializer)
        value = initializer(shape, dtype=dtype) if callable(initializer) else initializer
        value = convert_to_tensor(value, dtype)
        super().__init__(value.astype("float32") if value.dtype == np.float64 and dtype is None else value, name=name or "variable")
        self.trainable = trainable


class _TensorType(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, SymbolicTensor)

    def __call__(cls, shape: Any, dtype: Any = "float32", sparse: bool = False, ragged: bool = False, name: Any = None, **rest: Any) -> Any:
        if not shape:
            raise NotImplementedError(f"a tensor without a batch axis: {shape}")
        return tinyseq.Input(batch_shape=tuple(shape), dtype=standardize_dtype(dtype), name=name)


class KerasTensor(metaclass=_TensorType):
    """A tensor of a model under construction, batch axis included."""


def is_tensor(x: Any) -> bool:
    """Whether it is an array."""
    return isinstance(x, (np.ndarray, np.generic))


def _rng(seed: Any) -> Any:
    return np.random.default_rng(seed if isinstance(seed, int) else None)


def uniform(shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Random numbers as data of a test."""
    return np.asarray(_rng(seed).uniform(minval, maxval, shape)).astype(standardize_dtype(dtype))


def normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Random numbers as data of a test."""
    return np.asarray(_rng(seed).normal(mean, stddev, shape)).astype(standardize_dtype(dtype))


def randint(shape: Any, minval: int, maxval: int, dtype: Any = "int32", seed: Any = None) -> Any:
    """Random numbers as data of a test."""
    return np.asarray(_rng(seed).integers(minval, maxval, shape)).astype(standardize_dtype(dtype))


def convert_to_numpy(x: Any) -> Any:
    """An array."""
    return np.array(x.value if isinstance(x, Numeric) else x)


def named_product(*cases: Any, **values: Any) -> list[dict[str, Any]]:
    """Every combination of named cases and values, with a name that joins theirs by "_"."""

    def word(value: Any) -> str:
        return str(getattr(value, "__name__", value)).lower()

    joined: list[dict[str, Any]] = [{}]
    for group in (*cases, *([{"testcase_name": word(v), key: v} for v in each] for key, each in values.items())):
        joined = [
            {**one, **case, "testcase_name": "_".join(filter(None, (one.get("testcase_name"), case["testcase_name"])))}
            for case in group for one in joined
        ]  # fmt: skip
    return joined


def get_test_data(train_samples: int, test_samples: int, input_shape: Any, num_classes: int, random_seed: Any = None) -> Any:
    """Samples scattered about one random pattern for each class: (x, y) to train, (x, y) to test."""
    random = np.random.default_rng(random_seed)
    patterns = 2 * num_classes * random.random((num_classes, *input_shape))

    def drawn(samples: int) -> Any:
        labels = random.permutation(np.arange(samples) % num_classes)
        return (patterns[labels] + random.normal(size=(samples, *input_shape))).astype("float32"), labels

    return drawn(train_samples), drawn(test_samples)


def draw_always() -> None:
    """Keras 3.15's layers of random images draw also where `training` is not passed; some of tinyseq's only in training. Here they are
    told to."""
    for name in dir(tinyseq.layers):
        kind = getattr(tinyseq.layers, name)
        if name.startswith("Random") and isinstance(kind, type):
            type.__setattr__(kind, "__call__", _drawing(kind.__call__))


def _drawing(call: Any) -> Any:
    def drawing(self: Any, *inputs: Any, training: bool | None = None, **options: Any) -> Any:
        return call(self, *inputs, training=True if training is None else training, **options)

    return drawing


def _never() -> bool:
    return False


_data_format = SimpleNamespace(
    image_data_format=tinyseq.backend.image_data_format, set_image_data_format=tinyseq.backend.set_image_data_format,
    floatx=tinyseq.backend.floatx, epsilon=tinyseq.backend.epsilon, backend=lambda: NAME[0],
    standardize_data_format=lambda given: given or tinyseq.backend.image_data_format(),
)  # fmt: skip


class _Arrays:
    """backend.numpy: the functions of tinyseq.ops, or of NumPy."""

    def __getattr__(self, name: str) -> Any:
        return getattr(tinyseq.ops, name) if hasattr(tinyseq.ops, name) else getattr(np, name)


def _clip_gradients(self: Any, gradients: list[Any]) -> list[Any]:
    """Keras's private method by which its tests look at clipping."""
    flat = [np.asarray(g, "float32").ravel() for g in gradients]
    done = clipping.clipped(flat, self.clipvalue, self.clipnorm, self.global_clipnorm)
    return [one.reshape(np.shape(g)) for one, g in zip(done, gradients, strict=True)]


tinyseq.optimizers.Optimizer._clip_gradients = _clip_gradients
_policies = {
    "DTypePolicy": tinyseq.config.DTypePolicy, "dtype_policy": tinyseq.config.dtype_policy,
    "set_dtype_policy": tinyseq.config.set_dtype_policy,
    "get": lambda given: given if hasattr(given, "compute_dtype") else tinyseq.config.DTypePolicy(given or "float32"),
}  # fmt: skip
_models = {"Functional": functional_class}
_switches = {**{name: getattr(tinyseq.config, name) for name in tinyseq.config.__all__}, "backend": lambda: NAME[0]}
_switches["enable_flash_attention"] = tinyseq.config.disable_flash_attention
"""Tests switch it on and off around numbers that it does not change."""
_random = {**{name: getattr(tinyseq.random, name) for name in tinyseq.random.__all__}, "uniform": uniform, "normal": normal}
_random |= {"randint": randint}
"""The last three with the seeds that tests use for data."""
_backend: dict[str, Any] = {
    "backend": lambda: NAME[0], "Variable": Variable, "KerasTensor": KerasTensor, "is_tensor": is_tensor,
    "is_keras_tensor": lambda x: isinstance(x, SymbolicTensor), "standardize_dtype": standardize_dtype,
    "convert_to_tensor": convert_to_tensor, "convert_to_numpy": convert_to_numpy, "shape": lambda x: tuple(x.shape),
    "cast": lambda x, dtype: convert_to_tensor(x).astype(dtype), "floatx": tinyseq.backend.floatx, "epsilon": tinyseq.backend.epsilon,
    "config": _data_format, "image_data_format": _data_format.image_data_format,
    "set_image_data_format": _data_format.set_image_data_format, "numpy": _Arrays(), "random": SimpleNamespace(**_random),
    "SUPPORTS_SPARSE_TENSORS": False, "SUPPORTS_RAGGED_TENSORS": False, "SUPPORTS_COMPLEX_DTYPES": False,
    "set_floatx": tinyseq.config.set_floatx, "is_float_dtype": lambda dtype: standardize_dtype(dtype) in FLOATS,
    "is_int_dtype": lambda dtype: "int" in standardize_dtype(dtype),
    "standardize_data_format": _data_format.standardize_data_format, "device": lambda name: contextlib.nullcontext(),
}  # fmt: skip
_testing: dict[str, Any] = {
    "TestCase": TestCase, "named_product": named_product, "get_test_data": get_test_data,
    **{f"{backend}uses_{device}": _never for backend in ("", "tensorflow_", "jax_", "torch_") for device in ("gpu", "tpu")},
    "KerasTestCase": TestCase,
}  # fmt: skip
_tree = {name: getattr(nests, name) for name in ("flatten", "map_structure", "is_nested", "pack_sequence_as", "assert_same_structure")}
def _of_hdf5(filepath: Any, custom_objects: Any = None, compile: bool = True, safe_mode: bool = True) -> Any:
    """What load_model does with an .h5 file."""
    return tinyseq.models.load_model(filepath, custom_objects, compile, safe_mode)


def _to_hdf5(model: Any, filepath: Any, overwrite: bool = True, include_optimizer: bool = True) -> None:
    """What model.save does with a name that ends in .h5."""
    model.save(filepath, overwrite, **({} if include_optimizer else {"include_optimizer": False}))


_files = {
    "save_model": tinyseq.models.save_model, "load_model": tinyseq.models.load_model, "_MEMORY_UPPER_BOUND": 0.0,
    "_CONFIG_FILENAME": "config.json", "_METADATA_FILENAME": "metadata.json",
    "save_weights_only": lambda model, filepath, **options: model.save_weights(filepath, **options),
    "load_weights_only": lambda model, filepath, **options: model.load_weights(filepath, **options),
}  # fmt: skip
"""The functions of saving_lib: those of the public ones."""
MODULES: dict[str, dict[str, Any]] = {
    "keras.src.saving.saving_lib": _files,
    "keras.src.legacy.saving.legacy_h5_format": {"save_model_to_hdf5": _to_hdf5, "load_model_from_hdf5": _of_hdf5},
    "keras.src.backend": _backend,
    "keras.backend": {"backend": lambda: NAME[0], "set_floatx": tinyseq.config.set_floatx},
    "keras.src.testing": _testing,
    "keras.src.testing.test_case": _testing,
    "keras.src.testing.test_utils": _testing,
    "keras.src.random": _random,
    "keras.random": _random,
    "keras.src.random.random": _random,
    "keras.src.ops": {"convert_to_tensor": convert_to_tensor, "convert_to_numpy": convert_to_numpy, "random": SimpleNamespace(**_random)},
    "keras.ops": {"convert_to_tensor": convert_to_tensor, "convert_to_numpy": convert_to_numpy},
    "keras.src.utils.file_utils": {"join": os.path.join, "exists": os.path.exists, "listdir": os.listdir, "makedirs": os.makedirs},
    "keras.config": _switches,
    "keras.src.models": _models,
    "keras.src.models.functional": _models,
    "keras.src.dtype_policies": {name: one for name, one in _policies.items() if name != "dtype_policy"},
    "keras.src.dtype_policies.dtype_policy": _policies,
    "keras.src.tree": _tree,
    "keras.tree": _tree,
}


def find(module: str, name: str) -> Any:
    """The stand-in for a name of a module, or NOTHING."""
    if module == "keras.src.utils.module_utils":
        return import_module(name)
    if name == "TensorFlowTrainer":
        return import_module("tests.oracle.keras_own_tests.trainer_models").Trainer
    if module.startswith("keras.src.backend.common") or module == "keras.src.backend.config":
        if module == "keras.src.backend.config" and hasattr(_data_format, name):
            return getattr(_data_format, name)
        if name in _switches:
            return _switches[name]
        module = "keras.src.backend"
        return {key: value for key, value in _backend.items() if key not in ("numpy", "random")}.get(name, NOTHING)
    return MODULES.get(module, {}).get(name, NOTHING)
