"""Loops and calls that repeat themselves: followed as long as something comes of it, cut short before they use up the file."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.__main__ import main

HEAD = "import numpy as np\nimport keras\nfrom keras import layers\n"
WORK = "    a = np.sqrt(1) + np.sqrt(2) + np.sqrt(3) + np.sqrt(4)\n"
"""A line that takes some ten steps and gives nothing to any stack."""
STACK = "m = keras.Sequential([keras.Input(shape=({},)), layers.Dense(3)])\n"


def input_of(text: str) -> str:
    """The input of the only stack of a file that was read to its end."""
    (file,) = check_source(HEAD + text, "model.py").files
    assert not file.problems
    (stack,) = file.stacks
    return str(stack.input_shape)


def test_a_function_that_calls_itself_twice_leaves_steps_for_what_stands_below() -> None:
    text = "def f(x):\n    return [f(a) for a in x] + [f(-a) for a in x]\nf(np.load('x.npy'))\n"
    assert input_of(text + STACK.format(4)) == "(None, 4)"


def test_many_long_loops_leave_steps_for_what_stands_below() -> None:
    text = "for i in range(250):\n" + WORK * 20
    assert input_of(text * 40 + STACK.format(4)) == "(None, 4)"


def test_a_count_of_many_rounds_is_known() -> None:
    assert input_of("n = 0\nfor i in range(200):\n    n += 2\n" + STACK.format("n")) == "(None, 400)"


def test_a_list_that_grows_by_known_items_is_followed_to_its_end() -> None:
    text = "rows = []\nfor i in range(200):\n" + WORK + "    rows.append([i, i * i, 1])\nx = np.array(rows)\n"
    assert input_of(text + STACK.format("x.shape[0] + x.shape[1]")) == "(None, 203)"


def test_a_dict_that_grows_is_followed_to_its_end() -> None:
    text = "words = {}\nfor i in range(200):\n" + WORK + "    words[str(i)] = i\n"
    assert input_of(text + STACK.format("len(words)")) == "(None, 200)"


def test_all_layers_are_frozen_however_many_there_are() -> None:
    text = "m = keras.Sequential([keras.Input(shape=(2,))] + [layers.Dense(2) for i in range(250)])\nfor layer in m.layers:\n"
    (stack,) = check_source(HEAD + text + "    name = [str(1), str(2)]\n    layer.trainable = False\n", "model.py").stacks
    assert stack.table.trainable_params == 0


def test_a_model_that_is_trained_for_long_stays_the_model_it_was() -> None:
    train = "def train(m):\n" + WORK * 4 + "    m.fit(np.zeros((8, 5)))\n    return m\n"
    text = train + STACK.format(5) + "for epoch in range(250):\n    m = train(m)\nm.add(layers.Dense(7))\n"
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert [str(row.output) for row in stack.rows] == ["(None, 5)", "(None, 3)", "(None, 7)"]


def test_a_comprehension_cut_short_keeps_its_length() -> None:
    text = "def picture(i):\n" + WORK * 4 + "    return open(str(i)).read()\nx = [picture(i) for i in range(900)]\n"
    assert input_of(text + STACK.format("len(x)")) == "(None, 900)"


def test_what_the_last_round_may_add_is_seen() -> None:
    text = STACK.format(4) + "for i in range(250):\n" + WORK * 4 + "    if i == 249:\n        m.add(layers.Dense(5))\n"
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert [row.verdict for row in stack.rows] == ["proved", "proved", "unknown"]


def test_a_report_keeps_no_trees(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(HEAD + STACK.format(4), encoding="utf-8")
    (file,) = check_file(str(path)).files
    assert not any(unit.statements for unit in file.units)


def test_the_command_leaves_the_garbage_collector_as_it_was(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    before = gc.get_threshold()
    main(["--no-config", str(tmp_path)])
    assert gc.get_threshold() == before


@pytest.mark.parametrize(
    ("before", "reached"),
    [
        ("while False:\n    pass\n", True),
        ("while True:\n    break\n", True),
        ("while True:\n    for i in x:\n        break\n", False),
        ("while True:\n    try:\n        step()\n    except ValueError:\n        break\n", True),
        ("while 1:\n    def f():\n        break_()\n", False),
        ("import sys\nsys.exit(0)\n", False),
        ("from sys import exit\nexit()\n", False),
        ("quit()\n", False),
        ("import sys\nif sys.argv[1:]:\n    sys.exit()\n", True),
        ("def exit():\n    pass\nexit()\n", True),
        ("import app\napp.exit()\n", True),
        ("def main():\n    import sys\n    sys.exit()\n", True),
    ],
)
def test_what_is_behind_an_endless_loop_or_the_end_of_the_program_is_not_reached(before: str, reached: bool) -> None:
    (stack,) = check_source(f"{before}import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n").stacks
    assert (stack.verdicts["proved"] == 1) is reached
    if not reached:
        assert "is not reached when the file is read" in stack.rows[0].reason


OPTIONS = """import argparse, sys
p = argparse.ArgumentParser()
p.add_argument('--data', default=None)
p.add_argument('--train', action='store_true')
"""


@pytest.mark.parametrize(
    "before",
    [
        OPTIONS + "a = p.parse_args()\nif a.data is None:\n    p.print_help()\n    sys.exit(1)\n",
        OPTIONS + "a = p.parse_args()\nif not a.train:\n    exit()\n",
        OPTIONS + "a = p.parse_args()\nif a.train and a.data:\n    pass\nelse:\n    raise SystemExit\n",
        "from absl import flags\nflags.DEFINE_string('data', None, '')\nif not flags.FLAGS.data:\n    quit()\n",
        "FLAGS = __import__('absl').flags.FLAGS\nif FLAGS.x:\n    quit()\n",
    ],
    ids=["no data", "not to train", "the other side", "a flag", "an unknown flag"],
)
def test_a_program_that_ends_without_its_options_is_read_as_with_them(before: str) -> None:
    assert input_of(before + STACK.format(4)) == "(None, 4)"


def test_a_function_that_returns_without_its_options_is_read_as_with_them() -> None:
    text = OPTIONS + "def build(a):\n    n = 3\n    if not a.data:\n        n = 7\n        return\n    return n + 1\n"
    assert input_of(text + STACK.format("build(p.parse_args())")) == "(None, 4)"
    chosen = OPTIONS + "def build(a):\n    if not a.data:\n        return 4\n    return 5\n"
    assert input_of(chosen + STACK.format("build(p.parse_args())")) == "(None, 4)"


@pytest.mark.parametrize(
    "before",
    [
        "def stop(exit):\n    exit()\nfrom app import exit\nexit()\n",
        "class Quit:\n    def __call__(self):\n        pass\nquit = Quit()\nquit()\n",
        "import functools\nquit = functools.partial(print)\nquit()\n",
        "class Game:\n    def quit(self):\n        pass\nquit = Game().quit\nquit()\n",
        "import contextlib, sys\nwith contextlib.suppress(SystemExit):\n    sys.exit()\n",
        "from contextlib import suppress\nwith suppress(KeyboardInterrupt):\n    while True:\n        step()\n",
        "import sys\ntry:\n    while True:\n        step()\nexcept ValueError:\n    sys.exit(2)\nexcept KeyboardInterrupt:\n    pass\n",
        "try:\n    while True:\n        step()\nexcept ValueError:\n    raise\nexcept StopIteration:\n    pass\n",
    ],
)
def test_code_behind_what_is_only_named_like_an_end_or_is_caught_is_reached(before: str) -> None:
    assert input_of(before + STACK.format(4)) == "(None, 4)"


def test_every_handler_may_end_the_program() -> None:
    text = "try:\n    exit()\nexcept ValueError:\n    raise\nexcept OSError:\n    quit()\n"
    (stack,) = check_source(HEAD + text + STACK.format(4)).stacks
    assert "is not reached when the file is read" in (stack.rows[0].reason or "")


@pytest.mark.parametrize("last", ["raise ValueError", "while True:\n        if input():\n            return 4", "exit()"])
def test_a_function_that_ends_the_program_or_raises_returns_nothing_else(last: str) -> None:
    assert input_of(f"def size():\n    if input():\n        return 4\n    {last}\n" + STACK.format("size()")) == "(None, 4)"


@pytest.mark.parametrize("flag", ["load().debug", "from config import DEBUG", "import config", "config['debug']"])
@pytest.mark.parametrize("test", ["{}", "not {}"])
def test_a_flag_that_the_file_does_not_determine_ends_nothing(flag: str, test: str) -> None:
    name = {"load().debug": "settings.debug", "from config import DEBUG": "DEBUG", "import config": "config.DEBUG"}.get(flag, flag)
    before = "settings = load()\n" if flag == "load().debug" else "config = load()\n" if flag == name else f"{flag}\n"
    assert input_of(f"{before}if {test.format(name)}:\n    raise SystemExit\n{STACK.format(4)}") == "(None, 4)"
