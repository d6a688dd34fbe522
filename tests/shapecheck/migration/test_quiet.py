"""Where nothing is to be said: names of the file's own, guarded imports, and files that an older Keras runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.migration.evidence import pinned

OLD = "from keras.models import Sequential\nfrom keras.layers.core import Dense\nm = Sequential([Dense(3, input_dim=4, init='uniform')])\n"


def codes(text: str, dialect: int | None = None, path: str = "file.py") -> set[str]:
    return {one.code for one in check_source(text, path, dialect).findings if one.code.startswith("SC7")}


@pytest.mark.parametrize(
    "text",
    [
        "from keras import layers\nclass layers:\n    Desne = 1\nlayers.Desne\n",
        "import keras\nfrom mine import Merge, merge\nx = merge([1, 2], mode='sum')\ny = Merge([1], mode='sum')\n",
        "import keras\ndef merge(a, mode):\n    return a\nmerge([1, 2], mode='sum')\n",
        "from keras import backend as K\ndef f(K):\n    return K.relu(1)\n",
        "import keras\nclass Net:\n    def fit_generator(self, x):\n        return x\nNet().fit_generator(3)\n",
        "import keras\nfrom sklearn.svm import SVC\nmodel = SVC()\nmodel.predict_proba([1])\nmodel.fit([1], workers=3)\n",
        "import keras\nfrom torch.optim import Adam\nAdam([1], lr=0.1)\n",
        "import keras\nclass Mine:\n    def __init__(self):\n        self.layers = [1]\n    def cut(self):\n        self.layers.pop()\n",
        "try:\n    from keras.layers.core import Dense\nexcept ImportError:\n    from keras.layers import Dense\nDense(3)\n",
        "try:\n    from keras.utils import np_utils\nexcept ModuleNotFoundError:\n    from keras import utils as np_utils\n"
        "np_utils.to_categorical([1])\n",
        "import keras\nif int(keras.__version__.split('.')[0]) < 3:\n    from keras.layers.core import Dense\n"
        "else:\n    from keras.layers import Dense\n",
        "import keras\nkeras.backend.relu = abs\nkeras.backend.relu(3)\n",
        "import tensorflow as tf\ntf.keras.backend.relu(3)\ntf.keras.preprocessing.text.Tokenizer(num_words=3)\n",
        "import keras\nhistory = {'acc': 3}\nhistory['acc']\nmodel = keras.Sequential()\nmodel.compile(metrics=['accuracy'])\n",
        "import keras\nm = keras.Sequential()\nm.compile(metrics=['acc'])\nh = m.fit([1])\nh.history['acc']\n",
        "import keras\nm = keras.Sequential()\nm.compile(metrics=names)\nh = m.fit([1])\nh.history['acc']\n",
        "import keras\nkeras._tf_keras.keras.nothing\nfrom keras.src.nothing import nothing\n",
        "import tinyseq as keras\nkeras.layers.Nothing\nkeras.Input(shape=(784))\n",
        "from keras.layers import *\nMerge = 3\nMerge\n",
        "from keras.layers import *\nfrom mine import *\nMerge([1, 2])\n",
        "import keras\nmodel = keras.Sequential()\nmodel.save('a' + name)\nmodel.save(f'{folder}/{name}')\nmodel.save_weights(path)\n",
    ],
)  # fmt: skip
def test_what_is_no_old_keras_is_left_in_peace(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize("dialect", [1, 2])
def test_quiet_under_an_older_dialect(dialect: int) -> None:
    assert codes(OLD) == {"SC701", "SC702"}
    assert codes(OLD, dialect) == set()


@pytest.mark.parametrize(
    "line",
    [
        "# keras==2.2.4", "# pip install tensorflow==1.15", "assert keras.__version__ == '2.3.1'",
        "assert tf.__version__.startswith('2.4')",
        "import tf_keras", "import os; os.environ['TF_USE_LEGACY_KERAS'] = '1'", "# needs tensorflow<2.16", "# keras~=2.3",
    ],
)  # fmt: skip
def test_quiet_where_the_file_pins_an_older_keras(line: str) -> None:
    (file,) = check_source(f"{line}\n{OLD}", "file.py").files
    assert not [one for one in file.findings if one.code.startswith("SC7")]
    assert file.dialect.version == 2


@pytest.mark.parametrize("line", ["# keras>=2.0", "# keras==3.1", "# tensorflow==2.17", "# tensorflow>=2.4", "s = 'keras==2.2.4'",
"# my-keras==1.0"])
def test_a_requirement_that_keras_3_meets_is_no_pin(line: str) -> None:
    assert pinned(line) == ""


def test_a_cell_that_installs_an_older_keras_counts_for_the_notebook() -> None:
    import json

    cells = [{"cell_type": "code", "source": text} for text in ("!pip install keras==2.2.4", OLD)]
    assert codes(json.dumps({"cells": cells}), path="book.ipynb") == set()
    assert codes(json.dumps({"cells": cells[1:]}), path="book.ipynb") == {"SC701", "SC702"}


@pytest.mark.parametrize(
    ("name", "text", "quiet"),
    [
        ("requirements.txt", "numpy\nkeras==2.2.4\n", True), ("requirements-dev.txt", "tensorflow-gpu==1.14\n", True),
        ("pyproject.toml", '[tool.poetry.dependencies]\ntensorflow = "~2.8"\n', True), ("environment.yml", "- keras=2.3.1\n", True),
        ("setup.py", "setup(install_requires=['keras<3'])\n", True), ("requirements.txt", "tf-keras\n", True),
        ("requirements.txt", "keras>=2\n", False), ("requirements.txt", "tensorflow==2.17\n# keras==2.2.4\n", False),
        ("notes.txt", "keras==2.2.4\n", False),
    ],
)  # fmt: skip
def test_requirements_beside_the_file_count(tmp_path: Path, name: str, text: str, quiet: bool) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "old.py").write_text(OLD, encoding="utf-8")
    found = {one.code for one in check_file(str(tmp_path / "old.py")).findings}
    assert found == (set() if quiet else {"SC701", "SC702"})


def test_requirements_above_count_as_far_as_the_repository_goes(tmp_path: Path) -> None:
    inner = tmp_path / "code" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("keras==2.2.4\n", encoding="utf-8")
    (inner / "old.py").write_text(OLD, encoding="utf-8")
    assert check_file(str(inner / "old.py")).findings
    (tmp_path / ".git").mkdir()
    assert not check_file(str(inner / "old.py")).findings


def test_shapes_are_judged_as_the_older_keras_judged_them() -> None:
    (file,) = check_source(OLD, "file.py").files
    assert [str(row.output) for row in file.stacks[0].rows] == ["(None, 3)"]
    assert file.dialect.version == 2 and "keras.layers.core" in file.dialect.evidence
