"""Several threads check files at the same time: what a reading remembers is on its reader, and no thread sees another's."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shapecheck import check_source
from shapecheck.report.json import render

THREADS = 8


@pytest.fixture()
def hasty() -> Iterator[None]:
    """Python changes threads as often as it can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def functional(layers: int, filters: int) -> str:
    """A functional model of so many convolutions, in branches that are added, used as a layer of another model."""
    lines = ["import keras", "from keras import layers", "first = x = keras.Input((64, 64, 3))"]
    lines += [f"x = layers.Conv2D({filters}, 3, padding='same', name='c{count}')(x)" for count in range(layers // 2)]
    lines += [f"x = layers.Add()([x, layers.Conv2D({filters}, 1)(x)])" for _ in range(layers // 4)]
    lines += ["base = keras.Model(first, layers.GlobalAveragePooling2D()(x))", "y = keras.Input((64, 64, 3))"]
    lines += ["model = keras.Model(y, layers.Dense(10)(base(y)))", "path = '\\d'"]
    return "\n".join(lines) + "\n"


LAMBDAS = "from keras import layers, Sequential, Input\nmodel = Sequential([Input((8, 6))])\n" + "".join(
    f"model.add(layers.Lambda(lambda x: x[:, {count % 2}:] + 1))\n" for count in range(6)
)


SMALL = "import keras\nfirst = keras.Input((9,))\nmodel = keras.Model(first, keras.layers.Dense(3)(first))\n"


@pytest.mark.usefixtures("hasty")
def test_eight_threads_get_the_answers_of_one() -> None:
    """Many small files end while large ones are read: whoever forgets must not make others forget."""
    large = [functional(200, 4 + count % 3) for count in range(16)]
    small = [SMALL, LAMBDAS, LAMBDAS.replace("8, 6", "9, 7")]
    alone = {source: render(check_source(source)) for source in (*large[:3], *small)}
    with ThreadPoolExecutor(THREADS // 2) as readers, ThreadPoolExecutor(THREADS // 2) as others:
        answers = [(source, readers.submit(check_source, source)) for source in large]
        while not all(answer.done() for _, answer in answers):
            assert list(others.map(lambda source: render(check_source(source)), small * 8)) == [alone[source] for source in small] * 8
    assert [render(answer.result()) == alone[source] for source, answer in answers] == [True] * len(large)


@pytest.mark.usefixtures("hasty")
def test_the_filters_of_warnings_are_as_they_were() -> None:
    before = list(warnings.filters)
    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(lambda count: check_source(f"path = '\\d{count}'\n").files, range(2000)))
    assert list(warnings.filters) == before
