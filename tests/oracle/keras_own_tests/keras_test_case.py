"""The base of Keras's tests: comparisons of arrays, and the general test of a layer, for tinyseq.

Left out of the general test, as they speak of private attributes or of other dtypes: the count of seed generators, dir() of a revived
object, a run in mixed_float16, sparse and ragged tensors.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from absl.testing import parameterized

import tinyseq
from tests.oracle.keras_own_tests.nests import flatten, map_structure


def _array(x: Any) -> Any:
    return np.asarray(x.value) if hasattr(x, "assign") else np.asarray(x)


def _is_shape(x: Any) -> bool:
    return isinstance(x, (list, tuple)) and all(one is None or isinstance(one, int) for one in x)


def _over_shapes(function: Any, shape: Any, dtype: Any) -> Any:
    """The structure of shapes with function(shape, dtype) in place of each."""
    if _is_shape(shape):
        return function(tuple(shape), dtype if isinstance(dtype, str) else "float32")
    if isinstance(shape, dict):
        return {key.removesuffix("_shape"): _over_shapes(function, one, (dtype or {}).get(key)) for key, one in shape.items()}
    each = dtype if isinstance(dtype, (list, tuple)) else [dtype] * len(shape)
    return type(shape)(_over_shapes(function, one, kind) for one, kind in zip(shape, each, strict=True))


class TestCase(parameterized.TestCase):
    """One class of tests."""

    __test__ = False
    maxDiff = None

    def setUp(self) -> None:
        tinyseq.clear_session()

    own_words: str | None = None
    """The first message of an error of the right type that has other words than Keras's."""

    def assertRaisesRegex(self, kind: Any, words: Any = None, *call: Any, **options: Any) -> Any:  # type: ignore[override]
        """An error of this type; other words than Keras's are noted."""
        waiting = self._raises(kind, options.pop("expected_regex", words))
        if not call:
            return waiting
        with waiting:
            call[0](*call[1:], **options)
        return None

    @contextlib.contextmanager
    def _raises(self, kind: Any, words: Any) -> Any:
        context = SimpleNamespace(exception=None)
        try:
            yield context
        except kind as error:
            context.exception = error
            if not re.search(words, str(error)):
                self.own_words = self.own_words or f"{type(error).__name__}: {error}"
        else:
            self.fail(f"{getattr(kind, '__name__', kind)} not raised, with words {words!r}")

    def get_temp_dir(self) -> str:
        folder = tempfile.mkdtemp()
        self.addCleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        return folder

    def convert_to_numpy(self, x: Any) -> Any:
        return _array(x)

    def assertAllClose(self, actual: Any, desired: Any, atol: float = 1e-6, rtol: float = 1e-6, msg: Any = None, **_: Any) -> None:
        np.testing.assert_allclose(_array(actual), _array(desired), atol=atol, rtol=rtol, err_msg=msg or "")

    def assertNotAllClose(self, a: Any, b: Any, atol: float = 1e-6, rtol: float = 1e-6, msg: Any = None) -> None:
        if np.allclose(_array(a), _array(b), atol=atol, rtol=rtol):
            raise AssertionError(f"values are close at all elements {msg or ''}: {a} and {b}")

    def assertAlmostEqual(self, actual: Any, desired: Any, decimal: int = 3, msg: Any = None, **_: Any) -> None:
        np.testing.assert_almost_equal(_array(actual), _array(desired), decimal=decimal, err_msg=msg or "")

    def assertAllEqual(self, actual: Any, desired: Any, msg: Any = None) -> None:
        np.testing.assert_array_equal(_array(actual), _array(desired), err_msg=msg or "")

    def assertLen(self, container: Any, expected_len: int, msg: Any = None) -> None:
        self.assertEqual(len(container), expected_len, msg=msg)

    def assertSparse(self, x: Any, sparse: bool = True) -> None:
        self.assertFalse(sparse, "no sparse tensors")

    def assertRagged(self, x: Any, ragged: bool = True) -> None:
        self.assertFalse(ragged, "no ragged tensors")

    def assertDType(self, x: Any, dtype: Any, msg: Any = None) -> None:
        self.assertEqual(np.dtype(x.dtype).name if hasattr(x, "dtype") else type(x).__name__, np.dtype(dtype).name, msg=msg)

    def assertFileExists(self, path: Any) -> None:
        self.assertTrue(Path(path).is_file(), f"{path} does not exist")

    def run_class_serialization_test(self, instance: Any, custom_objects: Any = None) -> Any:
        """get_config, as JSON, and from_config; then the configurations are equal."""
        config = instance.get_config()
        revived = type(instance).from_config(json.loads(json.dumps(config)) if not custom_objects else config)
        self.assertEqual(json.dumps(config, sort_keys=True, default=str), json.dumps(revived.get_config(), sort_keys=True, default=str))
        return revived

    def run_layer_test(
        self, layer_cls: Any, init_kwargs: Any, input_shape: Any = None, input_dtype: Any = None, input_sparse: bool = False,
        input_ragged: bool = False, input_data: Any = None, call_kwargs: Any = None, run_training_check: bool = True, **expected: Any,
    ) -> None:  # fmt: skip
        """Configuration, shapes, weights and numbers of a layer, and one step of training."""
        if input_sparse or input_ragged:
            raise NotImplementedError("sparse and ragged tensors")
        make, options = (lambda: layer_cls(**(init_kwargs or {}))), call_kwargs or {}
        layer = make()
        self.run_class_serialization_test(layer, expected.get("custom_objects"))
        masking = expected.get("supports_masking")
        if masking is not None:
            self.assertEqual(bool(layer.supports_masking), masking, "supports_masking")
        if input_data is None and input_shape is None:
            return
        data = _data(input_shape, input_dtype) if input_data is None else input_data
        shapes = input_shape if input_shape is not None else map_structure(lambda x: tuple(x.shape), data)
        layer = make()
        layer.build(**shapes) if isinstance(shapes, dict) else layer.build(shapes)
        self._check_weights(layer, expected)
        self._check_symbolic(make(), data, options, expected)
        layer = make()
        output = layer(**data, **options) if isinstance(data, dict) else layer(data, **options)
        self._check_output(output, expected)
        if "expected_output" in expected and expected["expected_output"] is not None:
            for right, value in zip(flatten(expected["expected_output"]), flatten(output), strict=True):
                self.assertAllClose(value, right, msg="Unexpected output value")
        if expected.get("expected_num_losses") is not None:
            self.assertLen(layer.losses, expected["expected_num_losses"])
        if run_training_check:
            _train(make(), data, output)

    def _check_weights(self, layer: Any, expected: dict[str, Any]) -> None:
        self.assertTrue(layer.built)
        for name in ("trainable_weights", "non_trainable_weights", "non_trainable_variables"):
            wanted = expected.get(f"expected_num_{name}")
            if wanted is not None:
                found = layer.non_trainable_weights if name == "non_trainable_variables" else getattr(layer, name)
                seeds = expected.get("expected_num_seed_generators") or 0 if name == "non_trainable_variables" else 0
                self.assertLen(found, wanted - seeds, msg=f"Unexpected number of {name}")

    def _check_symbolic(self, layer: Any, data: Any, options: Any, expected: dict[str, Any]) -> None:
        def tensor(x: Any) -> Any:
            return tinyseq.Input(batch_shape=x.shape, dtype=str(np.asarray(x).dtype))

        tensors = map_structure(tensor, data)
        output = layer(**tensors, **options) if isinstance(tensors, dict) else layer(tensors, **options)
        self._check_weights(layer, expected)
        self._check_output(output, expected)

    def _check_output(self, output: Any, expected: dict[str, Any]) -> None:
        shape = expected.get("expected_output_shape")
        if shape is not None:
            wanted = [tuple(shape)] if _is_shape(shape) else [tuple(one) for one in (shape.values() if isinstance(shape, dict) else shape)]
            for want, one in zip(wanted, flatten(output), strict=True):
                fits = len(want) == len(one.shape) and all(a is None or b in (None, a) for a, b in zip(want, one.shape, strict=True))
                self.assertTrue(fits, f"Expected output shapes {want} but received {one.shape}")
        dtype = expected.get("expected_output_dtype")
        if dtype is not None:
            for want, one in zip(flatten(dtype), flatten(output), strict=True):
                self.assertEqual(np.dtype(one.dtype).name, want, "output dtype")


def _data(shape: Any, dtype: Any) -> Any:
    random = np.random.default_rng(0)
    return _over_shapes(lambda size, kind: (3 * random.random(size)).astype(kind), shape, dtype)


class Sum(tinyseq.losses.Loss):  # type: ignore[misc, unused-ignore]
    """The sum of the predictions."""

    def rows(self, t: Any, p: Any) -> Any:
        return p.sum(1)

    def slopes(self, t: Any, p: Any, weight: Any, g: Any) -> None:
        g[...] = weight[:, None]


def _train(layer: Any, data: Any, output: Any) -> None:
    """One step of fit with the sum of the output as the loss."""

    class Net(tinyseq.Model):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, x: Any, training: bool = False) -> Any:
            return self.layer(**x) if isinstance(x, dict) else self.layer(x)

    model = Net()
    model.compile(optimizer="sgd", loss=Sum())
    model.fit(data, output, epochs=1, verbose=0, batch_size=10_000)
