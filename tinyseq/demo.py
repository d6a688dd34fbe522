"""`python -m tinyseq demo`: checks the guide's convnet, shows its feature maps, and trains a small one.

All it needs is inside the package. It prints its progress; the last line is one JSON object: accuracy on
digits from forms it never saw, seconds, files written.
"""

import json
import time
from pathlib import Path
from textwrap import wrap
from typing import Any

import tinyseq
from shapecheck import layers as rules
from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import chain
from shapecheck.languages import current, say
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq import layers
from tinyseq.datasets import digits, photographs

Stack = list[tuple[str, tuple[Any, ...], dict[str, Any]]]  # a layer's class, positional and named arguments

# The stack of the guide's section "add() + summary()", without its Input((250, 250, 3)).
GUIDE: Stack = [
    ("Conv2D", (32, 5), {"strides": 2, "activation": "relu"}),
    ("Conv2D", (32, 3), {"activation": "relu"}),
    ("MaxPooling2D", (3,), {}),
    ("Conv2D", (32, 3), {"activation": "relu"}),
    ("Conv2D", (32, 3), {"activation": "relu"}),
    ("MaxPooling2D", (3,), {}),
    ("Conv2D", (32, 3), {"activation": "relu"}),
    ("Conv2D", (32, 3), {"activation": "relu"}),
    ("MaxPooling2D", (2,), {}),
    ("GlobalMaxPooling2D", (), {}),
    ("Dense", (10,), {}),
]
DIGITS: Stack = [
    ("Conv2D", (32, 3), {"padding": "same", "activation": "relu"}),
    ("Conv2D", (64, 3), {"activation": "relu"}),
    ("MaxPooling2D", (2,), {}),
    ("Dropout", (0.25,), {}),
    ("Flatten", (), {}),
    ("Dense", (64,), {"activation": "relu"}),
    ("Dropout", (0.25,), {}),
    ("Dense", (10,), {"activation": "softmax"}),
]
EPOCHS = 20
LOOKED_AT = (0, 1, 2, 4, 7)  # layers of GUIDE whose feature maps are drawn


class Demo:
    """One run: its output folder, its seed, the files written so far."""

    def __init__(self, out: Path, seed: int) -> None:
        self.out, self.seed = out, seed
        self.files: list[str] = []
        self.language: Any = "en"
        self.started = time.perf_counter()

    def run(self) -> float:
        """All four parts; returns the accuracy on the digits that were held out."""
        self.language = of_pictures()
        guide = self.check_and_grow()
        self.look_at_the_photograph(guide)
        accuracy = self.learn_digits()
        self.say_what_next()
        seconds = round(time.perf_counter() - self.started, 2)
        print(json.dumps({"accuracy": round(accuracy, 4), "seconds": seconds, "files": self.files}), flush=True)
        return accuracy

    def check_and_grow(self) -> Any:
        """Part 1: the guide's stack, add() by add(), with the arithmetic of each size. No weight is allocated."""
        print(say("demo", "guide", "1 of 4  The guide's convnet, checked layer by layer. No weights exist yet.\n"), flush=True)
        model = grown("guide", (250, 250, 3), GUIDE)
        print(say("demo", "small", "\n        The same layers on an image of 32 x 32 would be refused at once:"))
        for line in refused((32, 32, 3), GUIDE).splitlines():
            print("       ", line)
        return model

    def look_at_the_photograph(self, model: Any) -> None:
        """Part 2: the activations of five layers for one real photograph, as a picture."""
        print(say(
            "demo", "maps",
            "\n2 of 4  Its feature maps of a photograph (Eileen Collins, NASA), 250 x 250.\n"
            "        The kernels are compiled the first time they are used (some seconds;\n"
            "        the next run reads them from disk) ...",
        ), flush=True)  # fmt: skip
        started = time.perf_counter()
        tinyseq.utils.set_random_seed(self.seed)
        picture = photographs.astronaut()
        shown = [model.layers[i] for i in LOOKED_AT]
        several: Any = tinyseq.Model
        look = several(inputs=model.inputs, outputs=[layer.output for layer in shown])
        activations = [maps.copy() for maps in look(picture[None].astype("float32") / 255)]
        seen = len(model.layers[: max(LOOKED_AT) + 1])
        print(say("demo", "looked", "        looked through {count} layers ({seconds:.1f} s)", count=seen, seconds=since(started)))
        from tinyseq import plotting

        names = [layer.name for layer in shown]
        self.save("feature_maps.png", plotting.feature_maps(activations, image=picture, names=names, language=self.language))
        print(say(
            "demo", "random",
            "        (Its weights are still random: you see edges and colours because any small\n"
            "        filter finds those. Part 3 trains one.)",
        ))  # fmt: skip

    def learn_digits(self) -> float:
        """Part 3: check, train, evaluate on forms that were not trained on, two pictures."""
        from tinyseq import plotting

        (x_train, y_train), (x_test, y_test) = digits.load_data()
        print(say(
            "demo", "digits",
            "\n3 of 4  A small convnet learns handwritten digits: {train:,} to learn from,\n"
            "        {test} to be tested on, from forms it never sees (14 forms by 13 writers: one hand\n"
            "        may be on both sides).\n",
            train=len(x_train), test=len(x_test),
        ))  # fmt: skip
        model = grown("digits", (8, 8, 1), DIGITS)
        tinyseq.utils.set_random_seed(self.seed)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        print(say(
            "demo", "training", "\n        Training, {epochs} epochs; the last training form is for validation (val_) ...", epochs=EPOCHS,
        ), flush=True)  # fmt: skip
        started = time.perf_counter()
        x, x_new = (part[..., None].astype("float32") / 16 for part in (x_train, x_test))
        history = model.fit(x, y_train, batch_size=32, epochs=EPOCHS, validation_split=0.09)
        print(say("demo", "trained", "        trained ({seconds:.1f} s)", seconds=since(started)))
        loss, accuracy = model.evaluate(x_new, y_test, verbose=0)
        print(say(
            "demo", "result", "        On the {count} digits it never saw: {accuracy:.1%} right, loss {loss:.3f}.",
            count=len(x_test), accuracy=accuracy, loss=loss,
        ))  # fmt: skip
        self.save("training_curves.png", plotting.training_curves(history, language=self.language))
        self.save("mistakes.png", plotting.mistakes(x_test, y_test, model.predict(x_new, verbose=0), language=self.language))
        return float(accuracy)

    def say_what_next(self) -> None:
        """Part 4."""
        print(say(
            "demo", "next",
            "\n4 of 4  What to try next:\n"
            "        - look at the pictures named above, the page of mistakes first\n"
            "        - python -m tinyseq demo --seed 1      another seed, other mistakes\n"
            "        - write your own stack in a file and check it without running it:\n"
            "              python -m shapecheck my_model.py\n"
            "        - work through the lessons:  python -m tinyseq tutorials lessons",
        ))  # fmt: skip

    def save(self, name: str, picture: Any) -> None:
        """Writes a picture into the folder and prints its path."""
        from tinyseq import plotting

        target = self.out / name
        plotting.save(picture, target)
        self.files.append(str(target))
        print(say("demo", "wrote", "        wrote {file}", file=target), flush=True)


def of_pictures() -> Any:
    """The language of what is printed; English, and a line that says why, if no font for it is installed."""
    from tinyseq.plotting.fonts import FontMissing, devanagari_font

    if current() == "en":
        return "en"
    try:
        devanagari_font()
    except FontMissing as missing:
        print(say("demo", "no_font", "        the pictures are in English: {why}", why=str(missing).splitlines()[0]))
        return "en"
    return current()


def spelled(layer: str, positional: tuple[Any, ...], named: dict[str, Any]) -> str:
    """The layer as written in code: Conv2D(32, 5, strides=2).

    >>> spelled("Conv2D", (32, 5), {"strides": 2, "activation": "relu"})
    'Conv2D(32, 5, strides=2, activation="relu")'
    """
    named_texts = [f"{name}={json.dumps(value)}" for name, value in named.items()]
    return f"{layer}({', '.join([*map(str, positional), *named_texts])})"


def grown(name: str, input_shape: tuple[int, ...], stack: Stack) -> Any:
    """A Sequential built add() by add(), printing a line for each: the call, the arithmetic of the size, the parameters."""
    model = tinyseq.Sequential(name=name)
    model.add(tinyseq.Input(shape=input_shape))
    params = say("demo", "params", "params")
    print(f"        {f'Input({input_shape})':<50}{'x'.join(map(str, input_shape)):<12}{params}")
    for layer, positional, named in stack:
        model.add(getattr(layers, layer)(*positional, **named))
        print("        " + growth_line(model, input_shape, spelled(layer, positional, named)))
    print(f"        {'':<62}{model.count_params():,}")
    return model


def growth_line(model: Any, input_shape: tuple[int, ...], call: str) -> str:
    """The line for the last add(), from shapecheck's table row."""
    row = propagate(chain(model.layers, input_shape=Shape((None, *input_shape)))).rows[-1]
    sizes = "x".join(str(size) for size in row.output.sizes)
    sums = [str(part) for part in row.inference.arithmetic if part.axis == "height"] if row.inference else []
    line = f"{call:<50}{sizes:<12}{row.params:,}"
    return line + (f"\n          {sums[0]}" if sums else "")


def refused(input_shape: tuple[int, ...], stack: Stack) -> str:
    """The message with which shapecheck refuses the stack on a smaller image."""
    made = [getattr(rules, layer)(*positional, **named) for layer, positional, named in stack]
    broken = propagate(chain(made, input_shape=Shape((None, *input_shape)))).broken[0]
    assert broken.diagnostic is not None
    told = str(ShapeError(broken.diagnostic, broken.name))
    return "\n".join(part for line in told.splitlines() for part in wrap(line, 72, subsequent_indent="      "))


def since(started: float) -> float:
    """Seconds since `started`."""
    return time.perf_counter() - started


def writable(out: Path) -> str | None:
    """Why pictures cannot be written into `out` (created if missing), or None if they can."""
    probe = out / ".tinyseq-demo"
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return error.strerror or str(error)
    return None
