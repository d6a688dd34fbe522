"""Whole models: what comes back, what training goes on with, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tinyseq import Input, Model, Sequential, layers, models, optimizers

RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=(48, 12, 12, 3)).astype(np.float32)
Y = RANDOM.integers(0, 4, 48)


def convnet() -> Any:
    return Sequential(
        [
            Input((12, 12, 3)),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(4, activation="softmax", kernel_constraint=tinyseq.constraints.MaxNorm(2)),
        ]
    )


def branched() -> Any:
    inner = Sequential([Input((6,)), layers.Dense(5, activation="relu"), layers.BatchNormalization()], name="inner")
    shared = layers.Dense(6, name="shared")
    first, second = Input((6,), name="first"), Input((6,), name="second")
    joined = layers.Concatenate()([inner(shared(first)), inner(shared(second))])
    return Model([first, second], [layers.Dense(3, name="left")(joined), layers.Dense(2, name="right")(joined)])


def optimizer_of(name: str) -> Any:
    schedule = optimizers.schedules.ExponentialDecay(0.01, 10, 0.5)
    return {
        "sgd": lambda: optimizers.SGD(0.01, momentum=0.9, nesterov=True),
        "adam": lambda: optimizers.Adam(schedule),
        "amsgrad": lambda: optimizers.Adam(0.01, amsgrad=True),
        "rmsprop": lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True),
        "nadam": lambda: optimizers.Nadam(0.01),
        "ftrl": lambda: optimizers.Ftrl(0.01),
        "ema": lambda: optimizers.AdamW(0.01, use_ema=True),
    }[name]()


@pytest.mark.parametrize("ending", ("keras", "h5"))
@pytest.mark.parametrize("name", ("sgd", "adam", "amsgrad", "rmsprop", "nadam", "ftrl", "ema"))
def test_training_goes_on_as_if_nothing_had_happened(name: str, ending: str, tmp_path: Path) -> None:
    model = convnet()
    model.compile(optimizer=optimizer_of(name), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, Y, epochs=1, batch_size=16, shuffle=False, verbose=0)
    model.save(tmp_path / f"model.{ending}")
    again = models.load_model(tmp_path / f"model.{ending}")
    for one in (model, again):
        one.fit(X, Y, epochs=2, batch_size=16, shuffle=False, verbose=0)
    for old, new in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert again.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)


@pytest.mark.parametrize("ending", ("keras", "h5"))
def test_shared_layers_nested_models_and_several_outputs_come_back(ending: str, tmp_path: Path) -> None:
    model = branched()
    inputs = [RANDOM.normal(size=(5, 6)).astype(np.float32) for _ in range(2)]
    model.save(tmp_path / f"model.{ending}")
    again = models.load_model(tmp_path / f"model.{ending}")
    assert again.count_params() == model.count_params()
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    for old, new in zip(model.predict(inputs, verbose=0), again.predict(inputs, verbose=0), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_state_of_another_optimizer_is_left_out_and_the_weights_are_read(tmp_path: Path) -> None:
    model = convnet()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=1, verbose=0)
    model.save_weights(tmp_path / "a.weights.h5")
    other = convnet()
    other.layers[0].trainable = False
    other.compile(optimizers.SGD(0.01, momentum=0.5), "sparse_categorical_crossentropy")
    with pytest.warns(UserWarning, match="its averages start anew"):
        other.load_weights(tmp_path / "a.weights.h5")
    for old, new in zip(model.weights, other.weights, strict=True):
        np.testing.assert_array_equal(old.value, new.value)
    assert other.optimizer.iterations == 0


def test_an_optimizer_whose_state_keras_does_not_know_says_that_it_is_not_saved(tmp_path: Path) -> None:
    model = convnet()
    model.compile(optimizers.Lamb(0.01), "sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=1, verbose=0)
    with pytest.warns(UserWarning, match="what Lamb remembers is not saved"):
        model.save(tmp_path / "model.keras")


def test_by_name_reads_layers_of_the_same_name_and_refuses_if_there_is_none(tmp_path: Path) -> None:
    one = Sequential([Input((3,)), layers.Dense(4, name="same"), layers.Dense(2, name="other")])
    one.save_weights(tmp_path / "one.h5")
    two = Sequential([Input((3,)), layers.Dense(4, name="same"), layers.Dense(5, name="head")])
    two.load_weights(tmp_path / "one.h5", by_name=True)
    np.testing.assert_array_equal(one.get_weights()[0], two.get_weights()[0])
    three = Sequential([Input((3,)), layers.Dense(4, name="elsewhere")])
    with pytest.raises(ValueError, match=r"no layer of .* has a name that is in the file \(same, other"):
        three.load_weights(tmp_path / "one.h5", by_name=True)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.weights.h5").write_bytes(b"")
    with pytest.raises(ValueError, match="is empty"):
        convnet().load_weights(tmp_path / "none.weights.h5")


def test_json_and_clones_have_the_structure_and_fresh_weights() -> None:
    model = branched()
    for again in (models.model_from_json(model.to_json()), models.clone_model(model)):
        assert [weight.shape for weight in again.weights] == [weight.shape for weight in model.weights]
        assert not np.array_equal(again.get_layer("shared").get_weights()[0], model.get_layer("shared").get_weights()[0])
    dropped = models.clone_model(convnet(), clone_function=lambda layer: layers.Dropout(0.1) if layer.name == "max" else layer)
    assert dropped.count_params() == convnet().count_params()


def test_the_function_of_a_clone_gets_layers_also_those_called_with_options() -> None:
    inputs = Input((64,))
    model = Model(inputs, layers.Dense(3)(layers.Dropout(0.5)(inputs, training=True)))
    seen, x = [], np.ones((1, 64), np.float32)  # two draws of 64 are not equal by chance
    again = models.clone_model(model, clone_function=lambda layer: seen.append(type(layer)) or type(layer).from_config(layer.get_config()))
    assert seen == [layers.Dropout, layers.Dense]
    assert (again(x) != again(x)).any()  # training=True holds


def test_an_input_shape_of_the_first_layer_is_kept(tmp_path: Path) -> None:
    model = Sequential([layers.Dense(3, input_shape=(4,)), layers.Dense(2)])
    model.save(tmp_path / "model.keras")
    assert models.load_model(tmp_path / "model.keras").input_shape == (None, 4)


def test_what_was_frozen_stays_frozen(tmp_path: Path) -> None:
    model = convnet()
    model.layers[0].trainable = False
    model.save(tmp_path / "model.keras")
    again = models.load_model(tmp_path / "model.keras")
    assert [layer.trainable for layer in again.layers] == [layer.trainable for layer in model.layers]
    assert len(again.trainable_weights) == len(model.trainable_weights)


class Twice(layers.Layer):
    """A layer of a user's."""

    shardable = True

    def __init__(self, factor: float = 2.0, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        return x * np.float32(self.factor)

    def backward(self, ctx: Any, gradient: Any) -> Any:
        return gradient * np.float32(self.factor)


def test_a_layer_of_the_users_is_passed_in_custom_objects(tmp_path: Path) -> None:
    model = Sequential([Input((3,)), Twice(3.0), layers.Dense(2)])
    model.save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="class 'Twice' is not known: pass it, load_model"):
        models.load_model(tmp_path / "model.keras")
    again = models.load_model(tmp_path / "model.keras", custom_objects={"Twice": Twice})
    x = np.ones((2, 3), np.float32)
    np.testing.assert_array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))


def half(y_true: Any, y_pred: Any) -> Any:
    """A loss of the user's."""
    return 0.5 * np.square(y_true - y_pred).mean(axis=-1)


def test_a_function_in_compile_is_passed_in_custom_objects(tmp_path: Path) -> None:
    model = Sequential([Input((3,)), layers.Dense(2)])
    model.compile("sgd", loss="mse", metrics=[half])
    model.save(tmp_path / "model.keras")
    with pytest.warns(UserWarning, match=r"its settings of compile\(\) are not"):
        assert models.load_model(tmp_path / "model.keras").optimizer is None
    again = models.load_model(tmp_path / "model.keras", custom_objects={"half": half})
    assert again._compilation.metric_lists == [[half]]


def test_what_cannot_be_loaded_again_is_refused_when_it_is_saved(tmp_path: Path) -> None:
    model = Sequential([Input((3,)), layers.Dense(2, kernel_initializer=lambda shape, dtype=None: np.ones(shape))])
    with pytest.raises(ValueError, match=r"layer dense.*, kernel_initializer: .* cannot be written to a file"):
        model.save(tmp_path / "model.keras")
    assert not list(tmp_path.iterdir())


def test_a_file_that_does_not_fit_is_shown_beside_the_model(tmp_path: Path) -> None:
    for ending in ("weights.h5", "h5", "safetensors"):
        model = convnet()
        before = model.get_weights()
        other = Sequential([Input((12, 12, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(7)])
        other.save_weights(tmp_path / f"other.{ending}")
        with pytest.raises(ValueError) as caught:
            model.load_weights(tmp_path / f"other.{ending}")
        text = str(caught.value)
        assert "model" in text and "file" in text and "-->" in text and "(400, 7)" in text, text
        assert "expected 6" not in text
        for old, new in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)
        with pytest.warns(UserWarning, match="skip_mismatch=True leaves out .*: they keep their values"):
            model.load_weights(tmp_path / f"other.{ending}", skip_mismatch=True)


@pytest.mark.parametrize("name", ("model.txt", "model", "model.tf"))
def test_an_ending_that_is_not_known_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"for example model.save\('model.keras'\)"):
        convnet().save(tmp_path / name)


FOREIGN = {
    "net.tflite": (b"\x1c\0\0\0TFL3" + bytes(60), "TensorFlow Lite"),
    "net.pkl": (b"\x80\x04\x95" + bytes(60), "a pickle"),
    "net.yaml": (b"backend: tensorflow\nclass_name: Sequential\n" + bytes(30), "YAML"),
    "ckpt.index": (bytes(56) + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb", "TensorFlow checkpoint"),
    "net.keras": (b"nothing" * 20, "neither a .keras nor an .h5"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_files_of_other_programs_are_named(name: str, tmp_path: Path) -> None:
    content, what = FOREIGN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=what):
        models.load_model(tmp_path / name)


def test_a_saved_model_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match="TensorFlow SavedModel"):
        models.load_model(tmp_path)


# ---------------------------------------------------------------------- nothing lost

WRITER = """
import sys, numpy as np
from tinyseq import Input, Sequential, layers
model = Sequential([Input((1500,)), layers.Dense(1500)])
print("ready", flush=True)
while True:
    model.layers[0].weights[1].assign(np.full(1500, np.random.rand(), np.float32))
    model.save(sys.argv[1])
"""


def test_a_killed_save_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    Sequential([Input((1500,)), layers.Dense(1500)]).save(path)
    for moment in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
        time.sleep(0.05 + 0.04 * moment)
        os.kill(writer.pid, signal.SIGKILL) if hasattr(signal, "SIGKILL") else writer.kill()
        writer.wait()
        writer.stdout.close()
        assert models.load_model(path).count_params() == 1500 * 1501
        for left in tmp_path.glob(".*.part"):
            left.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    Sequential([Input((10,)), layers.Dense(10)]).save(path)
    before = path.read_bytes()
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from tinyseq import Input, Sequential, layers\n"
        "model = Sequential([Input((1000,)), layers.Dense(1000)])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: model.save(sys.argv[1])\n"
        "except OSError as error: print('refused', error.errno)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert run.stdout.startswith("refused"), run.stderr
    assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == ["model.keras"]


@pytest.mark.skipif(os.name != "posix", reason="Windows opens no folders")
def test_file_and_folder_reach_the_disk_before_save_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(stat.S_ISDIR(os.fstat(handle).st_mode)), real(handle))[1])
    convnet().save(tmp_path / "model.keras")
    assert synced == [False, True]


def test_the_form_of_the_file_is_kerass(tmp_path: Path) -> None:
    model = convnet()
    model.compile("adam", loss="mse")
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
        config = json.loads(archive.read("config.json"))
    assert config["class_name"] == "Sequential" and config["compile_config"]["loss"] == "mse"


def test_the_mask_that_keras_writes_as_an_operation_is_saved_again(tmp_path: Path) -> None:
    """Keras writes the mask of Embedding(mask_zero=True) as NotEqual(x, 0), which LSTM reads. Keras 3.15 loads what is saved."""
    steps = Input((None,))
    masked = layers.LSTM(3)(layers.Embedding(20, 8)(steps), mask=tinyseq.ops.not_equal(steps, 0))
    model = Model(steps, masked)
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        (mask,) = [layer for layer in json.loads(archive.read("config.json"))["config"]["layers"] if layer["class_name"] == "NotEqual"]
    assert mask["module"] == "keras.src.ops.numpy" and mask["inbound_nodes"][0]["args"][1:] == [0]
    x = np.array([[3, 1, 0, 0, 0, 0, 0], [5, 5, 2, 4, 1, 0, 0]])
    again = models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))
    assert np.abs(model.predict(x[:, :2], verbose=0)[0] - again.predict(x, verbose=0)[0]).max() < 1e-6


class Pair(layers.Layer):
    """Two layers of one name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.first, self.second = layers.Dense(2, name="one"), layers.Dense(2, name="one")

    def call(self, x: Any) -> Any:
        return self.second(self.first(x))


def test_weights_of_equal_names_are_all_in_an_h5_file(tmp_path: Path) -> None:
    def made(*layer_names: str) -> Any:
        class Own(Model):
            def __init__(self) -> None:
                super().__init__()
                self.parts = [Pair(name=name) for name in layer_names]

            def call(self, x: Any) -> Any:
                for part in self.parts:
                    x = part(x)
                return x

        model = Own()
        model(X[0, 0, :, :2])
        return model

    model, other = made("a", "b"), made("a", "b")
    model.save_weights(tmp_path / "w.h5")
    other.load_weights(tmp_path / "w.h5")
    for mine, theirs in zip(other.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    with pytest.raises(ValueError, match="two layers have the name a"):
        made("a", "a").save_weights(tmp_path / "w.h5")
