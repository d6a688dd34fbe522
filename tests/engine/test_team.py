"""Several engines that share a batch, as threads in place of processes: the numbers are those of one engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import tinyseq
from tests.training.shared_fit import NETS, data
from tinyseq.engine.engine import Engine
from tinyseq.engine.partition import Schedule
from tinyseq.engine.plan import Mode
from tinyseq.engine.team import checksum, groups_of, read_by_first
from tinyseq.training.losses import SparseCategoricalCrossentropy
from tinyseq.training.objective import Objective
from tinyseq.training.together import share

Array = NDArray[Any]


class Threads:
    """A team of threads that see each other's arrays."""

    def __init__(self, rank: int, size: int, board: list[Any], barrier: threading.Barrier) -> None:
        self.rank, self.size, self.board, self.barrier = rank, size, board, barrier

    def all_of(self, value: Any) -> list[Any]:
        self.board[self.rank] = value
        self.barrier.wait(60)
        found = list(self.board)
        self.barrier.wait(60)
        return found

    def same(self, value: Any) -> Any:
        return self.all_of(value)[0]

    def add(self, source: Array, target: Array) -> None:
        total = np.sum(self.all_of(source.copy()), axis=0)
        target[...] = total

    def gather(self, array: Array, bounds: Sequence[int]) -> None:
        for rank, other in enumerate(self.all_of(array.copy())):
            array[bounds[rank] : bounds[rank + 1]] = other[bounds[rank] : bounds[rank + 1]]


def together(size: int, work: Callable[[Threads], Any]) -> list[Any]:
    """What `work` returns in each of so many threads."""
    board: list[Any] = [None] * size
    found: list[Any] = [None] * size
    barrier = threading.Barrier(size)

    def one(rank: int) -> None:
        try:
            found[rank] = work(Threads(rank, size, board, barrier))
        except BaseException as error:
            found[rank] = error
            barrier.abort()

    threads = [threading.Thread(target=one, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one_found in found:
        if isinstance(one_found, BaseException):
            raise one_found
    return found


def model_of(net: str) -> Any:
    """With the same weights and seeds each time."""
    tinyseq.set_random_seed(3)
    return NETS[net]()


def step(model: Any, team: Threads | None, batch: int) -> dict[str, Array]:
    """Outputs, losses, gradients and all weights after one step without an optimizer."""
    x, y = (array[:batch] for array in data())
    weights = model.trainable_weights
    loss = SparseCategoricalCrossentropy(from_logits=False)
    targets = type("Batch", (), {"targets": [y], "weights": [None], "size": batch})
    objective = Objective([loss], [1.0], [(batch, 5)], targets)
    engine: Engine = model._ready_engine()
    made = engine.step([np.ascontiguousarray(x)], Mode(True, True, weights), objective, team=team)
    made.finish()
    kept = {f"gradient {number}": made.gradients.of(weight).copy() for number, weight in enumerate(weights)}
    kept |= {f"weight {number}": weight for number, weight in enumerate(model.get_weights())}
    kept["penalty"] = np.array([value for _, value in made.losses])
    return kept | {"output": made.outputs[0], "rows": objective.rows[0]}


@pytest.mark.parametrize(
    ("net", "batch", "size"),
    [("convolutions", 32, 2), ("convolutions", 45, 3), ("convolutions", 32, 5), ("recurrent", 32, 2), ("tiny", 32, 2)],
)
def test_a_shared_step_has_the_numbers_of_one_that_is_not(net: str, batch: int, size: int) -> None:
    alone = step(model_of(net), None, batch)
    assert all(np.isfinite(array).all() for array in alone.values())
    models = [model_of(net) for _ in range(size)]
    for found in together(size, lambda team: step(models[team.rank], team, batch)):
        for name, expected in alone.items():
            np.testing.assert_allclose(found[name], expected, rtol=1e-5, atol=2e-7, err_msg=name)


def test_each_group_belongs_to_one_process() -> None:
    for groups in (1, 2, 4, 8):
        for size in range(1, 12):
            starts = groups_of(Threads(0, size, [], threading.Barrier(1)), groups)
            assert starts[0] == 0
            assert starts[-1] == groups
            assert starts == sorted(starts)


def test_rows_and_shards_of_the_processes_cover_the_batch() -> None:
    model = NETS["convolutions"]()
    graph = model._ready_engine().graph
    for batch in (32, 37, 45):
        for size in (2, 3, 5):
            found = [Schedule(graph, ((batch, 24, 24, 3),), Mode(True, True), Threads(rank, size, [], threading.Barrier(1)))
                     for rank in range(size)]  # fmt: skip
            assert [one.own_rows.start for one in found] == found[0].row_bounds[:-1]
            assert found[0].row_bounds[-1] == batch
            assert found[-1].own_rows.stop == batch
            assert found[0].shard_bounds[-1] == len(found[0].shards)
            for rank, one in enumerate(found):
                own = [shard for shard in one.shards if shard.group in one.own_groups]
                assert [shard.index for shard in own] == list(range(one.shard_bounds[rank], one.shard_bounds[rank + 1]))


def test_only_the_first_process_reads_an_iterable() -> None:
    read = []

    def source(rank: int) -> Any:
        for number in range(3):
            read.append(rank)
            yield number

    assert together(2, lambda team: list(read_by_first(team, source(team.rank)))) == [[0, 1, 2]] * 2
    assert read == [0, 0, 0]


def test_an_error_while_reading_reaches_every_process() -> None:
    def source() -> Any:
        yield 1
        raise ValueError("broken file")

    def work(team: Threads) -> str:
        with pytest.raises(ValueError, match="broken file"):
            list(read_by_first(team, source()))
        return "raised"

    assert together(2, work) == ["raised", "raised"]


@pytest.mark.parametrize("other", ["none", "Streamed"])
def test_processes_with_other_kinds_of_data_say_so(other: str) -> None:
    x, y = data()
    models = [model_of("convolutions") for _ in range(2)]

    def work(team: Threads) -> str:
        model = models[team.rank]
        model.compile("sgd", "sparse_categorical_crossentropy")
        arrays = model._data(x, y, None, 16, None)
        different = None if other == "none" else model._data(iter([(x, y)]), None, None, None, None)
        with pytest.raises(ValueError, match=f"process 1 has validation data {other}, process 0 Arrays"):
            share(model, team, arrays, different if team.rank else model._data(x, y, None, 16, None))
        return "raised"

    assert together(2, work) == ["raised", "raised"]


def test_a_checksum_sees_shape_type_and_numbers() -> None:
    x = np.arange(12.0).reshape(6, 2)
    middle = x.copy()
    middle[3] += 1
    others = [x[:5], x.astype(np.float32), x + 1, x[::-1], x.reshape(6, 2, 1), middle]
    assert checksum([x]) == checksum([x.copy()])
    assert all(checksum([x]) != checksum([other]) for other in others)
    assert checksum([np.array(["a", "b"], object)]) != checksum([np.array(["a", "c"], object)])
