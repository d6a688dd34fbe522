"""Plan: the operations for given shapes, their order and memory. Immutable; created once for each shape and cached.

Nested models are inlined here, so that the engine sees one list of operations.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.layers.core import InputLayer
from shapecheck.memory import Lifetimes, Operation, Placement, place
from shapecheck.nodes import Tensor
from shapecheck.shapes import Shape
from tinyseq.engine import frozen
from tinyseq.engine.cast import Cast
from tinyseq.engine.channels import Orders, Turn, channels_last, needed
from tinyseq.engine.masks import MaskMaker, NonZero
from tinyseq.engine.operator import Buffers, Operator, Sizes, no_forward, written_by_user
from tinyseq.engine.penalty import Penalty
from tinyseq.engine.strings import STRING

if TYPE_CHECKING:
    from tinyseq.engine.pooled_gradient import Handed
    from tinyseq.weights.weight import Weight


class Op:
    """One use of a layer with concrete shapes; `inputs` and `outputs` are tensor numbers."""

    __slots__ = (
        "absorbed", "backward", "buffers", "folded", "forced", "handed", "inputs", "layer", "logits", "masked", "multiply_adds",
        "outputs", "rows", "synchronized", "through", "trained", "training", "turned", "view", "wanted", "weights",
    )  # fmt: skip

    def __init__(self, layer: Operator, inputs: tuple[int, ...], outputs: tuple[int, ...], multiply_adds: int) -> None:
        self.layer = layer
        self.inputs = inputs
        self.outputs = outputs
        self.multiply_adds = multiply_adds
        self.weights: tuple[Weight, ...] = tuple(layer._weights)
        self.trained: tuple[Weight, ...] = ()
        self.backward = False
        self.wanted: tuple[bool, ...] = (False,) * len(inputs)
        self.buffers = Buffers()
        self.training = False
        self.forced: bool | None = None
        """The `training` of the call that it belongs to; None: that of the mode."""
        self.masked = False
        """The last of its inputs is the mask of the first, which the layer gets as ctx.mask."""
        self.folded = 1
        """How many rows of its first input belong to one sample: steps, within TimeDistributed."""
        self.rows: int | None = None
        """The size of its first input's first axis, if its inputs have no batch axis: every shard computes all of it."""
        self.synchronized = False
        self.view = False
        self.logits = False
        self.turned = False
        """Its arrays have channels last, though its tensors are declared channels first: see engine/channels.py."""
        self.absorbed = ""
        """The activation of a following layer that this operation applies itself: see Plan._absorb."""
        self.through: int | None = None
        """The number of the max pooling whose gradient this operation uses without spreading it, and its description in
        `handed`: see engine/pooled_gradient.py."""
        self.handed: Handed | None = None

    @property
    def looks_over(self) -> bool:
        """Whether its result is not the same in every shard, though its inputs are."""
        return self.synchronized or (self.training and self.layer.random)

    @property
    def read(self) -> tuple[int, ...]:
        """Its inputs without the mask."""
        return self.inputs[:-1] if self.masked else self.inputs


class Mode:
    """How a graph is run: `training` layers behave as in training; `backward`: gradients follow; `trained`: of these
    weights; `input_gradients`: of the inputs too; `logits`: the loss applies the activation of the last layer; `frozen`: the
    layers that were frozen when training began, None: those that are now; `whole`: the batch is not cut, as the loss needs all of it;
    `masks`: what comes out are the masks of the outputs that have one; `part`: "base" computes what the frozen base hands to the rest,
    "rest" begins there, "": all (engine/frozen.py)."""

    __slots__ = ("backward", "frozen", "input_gradients", "joins", "key", "logits", "masks", "part", "trained", "training", "whole")

    def __init__(
        self,
        training: bool = False,
        backward: bool = False,
        trained: Iterable[Weight] = (),
        input_gradients: bool = False,
        logits: bool = False,
        frozen: Iterable[Operator] | None = None,
        whole: bool = False,
        masks: bool = False,
        part: str = "",
    ) -> None:
        self.training = training
        self.backward = backward
        self.trained = frozenset(id(weight) for weight in trained)
        self.input_gradients = input_gradients
        self.logits = logits
        self.frozen = None if frozen is None else frozenset(id(layer) for layer in frozen)
        self.whole = whole
        self.masks = masks
        self.part = part
        self.joins = True
        self.key = (training, backward, self.trained, input_gradients, logits, self.frozen, whole, masks, True, part)

    def of_part(self, part: str) -> Mode:
        """The same for a part of the graph, or for all of it again."""
        found = copy(self)
        found.part = part
        found.key = (*self.key[:-1], part)
        return found

    def unjoined(self) -> Mode:
        """The same without joined normalizations: a frozen base that ends between the two layers changes no bit."""
        found = copy(self)
        found.joins = False
        found.key = (*self.key[:-2], False, self.part)
        return found


PREDICT = Mode()
MASKS = Mode(masks=True)
TRAINING_CALL = Mode(training=True)


class Plan:
    """Operations of a graph on concrete shapes and the offsets of their arrays in one block of memory."""

    def __init__(self, graph: Graph, shapes: tuple[Sizes, ...], mode: Mode) -> None:
        self.mode = mode
        self.shapes: list[Sizes] = []
        self.dtypes: list[str] = []
        self.ops: list[Op] = []
        self._forced: bool | None = None
        self.masks: dict[int, int] = {}
        """Which tensor is the mask of another: (samples, steps) uint8, 0 for a step that is left out."""
        self.unbatched: set[int] = set()
        """Tensors without a batch axis: weights and constants, and what follows from them alone."""
        self.inputs = tuple(self._tensor(shape, dtype) for shape, dtype in zip(shapes, input_dtypes(graph), strict=True))
        self.orders = Orders(self.shapes, self._turn)
        self.outputs = self._inline(self._variant(graph), self.inputs)
        self.masked_outputs = tuple(number for number, tensor in enumerate(self.outputs) if tensor in self.masks)
        """Which outputs have a mask."""
        if mode.masks:
            self._keep_masks_only()
        self.ops = needed(self.ops, self.outputs)
        if mode.logits:
            self._last().logits = True
        self._absorb()
        self._join_normalizations()
        self._crop()
        self._trace()
        if mode.part:
            frozen.keep_part(self, mode.part)
        self._hand_back()
        self.lifetimes = self._lifetimes()
        self.placement: Placement = place(self.lifetimes.intervals)
        wanted = {op.layer for op in self.ops if any(op.wanted)}
        unhanded = {op.layer for op in self.ops if op.through is None}
        self.prepares_backward = {
            op.layer: op.layer in unhanded and (op.layer in wanted if op.layer.late else op.training) for op in self.ops
        }
        """Whether a layer's `prepare` must fill the arrays for backward; a late layer needs it for its input's gradient only,
        and one that takes the gradient of max pooling as it comes (engine/pooled_gradient.py) reads its weights where they are."""
        self.synchronized = any(op.synchronized for op in self.ops)
        self.shardable = all(op.layer.shardable and (op.rows is None or not op.looks_over) for op in self.ops)

    @property
    def output_shapes(self) -> tuple[Sizes, ...]:
        """The shapes of the outputs."""
        return tuple(self.shapes[tensor] for tensor in self.outputs)

    @property
    def multiply_adds(self) -> int:
        """For the whole shard, forward."""
        return self.shapes[self.inputs[0]][0] * sum(op.multiply_adds for op in self.ops)

    def bytes_of(self, tensor: int) -> int:
        """How many bytes a tensor takes."""
        return math.prod(self.shapes[tensor]) * np.dtype(self.dtypes[tensor]).itemsize

    def _tensor(self, shape: Sizes, dtype: str) -> int:
        self.shapes.append(shape)
        self.dtypes.append(dtype)
        return len(self.shapes) - 1

    def _inline(self, graph: Graph, inputs: tuple[int, ...]) -> tuple[int, ...]:
        """Appends the operations of a graph; returns its outputs."""
        numbers: dict[Tensor, int] = dict(zip(graph.inputs, inputs, strict=True))
        fed = {tensor.node for tensor in graph.inputs}
        for node in graph.nodes:
            if node in fed:
                continue
            layer: Any = node.rule
            given = tuple(numbers[tensor] for tensor in node.inputs)
            before = self.masks.get(given[0]) if given else None
            for tensor in node.beside.get("mask", ())[:1]:
                self.masks[given[0]] = self._as_mask(numbers[tensor])
            outputs = self._call(layer, given)
            if "mask" in node.beside and before is None:
                del self.masks[given[0]]
            elif "mask" in node.beside:
                self.masks[given[0]] = before  # type: ignore[assignment]
            numbers.update((node.tensor(port), number) for port, number in enumerate(outputs))
        return tuple(numbers[tensor] for tensor in graph.outputs)

    def _call(self, layer: Any, given: tuple[int, ...]) -> tuple[int, ...]:
        """The outputs of a layer, or of the layers inside it."""
        inner = getattr(layer, "graph", None)
        if isinstance(inner, Graph):
            return self._inside(inner, given)
        given = tuple(self._cast(tensor, layer.input_dtype) for tensor in given)
        inside = layer.inside(tuple(self.shapes[tensor] for tensor in given))
        if inside is None:
            return self._append(layer, given)
        outputs = self._inline(self._variant(inside), given)
        if layer.wraps_mask and given[0] in self.masks:
            self.masks[outputs[0]] = self.masks[given[0]]
        return outputs

    def _as_mask(self, tensor: int) -> int:
        """A mask that a call passes: anything but 0 is True."""
        return tensor if self.dtypes[tensor] == "uint8" else self._append(NonZero(), (tensor,))[0]

    def _keep_masks_only(self) -> None:
        """What comes out are masks; what they do not follow from is not computed."""
        self.outputs = tuple(self.masks[self.outputs[number]] for number in self.masked_outputs)
        needed, ops = set(self.outputs), self.ops
        self.ops = []
        for op in reversed(ops):
            if needed.intersection(op.outputs):
                needed.update(op.inputs)
                self.ops.insert(0, op)

    def _inside(self, graph: Graph, given: tuple[int, ...]) -> tuple[int, ...]:
        """A graph within the graph, which may have been called with training=True or False."""
        before = self._forced
        self._forced = graph.forced if before is None else before
        try:
            return self._inline(self._variant(graph), given)
        finally:
            self._forced = before

    def _variant(self, graph: Graph) -> Graph:
        """The graph of a call that behaves otherwise in training."""
        training = self.mode.training if self._forced is None else self._forced
        return graph.in_training if training and graph.in_training is not None else graph

    def _append(self, layer: Operator, given: tuple[int, ...]) -> tuple[int, ...]:
        given = tuple(self._cast(tensor, layer.input_dtype) for tensor in given)
        layer, given = self._with_masks(layer, given)
        shapes = tuple(Shape(self.shapes[tensor]) for tensor in given)
        turned = self.orders.turned(layer, given)
        arrays = tuple(self.orders.array(tensor) for tensor in given) if turned else given
        try:
            inference = layer.infer(shapes)
        except ShapeError as error:
            raise error.at(str(layer.name)) from None
        sizes = [_concrete(layer, shape) for shape in inference.outputs]
        sizes = [channels_last(size) if turned and len(size) > 2 else size for size in sizes]
        outputs = tuple(self._tensor(size, layer.output_dtype) for size in sizes)
        adds = inference.multiply_adds if isinstance(inference.multiply_adds, int) else 0
        mask = self.masks.get(given[0]) if layer.takes_mask and given else None
        op = Op(layer, arrays if mask is None else (*arrays, mask), outputs, adds)
        op.masked = mask is not None
        op.folded = self.shapes[given[0]][0] // max(self.shapes[0][0], 1) if given and self.shapes[given[0]] else 1
        op.forced = self._forced
        op.turned = turned
        self.ops.append(op)
        outputs = tuple(self.orders.declared(array) for array in outputs) if turned else outputs
        self._mask(layer, given, outputs)
        return outputs if layer.activity_penalty is None else tuple(self._penalized(layer, tensor) for tensor in outputs)

    def _with_masks(self, layer: Operator, given: tuple[int, ...]) -> tuple[Operator, tuple[int, ...]]:
        """A layer that takes the masks of its inputs as inputs gets them."""
        masks = [self.masks.get(tensor) for tensor in given]
        found = layer.with_masks(tuple(mask is not None for mask in masks)) if any(mask is not None for mask in masks) else None
        if found is None:
            return layer, given
        also = [mask for i in found[1] if (mask := masks[i]) is not None]
        return found[0], (*given, *(self._cast(mask, "float32") for mask in also))

    def _turn(self, layer: Operator, tensor: int, shape: Sizes) -> int:
        """An operation that puts a tensor into another order: for Orders."""
        turned = self._tensor(shape, self.dtypes[tensor])
        layer.input_dtype = layer.output_dtype = self.dtypes[tensor]
        self.ops.append(Op(layer, (tensor,), (turned,), 0))
        return turned

    def _mask(self, layer: Operator, given: tuple[int, ...], outputs: tuple[int, ...]) -> None:
        """The masks of a layer's outputs."""
        masks = [self.masks.get(tensor) for tensor in given]
        found = layer.masking(tuple(mask is not None for mask in masks), len(outputs))
        if found is None and any(mask is not None for mask in masks):
            warnings.warn(
                f"Layer '{layer.name}' (of type {type(layer).__name__}) was passed an input with a mask attached to it. However, this "
                f"layer does not support masking and will therefore destroy the mask information. Downstream layers will not see the mask.",
                stacklevel=2,
            )
        for output, source in zip(outputs, found or (), strict=False):
            mask = masks[source] if isinstance(source, int) else None
            if isinstance(source, MaskMaker):
                of_masks = source.of_masks
                [mask] = self._append(source, tuple(m if m is not None and of_masks else t for m, t in zip(masks, given, strict=True)))
            if mask is not None:
                self.masks[output] = mask

    def _penalized(self, layer: Operator, tensor: int) -> int:
        """An output whose penalty is added to the loss."""
        passed = self._tensor(self.shapes[tensor], self.dtypes[tensor])
        if tensor in self.masks:
            self.masks[passed] = self.masks[tensor]
        self.ops.append(Op(Penalty(layer, layer.activity_penalty), (tensor,), (passed,), 0))
        return passed

    def _cast(self, tensor: int, dtype: str) -> int:
        if self.dtypes[tensor] == dtype or dtype == "any":
            return tensor
        cast = self._tensor(self.shapes[tensor], dtype)
        if tensor in self.masks:
            self.masks[cast] = self.masks[tensor]
        self.ops.append(Op(Cast(dtype), (tensor,), (cast,), 0))
        return cast

    def _last(self) -> Op:
        """The operation that computes the (only) output, ignoring views and turned arrays."""
        tensor = self.outputs[0]
        last = next(op for op in reversed(self.ops) if tensor in op.outputs)
        return next(op for op in self.ops if last.inputs[0] in op.outputs) if isinstance(last.layer, Turn) else last

    def _absorb(self) -> None:
        """A relu or relu6 that is the only reader of a layer's output becomes part of that operation, if the layer can apply

        it. The value between the two is then neither written nor kept: of BatchNormalization, ReLU and a convolution without a
        bias a step spends half its time on memory, not on sums.
        """
        for maker, op in list(self._alone_before()):
            name = op.layer.absorbable()
            if name and maker.layer.absorbs(name) and not _by_user(maker, op):
                maker.absorbed, maker.outputs = name, op.outputs
                self.ops.remove(op)

    def _join_normalizations(self) -> None:
        """At prediction a BatchNormalization that is the only reader of a layer's output becomes part of that layer's weights."""
        mode = self.mode
        if mode.training or mode.backward or mode.input_gradients or not mode.joins:
            return
        for maker, op in list(self._alone_before()):
            plain = not (maker.masked or op.masked or maker.forced or op.forced or maker.absorbed or maker.logits or op.logits)
            axes = len(self.shapes[op.inputs[0]])
            if plain and op.layer.normalizes_channels(axes, op.turned) and not _by_user(maker, op):
                joined = maker.layer.with_normalization(op.layer, op.absorbed)
                if joined is not None:
                    maker.layer, maker.outputs, maker.weights = joined, op.outputs, tuple(joined._weights)
                    self.ops.remove(op)

    def _crop(self) -> None:
        """Omits rows and columns after the last pooling window, if the layer before can (120 of 121 by 3x3)."""
        for maker, pool in self._alone_before():
            if maker.layer.crops and not _by_user(maker, pool):
                tensor = pool.inputs[0]
                self.shapes[tensor] = pool.layer.reads(self.shapes[tensor], self.shapes[pool.outputs[0]])

    def _alone_before(self) -> Iterator[tuple[Op, Op]]:
        """(an operation, the only reader of its output), for readers with one input, without outputs of the graph."""
        readers = Counter(tensor for op in self.ops for tensor in op.inputs)
        makers = {tensor: op for op in self.ops for tensor in op.outputs}
        for op in self.ops:
            tensor = op.inputs[0]
            if len(op.inputs) == 1 and tensor in makers and readers[tensor] == 1 and tensor not in self.outputs:
                yield makers[tensor], op

    def _trace(self) -> None:
        """Which operations train, which gradients are computed, which arrays each needs."""
        mode = self.mode
        wanted = dict.fromkeys(self.inputs, mode.input_gradients)
        for op in self.ops:
            layer = op.layer
            if self.unbatched.issuperset(op.inputs):
                op.rows = (*self.shapes[op.inputs[0]], 1)[0]
            if op.rows is not None or not layer.batched:
                self.unbatched.update(op.outputs)
            only_keeps = not layer.random and not layer.synchronized(True)
            frozen = not layer.trainable if mode.frozen is None else id(layer) in mode.frozen
            training = (mode.training if op.forced is None else op.forced) and not (frozen and layer.infers_when_frozen)
            op.training = training or (mode.backward and only_keeps)  # for most layers training means that backward follows
            op.view = layer.view(op.training)
            op.synchronized = layer.synchronized(op.training)
            op.trained = tuple(weight for weight in op.weights if id(weight) in mode.trained)
            op.wanted = tuple(wanted.get(tensor, False) and self.dtypes[tensor] == "float32" for tensor in op.inputs)
            op.backward = mode.backward and layer.differentiable and (bool(op.trained) or any(op.wanted))
            wanted.update(dict.fromkeys(op.outputs, op.backward))
            op.buffers = layer.buffers(
                tuple(self.shapes[tensor] for tensor in op.read), self.shapes[op.outputs[0]], op.training
            )

    def _hand_back(self) -> None:
        """Finds the max poolings that need not spread their gradient, because the layer before uses it unspread."""
        for maker, pool in self._alone_before():
            tensor = pool.inputs[0]
            sizes = self.shapes[tensor], self.shapes[pool.outputs[0]]
            plain = maker.turned == pool.turned and not (maker.masked or pool.masked)
            handed = pool.layer.hands_back(*sizes) if plain and pool.backward and pool.training else None
            if handed is None or not maker.backward or any(written_by_user(op.layer, "backward") for op in (maker, pool)):
                continue
            buffers = maker.layer.handed_buffers(self.shapes[maker.inputs[0]], self.shapes[tensor], handed)
            if buffers is not None:
                maker.through, maker.handed, maker.buffers = self.ops.index(pool), handed, buffers
                pool.backward = False

    def _lifetimes(self) -> Lifetimes:
        sizes = {tensor: self.bytes_of(tensor) for tensor in range(len(self.shapes))}
        operations = [
            Operation(
                op.inputs,
                op.outputs,
                view=op.view,
                keeps_input=op.layer.needs_input or op.masked,
                keeps_output=op.layer.needs_output or bool(op.absorbed),
                backward=op.backward,
                wanted=op.wanted,
                saved=_sizes(op.buffers.saved),
                forward_scratch=_sizes(op.buffers.forward),
                backward_scratch=_sizes(op.buffers.backward),
                through=op.through,
            )
            for op in self.ops
        ]
        losses = self.outputs if self.mode.backward else ()
        results = self.inputs if self.mode.input_gradients else ()
        return Lifetimes(operations, sizes, (*self.inputs, *self.outputs), dict.fromkeys(losses), results)


def _by_user(*ops: Op) -> bool:
    """Whether a user's own class computes one of them, forward or backward."""
    return any(written_by_user(op.layer, name) for op in ops for name in ("forward", "backward"))


def _sizes(places: dict[str, Any]) -> dict[str, int]:
    return {name: math.prod(shape) * np.dtype(dtype).itemsize for name, (shape, dtype) in places.items()}


def _concrete(layer: Operator, shape: Shape) -> Sizes:
    dims = shape.dims
    if dims is None or not all(isinstance(dim, int) for dim in dims):
        if type(layer).forward is Operator.forward:
            raise no_forward(layer)
        advice = f": {layer.advice_for_sizes}" if layer.advice_for_sizes else ""
        raise ValueError(f"{layer.name}: its output shape {shape} must have a number on every axis to be computed{advice}")
    return dims  # type: ignore[return-value]


def input_dtypes(graph: Graph) -> list[str]:
    """"int64" for an input that only layers of indices read, or that says dtype="int32" or "string"; else "float32"."""
    return [_input_dtype(graph, tensor) for tensor in graph.inputs]


def _input_dtype(graph: Graph, tensor: Tensor) -> str:
    rule = tensor.node.rule
    declared = str(rule.dtype or "") if isinstance(rule, InputLayer) else ""
    if declared == STRING:
        _check_strings(graph, tensor)
    if "int" in declared or declared == STRING:
        return "int64"
    readers: set[str] = set()
    for node in graph.nodes:
        for position, given in enumerate(node.inputs):
            if given == tensor:
                inner = getattr(node.rule, "graph", None)
                if isinstance(inner, Graph):
                    readers.add(_input_dtype(inner, inner.inputs[position]))
                else:
                    readers.add(getattr(node.rule, "input_dtype", "float32"))
    return "int64" if readers == {"int64"} else "float32"


def _check_strings(graph: Graph, tensor: Tensor) -> None:
    """ValueError if a layer that takes numbers reads an input of strings."""
    for node in graph.nodes:
        for position, given in enumerate(node.inputs):
            inner = getattr(node.rule, "graph", None)
            if given == tensor and isinstance(inner, Graph):
                _check_strings(inner, inner.inputs[position])
            elif given == tensor and not getattr(node.rule, "takes_strings", False):
                raise ValueError(
                    f"{node.rule.name}: takes numbers, and input {tensor.node.rule.name} has strings: put a StringLookup, "
                    f"TextVectorization or Hashing between them"
                )
