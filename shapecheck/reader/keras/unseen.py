"""Rules of unknown layers, and of things that are not layers."""

from __future__ import annotations

from functools import lru_cache

from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.languages import Phrase, because
from shapecheck.layers.base import Inference, Rule, WeightSpec
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Hidden(Rule):
    """A layer with unknown code: its output shape is unknown, and the layers after it continue from there."""

    unseen = True
    several = False
    """True if it represents an unknown number of layers."""
    why: str = because("its class is unknown")
    advice = ""
    """The comment that declares its output, once that has a name."""
    declared_output: Shape | None = None
    """The output shape that a comment declares."""

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        hidden = Unknown("weights", self.why)
        output = self.declared_output or Shape(None, why=with_advice(self.why, self.advice))
        return Inference(output, (WeightSpec("weights", (hidden,)),), hidden)


def with_advice(why: str, advice: str) -> str:
    """The reason, and the comment that declares the output."""
    if not isinstance(advice, Phrase):
        return why
    return advice.changed(cause=because("{why}, or for the layers behind it", why=why) if why.endswith(" in its place") else why)


class Given(Rule):
    """A tensor of known shape that is not an input of the model: an array among symbolic tensors."""

    unseen = True
    shape: Shape

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(self.shape, (), 0)


class Undecided(Rule):
    """One of several tensors, unknown which: their shape if all have the same, else a shape of unknown rank."""

    several_inputs = True
    unseen = True
    why = ""

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        first = inputs[0].dims
        if first is None or any(shape.dims is None or len(shape.dims) != len(first) for shape in inputs):
            return Inference(Shape(None, why=self.why), (), 0)
        sizes = zip(*[shape.dims for shape in inputs if shape.dims is not None], strict=True)
        return Inference(Shape([axis[0] if len(set(map(_key, axis))) == 1 else Unknown("size", self.why) for axis in sizes]), (), 0)


class Refused(Rule):
    """A layer that could not be created, or something that is not a layer: the walk breaks here with the stored finding."""

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert self.refusal is not None
        raise ShapeError(self.refusal)


def _key(size: Any) -> Any:
    return id(size) if isinstance(size, Unknown) else size


@lru_cache(1000)
def named_class(base: type[Rule], name: str) -> Any:
    """A class of that name, so that tables print the layer as written."""
    return type(name or "Layer", (base,), {})


def opaque(class_name: str, why: str, **options: Any) -> Rule:
    """A layer of unknown shape; one named Unknown represents an unknown part of a model."""
    rule: Hidden = named_class(Hidden, class_name)(**{key: value for key, value in options.items() if not isinstance(value, Unknown)})
    rule.why = why
    rule.several = class_name == "Unknown"
    return rule


def refused(class_name: str, diagnostic: Diagnostic, name: Any = None) -> Rule:
    """A layer that breaks the stack with this finding; it keeps its name."""
    rule: Refused = named_class(Refused, class_name)(name=name if isinstance(name, str) and name else None)
    rule.refusal = diagnostic
    return rule
