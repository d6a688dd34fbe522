"""Common base of every architecture: Keras's arguments and their checks, the input, and the usual heads.

An architecture is a function `body(layers, x, given)` that connects layers from the image to the last features. `layers` is
a namespace of layers, `x` a tensor with a `shape`, `given` holds the arguments by name.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.refusals import check_channels, check_file, check_loaded_top, check_weights, image_shape
from shapecheck.diagnostics.arguments import UnknownKeyword
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.calls import WrongCall
from shapecheck.languages import Phrase
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Body = Callable[[Any, Any, SimpleNamespace], Any]

COMMON: Mapping[str, Any] = {
    "include_top": True, "weights": "imagenet", "input_tensor": None, "input_shape": None, "pooling": None, "classes": 1000,
    "classifier_activation": "softmax", "name": None,
}  # fmt: skip
"""Keras's arguments of most architectures, in order, with their defaults."""
HARMLESS = frozenset({"input_tensor", "input_shape", "classes", "classifier_activation", "name", "weights", "dropout"})
"""Arguments whose value does not change the layers."""

class Architecture:
    """One network by its Keras name: its arguments, the images that it accepts, and the function that connects its layers.

    size: rows and columns of the default image with its top; least_size: the smallest image.
    head: its last layers, with or without a top. prepare: computes the input's shape from `given`, and checks what only this
    architecture has. decisive: further arguments that change the layers. file_by_name: whether Keras finds the stored weights by the
    model's name. facts: constants that `body` needs.
    """

    def __init__(
        self,
        body: Body,
        name: str | None,
        size: int = 224,
        least_size: int = 32,
        arguments: Mapping[str, Any] = COMMON,
        head: Body | None = None,
        prepare: Callable[[Architecture, SimpleNamespace], Sequence[Any]] | None = None,
        decisive: Sequence[str] = (),
        file_by_name: bool = False,
        **facts: Any,
    ) -> None:
        self.body = body
        self.size = size
        self.least_size = least_size
        self.arguments = {**arguments, "name": name}
        self.head = head or classifier()
        self.prepare = prepare or checked_shape
        self.decisive = (set(arguments) - HARMLESS) | set(decisive)
        self.file_by_name = file_by_name
        self.facts = facts
        self.label = str(name)
        """Its name in messages; `find` sets the name that Keras uses."""

    def given(self, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> SimpleNamespace:
        """Every argument by name. Raises ShapeError for an unknown one, or one passed twice."""
        names, label = tuple(self.arguments), self.label
        if len(arguments) > len(names):
            raise ShapeError(
                WrongCall(
                    label, Phrase("SC405", "at_most", "takes at most {most} arguments, got {got}", most=len(names), got=len(arguments))
                )
            )
        placed = dict(zip(names, arguments, strict=False))
        for name in keywords:
            if name not in names:
                raise ShapeError(UnknownKeyword(name, label, names))
            if name in placed:
                raise ShapeError(
                    WrongCall(label, Phrase("SC405", "twice", "{name} is passed twice, by position and by name", name=name), name)
                )
        return SimpleNamespace(**{**self.arguments, **placed, **keywords}, **self.facts)

    def undecided(self, given: SimpleNamespace) -> Unknown | None:
        """The first argument that changes the layers and is unknown."""
        top = given.include_top
        known = {"pooling"} if top and not isinstance(top, Unknown) else set()
        values = [getattr(given, name) for name in self.arguments if name in self.decisive - known]
        values += [size for value in values for size in _sizes(value)]
        return next((value for value in values if isinstance(value, Unknown)), None)

    def build(self, layers: Any, *arguments: Any, **keywords: Any) -> Any:
        """The model, built by `layers`. Raises ShapeError if Keras refuses the arguments or the image size."""
        return self.join(layers, self.given(arguments, keywords))

    def join(self, layers: Any, given: SimpleNamespace) -> Any:
        """Like `build`, with the arguments by name."""
        check_weights(given)
        if self.file_by_name:
            check_file(given, self.arguments["name"])
        shape = self.prepare(self, given)
        x = layers.Input(shape=shape) if given.input_tensor is None else given.input_tensor
        given.input_shape = tuple(shape)
        check_channels(given)
        inputs = [x] if given.input_tensor is None else layers.sources(x)
        if given.include_top:
            check_loaded_top(given)
        x = self.head(layers, self.body(layers, x, given), given)
        return layers.Model(inputs, x, name=given.name)


def _sizes(value: Any) -> Sequence[Any]:
    """The sizes of a shape or of a tensor."""
    shape = getattr(value, "shape", value)
    return shape if isinstance(shape, (tuple, list)) else ()


def checked_shape(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """(rows, columns, channels) of the input, from input_shape or by default."""
    return image_shape(given, self.size, self.least_size)


def classifier(average: str | None = "avg_pool", dropout: str | None = None, names: bool = False, **options: Any) -> Body:
    """The usual head: with a top the average of each channel and a Dense layer, without one the layer that `pooling` names.

    average: name of the top's pooling layer; dropout: name of a Dropout before the Dense layer; names: whether the pooling
    without a top has a name; options: of the Dense layer.
    """

    def head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
        if not given.include_top:
            return pooled(layers, x, given, names)
        x = layers.GlobalAveragePooling2D(name=average)(x)
        if dropout and given.dropout_rate > 0:
            x = layers.Dropout(given.dropout_rate, name=dropout)(x)
        return layers.Dense(given.classes, activation=given.classifier_activation, name="predictions", **options)(x)

    return head


def flattened(widths: Mapping[str, int], activation: str) -> Body:
    """The head of older networks: Flatten, Dense layers of these names and widths, and one of the classes. Their weights fix the image
    size; without a top the layer that `pooling` names."""

    def head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
        if not given.include_top:
            return pooled(layers, x, given)
        x = layers.Flatten(name="flatten")(x)
        for name, width in widths.items():
            x = layers.Dense(width, activation=activation, name=name)(x)
        return layers.Dense(given.classes, activation=given.classifier_activation, name="predictions")(x)

    return head


def pooled(layers: Any, x: Any, given: SimpleNamespace, names: bool = False) -> Any:
    """The layer that `pooling` names: "avg" or "max" of each channel; anything else keeps the features unchanged."""
    if given.pooling == "avg":
        return layers.GlobalAveragePooling2D(name="avg_pool" if names else None)(x)
    if given.pooling == "max":
        return layers.GlobalMaxPooling2D(name="max_pool" if names else None)(x)
    return x
