"""The benchmark's contenders: who takes part in which row, and that those who do compute the same."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.benchmarks import ours, peers, process
from tests.benchmarks.cases import STEPS, Case, Contender, Task
from tests.benchmarks.counts import counts
from tests.benchmarks.keras_style import model
from tests.benchmarks.measure import agreeing
from tests.benchmarks.models import GUIDE, MLP, Conv, Dense, Flatten, GlobalMax, Net, Pool, Recurrent, Words, conv_layer, pool_layer
from tests.benchmarks.newer import ATTENTION, LAYERS, UNET
from tests.benchmarks.normalized import Built
from tests.benchmarks.peers import EVERYTHING, PEERS, Peer, numpy_layers, numpy_peer
from tests.benchmarks.report.table import NAME
from tests.benchmarks.rows import all_rows, chosen

SMALL = Net("small", (13, 13, 3), (Conv(5, 3, 2), Conv(6, 3), Pool(2), Flatten(), Dense(7), Dense(4, relu=False)))
ENDS_IN_MAXIMA = Net("maxima", (9, 9, 2), (Conv(20, 2), GlobalMax(), Dense(3, relu=False)))
RECURRENT = [
    Net("LSTM", (5, 3), (Recurrent("LSTM", 6), Dense(4, relu=False))),
    Net("GRU", (5, 3), (Recurrent("GRU", 6), Dense(4, relu=False))),
    Net("words", (5,), (Words(9, 3), Recurrent("LSTM", 4, True, True), Recurrent("GRU", 3, True), Dense(2, relu=False))),
]
CASES = [
    *(Case(net, task, 5, 2) for net in (SMALL, ENDS_IN_MAXIMA) for task in ("predict", "train")),
    *(Case(conv_layer(11, 4, 18, relu=False), task, 9, 2) for task in ("weight gradient", "input gradient")),
    Case(conv_layer(12, 3, 8, 5, 2, relu=False), "weight gradient", 4, 2),
    Case(conv_layer(40, 16, 32, relu=False), "weight gradient", 4, 2),  # so large that the batch is cut and its parts are summed
    Case(pool_layer(11, 5, 3), "predict", 3, 2),
    Case(pool_layer(11, 5, 3), "input gradient", 3, 2),
]


def name(case: Any) -> str:
    return f"{case.net.name}, {case.task}" if isinstance(case, Case) else str(case)


def test_every_row_has_a_name_of_its_own_that_fits_the_table() -> None:
    names = [row.name for row in all_rows()]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= NAME


@pytest.mark.parametrize(
    "pattern, count",
    [
        ("guide.*train step, batch (8|32)$", 2), ("guide.*predict, batch (1|8|32)$", 3), ("MNIST.*batch 128", 2),
        ("784-512-512-10", 2),
        ("with BN|BN, Dropout", 12), ("busy", 6), ("^model", 1), ("conv 3x3 .*forward", 6), ("conv 3x3 .*weight gradient", 6),
        ("conv 3x3 .*input gradient", 6), ("32->32", 9), ("32->64|64->128|128->256", 9), ("5x5 stride 2", 2),
        ("U-Net", 1), ("attention", 2), ("transposed 4x4", 3), ("Conv3D", 3), ("max-pool 2x2", 2), ("max-pool 3x3", 2), ("fresh", 2),
    ],
)  # fmt: skip
def test_what_is_to_be_measured_is_there(pattern: str, count: int) -> None:
    assert len(chosen(pattern)) == count


def test_a_pattern_without_a_row_is_answered_with_the_names() -> None:
    with pytest.raises(ValueError, match="no row matches 'recurrent': choose among\n  guide convnet"):
        chosen("recurrent")


def test_every_peer_takes_part_where_it_can_and_says_how_without_being_loaded() -> None:
    found = {peer.name: {task: set[str]() for task in EVERYTHING} for peer in PEERS}
    for row in all_rows():
        for peer in PEERS:
            found[peer.name][row.task] |= set(peer.variants(row.case(1)))
    for peer in PEERS:
        assert all(bool(found[peer.name][task]) == (task in peer.tasks) for task in EVERYTHING)
    assert {"torch", "torch NCHW", "torch channels_last", "torch.compile"} == found["torch"]["train"]
    assert {"tf.function", "XLA"} == found["TensorFlow"]["input gradient"]
    assert {"Keras (TF)", "Keras (XLA)"} == found["Keras"]["predict"]


def test_a_peer_that_is_not_installed_is_skipped_by_name() -> None:
    absent = Peer("Nowhere", ("numpy", "no_such_package"), "no_such_module")
    here = next(peer for peer in PEERS if peer.name == "NumPy")
    assert peers.skipped([absent, here]) == {"Nowhere": "not installed: no_such_package"}
    case = Case(SMALL, "predict", 2, 1)
    assert list(peers.variants(case, peers=[absent, here])) == ["NumPy"]
    assert peers.variants(case, "torch", [absent, here]) == {}


def test_a_contender_with_other_numbers_is_not_timed() -> None:
    case = Case(SMALL, "predict", 3, 1)
    right = numpy_peer.contender(case)
    numbers = right.result()
    hole = numbers.copy()
    hole[1, 2] = np.nan

    def giving(values: Any) -> Any:
        return lambda case: Contender(right.run, lambda: values)

    def broken(case: Case) -> Contender:
        raise RuntimeError("no compiler\nand a long explanation")

    one_off = numbers.copy()
    one_off[0, 0] += 0.002 * np.abs(numbers).max()
    makers = {
        "right": giving(numbers), "one off": giving(one_off), "NaN": giving(hole), "shape": giving(numbers[:2]), "broken": broken,
    }  # fmt: skip
    failed, agreed = agreeing(case, makers)
    assert list(agreed) == ["right"]
    assert failed["one off"] == "ValueError: gives other numbers: off by 2.0e-03 of the greatest"
    assert failed["NaN"].startswith("ValueError: gives other numbers")
    assert failed["shape"] == "ValueError: gives shape (2, 4), expected (3, 4)"
    assert failed["broken"] == "RuntimeError: no compiler"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_ours_and_every_peer_that_is_here_compute_what_numpy_computes(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in process.environment(case.threads).items():
        monkeypatch.setenv(name, value)
    failed, agreed = agreeing(case, {ours.NAME: ours.contender, **peers.variants(case, "^(?!torch.compile)")})
    assert not failed
    assert {"tinyseq", "NumPy"} <= set(agreed)
    for contender in agreed.values():
        contender.run()


@pytest.mark.parametrize("net", RECURRENT, ids=lambda net: net.name)
@pytest.mark.parametrize("task", ["predict", "train"])
def test_recurrent_nets_compute_what_the_peers_that_are_here_compute(net: Net, task: Task) -> None:
    case = Case(net, task, 5, 1)
    failed, agreed = agreeing(case, {ours.NAME: ours.contender, **peers.variants(case, "^(?!torch.compile)")})
    assert not failed
    assert "tinyseq" in agreed
    assert counts(net, task, 5).operations > 0


NEWER = [
    *((net, task) for net in LAYERS for task in ("predict", "weight gradient", "input gradient")),
    (ATTENTION, "predict"), (ATTENTION, "train"), (UNET, "train"),
]  # fmt: skip


@pytest.mark.parametrize("net, task", NEWER, ids=lambda one: getattr(one, "name", one))
def test_newer_nets_compute_what_the_peers_that_are_here_compute(net: Built, task: Task) -> None:
    case = Case(net, task, 1, 1)
    failed, agreed = agreeing(case, {ours.NAME: ours.contender, **peers.variants(case, "^(?!torch.compile)")})
    assert not failed
    assert "tinyseq" in agreed
    assert case.y.shape == (1, *net.output[:-1])
    agreed["tinyseq"].run()


def test_a_start_from_a_checkout_has_byte_code_as_an_installed_package_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else ours alone would compile its Python anew in each fresh process."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in process.environment(1)


def test_training_losses_tell_a_wrong_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(SMALL, "train", 5, 1)
    right = numpy_peer.contender(case).result()
    assert right.shape == (STEPS,)
    assert len(set(right)) == STEPS
    monkeypatch.setattr(numpy_layers.Conv, "kernel_gradient", lambda self, dy: np.zeros_like(self.kernel))
    failed, _ = agreeing(case, {"without convolutions": numpy_peer.contender}, right)
    assert "gives other numbers" in failed["without convolutions"]


def test_numpys_convolution_is_the_definition_and_its_gradients_are_the_adjoints() -> None:
    random = np.random.default_rng(3)
    x, kernel = random.standard_normal((2, 8, 8, 3)), random.standard_normal((3, 3, 3, 4))
    layer = numpy_layers.Conv(kernel, np.zeros(4), relu=False, stride=2)  # type: ignore[arg-type]
    y = layer.forward(x)  # type: ignore[arg-type]
    assert y.shape == (2, 3, 3, 4)
    assert y[1, 2, 0, 3] == pytest.approx(np.sum(x[1, 4:7, 0:3] * kernel[..., 3]))
    dy = random.standard_normal(y.shape)
    product = np.sum(y * dy)
    assert np.sum(x * layer.input_gradient(dy)) == pytest.approx(product)  # type: ignore[arg-type]
    assert np.sum(kernel * layer.kernel_gradient(dy)) == pytest.approx(product)  # type: ignore[arg-type]


def test_operations_are_those_of_the_definition() -> None:
    layer = conv_layer(123, 32, 32)
    forward = 8 * 2 * 121 * 121 * 9 * 32 * 32
    tasks: tuple[Task, ...] = ("predict", "weight gradient", "input gradient")
    for task in tasks:
        assert counts(layer, task, 8).operations == forward
    values, weights = 8 * 32 * (123 * 123 + 121 * 121), 9 * 32 * 32 + 32
    assert counts(layer, "predict", 8).bytes == 4 * (values + weights)
    dense = 2 * 128 * (784 * 512 + 512 * 512 + 512 * 10)
    assert counts(MLP, "train", 128).operations == 3 * dense - 2 * 128 * 784 * 512  # nobody needs the gradient of the input
    pool = counts(pool_layer(24, 64, 2), "predict", 1)
    assert (pool.operations, pool.multiply_adds) == (24 * 24 * 64, False)


def test_the_guides_net_is_the_guides() -> None:
    made = model(tinyseq, GUIDE, [])
    assert [row.output.dims[1:] for row in made.table.rows][-len(GUIDE.parts) :] == GUIDE.shapes[1:]
    assert made.count_params() == sum(math.prod(weight.shape) for weight in GUIDE.weights())
    assert counts(GUIDE, "predict", 1).operations == 2 * made.table.multiply_adds


def test_data_has_no_two_equal_numbers_in_a_window() -> None:
    x = replace(CASES[-1], batch=40).x
    assert x.dtype == np.float32
    assert len(np.unique(x)) == x.size
