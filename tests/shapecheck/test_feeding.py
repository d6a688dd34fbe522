"""Data and labels on their way into a model: validation data, datasets, folders, pictures, series; refused where Keras refuses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from tests.data.feeding import CLASSES, HEADER, ONE, PICTURES, SPARSE, X, Y, scripts

KERAS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "oracle" / "data.json").read_text("utf-8"))


def found(source: str) -> list[tuple[str, int, str]]:
    """Code, line behind the header, and words of each finding that is no note and no matter of versions."""
    skip = HEADER.count("\n")
    kept = [one for one in check_source(HEADER + source, "feeding.py").findings if one.severity != "note" and one.code[:3] != "SC7"]
    return [(one.code, one.place.line - skip if one.place else 0, one.diagnostic.message()) for one in kept]


def codes(source: str) -> list[str]:
    return [code for code, _, _ in found(source)]


def repairs(source: str) -> list[str]:
    """The titles of the proved repairs."""
    return [repair.title for one in check_source(HEADER + source, "feeding.py").findings for repair in one.repairs if repair.proved]


def test_every_script_is_recorded() -> None:
    assert set(scripts()) == set(KERAS)


@pytest.mark.parametrize("name", scripts())
def test_data_is_refused_where_keras_refuses_it(name: str) -> None:
    errors = [one for one in check_source(scripts()[name], "feeding.py").findings if one.severity == "error" and one.code[:3] != "SC7"]
    assert bool(errors) == bool(KERAS[name]), (errors, KERAS[name])


def test_validation_data_is_marked_where_it_is_written() -> None:
    narrow = f"{ONE}model.fit({X}, {Y},\n          validation_data=(np.zeros((9, 6)), {Y}))\n"
    assert found(narrow) == [
        ("SC303", 4, "data (9, 6) does not fit the input (None, 8)"),
        ("SC307", 4, "9 samples of data, but 20 of labels"),
    ]
    columns = f"{CLASSES}model.fit({X}, np.zeros((20, 3)), validation_data=({X}, np.zeros((20, 2))))\n"
    assert codes(columns) == ["SC301"]
    stretched = f"{ONE}model.fit({X}, {Y}, validation_data=({X}, np.zeros((20, 4))))\n"
    assert codes(stretched) == ["SC302"]  # Keras 3.15 trains on
    assert codes(f"{SPARSE}model.fit({X}, np.zeros(20), validation_data=from_elsewhere)\n") == []


def test_samples_one_by_one_are_no_batches() -> None:
    lost = f"{ONE}ds = from_slices(({X}, {Y})).shuffle(20)\nds.batch(4)\nmodel.fit(ds)\n"
    assert [(code, line) for code, line, _ in found(lost)] == [("SC316", 5)]
    assert "line 9 batches it" in found(lost)[0][2]
    assert repairs(lost) == ["line 10: ds.batch(32)"]
    assert codes(f"{ONE}model.fit(from_slices(({X}, {Y})).batch(4))\n") == []
    one_feature = "model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])\nmodel.compile(loss='mse')\n"
    assert codes(f"{one_feature}model.fit(from_slices(({X}[:, :1], {Y})))\n") == []  # Keras takes each sample for a batch


def test_labels_are_missed_where_there_is_a_loss() -> None:
    assert found(f"{ONE}model.fit({X})\n") == [("SC317", 3, 'no labels: loss "mean_squared_error" has nothing to compare the output with')]
    assert codes(f"{ONE}model.predict({X})\n") == []
    assert codes(f"{ONE}model.fit({X}, **options)\n") == []
    without = ONE.replace("loss='mse'", "'adam'")
    assert codes(f"{without}model.fit({X})\n") == []  # add_loss() may bring one


def folder(mode: str, loss: str, last: str, old: bool = False) -> str:
    if old:
        made = f"from tensorflow.keras.preprocessing.image import ImageDataGenerator\ndata = ImageDataGenerator().flow_from_directory('f', target_size=(12, 14){mode})\n"  # noqa: E501
    else:
        made = f"data = keras.utils.image_dataset_from_directory('f', image_size=(12, 14){mode})\n"
    return f"{made}model = keras.Sequential([keras.Input((12, 14, 3)), {last}])\nmodel.compile(loss='{loss}')\nmodel.fit(data)\n"


FLAT = "layers.Flatten(), layers.Dense(4, activation='softmax')"


def test_the_mode_of_a_folder_goes_with_the_loss() -> None:
    assert codes(folder("", "sparse_categorical_crossentropy", FLAT)) == []
    wrong = folder(", label_mode='categorical'", "sparse_categorical_crossentropy", FLAT)
    assert codes(wrong) == ["SC301"]
    assert 'line 6: label_mode="int"' in repairs(wrong)
    assert codes(folder("", "sparse_categorical_crossentropy", FLAT, old=True)) == ["SC301"]
    assert codes(folder("", "categorical_crossentropy", FLAT, old=True)) == []
    assert codes(folder(", label_mode=None", "categorical_crossentropy", FLAT)) == ["SC317"]
    coder = "layers.Conv2D(3, 3, padding='same', activation='sigmoid')"
    assert codes(folder(", class_mode='input'", "mse", coder, old=True)) == []
    alone = folder(", class_mode='binary'", "binary_crossentropy", coder, old=True)
    assert codes(alone) == ["SC301"]
    assert 'line 7: class_mode="input"' in repairs(alone)


def test_pictures_have_the_size_they_are_loaded_with() -> None:
    one = "from keras.utils import load_img, img_to_array\np = img_to_array(load_img('a.png', target_size=(12, 14)))\n"
    assert codes(f"{PICTURES}{one}model.predict(p)\n") == ["SC303"]
    assert codes(f"{PICTURES}{one}model.predict(np.expand_dims(p, axis=0))\n") == []
    assert codes(f"{PICTURES}{one}model.predict(p[None])\nmodel.predict(np.array([p, p]))\n") == []
    grey = one.replace("(12, 14)", "(12, 14), color_mode='grayscale'")
    assert found(f"{PICTURES}{grey}model.predict(p[None])\n") == [
        ("SC303", 5, "data (1, 12, 14, 1) does not fit the input (None, 12, 14, 3)")
    ]
    cv = "import cv2\np = cv2.resize(cv2.imread('a.png'), (14, 12))\n"  # OpenCV: columns first
    assert codes(f"{PICTURES}{cv}model.predict(p[None])\n") == []
    assert codes(f"{PICTURES}{cv}model.predict(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY)[None])\n") == ["SC303"]
    pil = "from PIL import Image\np = np.array(Image.open('a.png').convert('RGB').resize((14, 12)))\n"
    assert codes(f"{PICTURES}{pil}model.predict(p[None])\nmodel.predict(np.array(Image.open('b.png'))[None])\n") == []
    assert codes(f"{PICTURES}{pil}model.predict(p)\n") == ["SC303"]


def test_a_table_out_of_a_text_file_has_the_columns_that_are_cut() -> None:
    table = "table = np.loadtxt('t.csv', delimiter=',')\nx, y = table[:, 1:9], table[:, 0]\n"
    assert codes(f"{ONE}{table}model.fit(x, y)\n") == []
    assert found(f"{ONE}{table.replace('1:9', '1:8')}model.fit(x, y)\n") == [("SC303", 5, "data (?, 7) does not fit the input (None, 8)")]
    assert codes(f"{ONE}x, y = np.loadtxt('x.csv'), np.loadtxt('y.csv')\nmodel.fit(x, y)\n") == []


def test_columns_of_to_categorical_are_known_without_the_labels() -> None:
    text = f"{CLASSES}y = keras.utils.to_categorical(np.load('y.npy'), 5)\nmodel.fit({X}, y)\n"
    assert found(text) == [("SC301", 4, 'labels (..., 5) do not match the output (None, 3) for loss "categorical_crossentropy"')]
    assert repairs(text) == ["line 6: units=5"]
    assert codes(text.replace("5)", "3)")) == []


def test_the_labels_of_a_known_set_are_counted_on_every_way() -> None:
    start = "(x, y), (x_test, y_test) = keras.datasets.mnist.load_data()\n"
    model = "model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(9, activation='softmax')])\n"
    model += "model.compile(loss='sparse_categorical_crossentropy')\n"
    for given in ("x, y", "x, y.astype('int32').reshape(-1)", "from_slices((x, y)).shuffle(100).batch(32)", "x[:5000], y[:5000].ravel()"):
        assert codes(f"{start}{model}model.fit({given})\n") == ["SC313"], given
        assert codes(f"{start}{model.replace('Dense(9', 'Dense(10')}model.fit({given})\n") == [], given


def test_the_shape_of_all_samples_is_no_input_shape() -> None:
    text = f"x = {X}\nmodel = keras.Sequential([keras.Input(x.shape), layers.Dense(1)])\n"
    text += "model.compile(loss='mse')\nmodel.fit(x, np.zeros(20))\n"
    assert found(text) == [("SC303", 4, "data (20, 8) does not fit the input (None, 20, 8)")]
    assert repairs(text) == ["write x.shape[1:]"]
    assert codes(text.replace("x.shape", "x.shape[1:]")) == []
    one_sample = "model = keras.Sequential([keras.Input((20, 8)), layers.Flatten(), layers.Dense(1)])\n"
    assert repairs(f"{one_sample}x = {X}\nmodel.predict(x)\n") == ["line 8: x[None], a batch of one sample", "input shape (8,)"]


WINDOWS = """series = np.load("series.npy").reshape(-1, 1)
x, y = [], []
for i in range(60, 1258):
    x.append(series[i - {length}:i, 0])
    y.append(series[i, 0])
x, y = np.array(x), np.array(y)
x = np.reshape(x, (x.shape[0], x.shape[1], 1))
model = keras.Sequential([layers.Flatten(input_shape=({steps}, 1)), layers.Dense(1)])
model.compile(loss="mse")
model.fit(x, y)
"""


def test_windows_that_a_loop_cuts_are_as_long_as_it_says() -> None:
    assert codes(WINDOWS.format(length=60, steps=60)) == []
    assert found(WINDOWS.format(length=50, steps=60)) == [("SC303", 10, "data (?, 50, 1) does not fit the input (None, 60, 1)")]
    assert found(WINDOWS.format(length=60, steps="x.shape[1] + 1"))[0][2] == "data (?, 60, 1) does not fit the input (None, 61, 1)"
    other = WINDOWS.replace("y.append(", "x.append(series[i - 7:i, 0])\n    y.append(")
    assert codes(other.format(length=50, steps=60)) == []  # windows of two lengths: nothing is certain
    mixed = WINDOWS.replace("x, y = np.array", "x.insert(0, first)\nx, y = np.array")
    assert codes(mixed.format(length=50, steps=60)) == []


STEPPED = """def cut(sequence, steps):
    x, y = [], []
    for i in range(len(sequence)):
        end = i + steps
        if end > len(sequence) - 1:
            break
        x.append(sequence[i:end])
        y.append(sequence[end])
    return np.array(x), np.array(y)

x, y = cut(pd.read_csv("a.csv").iloc[:, 1:4].values, {steps})
model = keras.Sequential([layers.Flatten(input_shape=(7, 3)), layers.Dense(3)])
model.compile(loss="mse")
model.fit(x, y)
"""


def test_windows_whose_end_has_a_name_are_as_long_as_it_says() -> None:
    assert codes(STEPPED.format(steps=7)) == []
    assert found(STEPPED.format(steps=6)) == [("SC303", 14, "data (?, 6, 3) does not fit the input (None, 7, 3)")]


def test_sets_of_sklearn_and_letters_are_known() -> None:
    iris = "from sklearn.datasets import load_iris\nd = load_iris()\n"
    model = "model = keras.Sequential([keras.Input(({width},)), layers.Dense(3, activation='softmax')])\n"
    model += "model.compile(loss='sparse_categorical_crossentropy')\n"
    for x, y in (("d['data']", "d['target']"), ("d.data", "d.target")):
        assert codes(f"{iris}{model.format(width=4)}model.fit({x}, {y})\n") == []
        assert codes(f"{iris}{model.format(width=5)}model.fit({x}, {y})\n") == ["SC303"]
    digits = "from sklearn.datasets import fetch_openml\nx, y = fetch_openml('mnist_784', version=1, return_X_y=True, as_frame=False)\n"
    assert codes(f"{digits}{model.format(width=784)}model.fit(x, y.astype('int32'))\n") == ["SC313"]
    letters = "import string\nmodel = keras.Sequential([keras.Input((len(string.ascii_letters + '.'),)), layers.Dense(2)])\n"
    assert codes(f"{letters}model.predict(np.zeros((3, 53)))\n") == []
    assert found(f"{letters}model.predict(np.zeros((3, 52)))\n") == [("SC303", 3, "data (3, 52) does not fit the input (None, 53)")]


def test_the_arguments_of_a_folder_are_read_by_position_too() -> None:
    """Signatures: keras 3.15 and tf.keras 2.15. Unknown arguments have no default: nothing is said of such data."""
    old = folder(", class_mode='sparse'", "sparse_categorical_crossentropy", FLAT, old=True)
    assert codes(old.replace("target_size=", "")) == []
    assert codes(old.replace("target_size=(12, 14)", "(9, 14)")) == ["SC303"]
    assert codes(old.replace("target_size=(12, 14)", "(12, 14), 'grayscale'")) == ["SC303"]
    assert codes(old.replace("target_size=(12, 14)", "**loaded()")) == []
    framed = old.replace("flow_from_directory('f', target_size=(12, 14)", "flow_from_dataframe(frame, 'f', 'file', 'class', None, {}")
    assert codes(framed.format("(12, 14)")) == []
    assert codes(framed.format("(9, 14)")) == ["SC303"]
    new = folder("", "sparse_categorical_crossentropy", FLAT)
    assert codes(new.replace("image_size=", "'inferred', 'int', None, 'rgb', 32, ")) == []
    assert codes(new.replace("image_size=", "'inferred', 'categorical', None, 'rgb', 32, ")) == ["SC301"]
    assert codes(new.replace("image_size=", "None, image_size=")) == ["SC317"]
    assert codes(new.replace("image_size=", "batch_size=None, image_size=")) == ["SC316"]
    both = new.replace("data = ", "data, held = ").replace("(12, 14)", "(12, 14), subset='both', validation_split=0.2, seed=1")
    assert codes(both.replace("fit(data)", "fit(data, validation_data=held)")) == []
    assert codes(both.replace("(12, 14)", "(9, 14)").replace("fit(data)", "fit(data, validation_data=held)")) == ["SC303", "SC303"]


def test_the_images_of_a_folder_are_loaded_in_the_size_of_the_input() -> None:
    new = folder("", "sparse_categorical_crossentropy", FLAT)
    assert "line 6: image_size=(12, 14)" in repairs(new.replace("image_size=(12, 14)", "image_size=(9, 14)"))
    assert "line 6: image_size=(12, 14)" in repairs(new.replace("image_size=(12, 14)", "'inferred', 'int', None, 'rgb', 32, (9, 14)"))
    old = folder(", class_mode='sparse'", "sparse_categorical_crossentropy", FLAT, old=True)
    assert "line 7: target_size=(12, 14)" in repairs(old.replace("target_size=(12, 14)", "(9, 14)"))
    assert "line 7: target_size=(12, 14)" in repairs(old.replace(", target_size=(12, 14)", ""))
    held = new.replace("fit(data)", "fit(data, validation_data=keras.utils.image_dataset_from_directory('g', image_size=(9, 9)))")
    held = held.replace("'f', image", "'f', label_mode='categorical', image")  # two errors, which only two edits repair together
    assert [one for one in repairs(held) if 'label_mode="int"' in one and "image_size=(12, 14)" in one]


def test_a_third_argument_keeps_the_axis() -> None:
    """tf.reduce_mean(x, axis, keepdims), keras.ops.mean and keras.backend.mean alike; numpy's third is a dtype."""
    made = "model = keras.Sequential([keras.Input((1, 3)), layers.Dense(1)])\n"
    assert codes(f"import tensorflow as tf\n{made}model.predict(tf.reduce_mean(np.zeros((5, 4, 3)), 1, True))\n") == []
    assert codes(f"{made}model.predict(keras.ops.mean(np.zeros((5, 4, 3)), 1, True))\n") == []
    assert codes(f"{made}model.predict(np.sum(np.zeros((5, 4, 3)), 1, float))\n") == ["SC303"]


def test_keywords_of_training_calls_are_checked() -> None:
    """Signatures: keras 3.15, Trainer. Keras refuses each of these with an error."""
    wrong = f"{ONE}model.compile('adam', 'mse', matrics=['mae'])\nmodel.fit({X}, {Y}, epoch=3)\n"
    assert found(wrong) == [
        ("SC403", 3, "compile() has no argument 'matrics'"),
        ("SC403", 4, "fit() has no argument 'epoch'"),
    ]
    assert [one for one in repairs(wrong) if "metrics=['mae']" in one and "epochs=3" in one]
    assert repairs(f"{ONE}model.fit({X}, {Y}, epoch=3)\n") == ["line 8: epochs=3", "line 8: without epoch"]
    assert codes(f"{ONE}model.predict({X}, lr=0.1)\nmodel.evaluate({X}, {Y}, verbos=0)\n") == ["SC403", "SC403"]
    right = f"{ONE}model.fit({X}, {Y}, 4, epochs=3, validation_freq=2)\nmodel.evaluate({X}, {Y}, return_dict=True)\n"
    assert codes(right) == []
    assert codes(f"{ONE}model.fit({X}, {Y}, workers=4, **{{}})\n") == []  # of Keras 2: the migration pass speaks of it
    own = "class Net(keras.Sequential):\n    def fit(self, x, y, epoch=1):\n        return super().fit(x, y, epochs=epoch)\n"
    assert codes(f"{own}{ONE.replace('keras.Sequential', 'Net')}model.fit({X}, {Y}, epoch=3)\n") == []
    assert codes(f"{ONE}try:\n    model.fit({X}, {Y}, epoch=3)\nexcept TypeError:\n    pass\n") == []
