"""Where batches come from: loaders with and without a length, data sets without end, frames, memory maps. By objects of the same kind, so
that no package of data is needed; where torch or pandas is installed, with theirs too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

X = np.arange(80, dtype="float32").reshape(20, 4) / 80
Y = X[:, :2].copy()


def net() -> Any:
    keras.set_random_seed(3)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


def trained(*data: Any, **options: Any) -> list[Any]:
    """The weights after two epochs."""
    model = net()
    model.fit(*data, epochs=2, verbose=0, **options)
    return list(model.get_weights())


@pytest.fixture(scope="module")
def by_arrays() -> list[Any]:
    return trained(X, Y, batch_size=5, shuffle=False)


def same(a: list[Any], b: list[Any]) -> None:
    for one, other in zip(a, b, strict=True):
        np.testing.assert_array_equal(one, other)


class Dataset:
    """As tf.data's: iterated anew for each epoch, tensors that numpy converts; `known`: whether its length is."""

    def __init__(self, known: bool) -> None:
        self.known = known

    def __iter__(self) -> Iterator[Any]:
        return iter([(Tensor(X[i : i + 5]), Tensor(Y[i : i + 5])) for i in range(0, 20, 5)])

    def __len__(self) -> int:
        if not self.known:
            raise TypeError("The dataset length is unknown.")
        return 4


class Tensor:
    """As a tensor of another package: an array behind __array__."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.shape, self.dtype = array.shape, array.dtype

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.array, dtype)

    def __len__(self) -> int:
        return len(self.array)


class Loader(Dataset):
    """As torch's: batches are lists."""

    def __iter__(self) -> Iterator[Any]:
        return iter([[Tensor(X[i : i + 5]), Tensor(Y[i : i + 5])] for i in range(0, 20, 5)])


@pytest.mark.parametrize("kind", [Dataset, Loader])
@pytest.mark.parametrize("known", [True, False])
def test_a_loader_trains_as_its_arrays(kind: Any, known: bool, by_arrays: list[Any]) -> None:
    same(trained(kind(known)), by_arrays)
    assert net().evaluate(kind(known), verbose=0) == net().evaluate(X, Y, batch_size=5, verbose=0)


class Numbered(keras.utils.PyDataset):
    """As in Keras 3: num_batches in place of __len__."""

    count: int | None = 4

    @property
    def num_batches(self) -> int | None:
        return self.count

    def __getitem__(self, index: int) -> Any:
        start = index % 4 * 5
        return X[start : start + 5], Y[start : start + 5]


def test_a_data_set_has_its_length_in_num_batches(by_arrays: list[Any]) -> None:
    assert len(Numbered()) == 4
    same(trained(Numbered(), shuffle=False), by_arrays)


def test_a_data_set_without_end_needs_a_number_of_steps(by_arrays: list[Any]) -> None:
    endless = Numbered()
    endless.count = None
    same(trained(endless, steps_per_epoch=4, shuffle=False), by_arrays)
    with pytest.raises(TypeError, match="has no length: its num_batches is None"):
        len(endless)
    for method, option in (("fit", "steps_per_epoch"), ("evaluate", "steps"), ("predict", "steps")):
        with pytest.raises(ValueError, match=rf"Numbered never ends \(its num_batches is None\): pass {option}="):
            getattr(net(), method)(endless, verbose=0)


def test_frames_and_columns(by_arrays: list[Any]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcd"), index=np.arange(20)[::-1])
    same(trained(frame, frame[["a", "b"]], batch_size=5, shuffle=False), by_arrays)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(frame, frame["a"], verbose=0).history["loss"][0])


def test_loaders_of_torch(by_arrays: list[Any]) -> None:
    torch = pytest.importorskip("torch")
    data = torch.utils.data
    same(trained(data.DataLoader(data.TensorDataset(torch.tensor(X), torch.tensor(Y)), batch_size=5)), by_arrays)


def test_a_memory_map_is_read_batch_by_batch(tmp_path: Any, by_arrays: list[Any]) -> None:
    """No copy of the whole is made: the greatest memory while training is far below its size."""
    import tracemalloc

    rows, width = 40_000, 200  # 32 MB
    file = np.memmap(tmp_path / "x.dat", "float32", "w+", shape=(rows, width))
    file[:] = 0.5
    model = keras.Sequential([keras.Input((width,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(file[:64], np.zeros(64), verbose=0)
    tracemalloc.start()
    model.fit(file, np.zeros(rows, "float32"), batch_size=256, shuffle=True, verbose=0)
    model.predict(file, batch_size=256)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8e6, f"{most / 1e6:.1f} MB of arrays for a map of {file.nbytes / 1e6:.0f} MB"


def test_outputs_in_a_dictionary_from_call() -> None:
    class Two(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first = layers.Dense(2, kernel_initializer="ones")
            self.second = layers.Dense(1, kernel_initializer="zeros")

        def call(self, x: Any) -> Any:
            return {"sum": self.first(x), "nothing": self.second(x)}

    model = Two()
    model.compile("sgd", {"sum": "mse", "nothing": "mae"}, loss_weights={"sum": 2.0, "nothing": 0.5}, metrics={"nothing": ["mse"]})
    history = model.fit(X, {"sum": Y, "nothing": Y[:, :1]}, batch_size=20, verbose=0).history
    first, second = np.square(X.sum(1, keepdims=True) - Y).mean(), np.abs(Y[:, :1]).mean()
    np.testing.assert_allclose(history["sum_loss"][0], first, rtol=1e-5)
    np.testing.assert_allclose(history["loss"][0], 2 * first + 0.5 * second, rtol=1e-5)
    assert "nothing_mse" in history
    outputs = model.predict(X)
    assert list(outputs) == ["sum", "nothing"] and outputs["sum"].shape == (20, 2)


def test_a_wrong_output_of_a_model_compiled_before_it_is_built_is_refused_at_its_first_batch() -> None:
    model = keras.Sequential([layers.Dense(2, name="end")])
    model.compile("sgd", {"other": "mse"})
    with pytest.raises(ValueError, match="loss: unknown output 'other': use end"):
        model.fit(X, Y, verbose=0)
    model.compile("sgd", {"end": "mse"})
    assert "loss" in model.fit(X, Y, verbose=0).history


def test_a_subclass_of_a_metric_measures_the_same() -> None:
    class Kept(keras.metrics.MeanSquaredError):
        def __init__(self) -> None:
            super().__init__(name="kept")

    own, plain = Kept(), keras.metrics.MeanSquaredError()
    for metric in (own, plain):
        metric.update_state(Y, Y + 2)
    assert own.result() == plain.result() == pytest.approx(4.0, rel=1e-6)


def test_what_a_step_of_ones_own_adds_goes_last() -> None:
    class Own(keras.Sequential):
        def test_step(self, data: Any) -> Any:
            return {**super().test_step(data), "added": 5.0}

    model = Own([keras.Input((4,)), layers.Dense(2)])
    model.compile("sgd", "mse", metrics=["mae"])
    found = model.evaluate(X, Y, verbose=0)
    assert len(found) == 3 and found[-1] == 5.0


def test_predict_leaves_the_targets_of_a_loader_out() -> None:
    model = net()
    expected = model.predict(X)
    halves = [(X[:10], Y[:10]), (X[10:], Y[10:])]
    for kind in (tuple, list):
        np.testing.assert_array_equal(model.predict(kind(half) for half in halves), expected)
    rows = [X[:2].tolist(), X[2:4].tolist()]
    np.testing.assert_allclose(model.predict(iter(rows)), expected[:4], atol=1e-6)  # lists of two rows
    np.testing.assert_allclose(model.predict(iter([list(X[:2]), list(X[2:4])])), expected[:4], atol=1e-6)


class Frame:
    """As a frame of pandas whose columns have different types: NumPy makes an array of objects of it."""

    def __init__(self, **columns: Any) -> None:
        self.columns = columns
        self.dtypes = [np.asarray(column).dtype for column in columns.values()]
        self.shape = (len(next(iter(columns.values()))), len(columns))

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.stack([np.asarray(column, object) for column in self.columns.values()], axis=1)

    def to_numpy(self, dtype: Any, na_value: Any) -> Any:
        return np.stack([np.asarray(column).astype(dtype) for column in self.columns.values()], axis=1)


def test_columns_of_numbers_and_of_truth_values_are_numbers() -> None:
    truth = X[:, 1] > 0.5
    expected = trained(np.stack([X[:, 0], truth, X[:, 2], X[:, 3]], axis=1).astype(np.float32), Y)
    for array, same in zip(expected, trained(Frame(a=X[:, 0], b=truth, c=X[:, 2], d=X[:, 3]), Y), strict=True):
        np.testing.assert_array_equal(array, same)
    with pytest.raises(TypeError, match="expected numbers, got an array of dtype object"):
        net().fit(Frame(a=X[:, 0], b=["x"] * 20, c=X[:, 2], d=X[:, 3]), Y, verbose=0)


def test_frames_of_pandas_with_other_kinds_of_columns() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcd"))
    expected = trained(frame.assign(b=(X[:, 1] > 0.5).astype("float32")), Y)
    for other in (frame.assign(b=X[:, 1] > 0.5), frame.astype("Float64").assign(b=pandas.array(X[:, 1] > 0.5, dtype="boolean"))):
        for array, same in zip(expected, trained(other, Y), strict=True):
            np.testing.assert_allclose(array, same, atol=1e-7)
