"""Code of the user's own, followed on tensors: call() of a layer or model, the function of a Lambda. What comes out is a graph.

call() runs on tensors that have shapes but no numbers; layers and tinyseq.ops that it meets become nodes. A call that looks at numbers
(`if x.mean() > 0`) cannot be followed: NotTraced says in which line.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.nodes import Node, known_input
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq.layers import calling
from tinyseq.layers.base import Layer
from tinyseq.layers.calling import ADDED, TRAINING
from tinyseq.layers.symbolic import UFUNCS, SymbolicTensor, operators
from tinyseq.layers.tensor_functions.added_loss import AddedLoss
from tinyseq.layers.tensor_functions.calling import ANCHOR, as_tensor
from tinyseq.layers.weighted import HIDDEN, Weighted
from tinyseq.nests import Form, form_of, is_deep, leaves
from tinyseq.weights.variable import FOLLOW, NoNumbers


class NotTraced(NotImplementedError):
    """A call that cannot be followed on tensors."""


def takes_training(function: Callable[..., Any]) -> bool:
    """Whether a function has an argument `training`."""
    try:
        return "training" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


@contextmanager
def tracing(anchor: SymbolicTensor, training: bool) -> Iterator[None]:
    one, other, third, fourth = ANCHOR.set(anchor), TRAINING.set(training), FOLLOW.set(_follow), ADDED.set([])
    try:
        yield
    finally:
        ANCHOR.reset(one)
        TRAINING.reset(other)
        FOLLOW.reset(third)
        ADDED.reset(fourth)


def _follow(name: str, given: Sequence[Any]) -> Any:
    """A NumPy function of a weight, as an operation; "tensor": an array or a weight as a tensor."""
    if name == "tensor":
        return as_tensor(given[0])
    name = UFUNCS.get(name, name)
    if name not in operators():
        raise NoNumbers(f"numpy.{name} of a weight has no gradient here: write it with tinyseq.ops")
    return operators()[name](*given)


def _with_losses(outputs: Any) -> Any:
    """The outputs, behind which add_loss() of this call is noted."""
    for layer, loss in ADDED.get() or ():
        first, *rest = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        if isinstance(first, SymbolicTensor):
            passed = calling.connect(AddedLoss(layer), [first, loss])
            outputs = [passed, *rest] if isinstance(outputs, (list, tuple)) else passed
    return outputs


def place_of(error: BaseException, function: Callable[..., Any]) -> str:
    """Where in the user's function (or deeper in that file) an error arose: "file.py:12: the line"."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if code is not None and frame.filename == code.co_filename]
    return f"{frames[-1].filename}:{frames[-1].lineno}: {frames[-1].line or ''}" if frames else "its code"


def graph_of(owner: str, function: Callable[..., Any], shapes: Sequence[Shape], listed: bool, training: bool = False) -> Graph:
    """What function(inputs) does, as a graph. `listed`: it takes its inputs as one list."""
    inputs = [SymbolicTensor(Node(known_input(shape)), 0, shape, "input") for shape in shapes]
    options = {"training": training} if takes_training(function) else {}
    with tracing(inputs[0], training):
        try:
            found = _with_losses(function(inputs, **options) if listed else function(*inputs, **options))
        except NoNumbers as error:
            raise NotTraced(f"{owner}: {place_of(error, function)}: cannot be followed: {error}") from None
    outputs = list(found) if isinstance(found, (list, tuple)) else [found]
    for output in outputs:
        if not isinstance(output, SymbolicTensor):
            raise NotTraced(f"{owner}: call() returned {type(output).__name__}, not a tensor made of its inputs by layers or tinyseq.ops")
    return Graph(inputs, outputs)


def both_ways(owner: str, function: Callable[..., Any], shapes: Sequence[Shape], listed: bool) -> Graph:
    """The graph for prediction; with the argument `training`, in `in_training` that for training."""
    graph = graph_of(owner, function, shapes, listed)
    if takes_training(function):
        object.__setattr__(graph, "in_training", graph_of(owner, function, shapes, listed, training=True))
    return graph


def followed_outputs(owner: str, function: Callable[..., Any], given: Any) -> list[SymbolicTensor]:
    """What function(given) makes of tensors of a graph, as a list."""
    anchor = given[0] if isinstance(given, list) else given
    with tracing(anchor, training=False):
        try:
            found = function(given)
        except NoNumbers as error:
            raise NotTraced(f"{owner}: {place_of(error, function)}: cannot be followed: {error}") from None
    outputs = list(found) if isinstance(found, (list, tuple)) else [found]
    if not all(isinstance(output, SymbolicTensor) for output in outputs):
        raise NotTraced(f"{owner}: the function returned {type(found).__name__}, not a tensor made of what it got")
    return outputs


def followed(
    owner: str, function: Callable[..., Any], tensors: Sequence[SymbolicTensor], given: Any
) -> tuple[Graph, bool, tuple[str, ...], Form]:
    """The graph of a model's call(given) on its input tensors, whether it returns a list, the keys if it returns a dictionary, and the
    structure if it returns a nested one."""
    graphs, listed, keys, form = [], False, (), None
    for training in (False, True) if takes_training(function) else (False,):
        with tracing(tensors[0], training):
            try:
                found = _with_losses(function(given, training=training) if takes_training(function) else function(given))
            except NoNumbers as error:
                raise NotTraced(f"{owner}: {place_of(error, function)}: cannot be followed: {error}") from None
        keys = tuple(found) if isinstance(found, dict) else ()
        listed = isinstance(found, (list, tuple))
        form = form_of(found) if is_deep(found) else None
        outputs = leaves(found)
        if not outputs or not all(isinstance(output, SymbolicTensor) for output in outputs):
            raise NotTraced(f"{owner}: call() returned {type(found).__name__}, not tensors made of its inputs by layers or tinyseq.ops")
        graphs.append(Graph(tensors, outputs, owner))
    if len(graphs) > 1:
        object.__setattr__(graphs[0], "in_training", graphs[1])
    return graphs[0], listed and not keys, keys, form


class Traced(Layer):
    """A layer whose graph is what its call() does."""

    @property
    def graph(self) -> Graph | None:  # type: ignore[override]
        """What call() does; None before the first call."""
        return self.__dict__.get("_call_graph")

    @property
    def batched(self) -> bool:  # type: ignore[override]
        """Whether what call() returns has a batch axis."""
        return self.graph is None or any(calling.batched(output) for output in self.graph.outputs)

    @property
    def children(self) -> tuple[Any, ...]:
        """The layers inside: its attributes, in the order in which they were set."""
        return tuple(inner_layers(self))

    @children.setter
    def children(self, layers: tuple[Any, ...]) -> None:
        """A wrapper sets them: its kernels would pass over call()."""
        kind = type(self)
        raise NotImplementedError(
            f"{kind.__name__}: its own call() in place of that of {kind.__mro__[1].__name__} is not computed: call a "
            f"{kind.__mro__[1].__name__} in call() of a Layer of your own"
        )

    @property
    def layers(self) -> list[Any]:
        """The layers inside."""
        return list(self.children)

    @property
    def weights(self) -> list[Any]:
        """Its own weights, then those of the layers inside."""
        return list(dict.fromkeys([*self._weights, *(w for layer in self.children for w in layer.weights)]))

    @property
    def trainable_weights(self) -> list[Any]:
        """The weights that training changes."""
        return self._opened() if self.trainable else []

    def _opened(self) -> list[Any]:
        own = [weight for weight in self._weights if weight.trainable and self.trainable]
        return list(dict.fromkeys([*own, *(w for layer in self.children for w in layer._opened())]))

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The weights that training leaves alone."""
        changing = set(map(id, self.trainable_weights))
        return [weight for weight in self.weights if id(weight) not in changing]

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if any(shape.dims is None for shape in inputs):
            return Inference(Shape(None, why=inputs[0].why))
        graph = self.graph
        if graph is None:
            graph = self._trace(inputs)
        elif not all(_fits(tensor.node.rule.shape_accepted, shape) for tensor, shape in zip(graph.inputs, inputs, strict=True)):  # type: ignore[attr-defined]
            have = ", ".join(str(tensor.node.rule.shape_accepted) for tensor in graph.inputs)  # type: ignore[attr-defined]
            raise NotImplementedError(
                f"{self.name}: call() was followed for inputs {have}, and now gets {', '.join(map(str, inputs))}: make another "
                f"{type(self).__name__} for them"
            )
        found = propagate(graph, inputs).as_inference()
        own = tuple(WeightSpec(w.name, w.shape, w.initializer, w.trainable) for w in self.weights)
        return Inference(found.outputs, own, found.multiply_adds, window="all")

    def _trace(self, inputs: tuple[Shape, ...]) -> Graph:
        """Builds the layer and follows call(); leaves it as it was if that fails."""
        kept = list(self._weights)
        above = getattr(type(self), "_above", None)
        if above is not None and not self._weights:
            for spec in above.infer(self, inputs).weights:
                self._add(spec)
        accepted = tuple(Shape((None, *shape.dims[1:])) if shape.dims else shape for shape in inputs)
        try:
            if self._writes_build and not self.__dict__.get("_was_built"):
                shapes = [shape.dims for shape in accepted]
                self._building = True
                try:
                    self.build(shapes[0] if len(shapes) == 1 else shapes)
                finally:
                    self._building = False
                self.__dict__["_was_built"] = True
            function: Any = self.call
            graph = both_ways(str(self.name), function, accepted, bool(self.__dict__.get("_listed")))
        except BaseException:
            self._weights = kept
            self.__dict__.pop("_was_built", None)
            raise
        self.__dict__["_call_graph"] = graph
        return graph

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        pass  # build() has run when call() was followed

    def _unbuild(self) -> None:
        Layer._unbuild(self)
        for name in ("_call_graph", "_was_built"):
            self.__dict__.pop(name, None)

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None) -> Any:  # type: ignore[override]
        """On tensors the tensors that come out, on arrays the arrays.

        Arguments:
            inputs: one tensor or array, or a list of them
            training: True: behave as in training
            mask: of Keras, not computed: leave it out
        """
        if mask is not None:
            raise NotImplementedError(f"{self.name}: mask= is not passed to call() of a layer of your own: leave it out")
        listed = len(inputs) == 1 and isinstance(inputs[0], (list, tuple)) and all(hasattr(one, "shape") for one in inputs[0])
        given = list(inputs[0]) if listed else list(inputs)
        if not given:
            raise TypeError(f"{self.name}: needs its input, as in layer(x)")
        if self.graph is None:
            self.__dict__["_listed"] = listed
        given = calling.followed(self, given)
        if calling.symbolic(self, given):
            return calling.connect(calling.forced(self, given, training), given)
        return self._compute(given, bool(training))

    @property
    def several_inputs(self) -> bool:  # type: ignore[override]
        """Whether it was called on several inputs."""
        return bool(self.__dict__.get("_listed"))


ADOPTED = (
    "graph", "batched", "children", "layers", "weights", "trainable_weights", "non_trainable_weights", "_opened", "infer", "_trace",
    "_declare", "_unbuild", "__call__", "several_inputs",
)  # fmt: skip


def adopt(kind: type[Layer]) -> None:
    """A class of the user's own that writes call(): it is followed, or with backward() run on arrays."""
    own = "forward" in vars(kind) or (not kind._has_rule and kind.forward is not Layer.forward)
    if own or kind._builds_itself:
        return
    if "backward" in vars(kind):
        takes = takes_training(vars(kind)["call"])

        def forward(self: Any, ctx: Any, *inputs: Any) -> Any:
            return self.call(*inputs, training=ctx.training) if takes else self.call(*inputs)

        type.__setattr__(kind, "forward", forward)
        if takes:  # otherwise the plan runs it as in training wherever backward follows
            type.__setattr__(kind, "random", True)
        return
    for name in ADOPTED:
        if name not in vars(kind):
            type.__setattr__(kind, name, vars(Traced)[name])
    if kind._has_rule:
        type.__setattr__(kind, "_above", next(base for base in kind.__mro__ if "call" not in vars(base) and issubclass(base, Layer)))


def _fits(accepted: Shape, given: Shape) -> bool:
    assert accepted.dims is not None
    if given.dims is None or len(given.dims) != len(accepted.dims):
        return False
    return all(a is None or b is None or a == b for a, b in zip(accepted.dims, given.dims, strict=True))


def inner_layers(owner: Any) -> list[Any]:
    """The layers that an object has as attributes, in lists and dictionaries too, each once."""
    found: dict[int, Any] = {}
    opened: set[int] = set()
    """Lists and dictionaries that were looked into: one may hold itself."""
    waiting = [value for name, value in owner.__dict__.items() if name not in HIDDEN]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, Weighted):
            found.setdefault(id(value), value)
        elif isinstance(value, (dict, list, tuple)) and id(value) not in opened:
            opened.add(id(value))
            waiting = [*(value.values() if isinstance(value, dict) else value), *waiting]
    return list(found.values())
