"""SC4, third part: layers that cannot be combined in one Sequential."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


@diagnostic("SC411")
class DuplicateName(Diagnostic):
    """Two layers of a model have the same name, so get_layer() cannot tell them apart.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3, name="hidden"),
            layers.Dense(3, name="hidden"),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3, name="hidden"),
            layers.Dense(3, name="hidden_2"),
        ])
    """

    argument = "name"

    def __init__(self, name: str) -> None:
        self.name = name

    def message(self) -> str:
        return f"all layers of a model should have unique names, and {self.name!r} is already the name of a layer in it"

    def help(self) -> str:
        return f'write name="{self.name}_2"'


@diagnostic("SC412")
class SameLayerTwice(Diagnostic):
    """One layer object is used twice in a Sequential, so both positions would share one set of weights.

    Bad:
        layer = layers.Dense(4)
        model = keras.Sequential([keras.Input(shape=(4,)), layer, layer])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(4), layers.Dense(4)])
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return "this layer is already in the model: both positions would share its weights"

    def help(self) -> str:
        return f"create a second {self.class_name}(...), or share the layer in a functional Model"


@diagnostic("SC413")
class SeveralInputs(Diagnostic):
    """A layer that joins several inputs cannot be used in a Sequential: each layer must take one tensor.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Add()])

    Good:
        a = keras.Input(shape=(4,))
        b = keras.Input(shape=(4,))
        model = keras.Model([a, b], layers.Add()([a, b]))
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return f"{self.class_name} takes several inputs, but a Sequential passes one"

    def help(self) -> str:
        return f"use the functional API: Model([a, b], {self.class_name}()([a, b]))"


@diagnostic("SC414")
class SeveralOutputs(Diagnostic):
    """A layer with several outputs cannot be used in a Sequential: each layer must return one tensor.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5, 4)), layers.LSTM(3, return_state=True)])

    Good:
        model = keras.Sequential([keras.Input(shape=(5, 4)), layers.LSTM(3)])
    """

    def __init__(self, count: int) -> None:
        self.count = count

    def message(self) -> str:
        return f"all layers in a Sequential should have a single output tensor, this one has {self.count}"

    def help(self) -> str:
        return "for multi-output layers use the functional API: outputs = layer(x)"


@diagnostic("SC415")
class InputShapeContradicts(Diagnostic):
    """A layer declares an input_shape that is not the output shape of the layers before it.

    Keras silently ignores input_shape after the first layer.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3),
            layers.Dense(2, input_shape=(8,)),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3),
            layers.Dense(2),
        ])
    """

    argument = "input_shape"

    def __init__(self, declared: Shape, given: Shape, written: str = "input_shape") -> None:
        self.declared = declared
        self.given = given
        self.argument = written

    def message(self) -> str:
        return f"{self.argument} declares {self.declared}, but the layer before it returns {self.given}"

    def help(self) -> str:
        return f"remove {self.argument}: only the first layer needs it"
