"""Broken scripts with data and labels in them: each a good net of BASES with one mistake that people make, ending in fit or predict.

`mutants()` yields (kind, source): deterministic, no randomness in what is written. Whether a repair trains is for Keras to say
(tests/oracle/record_trained.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

HEAD = "import numpy as np\nimport keras\nfrom keras import layers\n"


class Net:
    """A script as parts: layers as text, sizes of a sample, how the labels are made, the loss, and how the model is used."""

    def __init__(self, stack: str, sample: str, labels: str, loss: str, count: int = 8, use: str = "model.fit(x, y, verbose=0)") -> None:
        self.stack = stack.split("; ")
        self.sample = sample
        self.labels = labels
        self.loss = loss
        self.count = count
        self.use = use
        self.made = "np.random.rand({})"

    def but(self, **changes: object) -> Net:
        """The same net with some parts changed."""
        made = Net.__new__(Net)
        made.__dict__.update(self.__dict__, stack=list(self.stack))
        made.__dict__.update(changes)
        return made

    @property
    def source(self) -> str:
        """The whole script."""
        written = (f"keras.{one}" if one.startswith("Input") else f"layers.{one}" for one in self.stack)
        layers = "".join(f"    {one},\n" for one in written)
        size = f"{self.count}, {self.sample}" if self.sample else str(self.count)
        return (
            f"{HEAD}x = {self.made.format(size)}\ny = {self.labels.replace('N', str(self.count))}\nmodel = keras.Sequential([\n{layers}])\n"
            f'model.compile(optimizer="sgd", loss="{self.loss}")\n{self.use}\n'
        )


def classes(count: int, places: str = "") -> str:
    return f"np.random.randint(0, {count}, size=(N,{places}))"


def columns(count: int) -> str:
    return f"keras.utils.to_categorical(np.arange(N) % {count}, {count})"


SPARSE, CATEGORICAL, BINARY = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"
BASES: dict[str, Net] = {
    "mlp": Net('Input((8,)); Dense(16, activation="relu"); Dense(5, activation="softmax")', "8", classes(5), SPARSE),
    "deep mlp": Net(
        'Input((6,)); Dense(12, activation="relu"); Dropout(0.2); Dense(9, activation="tanh"); Dense(3, activation="softmax")', "6",
        columns(3), CATEGORICAL,
    ),
    "digits": Net(
        'Input((12, 12, 1)); Conv2D(4, 3, activation="relu"); MaxPooling2D(2); Flatten(); Dense(10, activation="softmax")', "12, 12, 1",
        classes(10), SPARSE,
    ),
    "two poolings": Net(
        'Input((20, 20, 1)); Conv2D(4, 3, activation="relu"); MaxPooling2D(2); Conv2D(6, 3, activation="relu"); MaxPooling2D(2); '
        'Flatten(); Dense(7, activation="softmax")', "20, 20, 1", columns(7), CATEGORICAL,
    ),
    "colour": Net(
        'Input((16, 16, 3)); Conv2D(6, 3, padding="same", activation="relu"); MaxPooling2D(2); Conv2D(8, 3, padding="same"); '
        'GlobalAveragePooling2D(); Dense(4, activation="softmax")', "16, 16, 3", classes(4), SPARSE,
    ),
    "batch norm": Net(
        'Input((14, 14, 3)); Conv2D(6, 3); BatchNormalization(); Activation("relu"); AveragePooling2D(2); Flatten(); Dropout(0.1); '
        'Dense(6, activation="softmax")', "14, 14, 3", columns(6), CATEGORICAL,
    ),
    "cats": Net(
        'Input((18, 18, 3)); Conv2D(4, 3, activation="relu"); MaxPooling2D(2); Conv2D(4, 3, activation="relu"); Flatten(); '
        'Dense(8, activation="relu"); Dense(1, activation="sigmoid")', "18, 18, 3", classes(2), BINARY,
    ),
    "flat digits": Net(
        'Input((9, 9)); Flatten(); Dense(12, activation="relu"); Dense(10, activation="softmax")', "9, 9", classes(10), SPARSE,
    ),
    "diabetes": Net(
        'Input((8,)); Dense(12, activation="relu"); Dense(6, activation="relu"); Dense(1, activation="sigmoid")', "8", classes(2), BINARY,
    ),
    "houses": Net('Input((13,)); Dense(16, activation="relu"); Dense(1)', "13", "np.random.rand(N)", "mse"),
    "four numbers": Net('Input((7,)); Dense(16, activation="relu"); Dense(4)', "7", "np.random.rand(N, 4)", "mae"),
    "tags": Net(
        'Input((10,)); Dense(16, activation="relu"); Dense(4, activation="sigmoid")', "10", "np.random.randint(0, 2, size=(N, 4))", BINARY,
    ),
    "autoencoder": Net('Input((16,)); Dense(5, activation="relu"); Dense(16, activation="sigmoid")', "16", "x", "mse"),
    "last step": Net('Input((9, 4)); LSTM(6); Dense(3, activation="softmax")', "9, 4", classes(3), SPARSE),
    "stacked lstm": Net('Input((9, 4)); LSTM(6, return_sequences=True); LSTM(5); Dense(1)', "9, 4", "np.random.rand(N, 1)", "mse"),
    "stacked gru": Net(
        'Input((7, 3)); GRU(6, return_sequences=True); GRU(5, return_sequences=True); GRU(4); Dense(2, activation="softmax")', "7, 3",
        columns(2), CATEGORICAL,
    ),
    "tagger": Net('Input((9, 4)); LSTM(6, return_sequences=True); Dense(3, activation="softmax")', "9, 4", classes(3, " 9"), SPARSE),
    "signal": Net(
        'Input((32, 3)); Conv1D(6, 3, activation="relu"); MaxPooling1D(2); Conv1D(6, 3, activation="relu"); Flatten(); '
        'Dense(6, activation="softmax")', "32, 3", classes(6), SPARSE,
    ),
    "signal pooled": Net(
        'Input((40, 2)); Conv1D(8, 5, strides=2); MaxPooling1D(3); GlobalMaxPooling1D(); Dense(5, activation="softmax")', "40, 2",
        columns(5), CATEGORICAL,
    ),
    "reshaped": Net(
        'Input((16,)); Dense(36); Reshape((6, 6, 1)); Conv2D(3, 2, activation="relu"); Flatten(); Dense(3, activation="softmax")', "16",
        classes(3), SPARSE,
    ),
}  # fmt: skip

Edit = Callable[[Net], Iterator[Net]]


def layer(pattern: str, replacement: str, last: bool = False) -> Edit:
    """One layer written otherwise: the first, or the last, in which the pattern is found."""

    def edit(net: Net) -> Iterator[Net]:
        places = [place for place, one in enumerate(net.stack) if re.search(pattern, one)]
        if places:
            place = places[-1 if last else 0]
            yield net.but(stack=[*net.stack[:place], re.sub(pattern, replacement, net.stack[place], count=1), *net.stack[place + 1 :]])

    return edit


def without(pattern: str) -> Edit:
    """Without the first layer that matches."""

    def edit(net: Net) -> Iterator[Net]:
        place = next((place for place, one in enumerate(net.stack) if re.match(pattern, one)), None)
        if place is not None:
            yield net.but(stack=net.stack[:place] + net.stack[place + 1 :])

    return edit


def more(pattern: str, element: str, times: int = 1) -> Edit:
    """More layers behind the last that matches."""

    def edit(net: Net) -> Iterator[Net]:
        places = [place for place, one in enumerate(net.stack) if re.match(pattern, one)]
        if places:
            yield net.but(stack=[*net.stack[: places[-1] + 1], *[element] * times, *net.stack[places[-1] + 1 :]])

    return edit


def units(net: Net) -> int:
    """Those of the last layer."""
    found = re.match(r"Dense\((\d+)", net.stack[-1])
    assert found
    return int(found[1])


def end(net: Net, text: str) -> list[str]:
    """The stack with another last layer."""
    return [*net.stack[:-1], text]


def _labels(loss: str, change: Callable[[Net], dict[str, object]]) -> Edit:
    def edit(net: Net) -> Iterator[Net]:
        if net.loss == loss:
            yield net.but(**change(net))

    return edit


def _flat(net: Net) -> Iterator[Net]:
    sizes = [int(size) for size in net.sample.split(", ")]
    if len(sizes) > 1 and "randint" not in net.sample:
        total = 1
        for size in sizes:
            total *= size
        yield net.but(sample=str(total))


def _channels_first(net: Net) -> Iterator[Net]:
    *space, channels = net.sample.split(", ")
    if len(space) == 2 and channels == "3":
        yield net.but(sample=", ".join([channels, *space]))


def _no_channels(net: Net) -> Iterator[Net]:
    if net.sample.endswith(", 1"):
        sizes = net.sample.removesuffix(", 1")
        yield net.but(sample=sizes, stack=[f"Input(({sizes}))", *net.stack[1:]])


def _one_sample(net: Net) -> Iterator[Net]:
    if net.labels[-1] != "y":
        yield net.but(use=f"sample = np.random.rand({net.sample})\nmodel.fit(x, y, verbose=0)\nmodel.predict(sample, verbose=0)")


def _from_one(net: Net) -> Iterator[Net]:
    if net.loss == SPARSE and "size=(N,)" in net.labels:
        yield net.but(labels=f"np.random.randint(1, {units(net) + 1}, size=(200,))", count=200)


def _other_width(net: Net) -> Iterator[Net]:
    sizes = net.sample.split(", ")
    if len(sizes) == 1 and net.labels != "x":
        yield net.but(sample=str(int(sizes[0]) + 3))


def _in_the_input(net: Net) -> Iterator[Net]:
    yield net.but(stack=[re.sub(r"Input\(\((.+?),?\)\)", rf"Input(({net.count}, \1))", net.stack[0]), *net.stack[1:]])


def _x_shape(net: Net) -> Iterator[Net]:
    yield net.but(stack=["Input(x.shape)", *net.stack[1:]])


EDITS: dict[str, Edit] = {
    "no channel axis": _no_channels,
    "flat data": _flat,
    "channels first": _channels_first,
    "one sample": _one_sample,
    "data of another width": _other_width,
    "the batch in the input": _in_the_input,
    "the shape of all data as input": _x_shape,
    "a kernel too large": layer(r"(Conv\dD\(\d+, )\d+", r"\g<1>25"),
    "a pooling too many": more(r"\w+Pooling(?=\dD\(\d)", "MaxPooling2D(2)", 3),
    "a pool too wide": layer(r"((?:Max|Average)Pooling\dD\()\d", r"\g<1>30"),
    "no Flatten": without(r"Flatten|GlobalAverage|GlobalMax"),
    "no return_sequences": layer(r", return_sequences=True", ""),
    "return_sequences at the end": layer(r"((?:LSTM|GRU)\(\d+)\)", r"\1, return_sequences=True)", last=True),
    "units other than columns": _labels(CATEGORICAL, lambda net: {"stack": end(net, f'Dense({units(net) + 4}, activation="softmax")')}),
    "whole numbers for categorical": _labels(SPARSE, lambda net: {"loss": CATEGORICAL}),
    "columns for sparse": _labels(CATEGORICAL, lambda net: {"loss": SPARSE}),
    "labels from 1": _from_one,
    "softmax on one unit": _labels(BINARY, lambda net: {"stack": end(net, re.sub("sigmoid", "softmax", net.stack[-1]))}),
    "no last activation": _labels(SPARSE, lambda net: {"stack": end(net, re.sub(", activation=.softmax.", "", net.stack[-1]))}),
    "sigmoid for categorical": _labels(CATEGORICAL, lambda net: {"stack": end(net, net.stack[-1].replace("softmax", "sigmoid"))}),
    "relu for binary": _labels(BINARY, lambda net: {"stack": end(net, net.stack[-1].replace("sigmoid", "relu"))}),
    "categorical on one unit": _labels(BINARY, lambda net: {"loss": CATEGORICAL} if units(net) == 1 else {}),
    "stretched labels": _labels("mse", lambda net: {"stack": end(net, "Dense(4)"), "labels": "np.random.rand(N, 1)"}),
    "a loss misspelt": lambda net: iter([net.but(loss=net.loss.replace("cross", "cros"))] if "cross" in net.loss else []),
    "a loss without underscore": lambda net: iter([net.but(loss=net.loss.replace("_cross", "cross"))] if "_cross" in net.loss else []),
    "an activation misspelt": layer(r'activation="(\w)(\w)', r'activation="\2\1'),
    "an unknown keyword": layer(r"activation=", "activaton="),
    "units as text": layer(r"Dense\((\d+)", r'Dense("\1"'),
    "units as float": layer(r"Dense\((\d+)", r"Dense(\1 / 1"),
    "a class": layer(r"^(Flatten|MaxPooling2D|GlobalAveragePooling2D|BatchNormalization)\(.*\)$", r"\1"),
    "another Reshape": layer(r"Reshape\(\((\d)", r"Reshape((1\1"),
    "a rate above one": layer(r"Dropout\(0.", "Dropout(1"),
    "an axis that is not there": layer(r"BatchNormalization\(\)", "BatchNormalization(axis=6)"),
    "a stray LSTM": more(r"Flatten|Global", "LSTM(4)"),
    "a stray Conv2D": more(r"Flatten|Global", "Conv2D(4, 3)"),
    "an unknown size": layer(r"Input\(\((\d+), (\d+), (\d)\)\)", r"Input((None, None, \3))"),
    "the Keras 1 kernel": layer(r"Conv2D\((\d), 3", r"Conv2D(\1, 3, 3"),
    "odd groups": layer(r"(Conv\dD\(.*)\)$", r"\1, groups=7)"),
    "padding misspelt": layer(r'padding="same"', 'padding="smae"'),
    "a kernel as text": layer(r"(Conv\dD\(\d+, )(\d+)", r'\g<1>"\2"'),
    "strides with dilation": layer(r"(Conv2D\(.*)\)$", r"\1, dilation_rate=2, strides=2)"),
    "no input shape, another width behind": lambda net: iter(
        [net.but(stack=[*net.stack[:1], "Reshape((5, 5))", *net.stack[1:]])] if net.sample.count(",") == 0 else []
    ),
}


def mutants() -> Iterator[tuple[str, str, str]]:
    """(kind, net, source) of every edit on every net that it changes."""
    for kind, edit in EDITS.items():
        for name, net in BASES.items():
            for mutant in edit(net):
                if mutant.source != net.source:
                    yield kind, name, mutant.source
