"""Every "cannot tell" names what would settle it: here each kind of advice is followed to the letter, and settles the stack."""

from __future__ import annotations

import re

import pytest

from shapecheck import check_source
from shapecheck.findings import Stack

HEAD = """import json
import os
import numpy as np
import pandas as pd
import keras
from keras import layers
from sklearn.preprocessing import OneHotEncoder
from tokens import read_words, Bag
"""
DENSE = "model = keras.Sequential([layers.Dense(4, input_shape=(x.shape[1],)), layers.Dense(2)])\n"

KINDS = {
    "columns of a file": 'frame = pd.read_csv("prices.csv")\nx = frame.values[:, 1:]\n' + DENSE,
    "columns of a sheet": 'x = pd.read_excel("prices.xlsx")\n' + DENSE,
    "an array from a file": 'x = np.load("x.npy")\n' + DENSE,
    "a table as text": 'x = np.loadtxt("x.txt", delimiter=",")\n' + DENSE,
    "columns that are dropped": 'frame = pd.read_csv("a.csv")\nx = frame.drop(["age"] + read_words(), axis=1)\n' + DENSE,
    "columns of a category": 'frame = pd.read_csv("a.csv")\nx = pd.get_dummies(frame)\n' + DENSE,
    "an encoder's columns": 'x = OneHotEncoder().fit_transform(np.load("x.npy"))\n' + DENSE,
    "a method that is not followed": 'x = np.load("x.npy").partition(3)\n' + DENSE,
    "a function of another file": "x = np.array(read_words())\n" + DENSE,
    "an object of another file": "bag = Bag()\nx = bag.matrix(\n    5,\n)\n" + DENSE,
    "a number of words": """words = read_words()
count = len(words) + 1
model = keras.Sequential([keras.Input((12,)), layers.Embedding(count, 8), layers.Flatten(), layers.Dense(2)])
""",
    "an item of a file of settings": """settings = json.load(open("settings.json"))
model = keras.Sequential([
    keras.Input((12,)),
    layers.Dense(settings["units"]),
])
""",
    "an attribute of unknown settings": """settings = read_words()
model = keras.Sequential([keras.Input((12,)), layers.Dense(settings.units * 2), layers.Dense(2)])
""",
    "a parameter that is a number": """def build(units):
    return keras.Sequential([keras.Input((12,)), layers.Dense(units), layers.Dense(2)])
""",
    "a parameter that is a shape": """def build(
    input_shape,
    classes=3,
):
    \"\"\"A small network.\"\"\"
    return keras.Sequential([keras.Input(input_shape), layers.Flatten(), layers.Dense(classes)])
""",
    "a parameter of a method": """class Builder:
    def build(self, width):
        return keras.Sequential([keras.Input((width,)), layers.Dense(2)])
""",
    "an attribute of an object": """class Builder:
    def __init__(self):
        self.width = read_words()
        self.model = keras.Sequential([keras.Input((self.width,)), layers.Dense(2)])


builder = Builder()
""",
    "an item of an attribute of a parameter": """def build(config):
    return keras.Sequential([keras.Input((config.sizes[0],)), layers.Dense(2)])
""",
    "inputs made in a loop over unknown columns": """columns = read_words()
inputs = []
for column in columns:
    inputs.append(keras.Input((1,), name=column))
model = keras.Model(inputs, layers.Dense(2)(layers.Concatenate()(inputs)))
""",
    "a condition": """if os.environ.get("LARGE"):
    units = 90
else:
    units = 9
model = keras.Sequential([keras.Input((12,)), layers.Dense(units), layers.Dense(2)])
""",
    "a loop": """longest = 0
for line in open("lines.txt"):
    longest = max(longest, len(line))
model = keras.Sequential([keras.Input((longest,)), layers.Dense(2)])
""",
    "a name that changes in the loop around": """width = 2
for line in open("lines.txt"):
    model = keras.Sequential([keras.Input((width,)), layers.Dense(2)])
    width = width + 1
""",
    "lines read in a loop": """rows = []
for line in open("lines.txt"):
    rows.append([int(part) for part in line.split()])
x = np.array(rows)
""" + DENSE,
    "data without an Input": 'x = np.load("x.npy")\nmodel = keras.Sequential([layers.Dense(2)])\nmodel.fit(x, x)\n',
    "pictures without an Input": """x = np.load("x.npy")
model = keras.Sequential([layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(2)])
model.predict(x)
""",
    "steps without an Input": 'x = np.load("x.npy")\nmodel = keras.Sequential([layers.LSTM(4), layers.Dense(2)])\nmodel.predict(x)\n',
    "no data and no Input": "model = keras.Sequential([layers.Dense(4), layers.Dense(2)])\n",
    "layers added to a stack without an Input": "model = keras.Sequential()\nmodel.add(layers.Conv1D(4, 3))\nmodel.add(layers.Flatten())\n",
    "a call inside a layer": "model = keras.Sequential([keras.Input((12,)), layers.Dense(units=read_words()), layers.Dense(2)])\n",
    "a value of another file": """from tokens import COUNT
model = keras.Sequential([keras.Input((12,)), layers.Dense(units=COUNT), layers.Dense(2)])
""",
    "a subclass that nothing calls": """class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = layers.Dense(2)

    def call(self, x):
        return self.out(x)


net = Net()
""",
    "a subclass on unknown data": """class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = layers.Dense(2)

    def call(self, x):
        return self.out(x)


x = np.load("x.npy")
net = Net()
net.predict(x)
""",
    "classes counted in labels": """labels = pd.read_csv("labels.csv")["kind"]
count = labels.nunique()
model = keras.Sequential([keras.Input((12,)), layers.Dense(count)])
""",
    "a name that is not in the file": "model = keras.Sequential([keras.Input((12,)), layers.Dense(units=hidden_units)])\n",
    "an item out of a list": """sizes = read_words()
first = sizes[0]
model = keras.Sequential([keras.Input((first,)), layers.Dense(2)])
""",
    "one of two files": """x = np.load("a.npy")
if os.environ.get("SECOND"):
    x = np.load("b.npy")
""" + DENSE,
}


def unknown(source: str) -> list[tuple[Stack, str, int]]:
    """(stack, reason, line of the layer) of the first layer of each stack."""
    found = []
    for stack in check_source(source, "advice.py").files[0].stacks:
        for row, origin in zip(stack.rows, stack.origins, strict=True):
            if row.verdict in ("unknown", "any-size"):
                found.append((stack, row.reason, origin.line))
                break
    return found


def follow(source: str, reason: str, stack: Stack, layer: int) -> str:
    """The source with the edit that the reason names."""
    lines = source.split("\n")
    comment = re.search(r"write `(# shapecheck: .*?)` (below|above) line (\d+)", reason)
    if comment:
        text, side, line = comment[1], comment[2], int(comment[3])
        outside = re.search(r", indented as line (\d+)", reason)
        indent = re.match(r" *", lines[(int(outside[1]) if outside else line) - 1])
        assert indent is not None
        lines.insert(line if side == "below" else line - 1, indent[0] + text)
        return "\n".join(lines)
    shape = re.search(r"put (keras\.Input\(\(.*?\)\)) first", reason)
    if shape and "Sequential([" in source:
        return source.replace("Sequential([", f"Sequential([{shape[1]}, ")
    if shape:
        return source.replace("Sequential()\n", f"Sequential()\n{stack.name}.add({shape[1]})\n")
    build = re.search(r"call (\w+\.build\(\(None, \d+\)\))", reason)
    if build:
        return source.replace("net = Net()\n", f"net = Net()\n{build[1]}\n")
    value = re.search(r"write its value for (\w+)=", reason)
    assert value, f"no advice: {reason}"
    lines[layer - 1] = re.sub(rf"{value[1]}=\w+(\(\))?", f"{value[1]}=7", lines[layer - 1])
    return "\n".join(lines)


@pytest.mark.parametrize("body", KINDS.values(), ids=KINDS)
def test_following_the_advice_settles_the_stack(body: str) -> None:
    source = HEAD + body
    assert unknown(source), "the program is settled as it is"
    for _ in range(2):
        found = unknown(source)
        if found:
            stack, reason, line = found[0]
            source = follow(source, reason, stack, line)
    assert not unknown(source), source
    report = check_source(source, "advice.py").files[0]
    assert report.stacks and not [finding for finding in report.findings if finding.code.startswith("SC9")]


def test_the_advice_names_the_cell_of_a_notebook() -> None:
    import json

    cells = [HEAD, 'x = np.load("x.npy")', DENSE]
    book = {"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4}
    (stack,) = check_source(json.dumps(book), "book.ipynb").files[0].stacks
    assert stack.rows[0].reason == "the shape comes from x.npy (line 1): write `# shapecheck: x = (None, 30)` below line 1 of cell 2"


def test_a_function_of_another_file_is_replaced_or_its_tensor_declared() -> None:
    source = "import keras\nfrom foo import bar\nx = keras.Input((8,))\nh = bar(x)\nm = keras.Model(x, keras.layers.Dense(2)(h))\n"
    (stack,) = check_source(source).stacks
    assert stack.rows[1].reason == (
        "foo.bar() is not in the file: put a layer of Keras in its place, or for the layers behind it: "
        "write `# shapecheck: h = (None, 30)` below line 4"
    )


def test_inputs_that_are_unpacked_are_as_many_in_the_call_that_settles_them() -> None:
    source = (
        "import keras\nclass Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = keras.layers.Dense(3)\n    def call(self, inputs):\n        x, y = inputs\n"
        "        return self.a(x) + self.a(y)\nnet = Net()\n"
    )
    (stack,) = check_source(source).stacks
    reasons = {str(row.reason) for row in stack.rows if row.class_name == "Dense"}
    assert reasons == {
        "no call in this file determines the input shape of Net: call net([keras.Input((30,)), keras.Input((30,))])"
    }


def test_an_unknown_argument_is_named_by_its_call_and_line() -> None:
    source = "import keras\nimport numpy as np\ny = np.load('y.npy')\nm = keras.Sequential([keras.Input((8,)), "
    (stack,) = check_source(source + "keras.layers.Dense(max(len(np.unique(y)), 3))])\n").stacks
    assert stack.rows[1].reason == "an argument of max() on line 4 is unknown: write its value for units="
