"""Wrapper: a layer whose work other layers do. Its weights are theirs; the engine computes `inside` in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq.layers.base import Layer
from tinyseq.layers.calling import declare
from tinyseq.weights.weight import Weight

MAKERS: dict[str, Callable[[dict[str, Any]], Any]] = {}
"""What makes a layer of a configuration: the package of layers, and saving/config.py for models, put it here."""


def _written(value: Any) -> Any:
    if isinstance(value, Layer):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    return [_written(one) for one in value] if isinstance(value, list) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"class_name", "config"} and "name" in value["config"]:
        return MAKERS.get("models", MAKERS["layers"])(value)
    return [_read(one) for one in value] if isinstance(value, list) else value


class Wrapper(Layer):
    """What TimeDistributed, Bidirectional, RNN and cells share. Subclasses write `parts`, `part_shapes` and `inside`."""

    tells = True

    def parts(self) -> Sequence[Any]:
        """The layers that compute, in the order of their weights."""
        raise NotImplementedError

    @property
    def fixes_batch(self) -> bool:  # type: ignore[override]
        """Whether a part does."""
        return any(part.fixes_batch for part in self.parts())

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        """What goes into each part."""
        raise NotImplementedError

    def graph_of(self, key: Any, make: Callable[[], Graph]) -> Graph:
        """What `inside` returned before for this key, or what `make` returns."""
        graphs: dict[Any, Graph] = self.__dict__.setdefault("_graphs", {})
        if key not in graphs:
            graphs[key] = make()
        return graphs[key]

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_graphs": {}}

    def get_config(self) -> dict[str, Any]:
        """The arguments, with layers inside as {"class_name": ..., "config": ...}."""
        return {name: _written(value) for name, value in super().get_config().items()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new layer with these arguments, new layers inside and fresh weights.

        Arguments:
            config: what get_config returned
        """
        return cls(**{name: _read(value) for name, value in config.items()})

    def check_compute(self) -> None:
        for part in self.parts():
            part._check()

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        for part, given in zip(self.parts(), self.part_shapes(shapes), strict=True):
            declare(part, given)

    def _unbuild(self) -> None:
        super()._unbuild()
        self.__dict__["_graphs"] = {}
        for part in self.parts():
            part._unbuild()

    @property
    def weights(self) -> list[Weight]:
        """Of all parts, in order."""
        return [weight for part in self.parts() for weight in part.weights]

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that training changes."""
        return self._opened() if self.trainable else []

    def _opened(self) -> list[Weight]:
        return [weight for part in self.parts() for weight in part._opened()]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that training leaves alone."""
        changing = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in changing]

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def reset_state(self) -> None:
        """With stateful: the next batch begins with states of 0."""
        for part in self.parts():
            if hasattr(part, "reset_state"):
                part.reset_state()

    reset_states = reset_state


class OfOneLayer(Wrapper):
    """A wrapper of one layer, which takes and returns numbers of the same dtype as that layer."""

    layer: Any

    def parts(self) -> Sequence[Any]:
        return (self.layer,)

    @property
    def input_dtype(self) -> str:  # type: ignore[override]
        """What the layer inside takes."""
        return str(self.layer.input_dtype)

    @property
    def output_dtype(self) -> str:  # type: ignore[override]
        """What the layer inside returns."""
        return str(self.layer.output_dtype)
