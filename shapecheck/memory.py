"""Memory before anything runs: how long each array of a step is needed, and its offset in one block. Integers only.

The engine follows this plan: it allocates one block of `Placement.total` bytes, and every inner array is a part of it.
Time runs over operations: forward of operation i is moment i, the loss is moment F, backward of operation i is 2F - i.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Key = tuple[Any, ...]
    """("value", tensor) ("gradient", tensor) ("addend", operation, input) ("saved" | "forward" | "backward", operation, name)"""

ALIGNMENT = 64
"""Bytes of a cache line and of the widest vector register."""


class Operation:
    """One use of a layer, as the planner sees it; tensors are numbers.

    view: the output is the input's memory. keeps_input, keeps_output: backward reads them. backward: backward is called.
    wanted: for each input, whether backward must compute its gradient. saved, forward, backward scratch: bytes by name.
    through: the number of the one operation that reads the output and has no backward: backward of this one gets the
    gradient of that one's output, and reads that one's saved arrays and output.
    """

    __slots__ = (
        "backward",
        "backward_scratch",
        "forward_scratch",
        "inputs",
        "keeps_input",
        "keeps_output",
        "outputs",
        "saved",
        "through",
        "view",
        "wanted",
    )  # fmt: skip

    def __init__(
        self,
        inputs: Sequence[int],
        outputs: Sequence[int],
        view: bool = False,
        keeps_input: bool = True,
        keeps_output: bool = True,
        backward: bool = False,
        wanted: Sequence[bool] = (),
        saved: Mapping[str, int] | None = None,
        forward_scratch: Mapping[str, int] | None = None,
        backward_scratch: Mapping[str, int] | None = None,
        through: int | None = None,
    ) -> None:
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.view = view
        self.keeps_input = keeps_input
        self.keeps_output = keeps_output
        self.backward = backward
        self.wanted = tuple(wanted) or (False,) * len(self.inputs)
        self.saved = saved or {}
        self.forward_scratch = forward_scratch or {}
        self.backward_scratch = backward_scratch or {}
        self.through = through


class Interval:
    """An array's bytes, and the first and last moment at which it is needed."""

    __slots__ = ("end", "size", "start")

    def __init__(self, size: int, start: int, end: int) -> None:
        self.size = size
        self.start = start
        self.end = end

    def reach(self, moment: int) -> None:
        """Extends the interval to this moment."""
        self.start = min(self.start, moment)
        self.end = max(self.end, moment)

    def __repr__(self) -> str:
        return f"Interval({self.size} bytes, {self.start}..{self.end})"


class Placement:
    """The offset of each array, in bytes from the start of a block of `total` bytes."""

    __slots__ = ("offsets", "total")

    def __init__(self, offsets: dict[Key, int], total: int) -> None:
        self.offsets = offsets
        self.total = total


def place(intervals: Mapping[Key, Interval]) -> Placement:
    """Offsets such that no two arrays needed at one moment overlap: the largest first (of equal ones the
    earlier), each in the lowest gap that fits.

    Source: Pisarchyk & Lee (2020), "Efficient Memory Management for Deep Neural Net Inference", greedy by size.

    >>> plan = place({("a",): Interval(64, 0, 1), ("b",): Interval(64, 1, 2), ("c",): Interval(64, 2, 3)})
    >>> plan.total  # a and c are never needed at the same moment
    128
    """
    placed: list[tuple[int, int, Interval]] = []
    offsets: dict[Key, int] = {}
    total = 0
    for key, interval in sorted(intervals.items(), key=lambda item: (-item[1].size, item[1].start)):
        offset = 0
        for start, stop, other in placed:
            if start >= offset + interval.size:
                break  # sorted by start: a gap that fits
            if other.start <= interval.end and interval.start <= other.end:
                offset = max(offset, stop)
        stop = offset + _aligned(interval.size)
        offsets[key] = offset
        _insert(placed, (offset, stop, interval))
        total = max(total, stop)
    return Placement(offsets, total)


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _insert(placed: list[tuple[int, int, Interval]], item: tuple[int, int, Interval]) -> None:
    position = len(placed)
    while position and placed[position - 1][0] > item[0]:
        position -= 1
    placed.insert(position, item)


class Lifetimes:
    """When each inner array of a step is needed: `intervals` by key; `roots`: for a tensor that is a view, the tensor whose
    memory it is; `gradient_roots`: the same for gradients; `writers`: see `gradient_writers`."""

    def __init__(
        self,
        operations: Sequence[Operation],
        sizes: Mapping[int, int],
        external: Iterable[int],
        losses: Iterable[int] = (),
        results: Iterable[int] = (),
    ) -> None:
        """sizes: bytes of each tensor. external: tensors outside the block (passed by the caller or returned).
        losses: tensors whose gradient the loss writes. results: tensors whose gradient is returned at the end."""
        self.operations = operations
        self.sizes = sizes
        self.losses = tuple(losses)
        self.roots = view_roots(operations)
        self.outside = {self.roots.get(tensor, tensor) for tensor in external}
        self.writers = gradient_writers(operations, self.losses)
        self.gradient_roots = _gradient_roots(operations, self.writers)
        self.intervals: dict[Key, Interval] = {}
        for moment, operation in enumerate(operations):
            self._forward(moment, operation)
        for tensor in self.losses:
            self._gradient(tensor, len(operations))
        for index, operation in enumerate(operations):
            if operation.backward:
                self._backward(index, operation)
        for tensor in results:
            if tensor in self.writers:
                self._gradient(tensor, 2 * len(operations) + 1)

    def _forward(self, moment: int, operation: Operation) -> None:
        for tensor in (*operation.inputs, *operation.outputs):
            self._value(tensor, moment)
        for name, size in operation.forward_scratch.items():
            self._need(("forward", moment, name), size, moment)
        for name, size in operation.saved.items():
            self._need(("saved", moment, name), size, moment)

    def _backward(self, index: int, operation: Operation) -> None:
        moment = 2 * len(self.operations) - index
        last = index if operation.through is None else operation.through
        outputs = self.operations[last].outputs
        for place in {index, last}:
            for name, size in self.operations[place].saved.items():
                self._need(("saved", place, name), size, moment)
        for name, size in operation.backward_scratch.items():
            self._need(("backward", index, name), size, moment)
        if not operation.view:
            kept = (operation.inputs if operation.keeps_input else ()) + (outputs if operation.keeps_output else ())
            for tensor in kept:
                self._value(tensor, moment)
        for tensor in outputs:
            self._gradient(tensor, moment)
        for position, tensor in enumerate(operation.inputs):
            if operation.wanted[position]:
                self._gradient(tensor, moment)
                if self.adds(index, position) and not operation.view:
                    self._need(("addend", index, position), self.sizes[tensor], moment)

    def adds(self, operation: int, position: int) -> bool:
        """True if the gradient of this input was already written in backward."""
        return self.writers[self.operations[operation].inputs[position]][0] != (operation, position)

    def _value(self, tensor: int, moment: int) -> None:
        root = self.roots.get(tensor, tensor)
        if root not in self.outside:
            self._need(("value", root), self.sizes[root], moment)

    def _gradient(self, tensor: int, moment: int) -> None:
        root = self.gradient_roots.get(tensor, tensor)
        self._need(("gradient", root), self.sizes[root], moment)

    def _need(self, key: Key, size: int, moment: int) -> None:
        if key in self.intervals:
            self.intervals[key].reach(moment)
        else:
            self.intervals[key] = Interval(size, moment, moment)


def view_roots(operations: Sequence[Operation]) -> dict[int, int]:
    """For each tensor that is a view: the tensor whose memory it is."""
    roots: dict[int, int] = {}
    for operation in operations:
        if operation.view:
            roots[operation.outputs[0]] = roots.get(operation.inputs[0], operation.inputs[0])
    return roots


def gradient_writers(operations: Sequence[Operation], losses: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """For each tensor the writers of its gradient, in the order of backward: the loss as (-1, 0), else (operation, input).

    The first writes, the others add.
    """
    writers: dict[int, list[tuple[int, int]]] = {tensor: [(-1, 0)] for tensor in losses}
    for index in range(len(operations) - 1, -1, -1):
        if operations[index].backward:
            for position, tensor in enumerate(operations[index].inputs):
                if operations[index].wanted[position]:
                    writers.setdefault(tensor, []).append((index, position))
    return writers


def _gradient_roots(operations: Sequence[Operation], writers: Mapping[int, list[tuple[int, int]]]) -> dict[int, int]:
    """For each tensor whose gradient shares the memory of another's: outputs of views whose input has no other user."""
    roots: dict[int, int] = {}
    for index, operation in enumerate(operations):
        if operation.view and writers.get(operation.inputs[0]) == [(index, 0)]:
            roots[operation.outputs[0]] = roots.get(operation.inputs[0], operation.inputs[0])
    return roots


def human(count: int) -> str:
    """Bytes in words: 191.4 KiB.

    >>> human(196_008)
    '191.4 KiB'
    """
    if count.bit_length() > 1000:  # a float ends at 308 digits
        return f"1e+{count.bit_length() * 30103 // 100000} bytes"
    value = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if value < 1024 or unit == "TiB":
            return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
        value /= 1024
    raise AssertionError
