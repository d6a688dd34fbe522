"""Operation: a primitive as a node of a graph. Its shape is found by trying the primitive on small arrays of that shape.

Whether the samples of a batch can be cut is tried too: whether the primitive of a part of the samples is that part of its result. Views,
products of matrices and what by_kernels.py lists run by kernels; the others by NumPy, in each step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.model_files.names_of_operations import class_of
from shapecheck.shapes import Dim, Shape, Unknown
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers import activation
from tinyseq.layers.base import Layer
from tinyseq.layers.tensor_functions import by_kernels
from tinyseq.layers.tensor_functions.primitive import PRIMITIVES, narrowed
from tinyseq.weights import names
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

PROBE = 4
"""Samples of a trial."""
FEWEST = 2


class Slot:
    """Where the tensor of that number belongs among the arguments."""

    def __init__(self, number: int) -> None:
        self.number = number


class Operation(Layer):
    """A primitive of some tensors. `arguments`: its arguments, with a Slot for each tensor. `whole`: which tensors have no batch axis."""

    operation = True
    several_inputs = True
    tells = True
    input_dtype = "any"

    def __init__(
        self, function: str, arguments: Sequence[Any], whole: Sequence[bool] = (), weight: Weight | None = None, **options: Any
    ) -> None:  # fmt: skip
        if options.get("name") is None:
            options["name"] = names.give(function)
        super().__init__(**options)
        self.function = function
        self.template = tuple(arguments)
        self.whole = tuple(whole)
        """Which of its inputs have no batch axis: weights, and what follows from them alone."""
        if weight is not None:
            self._weights = [weight]
        self._tried: dict[Any, tuple[tuple[Dim, ...], Any]] = {}
        self._cuts: bool | None = None

    @property
    def class_name(self) -> str:
        return class_of(self.function)

    @property
    def primitive(self) -> Any:
        """Its functions."""
        return PRIMITIVES[self.function]

    @property
    def batched(self) -> bool:  # type: ignore[override]
        """Whether its output has a batch axis."""
        return self.function not in ("weight", "constant") and not (self.whole and all(self.whole))

    @property
    def shardable(self) -> bool:  # type: ignore[override]
        return bool(self._cuts) or not self.batched

    @property
    def differentiable(self) -> bool:  # type: ignore[override]
        return self.function == "weight" or self.primitive.gradient is not None

    @property
    def output_dtype(self) -> str:  # type: ignore[override]
        """Integers are int64 in a graph; truth values are float32, 0 and 1."""
        if self.function == "constant":
            return str(self.template[1].dtype)
        kinds = {dtype.kind for _, dtype in self._tried.values() if dtype is not None}
        return "int64" if kinds & {"i", "u"} else "float32"

    def arguments(self) -> dict[str, Any]:
        """What makes it again."""
        return {"function": self.function, "arguments": [plain(a) for a in self.template], "whole": list(self.whole)}

    def get_config(self) -> dict[str, Any]:
        if self.function == "weight":
            raise NotImplementedError(f"{self.name}: a model that uses a layer's weight by itself is saved by its class, not as a graph")
        return {"name": self.name, **self.arguments()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(config["function"], [unplain(a) for a in config["arguments"]], config["whole"], name=config["name"])

    # ------------------------------------------------------------------ shapes

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if self.function == "weight":
            return Inference(Shape(self._weights[0].shape), window="new")
        if self.function == "constant":
            return Inference(Shape(self.template[1].shape), window="new")
        if any(shape.dims is None or any(isinstance(d, Unknown) for d in shape.dims) for shape in inputs):
            why = next((shape.why for shape in inputs if not shape.known), "")
            return Inference(Shape(None, why=why), window="new")
        key = tuple(shape.dims for shape in inputs)
        if key not in self._tried:
            self._tried[key] = self._try(key)  # type: ignore[arg-type]
        return Inference(Shape(self._tried[key][0]), window=None if self.primitive.elementwise else "new")

    def _try(self, shapes: tuple[tuple[Dim, ...], ...]) -> tuple[tuple[Dim, ...], Any]:
        """The shape of its result, None where it follows from a size that is not known; and its dtype."""
        known = self._from_known(shapes)
        if known is not None:
            return known
        unit = self._unit(shapes[0]) if shapes else 1
        found = [self._result(shapes, first) for first in ((PROBE * unit, 5), ((PROBE + 1) * unit, 7))]
        one, other = (result.shape for result in found)
        if len(one) != len(other):
            raise ValueError(f"{self.name}: the number of axes of its result depends on the sizes of its input")
        if self._cuts is None or any(shape[:1] == (None,) for shape in shapes):
            self._cuts = self._may_be_cut(shapes)
        return tuple(a if a == b else None for a, b in zip(one, other, strict=True)), found[0].dtype

    def _unit(self, shape: tuple[Dim, ...]) -> int:
        """Of how many samples a batch must be a multiple: a reshape may put several together into one."""
        if self.function != "reshape" or not shape or shape[0] is not None or not all(isinstance(size, int) for size in shape[1:]):
            return 1
        rest = math.prod(size for size in self.template[1] if size != -1)
        return rest // math.gcd(rest, math.prod(shape[1:])) if rest else 1  # type: ignore[arg-type]

    def _from_known(self, shapes: tuple[tuple[Dim, ...], ...]) -> tuple[tuple[Dim, ...], Any] | None:
        """Of a concrete batch: what was found for any batch, if the samples can be cut."""
        for key, (sizes, dtype) in self._tried.items():
            batches = {shape[:1] for shape, whole in zip(shapes, self._all_whole(len(shapes)), strict=True) if not whole}
            rest = all(a[1:] == b[1:] and (a[:1] == (None,) or a == b) for a, b in zip(key, shapes, strict=True))
            if rest and self._cuts and len(batches) == 1 and sizes[:1] == (None,) and None not in sizes[1:]:
                return (*batches.pop(), *sizes[1:]), dtype
        return None

    def _all_whole(self, count: int) -> tuple[bool, ...]:
        return self.whole or (False,) * count

    def _arrays(self, shapes: tuple[tuple[Dim, ...], ...], sizes: tuple[int, int]) -> list[Array]:
        """Arrays of these shapes; an axis of any size has the same in all of them."""
        batch, other = sizes
        random = np.random.default_rng(0)
        found = []
        for shape in shapes:
            dims = [size if isinstance(size, int) else batch if axis == 0 else other + axis for axis, size in enumerate(shape)]
            found.append(random.uniform(0.5, 1.5, dims).astype(np.float32))
        return found

    def _result(self, shapes: tuple[tuple[Dim, ...], ...], sizes: tuple[int, int]) -> Array:
        try:
            with np.errstate(all="ignore"):
                return self.compute(self._arrays(shapes, sizes))
        except (ValueError, TypeError, IndexError) as error:
            given = " and ".join(str(Shape(shape)) for shape in shapes)
            raise ValueError(f"{self.name}: ops.{self.function} of {given}: {error}") from None

    def _may_be_cut(self, shapes: tuple[tuple[Dim, ...], ...]) -> bool:
        """Whether the function of some samples is that part of the function of all, and there are as many samples as before."""
        whole = self._all_whole(len(shapes))
        fixed = tuple((None, *s[1:]) if s and not w else s for s, w in zip(shapes, whole, strict=True))
        arrays = self._arrays(fixed, (PROBE, 5))
        try:
            with np.errstate(all="ignore"):
                together = self.compute(arrays)
                parts = []
                for cut in (slice(1), slice(1, None)):
                    parts.append(self.compute([a if w else a[cut] for a, w in zip(arrays, whole, strict=True)]))
            return together.shape[:1] == (PROBE,) and bool(np.array_equal(np.concatenate(parts), together, equal_nan=True))
        except (ValueError, TypeError, IndexError):
            return False

    # ------------------------------------------------------------------ numbers

    def filled(self, arrays: Sequence[Any]) -> list[Any]:
        """All arguments."""
        return [arrays[a.number] if isinstance(a, Slot) else a for a in self.template]

    def compute(self, arrays: Sequence[Any]) -> Array:
        """Its result, by NumPy."""
        filled = self.filled(arrays)
        return narrowed(self.primitive.compute(*filled), filled)

    def gradients(self, g: Array, y: Array, arrays: Sequence[Any]) -> list[Any]:
        """A gradient for each tensor, by NumPy."""
        every = self.primitive.gradient(g, y, *self.filled(arrays))
        return [found for a, found in zip(self.template, every, strict=True) if isinstance(a, Slot)]

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        if self.function != "matmul" or not inputs:
            return Buffers({}, *by_kernels.buffers(self, inputs, output)) if inputs else Buffers()
        sizes = [inputs[a.number] if isinstance(a, Slot) else np.shape(a) for a in self.template]
        if min(map(len, sizes)) < 2:
            return Buffers()
        (rows, depth), columns = sizes[0][-2:], sizes[1][-1]
        size = kernels.products.panel_size
        most = max(size(depth, columns), size(columns, depth), size(math.prod(sizes[0][:-1]), columns), size(rows, columns))
        scratch = {"panels": ((most,), "float32")}
        return Buffers(forward=dict(scratch), backward=dict(scratch))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if self.function == "weight":
            ctx.call(kernels.copying.copy_all, ctx.weight(self._weights[0].name), ctx.output)
        elif self.function == "constant":
            ctx.call(kernels.copying.copy_all, self.template[1], ctx.output)
        elif not any(True for _ in self._told(ctx, inputs, None)):
            ctx.python(_work, self, None)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        if self.function == "weight":
            change = ctx.gradient(self._weights[0].name)
            if change is not None:
                ctx.call(kernels.copying.add_all, gradients[0], change)
            for number in range(len(ctx.inputs)):
                dx = ctx.input_gradient(number)
                if dx is not None:
                    ctx.call(kernels.copying.clear_all, dx)
        elif not any(True for _ in self._told(ctx, ctx.inputs, gradients[0])):
            ctx.python(_work, self, True)

    def _told(self, ctx: Context, inputs: Sequence[Array], g: Array | None) -> Iterator[None]:
        """Tells the kernels that compute it, forward or (with g) backward, and yields once; nothing if there are none."""
        y, function = ctx.output, self.primitive
        floats = all(array.dtype == np.float32 for array in (*inputs, y))
        dx = [ctx.input_gradient(number) for number in range(len(inputs))] if g is not None else []
        if not floats:
            return
        if function.view and isinstance(self.template[0], Slot):
            _view(ctx, lambda x: function.compute(x, *self.template[1:]), inputs[0], y, g, dx)
            yield
        elif function.activation:
            entry = kernels.activation.TABLE[function.activation]
            if g is None:
                activation.run_elementwise(ctx, entry, inputs[0], y)
            else:
                activation.run_elementwise_gradient(ctx, entry, g)
            yield
        elif self.function == "matmul" and (pair := self._matrices(inputs)) is not None:
            self._product(ctx, *pair, g, dx)
            yield
        elif (numbers := self._linear()) is not None:
            source, target, factor, shift = (inputs[0], y, *numbers) if g is None else (g, dx[0], numbers[0], 0.0)
            if target is not None:
                ctx.call(kernels.preprocessing.rescale, source.reshape(-1), np.float32(factor), np.float32(shift), target.reshape(-1))
            yield
        elif by_kernels.tell(self, ctx, inputs, g, dx):
            yield

    def _matrices(self, inputs: Sequence[Array]) -> tuple[Array, Array] | None:
        """Both factors, if they are stacks of as many matrices, or the second is one matrix."""
        a, b = self.filled(inputs)
        if a.ndim < 2 or b.ndim < 2 or a.dtype != np.float32 or b.dtype != np.float32:
            return None
        return (a, b) if b.ndim == 2 or a.shape[:-2] == b.shape[:-2] else None

    def _product(self, ctx: Context, a: Array, b: Array, g: Array | None, dx: list[Any]) -> None:
        """y = a b, or with g: da = g b^T, db = a^T g."""
        outer = 1 if b.ndim == 2 else math.prod(a.shape[:-2])

        def seen(array: Array) -> Array:
            return array.reshape(outer, 1, -1, array.shape[-1])

        run, panels = kernels.products.product, ctx.scratch("panels")
        if g is None:
            ctx.call(run, a, seen(a), b, seen(b), ctx.output, seen(ctx.output), panels)
            return
        places = iter(dx)
        da, db = (next(places) if isinstance(one, Slot) else None for one in self.template)
        if da is not None:
            ctx.call(run, g, seen(g), b, seen(b).swapaxes(2, 3), da, seen(da), panels)
        if db is not None:
            ctx.call(run, a, seen(a).swapaxes(2, 3), g, seen(g), db, seen(db), panels)

    def _linear(self) -> tuple[float, float] | None:
        """(factor, shift) of x + 1, 2 - x, x * 3, x / 4 and -x."""
        if self.function == "negative":
            return -1.0, 0.0
        if len(self.template) != 2 or self.function not in ("add", "subtract", "multiply", "divide"):
            return None
        left, right = self.template
        number = right if isinstance(left, Slot) else left
        if isinstance(number, Slot) or not isinstance(number, (int, float)):
            return None
        if self.function == "add":
            return 1.0, float(number)
        if self.function == "subtract":
            return (1.0, -float(number)) if isinstance(left, Slot) else (-1.0, float(number))
        if self.function == "multiply":
            return float(number), 0.0
        return (1 / number, 0.0) if isinstance(left, Slot) and number else None


def _view(ctx: Context, compute: Any, x: Array, y: Array, g: Array | None, dx: list[Any]) -> None:
    if g is None:
        ctx.call(kernels.strided_copy.copy, x, compute(x), y, y)
    elif dx[0] is not None:
        ctx.call(kernels.copying.clear_all, dx[0])
        ctx.call(kernels.strided_copy.add, g, g, dx[0], compute(dx[0]))


def _work(ctx: Context, operation: Operation, backward: bool | None) -> None:
    """By NumPy, in each step."""
    with np.errstate(all="ignore"):
        if not backward:
            ctx.output[...] = operation.compute(ctx.inputs)
            return
        found = operation.gradients(ctx.output_gradients[0], ctx.output, ctx.inputs)
    for number, gradient in enumerate(found):
        place = ctx.input_gradient(number)
        if place is not None:
            place[...] = 0 if gradient is None else gradient


def plain(value: Any) -> Any:
    """An argument as data for a file."""
    if isinstance(value, Slot):
        return {"tensor": value.number}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return np.dtype(value).name if isinstance(value, (type, np.dtype)) else value


def unplain(value: Any) -> Any:
    """The opposite of `plain`."""
    if isinstance(value, dict):
        return Slot(value["tensor"]) if "tensor" in value else np.array(value["array"], value["dtype"])
    return [unplain(one) for one in value] if isinstance(value, list) else value
