"""What is proved for any size is held against the same program with thirty sizes in it, and against Keras (record_any_size.py)."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest

from shapecheck import check_source
from shapecheck.__main__ import main
from shapecheck.any_size.formulas import Formula, divided, number, of, quotient
from shapecheck.any_size.numbers import Conditions, Followed
from shapecheck.findings import Stack
from shapecheck.shapes import OfSizes
from tests.any_size import HEAD, NOT_FOR_ALL, PROGRAMS, sizes, source

RECORDED = json.loads((Path(__file__).parent.parent / "oracle" / "any_size.json").read_text(encoding="utf-8"))


def main_stack(text: str) -> Stack:
    return next(stack for stack in check_source(text, "any.py").stacks if stack.name == "model")


def value(size: object, n: int) -> object:
    """A formula's value, as Python computes what is printed."""
    return eval(str(size), {"n": n}) if isinstance(size, OfSizes) else size


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_size_from_the_smallest_on_is_refused_and_the_one_below_is(name: str) -> None:
    least, body = PROGRAMS[name]
    stack = main_stack(source(body))
    assert stack.verdicts["any-size"] > 0 and not stack.verdicts["unknown"]
    (free,) = stack.table.free
    assert (free.name, free.least) == ("n", least)
    tried = [size for size in sizes(least) if size >= least]
    for size in tried:
        real = main_stack(source(body, size))
        assert {row.verdict for row in real.rows} == {"proved"}, size
        for row, other in zip(stack.rows, real.rows, strict=True):
            assert [value(dim, size) for dim in row.output.dims or ()] == list(other.output.dims or ()), (size, row.name)
            assert value(row.params, size) == other.params and value(row.trainable_params, size) == other.trainable_params
        for ours, theirs in ((stack.table.params, real.table.params), (stack.table.multiply_adds, real.table.multiply_adds)):
            assert value(ours, size) == theirs
    if least > 1:
        assert main_stack(source(body, least - 1)).verdicts["broken"] and free.refused is not None
    else:
        assert free.refused is None


@pytest.mark.parametrize("name", NOT_FOR_ALL)
def test_what_some_larger_size_breaks_is_not_proved(name: str) -> None:
    size, body = NOT_FOR_ALL[name]
    stack = main_stack(source(body))
    assert not stack.verdicts["any-size"] and stack.verdicts["unknown"] and not stack.table.free
    assert main_stack(source(body, size)).verdicts["broken"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_keras_agrees(name: str) -> None:
    least, body = PROGRAMS[name]
    stack = main_stack(source(body))
    for text, built in RECORDED[name].items():
        size = int(text)
        if size < least:
            assert built is None or (name, size) == ("a window back", 60), size  # Keras accepts an axis of 0
        else:
            shape = [value(dim, size) for dim in stack.table.outputs[0].dims or ()]
            assert built == [shape, value(stack.table.params, size)], size


# ---------------------------------------------------------------------- two sizes


TWO = {
    "each on its own": ("keras.Sequential([keras.Input((a, b)), layers.LSTM(a), layers.Dense(b)])", True),
    "the same one twice": ("keras.Model(x := keras.Input((a,)), layers.Add()([x, layers.Dense(a)(layers.Dense(b)(x))]))", True),
    "two that must be equal": ("keras.Model(x := keras.Input((a,)), layers.Add()([x, layers.Dense(b)(x)]))", False),
    "one through the other": ("keras.Sequential([keras.Input((a, b)), layers.Reshape((b, a)), layers.Reshape((a * b,))])", True),
    "a window of one in the other": ("keras.Sequential([keras.Input((a, 2)), layers.Conv1D(2, (b,))])", False),
    "larger by the other": ("keras.Sequential([keras.Input((a + b, 2)), layers.Conv1D(2, (b,)), layers.Flatten()])", True),
}


@pytest.mark.parametrize("name", TWO)
def test_two_sizes(name: str) -> None:
    body, proved = TWO[name]
    head = HEAD + "a = int(os.environ['A'])\nb = int(os.environ['B'])\n"
    stack = main_stack(f"{head}model = {body}\n")
    assert (stack.verdicts["any-size"] > 0, stack.verdicts["unknown"] > 0) == (proved, not proved)
    for a, b in ((1, 1), (1, 2), (2, 1), (2, 3), (3, 2), (7, 5), (12, 100), (100, 12), (64, 64)):
        real = main_stack(f"{HEAD}a = {a}\nb = {b}\nmodel = {body}\n")
        if proved:
            assert {row.verdict for row in real.rows} == {"proved"}, (a, b)
            names = {free.name: number for free, number in zip(stack.table.free, _in_order(stack, a, b), strict=True)}
            assert [eval(str(size), names) for size in stack.table.outputs[0].dims or ()] == list(real.table.outputs[0].dims or ())
            assert eval(str(stack.table.params), names) == real.table.params


def _in_order(stack: Stack, a: int, b: int) -> list[int]:
    """The sizes in the order in which the table names them."""
    return [a if "'A'" in str(free.why) else b for free in stack.table.free]


# An operator that returned its operand would make two different sizes one, and prove what is false.
DIFFERENT = [
    "abs(n)", "max(n, 5)", "min(n, 5)", "n * 2", "n + 1", "n - 1", "n // 2", "n % 7", "n ** 2", "-n", "~n", "n << 1", "n | 1", "n & 6",
    "int(n / 2)", "round(n * 0.5)", "sum([n, 3])", "pow(n, 2)", "int(str(n) + '0')", "len(range(n))", "np.max([n, 4])", "np.prod([n, 3])",
    "math.ceil(n / 2)", "x.shape[1]", "x.shape[2]", "(n, 3)[1]", "[n, 4][k]", "n if k else 3", "n or 7", "f(n)", "settings['n']",
    "np.zeros((n, 3)).reshape(-1).shape[0]", "np.hstack([x, x]).shape[1]", "k", "max(k, n)", "int(n * 1.5)", "divmod(n, 2)[0]",
]  # fmt: skip


@pytest.mark.parametrize("other", DIFFERENT)
def test_a_size_that_is_calculated_of_another_is_not_the_same(other: str) -> None:
    head = HEAD + "import math\nimport numpy as np\nfrom things import f, settings\nn = int(os.environ['N'])\nk = settings['k']\n"
    head += "x = np.load('x.npy').reshape(-1, n, k)\n"
    body = f"inputs = keras.Input((n,))\nmodel = keras.Model(inputs, layers.Subtract()([layers.Dense({other})(inputs), inputs]))\n"
    stack = main_stack(head + body)
    equal = other in ("x.shape[1]",)  # it is n
    assert bool(stack.verdicts["any-size"]) == equal or other in ("len(range(n))",)


def test_items_of_unknown_settings_are_different_sizes() -> None:
    for first, second in (("s['a']", "s['b']"), ("s.a", "s.b"), ("s[0]", "s[1]"), ("f()", "f()"), ("x.shape[1]", "x.shape[2]")):
        text = f"from things import s, f, x\na = {first}\nb = {second}\ninputs = keras.Input((a,))\n"
        text += "model = keras.Model(inputs, layers.Add()([layers.Dense(b)(inputs), inputs]))\n"
        assert main_stack(HEAD + text).verdicts["unknown"], (first, second)


# ---------------------------------------------------------------------- formulas and numbers


def formulas(n: Formula, m: Formula) -> list[tuple[Formula, str]]:
    return [
        (divided(n - number(3), 2) + number(1), "(a - 3) // 2 + 1"),
        (-divided(-n, 3), "-(-a // 3)"),
        (divided(divided(n + number(1), 2) - number(5), 3), "((a + 1) // 2 - 5) // 3"),
        (divided(n * m * number(6) - n * number(4), 4), "(6 * a * b - 4 * a) // 4"),
        (divided(number(7) - n * number(5), 3), "(7 - 5 * a) // 3"),
        (divided(number(2) * n - m, 3), "(2 * a - b) // 3"),
        (quotient(n * m * number(6) + n * number(2), n * number(4)) or n, "(6 * a * b + 2 * a) // (4 * a)"),
    ]


def test_formulas_are_what_python_computes() -> None:
    for formula, text in formulas(of(0), of(1)):
        for a in (1, 2, 3, 4, 5, 11, 12, 97):
            for b in (1, 2, 3, 7, 50):
                assert formula.at((a, b)) == eval(text, {"a": a, "b": b}) == eval(formula.text("ab"), {"a": a, "b": b}), (text, a, b)


def test_a_formula_with_a_direction_keeps_it() -> None:
    for formula, _ in formulas(of(0), of(1)):
        for size in (0, 1):
            direction = formula.direction(size)
            ends = [formula.at((a, 5) if size == 0 else (5, a)) for a in range(1, 40)]
            assert direction == 0 or all((after - before) * direction >= 0 for before, after in pairwise(ends))


def test_every_use_of_a_number_is_followed_or_said() -> None:
    """Results of all operators of int: what is not a formula or a condition marks the run as lost."""
    for name in dir(int):
        operation = getattr(int, name)
        if not callable(operation) or name in SAFE:
            continue
        run = Conditions()
        n = Followed(10_007, of(0), run)
        for given in ((), (3,), (3, 4)):
            try:
                result = getattr(n, name)(*given)
            except (TypeError, OverflowError):
                continue
            followed = isinstance(result, Followed) or result is NotImplemented or bool(run.found)
            exact = isinstance(result, tuple) and all(isinstance(one, (Followed, int)) for one in result) and name.endswith("divmod__")
            assert followed or exact or run.lost, (name, given, result)
            run.found.clear()
            run.lost = False
    run = Conditions()
    assert math.prod([Followed(5, of(0), run), 3]) == 15 and sum([Followed(5, of(0), run)] * 2) == 10 and run.found and not run.lost


SAFE = {
    "__class__", "__new__", "__init__", "__init_subclass__", "__subclasshook__", "__getattribute__", "__setattr__", "__delattr__",
    "__dir__", "__doc__", "__str__", "__repr__", "__format__", "__hash__", "__sizeof__", "__reduce__", "__reduce_ex__",
    "__getnewargs__", "__getstate__", "from_bytes", "real", "imag", "numerator", "denominator", "is_integer",
}  # fmt: skip
"""What no rule computes with: text, and what every object has."""


# ---------------------------------------------------------------------- the report


COLUMNS = HEAD + """import pandas as pd
X = pd.read_csv("houses.csv").values
model = keras.Sequential([layers.Dense(64, input_shape=(X.shape[1],)), layers.Dense(1)])
"""
STEPS = HEAD + "n = int(os.environ['N'])\nmodel = keras.Sequential([keras.Input((n, 4)), layers.Conv1D(8, 3)])\n"


def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *options: str) -> tuple[int, str]:
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    code = main(["--no-config", *options, str(tmp_path / "a.py")])
    return code, " ".join(capsys.readouterr().out.split())


def test_the_table_prints_formulas_and_from_which_size_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = run(tmp_path, capsys, COLUMNS, "--strict")
    assert code == 0 and "input (None, n)" in shown and "n*64 + 64 64*n + 64" in shown and "64*n + 129 params" in shown
    assert "note: proved for any n from 1 on; n: the number of columns comes from houses.csv (line 5): write `# shapecheck: X =" in shown
    assert "OK: 2 of 2 layers proved, 1 of them for any size" in shown
    code, shown = run(tmp_path, capsys, STEPS)
    assert code == 0 and "proved for any n from 3 on (conv1d refuses 2: a window of 3 does not fit" in shown
    assert "No error found: 1 of 1 layers proved, 1 of them for any size" in shown


def test_a_condition_does_not_pass_strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file does not say that there are 3 steps."""
    assert run(tmp_path, capsys, STEPS, "--strict")[0] == 1
    assert run(tmp_path, capsys, STEPS.replace("\nmodel", "\n# shapecheck: n = 30\nmodel"), "--strict")[0] == 0


def test_json_adds_the_sizes_and_formulas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_text(STEPS, encoding="utf-8")
    main(["--no-config", "--format", "json", str(tmp_path / "a.py")])
    document = json.loads(capsys.readouterr().out)
    (stack,) = document["files"][0]["stacks"]
    assert document["version"] == 1
    (size,) = stack["any_size"]
    assert (size["name"], size["least"], size["layer"]) == ("n", 3, "conv1d") and "window of 3" in size["refused"] and "N" in size["reason"]
    layer = stack["layers"][1]
    assert (layer["verdict"], layer["output_shape"], layer["formulas"]) == (
        "any-size", [None, "?", 8], {"output_shape": [None, "n - 2", 8], "params": 104},
    )  # fmt: skip


def test_in_hindi_and_other_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "3 से शुरू, हर n के लिए सिद्ध" in run(tmp_path, capsys, STEPS, "--language", "hi")[1]
    assert "proved for any n from 3 on" in run(tmp_path, capsys, STEPS, "--format", "html")[1]
    assert "<skipped" in run(tmp_path, capsys, STEPS, "--format", "junit")[1]
    assert "<skipped" not in run(tmp_path, capsys, COLUMNS, "--format", "junit")[1]
    assert "layers proved for any size" in run(tmp_path, capsys, COLUMNS, "--statistics")[1]


# ---------------------------------------------------------------------- an input of unknown shape


OPEN = {
    "a shape that nothing passes": (
        "def build(shape, n):\n    model = keras.Sequential()\n    model.add(layers.Conv2D(8, 3, input_shape=shape))\n"
        "    model.add(layers.MaxPooling2D())\n    model.add(layers.Flatten())\n    model.add(layers.Dense(n))\n    return model\n",
        "(None, n, m, k)", [4, 4, 1, 1],
    ),
    "no input": ("model = keras.Sequential([layers.Conv1D(8, 3), layers.GlobalMaxPooling1D()])\n", "(None, n, m)", [3, 1]),
    "words": ("model = keras.Sequential([layers.Embedding(90, 8), layers.Dropout(0.2), layers.LSTM(5)])\n", "(None, n)", [1]),
    "each step": (
        "model = keras.Sequential([layers.TimeDistributed(layers.Conv2D(4, 2)), layers.Flatten()])\n",
        "(None, n, m, k, p)", [1, 2, 2, 1],
    ),
    "in both directions": ("model = keras.Sequential([layers.Bidirectional(layers.LSTM(4)), layers.Dense(2)])\n", "(None, n, m)", [1, 1]),
    "inside another": (
        "inner = keras.Sequential([layers.Conv2D(4, 3), layers.Flatten()])\nmodel = keras.Sequential([inner, layers.Dense(2)])\n",
        "(None, n, m, k)", [3, 3, 1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_an_input_of_unknown_shape_has_as_many_axes_as_its_first_layer_requires(name: str) -> None:
    body, shape, least = OPEN[name]
    stack = main_stack(HEAD + body)
    (first,) = [stack.table.accepted[tensor.node] for tensor in stack.graph.inputs]
    assert (str(first), [free.least for free in stack.table.free]) == (shape, least)
    assert stack.verdicts["any-size"] == len([row for row in stack.rows if stack.shown(row)])
    lowest = tuple(least[: len(first.sizes)])
    for given in (lowest, tuple(size + 3 for size in lowest)):
        real = main_stack(HEAD + with_input(body, given))
        assert {row.verdict for row in real.rows} == {"proved"}
        names = dict(zip([free.name for free in stack.table.free], [*given, *([7] if len(least) > len(given) else [])], strict=True))
        assert eval(str(stack.table.params), names) == real.table.params
    for at in range(len(lowest)):
        if lowest[at] > 1:
            small = tuple(size - (place == at) for place, size in enumerate(lowest))
            assert main_stack(HEAD + with_input(body, small)).verdicts["broken"]


def with_input(body: str, shape: tuple[int, ...]) -> str:
    """The same program with this input shape, and 7 classes."""
    if "build" in body:
        return f"{body}build({shape}, 7)\n"
    return body.replace("model = keras.Sequential([", f"model = keras.Sequential([keras.Input({shape}), ")


def test_an_input_of_which_no_layer_requires_a_rank_stays_unknown() -> None:
    for body in ("layers.Dense(3)", "layers.Flatten(), layers.Dense(3)", "layers.Embedding(9, 4)"):
        assert not main_stack(f"{HEAD}model = keras.Sequential([{body}])\n").table.free
