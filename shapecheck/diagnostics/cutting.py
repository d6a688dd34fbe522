"""SC4: layers and attributes that a model does not have."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import _nearest
from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC425")
class NoSuchLayer(Diagnostic):
    """get_layer() names a layer that the model does not have.

    Bad:
        base = keras.applications.VGG16(weights=None, include_top=False)
        model = keras.Model(base.input, base.get_layer("block5_conv4").output)

    Good:
        base = keras.applications.VGG19(weights=None, include_top=False)
        model = keras.Model(base.input, base.get_layer("block5_conv4").output)

    A drawing:
        VGG16   block5_conv1  block5_conv2  block5_conv3
        VGG19   block5_conv1  block5_conv2  block5_conv3  block5_conv4

    Which repair, and when:
        a name from summary()                 the names are in its first column
        name="..." where the layer is made    if you want to rely on it
        the right architecture                if the name belongs to another one

    A question:
        Why is dense_3 a risky name in get_layer? (Keras counts: one more Dense before it, and it is dense_4.)
    """

    def __init__(self, asked: str | int, model: str, names: tuple[str, ...]) -> None:
        self.asked = asked
        self.model = model
        self.names = names
        self.argument = "name" if isinstance(asked, str) else "index"

    @property
    def nearest(self) -> str:
        """The name most similar to the requested one; "" if none is similar, or if a number was requested."""
        return (_nearest(self.asked, self.names) or "") if isinstance(self.asked, str) else ""

    def message(self) -> str:
        if isinstance(self.asked, str):
            return self.say("message", "{model} has no layer {asked!r}", model=self.model, asked=self.asked)
        return self.say(
            "message.index",
            "{model} has no layer {asked}: it has {count}",
            model=self.model, asked=self.asked, count=len(self.names),
        )  # fmt: skip

    def help(self) -> str:
        if not isinstance(self.asked, str):
            return self.say("help.index", "the last one is index={last}", last=len(self.names) - 1)
        if self.nearest:
            return self.say("help.nearest", 'write get_layer("{nearest}")', nearest=self.nearest)
        return self.say("help", "its last layers are {names}", names=', '.join(self.names[-3:]))


@diagnostic("SC428")
class NoSequential(Diagnostic):
    """add() and pop() are methods of Sequential; a functional model, for example a known architecture, has neither.

    Bad:
        model = keras.applications.VGG16(weights=None, include_top=False, pooling="avg")
        model.add(layers.Dense(10))

    Good:
        base = keras.applications.VGG16(weights=None, include_top=False, pooling="avg")
        model = keras.Sequential([base, layers.Dense(10)])

    A drawing:
        Sequential   one line: add() puts a layer at its end
        Model        a graph: where is its end?

    Which repair, and when:
        Sequential([base, Dense(10)])                the shortest form
        Model(base.input, Dense(10)(base.output))    if the layers of base should be in the same table

    A question:
        include_top=False, pooling=None: what does Dense(10) get? (A map (7, 7, 512) for 224: Flatten or pool first.)
    """

    def __init__(self, method: str, model: str) -> None:
        self.method = method
        self.model = model

    def message(self) -> str:
        return self.say(
            "message",
            "{model} is a functional model, which has no {method}(): only a Sequential has it",
            model=self.model, method=self.method,
        )  # fmt: skip

    def help(self) -> str:
        if self.method == "pop":
            return self.say("help.pop", "write keras.Model({model}.inputs, {model}.layers[-2].output)", model=self.model)
        return self.say("help", "write keras.Sequential([{model}, ...]), and add to that", model=self.model)


@diagnostic("SC427")
class EmptyInputs(Diagnostic):
    """A model is created with an empty list of inputs. In Keras 3 an InputLayer itself has no input: model.layers[0].input is [].

    Bad:
        base = keras.applications.VGG16(weights=None)
        model = keras.Model(base.layers[0].input, base.layers[-2].output)

    Good:
        base = keras.applications.VGG16(weights=None)
        model = keras.Model(base.input, base.layers[-2].output)

    Which repair, and when:
        base.input     the tensor of the Input
        base.inputs    a list of all of them, if there are several

    A question:
        What is model.layers[0] of a functional model? (The InputLayer: it makes a tensor, it takes none.)
    """

    def message(self) -> str:
        return self.say("message", "the list of inputs is empty")

    def help(self) -> str:
        return self.say("help", "write model.input, or the tensor that Input() returned: an InputLayer itself has no input")


@diagnostic("SC426")
class NeverCalled(Diagnostic):
    """In Keras 3 a Sequential that was not called on a symbolic tensor has no `input` and no `output`, but it has `inputs` and `outputs`.

    Bad:
        stack = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3), layers.Dense(2)])
        model = keras.Model(stack.input, stack.layers[0].output)

    Good:
        stack = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3), layers.Dense(2)])
        model = keras.Model(stack.inputs, stack.layers[0].output)

    Which repair, and when:
        stack.inputs, stack.outputs[0]    works in Keras 2 and 3
        x = keras.Input(...), stack(x)    if you build a functional model anyhow

    A question:
        stack.outputs is a list. Which tensor is meant by [0]? (The first, mostly the only one.)
    """

    def __init__(self, attribute: str, model: str) -> None:
        self.attribute = attribute
        self.model = model

    def message(self) -> str:
        return self.say(
            "message",
            "{model}.{attribute}: in Keras 3 a Sequential has no {attribute} until it is called on a tensor",
            model=self.model, attribute=self.attribute,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "write {model}.{attribute}s", model=self.model, attribute=self.attribute)
