"""`shapecheck migrate`: lists, shows, writes, refuses; scripts and notebooks; how imports and calls are rewritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapecheck import check_source
from shapecheck.__main__ import main
from shapecheck.cli.migrate import planned

OLD = "from keras.optimizers import Adam\nopt = Adam(lr=0.1)  # small\n"
NEW = "from keras.optimizers import Adam\nopt = Adam(learning_rate=0.1)  # small\n"


def migrated(text: str) -> str:
    return planned(text, "file.py").new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from keras.layers.core import Dense, Dropout\n", "from keras.layers import Dense, Dropout\n"),
        ("from keras.layers.core import (\n    Dense,  # units\n    Dropout,\n)\n",
        "from keras.layers import (\n    Dense,  # units\n    Dropout,\n)\n"),
        ("from keras.layers.core import Dense\nfrom keras.layers.pooling import MaxPooling2D\n",
        "from keras.layers import Dense, MaxPooling2D\n"),
        ("from keras.layers import Dense\nfrom keras.layers.core import Dense, Flatten\n", "from keras.layers import Dense, Flatten\n"),
        ("from keras.layers import Dense, CuDNNLSTM\nCuDNNLSTM(3)\n", "from keras.layers import Dense, LSTM\nLSTM(3)\n"),
        ("from keras.layers import CuDNNLSTM\nLSTM = 1\nCuDNNLSTM(3)\n",
        "from keras.layers import LSTM as CuDNNLSTM\nLSTM = 1\nCuDNNLSTM(3)\n"),
        ("from keras.engine import Layer, Model\n", "from keras.layers import Layer\nfrom keras.models import Model\n"),
        ("def f():\n    from keras.engine import Layer, Model\n",
        "def f():\n    from keras.layers import Layer\n    from keras.models import Model\n"),
        ("from keras.utils import np_utils\nnp_utils.to_categorical(y)\n", "from keras.utils import to_categorical\nto_categorical(y)\n"),
        ("from keras.utils import np_utils\nto_categorical = 3\nnp_utils.to_categorical(y)\n",
         "from keras import utils as np_utils\nto_categorical = 3\nnp_utils.to_categorical(y)\n"),
        ("import keras\nkeras.utils.np_utils.to_categorical(y)\n", "import keras\nkeras.utils.to_categorical(y)\n"),
        ("import keras.utils.np_utils as u\nu.to_categorical(y)\n", "from keras import utils as u\nu.to_categorical(y)\n"),
        ("from keras import objectives\nobjectives.mse(a, b)\n", "from keras import losses\nlosses.mean_squared_error(a, b)\n"),
        ("from keras.layers.core import *\nDense(3)\n", "from keras.layers import *\nDense(3)\n"),
        ("import tensorflow as tf\ntf.keras.layers.experimental.preprocessing.Rescaling(2)\n",
        "import tensorflow as tf\ntf.keras.layers.Rescaling(2)\n"),
        ("from keras import backend as K; K.clear_session(); K.abs(x)\n",
         "from keras import backend as K; from keras import ops; K.clear_session(); ops.abs(x)\n"),
        ("from keras import backend as K\nops = 1\nK.abs(x)\n",
        "from keras import backend as K\nfrom keras import ops as keras_ops\nops = 1\nkeras_ops.abs(x)\n"),
        ("from keras import backend as K\nif K.image_dim_ordering() == 'th':\n    pass\n",
         "from keras import backend as K\nif K.image_data_format() == \"channels_first\":\n    pass\n"),
        ("from keras.losses import mse as error\nerror(a, b)\n", "from keras.losses import mean_squared_error as error\nerror(a, b)\n"),
        ("from keras.layers import Dense\nDense(3, bias=False, init='zero', consume_less=1)\n",
         "from keras.layers import Dense\nDense(3, use_bias=False, kernel_initializer='zero')\n"),
        ("from keras.layers import LSTM\nLSTM(3, consume_less='gpu', unroll=True)\n",
        "from keras.layers import LSTM\nLSTM(3, unroll=True)\n"),
        ("from keras.layers import LSTM\nLSTM(consume_less='gpu', output_dim=3)\n", "from keras.layers import LSTM\nLSTM(units=3)\n"),
        ("from keras.layers import Input\nInput(shape=(5))\nInput(7)\n",
        "from keras.layers import Input\nInput(shape=(5,))\nInput((7,))\n"),
        ("from keras.callbacks import CallBack\nclass C(CallBack):\n    pass\n",
        "from keras.callbacks import Callback\nclass C(Callback):\n    pass\n"),
        ("from keras import layers\nlayers.Conv2d(3, 3)\n", "from keras import layers\nlayers.Conv2D(3, 3)\n"),
        ("from keras.models import Sequential\nm = Sequential()\nm.compil('adam')\n",
        "from keras.models import Sequential\nm = Sequential()\nm.compile('adam')\n"),
        ("from keras.preprocessing import text\ntext.Tokenizer(3)\n",
        "from tensorflow.keras.preprocessing import text\ntext.Tokenizer(3)\n"),
    ],
)  # fmt: skip
def test_the_rewritten_text(old: str, new: str) -> None:
    assert migrated(old) == new


@pytest.mark.parametrize("text", ["from keras import layers\nlayers.Foo(3)\n", "from keras.layers import Highway\n",
"import keras\nkeras.backend.placeholder()\n"])
def test_what_has_no_answer_is_left_and_named(text: str) -> None:
    plan = planned(text, "file.py")
    assert plan.new == text and len(plan.left) == 1 and not plan.made


def test_the_command_lists_shows_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "old.py"
    path.write_text(OLD, encoding="utf-8")
    assert main(["migrate", str(path)]) == 0
    assert "1 edit, 0 left" in capsys.readouterr().out and path.read_text("utf-8") == OLD
    assert main(["migrate", "--diff", str(path)]) == 0
    assert "+opt = Adam(learning_rate=0.1)  # small" in capsys.readouterr().out and path.read_text("utf-8") == OLD
    assert main(["migrate", "--write", str(path)]) == 0
    assert "1 edit written" in capsys.readouterr().out and path.read_text("utf-8") == NEW
    assert main(["migrate", str(path)]) == 0
    assert "nothing to migrate" in capsys.readouterr().out


def test_what_is_left_makes_the_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.py").write_text("from keras.layers import Highway\n", encoding="utf-8")
    assert main(["migrate", str(tmp_path / "old.py")]) == 1
    assert "left" in capsys.readouterr().out
    assert main(["migrate", str(tmp_path / "none.py")]) == 2
    assert main(["--write", str(tmp_path / "old.py")]) == 2


def test_a_file_whose_tables_differ_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Conv2D(4, 3, 3) was a window of 3 by 3 in Keras 1, and is one that moves by 3 today: neither is said here."""
    text = (
        "from keras.models import Sequential\nfrom keras.layers import Conv2D, Dense\nfrom keras.optimizers import SGD\n"
        "m = Sequential([Conv2D(4, 3, 3, input_shape=(9, 9, 1)), Dense(2, W_regularizer='l2')])\n"
    )
    path = tmp_path / "old.py"
    path.write_text(text, encoding="utf-8")
    assert main(["migrate", "--write", str(path)]) == 1
    said = capsys.readouterr().out
    assert "not written: the tables differ" in said and "(None, 7, 7, 4) before, (None, 3, 3, 4) after" in said
    assert path.read_text("utf-8") == text


def test_a_notebook_keeps_its_other_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Adam(lr=1)\n"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 3, "source": OLD.splitlines(keepends=True)},
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 4, "source": "%matplotlib inline\nAdam(lr=2)"},
    ]
    path = tmp_path / "book.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}, indent=1) + "\n", encoding="utf-8")
    assert main(["migrate", "--write", str(path)]) == 0
    book = json.loads(path.read_text("utf-8"))
    assert book["cells"][0] == cells[0]
    assert book["cells"][1]["source"] == NEW.splitlines(keepends=True) and book["cells"][1]["execution_count"] == 3
    assert book["cells"][2]["source"] == "%matplotlib inline\nAdam(learning_rate=2)"


def test_a_path_that_is_called_migrate_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("migrate").write_text(OLD, encoding="utf-8")
    assert main(["migrate"]) == 1
    assert main(["migrate", "./migrate"]) == 0


@pytest.mark.parametrize("code", ["SC406", "SC702", "SC7", "SC4"])
def test_the_old_code_still_works(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = "m = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, border_mode='same')])"
    assert [one.code for one in check_source(f"import keras\n{line}\n").findings] == ["SC702"]
    assert check_source(f"import keras\n{line}  # shapecheck: ignore[{code}]\n").findings == []
    path = tmp_path / "file.py"
    path.write_text(f"import keras\n{line}\n", encoding="utf-8")
    assert main(["--ignore", code, str(path)]) == 0
    assert main(["--explain", "SC406"]) == 0 and "SC702" in capsys.readouterr().out


def test_a_baseline_of_the_old_code_admits_the_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "file.py"
    text = "import keras\nm = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, border_mode='same')])\n"
    path.write_text(text, encoding="utf-8")
    admitted = f"{str(path).replace(chr(92), '/')}: SC406 conv2d: Conv2D: border_mode= is a spelling of an older Keras; Keras 3 refuses it"
    (tmp_path / "base.json").write_text(json.dumps({"version": 1, "admitted": [admitted]}), encoding="utf-8")
    assert main(["--baseline", str(tmp_path / "base.json"), str(path)]) == 0
    assert "1 findings left out" in capsys.readouterr().err
