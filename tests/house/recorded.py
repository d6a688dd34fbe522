"""`python -m tests.house.recorded PACKAGE FOLDER`: the imports that really happen between the modules of a package, as JSON.

Import statements and import_module are recorded with the module in which they stand, while the package does all that it can.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

FOUND: dict[str, set[str]] = {}
REAL_IMPORT, REAL_BY_NAME = builtins.__import__, importlib.import_module


def record(importer: str, package: str, names: list[str]) -> None:
    """Notes those of the names that are modules of the package."""
    if importer == package or importer.startswith(package + "."):
        FOUND.setdefault(importer, set()).update(
            name for name in names if name != importer and name in sys.modules and (name + ".").startswith(package + ".")
        )


def watch(package: str) -> None:
    """From here on imports are recorded."""

    def imported(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> ModuleType:
        module = REAL_IMPORT(name, globals, locals, fromlist, level)
        within = [f"{name}.{member}" for member in fromlist or ()]
        ours = [one for one in within if one in sys.modules]
        record((globals or {}).get("__name__", ""), package, ours + [name] * (len(ours) < len(within) or not within))
        return module

    def by_name(name: str, anchor: str | None = None) -> ModuleType:
        module = REAL_BY_NAME(name, anchor)
        record(sys._getframe(1).f_globals.get("__name__", ""), package, [name])
        return module

    builtins.__import__ = imported
    importlib.import_module = by_name


MODELS = """
import keras, numpy as np, tensorflow as tf, tensorflow_datasets as tfds
from keras import layers
from sklearn.model_selection import train_test_split

(x, y), _ = keras.datasets.mnist.load_data()
x, held = train_test_split(np.expand_dims(x, -1))
version = keras.__version__ > "2"

class Scale(layers.Layer):
    def build(self, shape):
        self.gain = self.add_weight(shape=(shape[-1],))
    def call(self, inputs):
        return tf.nn.relu(inputs * self.gain)

model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.Lambda(lambda t: t + 1), Scale(), layers.Flatten()])
model.add(layers.Dense(10, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y)
data = tfds.load("mnist", split="train", as_supervised=True).batch(32)
first = keras.Input((8, 8, 3))
base = keras.applications.VGG16(include_top=False)
joined = layers.add([layers.Conv2D(3, 3)(first), layers.Conv2D(3, 3)(first)]) + 1
whole = keras.Model(first, keras.ops.mean(joined, axis=1))
"""
CONFIGURATION = """{"class_name": "Sequential", "config": {"name": "net", "layers": [
{"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
{"class_name": "Functional", "config": {"name": "inner", "layers": [
    {"class_name": "InputLayer", "name": "a", "config": {"batch_shape": [null, 4], "name": "a"}, "inbound_nodes": []},
    {"class_name": "Dense", "name": "b", "config": {"name": "b", "units": 3},
     "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}], "kwargs": {}}]}],
  "input_layers": ["a", 0, 0], "output_layers": ["b", 0, 0]}},
{"class_name": "Own", "config": {"name": "own"}}]}}"""
BROKEN = """
from keras import Sequential, Input, layers
model = Sequential([Input((4, 4, 3)), layers.Conv2D(8, 6, activaton="relu"), layers.LSTM(3), layers.Dense(3)])
model.compile("adm", "mse")  # shapecheck: ignore[SC308]
"""


def use_shapecheck(folder: Path) -> None:
    """The command in all its forms, the calls of the library, and every layer."""
    from shapecheck.__main__ import main

    good, bad = folder / "good.py", folder / "bad.py"
    good.write_text(MODELS, encoding="utf-8")
    bad.write_text(BROKEN, encoding="utf-8")
    files = ["--no-config", str(good), str(bad)]
    for form in ("text", "concise", "json", "github", "gitlab", "junit", "sarif", "html"):
        main(["--format", form, *files])
    main(["--statistics", *files])
    for words in (["--diff"], ["--fix"], ["--input", "28,28,1"], ["--max-params", "1"], ["--select", "SC1"], ["-j", "2"], ["--strict"]):
        main([*words, *files])
    main(["--baseline", str(folder / "baseline.json"), *files])
    main(["--no-config", "diff", str(good), str(bad)])
    config, archive, damaged = folder / "model.json", folder / "model.keras", folder / "model.h5"
    config.write_text(CONFIGURATION, encoding="utf-8")
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("config.json", CONFIGURATION)
        members.writestr("model.weights.h5", b"")
    damaged.write_bytes(b"\x89HDF\r\n\x1a\n" * 9)
    main(["--no-config", str(config), str(archive), str(damaged)])
    main(["--explain", "SC101"])
    main(["--version"])
    import shapecheck
    from shapecheck import applications, layers
    from shapecheck.graph import chain
    from shapecheck.report import terminal, wide
    from shapecheck.shapes import Shape
    from shapecheck.single_file import make
    from shapecheck.teaching import expectations, marking

    assert shapecheck.load_ipython_extension

    expected = folder / "expect.toml"
    expected.write_text("output = [10]\n", encoding="utf-8")
    main(["grade", str(folder), "--expect", str(expected), "--pages", str(folder / "pages")])
    marking.marked(str(good), expectations.read("output = [10]"))
    main(["quiz", "--seed", "1", "--language", "hi", "--sheet", str(folder / "sheet.html")])
    main(["window", "--out", str(folder / "window.html")])
    main(["migrate", "--diff", *files[1:]])
    rules = [*map(layers.find, layers.PLACES), *map(applications.find, applications.HOME)]
    report = shapecheck.check(chain([layers.Conv2D(8, 6)], input_shape=Shape((None, 4, 4, 3))))
    table = report.stacks[0].table
    assert all(rules) and table._repr_html_()
    wide.render(table, "model")
    terminal.show(table, "model")
    make(folder / "shapecheck.pyz")
    main([str(folder / "shapecheck.pyz")])


def use_tinyseq(folder: Path) -> None:
    """Every public name, a name that does not exist, a model from its layers to its files, and a refused layer."""
    import numpy as np

    import tinyseq
    from tinyseq import layers

    for face in (tinyseq, layers, tinyseq.losses, tinyseq.metrics, tinyseq.optimizers, tinyseq.callbacks, tinyseq.models, tinyseq.utils):
        for name in dir(face):
            getattr(face, name)
    for wrong in ("Dence", "Conv2d"):
        for face in (tinyseq, layers):
            try:
                getattr(face, wrong)
            except AttributeError as error:
                str(error)
    a = tinyseq.Input((8, 8, 1))
    b = layers.Conv2D(4, 3, padding="same")(a)
    model = tinyseq.Model(a, layers.Dense(3)(layers.Flatten()(b + b)))
    model.summary(batch_size=4, print_fn=len)
    model.summary(style="wide", print_fn=len)
    model._repr_html_()
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.zeros((4, 8, 8, 1)), np.zeros((4, 3)), verbose=0)
    type(model).from_config(model.get_config())
    try:
        tinyseq.Sequential([tinyseq.Input((4, 4, 1)), layers.Conv2D(4, 7)])
    except ValueError as error:
        str(error)
    model.save_weights(folder / "model.weights.npz")
    model.load_weights(folder / "model.weights.npz")


USES = {"shapecheck": use_shapecheck, "tinyseq": use_tinyseq}


def main() -> None:
    """Prints the recorded arrows."""
    package, folder = sys.argv[1], Path(sys.argv[2])
    watch(package)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        USES[package](folder)
    print(json.dumps({module: sorted(others) for module, others in sorted(FOUND.items()) if others}))


if __name__ == "__main__":
    main()
