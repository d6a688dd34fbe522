"""A model with a call() of its own: its layers are those that call() uses, found by following it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

from shapecheck.layers.base import Inference, Rule
from shapecheck.shapes import Shape
from tinyseq.inputs import numbers
from tinyseq.layers.base import Layer
from tinyseq.layers.core import InputLayer, input_tensor
from tinyseq.nests import Form
from tinyseq.structure import Structure


def once(own: Callable[..., Any]) -> Callable[..., Any]:
    """A build() of the user's own: when call() is followed afterwards, it does not run again."""

    @wraps(own)
    def build(self: Following, *arguments: Any, **options: Any) -> Any:
        self.__dict__.setdefault("_own_build", "ran")
        return own(self, *arguments, **options)

    return build


class Following(Structure):
    """Structure whose call(), if it has one, is followed on the first inputs, or by build()."""

    _builds_itself = True
    _followed = False
    """A subclass with call()."""
    _listed = False
    """Whether the outputs are a list also if there is one."""
    _output_form: Form = None
    _given = ""
    """Whether call() takes a list or a dictionary of inputs."""

    def _changed(self) -> None:
        """The structure has changed: what was made for the old one is discarded."""
        raise NotImplementedError

    def _parts(self) -> Sequence[Rule]:
        if not self._followed:
            return super()._parts()
        from tinyseq.layers.traced import inner_layers

        return tuple(inner_layers(self))

    def _follow(self, given: Any) -> None:
        """Follows call() on tensors like `given`: one array (or Shape), a list or a dictionary of them."""
        from tinyseq.layers.traced import followed

        keys = list(given) if isinstance(given, Mapping) else None
        sized = isinstance(given, (list, tuple)) and all(hasattr(one, "shape") or isinstance(one, Shape) for one in given)
        listed = keys is not None or sized
        values = list(given.values()) if keys is not None else list(given) if listed else [given]
        values = [getattr(one, "shape_accepted", one) for one in values]
        shapes = [one.dims if isinstance(one, Shape) else numbers(one, str(self.name)).shape for one in values]
        names = keys or [None] * len(values)
        tensors = [input_tensor(InputLayer(shape=shape[1:], name=name)) for shape, name in zip(shapes, names, strict=True)]  # type: ignore[index]
        self._run_own_build(keys, [(None, *shape[1:]) for shape in shapes], listed)  # type: ignore[index]
        packed: Any = dict(zip(keys, tensors, strict=True)) if keys is not None else tensors if listed else tensors[0]
        graphs = followed(str(self.name), self.call, tensors, packed)
        self._graph, self._listed, self._keys, self._output_form = graphs
        self._given = "dictionary" if keys is not None else "list" if listed else ""
        self._changed()

    def _shapes_to_build(self) -> Any:
        """What build() takes to follow call() again, in lists."""
        shapes = [[None, *tensor.shape[1:]] for tensor in self.inputs]
        if self._given == "dictionary":
            return dict(zip(self.input_names, shapes, strict=True))
        return shapes if self._given else shapes[0]

    def _ready_to_follow(self, value: Any) -> None:
        if self._followed and self._graph is None:
            with self._whole_or_not_built():
                self._follow(value)

    def _run_own_build(self, keys: Sequence[Any] | None, shapes: Sequence[Any], listed: bool) -> None:
        """The build() of a subclass, once, which makes layers and weights before call() is followed."""
        own = next((kind for kind in type(self).__mro__ if "build" in vars(kind)), Following)
        if own.__module__.partition(".")[0] == "tinyseq" or self.__dict__.get("_own_build", ""):
            return
        self.__dict__["_own_build"] = "runs"
        self._building = True
        try:
            self.build(dict(zip(keys, shapes, strict=True)) if keys is not None else list(shapes) if listed else shapes[0])
        except BaseException:
            self.__dict__.pop("_own_build")
            raise
        finally:
            self._building = False
        self.__dict__["_own_build"] = "ran"

    def build(self, input_shape: Any = None) -> None:
        """Of a subclass with call(): follows it on inputs of this shape.

        Arguments:
            input_shape: sizes, batch axis first; a list of such shapes, or a dictionary, for several inputs
        """
        if self.__dict__.get("_own_build") == "runs":  # super().build(), inside of the build() that comes before call() is followed
            return
        if self._followed and self._graph is None and isinstance(input_shape, Mapping):
            self._ready_to_follow({name: Shape(tuple(shape)) for name, shape in input_shape.items()})
        else:
            Layer.build(self, input_shape)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        self._ready_to_follow(list(inputs) if len(inputs) > 1 else inputs[0])
        return super().infer(inputs)

    def _lists_outputs(self) -> bool:
        return self._listed

    @contextmanager
    def _whole_or_not_built(self) -> Iterator[None]:
        """If the block fails, a model that was not built before stays unbuilt."""
        fresh = [] if self.built else [layer for layer in _within(self) if not layer.built]
        try:
            yield
        except BaseException:
            for layer in fresh:
                layer._unbuild()
            raise


def _within(layer: Layer) -> Iterator[Layer]:
    """The layer and all layers inside it."""
    yield layer
    for child in layer.children:
        if isinstance(child, Layer):
            yield from _within(child)
