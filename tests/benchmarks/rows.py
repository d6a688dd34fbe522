"""The rows of the table: what is measured, in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.benchmarks.cases import Case, Task
from tests.benchmarks.counts import Counts, counts
from tests.benchmarks.models import GRU, GUIDE, LSTM, MLP, MNIST, SENTIMENT, TINY, Conv, Net, conv_layer, pool_layer
from tests.benchmarks.newer import ATTENTION, LAYERS, UNET
from tests.benchmarks.normalized import BUILT, Built


@dataclass(frozen=True)
class Row:
    """One line of the table. `start`: "warm" or "cold" if a fresh process is timed to its first prediction."""

    net: Net | Built
    task: Task
    batch: int
    words: str = ""
    start: str = ""
    busy: bool = False
    """Beside another process that keeps one core busy: "busy" in the name."""

    @property
    def name(self) -> str:
        """What stands in the table."""
        if self.start:
            return f"fresh process to first prediction, {self.start}"
        return f"{self.net.name}, {self.words or self.task}, batch {self.batch}" + ", busy" * self.busy

    @property
    def counts(self) -> Counts | None:
        """Operations and bytes of one call; None where the time goes elsewhere."""
        if self.start or self.net is TINY or isinstance(self.net, Built):
            return None
        return counts(self.net, self.task, self.batch)

    def case(self, threads: int) -> Case:
        """What the contenders are given."""
        return Case(self.net, self.task, self.batch, threads)


CONVOLUTIONS: tuple[tuple[Net, int], ...] = (
    (conv_layer(123, 32, 32), 8), (conv_layer(40, 32, 32), 8), (conv_layer(12, 32, 32), 8),
    (conv_layer(26, 32, 64), 32), (conv_layer(32, 64, 128), 8), (conv_layer(16, 128, 256), 8),
)  # fmt: skip
"""3x3 convolutions with their batches: three of the guide's, the second of MNIST's, and two with many channels."""

GRADIENTS: tuple[Task, ...] = ("weight gradient", "input gradient")
FIRST = conv_layer(250, 3, 32, 5, 2)
"""The guide's first layer. Nobody needs the gradient of the image."""

POOLS: tuple[tuple[Net, int], ...] = ((pool_layer(121, 32, 3), 8), (pool_layer(24, 64, 2), 128))


def all_rows() -> list[Row]:
    """Every row, nets first."""
    return [*_nets(), *_built(), *_layers(), Row(GUIDE, "predict", 1, start="warm"), Row(GUIDE, "predict", 1, start="cold")]


def _nets() -> Iterator[Row]:
    for batch in (8, 32):
        yield Row(GUIDE, "train", batch, "train step")
    for batch in (1, 8, 32):
        yield Row(GUIDE, "predict", batch)
    yield Row(MNIST, "predict", 1)
    for net in (MNIST, MLP):
        yield Row(net, "predict", 128)
        yield Row(net, "train", 128, "train step")
    for net in (LSTM, GRU, SENTIMENT):
        yield Row(net, "predict", 32)
        yield Row(net, "train", 32, "train step")
    yield Row(TINY, "predict", 1, "call")


def _built() -> Iterator[Row]:
    for net in BUILT:
        for busy in (False, True):
            yield Row(net, "train", 32, "train step", busy=busy)
            yield Row(net, "predict", 32, busy=busy)
    yield Row(UNET, "train", 8, "train step")
    yield Row(ATTENTION, "predict", 32)
    yield Row(ATTENTION, "train", 32, "train step")


def _layers() -> Iterator[Row]:
    for built in LAYERS:
        yield Row(built, "predict", 8, "forward")
        for task in GRADIENTS:
            yield Row(built, task, 8)
    for net, batch in CONVOLUTIONS:
        yield from _gradients(net, batch, GRADIENTS)
    yield from _gradients(FIRST, 8, ("weight gradient",))
    for net, batch in POOLS:
        yield Row(net, "predict", batch, "forward")
        yield Row(net, "input gradient", batch, "backward")


def _gradients(net: Net, batch: int, tasks: tuple[Task, ...]) -> Iterator[Row]:
    """Forward with relu; the gradients without, since its slope is the business of the layer behind."""
    yield Row(net, "predict", batch, "forward")
    linear = Net(net.name, net.shape, tuple(replace(part, relu=False) for part in net.parts if isinstance(part, Conv)))
    for task in tasks:
        yield Row(linear, task, batch)


def chosen(pattern: str, rows: Sequence[Row] | None = None) -> list[Row]:
    """The rows whose name holds the regular expression, whatever the case. ValueError, with the names, if there is none."""
    rows = all_rows() if rows is None else rows
    found = [row for row in rows if re.search(pattern, row.name, re.IGNORECASE)]
    if not found:
        raise ValueError(f"no row matches {pattern!r}: choose among\n" + "\n".join(f"  {row.name}" for row in rows))
    return found
