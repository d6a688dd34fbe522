"""Model: layers joined between inputs and outputs, freely; itself a layer. Input: where a model begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, Rule
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from shapecheck.table import ShapeTable
from tinyseq.did_you_mean import spelled
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import PREDICT, TRAINING_CALL, input_dtypes
from tinyseq.inputs import Entry, each, same_length, split_inputs
from tinyseq.layers.base import Layer
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.training.trainer import Trainer

if TYPE_CHECKING:
    from tinyseq.weights.weight import Weight

Array = NDArray[Any]


class Model(Trainer, Layer):
    """Layers between inputs and outputs. `Model(inputs, outputs)` makes a Functional; see also Sequential.

    Raises ValueError if the outputs depend on a tensor that does not come from the inputs.
    """

    shardable = True

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        if cls is Model and (arguments or "inputs" in options):
            from tinyseq.functional import Functional

            return object.__new__(Functional)
        return object.__new__(cls)

    def __init__(self, name: str | None = None, trainable: bool = True) -> None:
        if type(self) is Model:
            raise TypeError("Model needs inputs and outputs: write Model(inputs=x, outputs=y), or use Sequential")
        self._graph: Graph | None = None
        self._shown: tuple[Shape, ...] | None = None
        self._engine: Engine | None = None
        self._entries: list[Entry] = []
        Layer.__init__(self, name=name, trainable=trainable)
        Trainer.__init__(self)

    # ------------------------------------------------------------------ structure

    @property
    def graph(self) -> Graph | None:
        """What feeds what; None while the input shape is not known."""
        return self._graph

    @property
    def layers(self) -> list[Any]:
        """The layers, each once, in the order in which they compute."""
        return list(self._parts())

    def _parts(self) -> Sequence[Rule]:
        return self._graph.children if self._graph else ()

    @property
    def children(self) -> tuple[Rule, ...]:  # type: ignore[override]
        """The layers inside."""
        return tuple(self._parts()) if "_graph" in self.__dict__ else ()

    @property
    def several_inputs(self) -> bool:  # type: ignore[override]
        """True if it takes a list of inputs."""
        return self.graph is not None and len(self.graph.inputs) > 1

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The tensors that go in."""
        return [_symbolic(tensor) for tensor in self._built_graph("inputs").inputs]

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The tensors that come out."""
        return [_symbolic(tensor) for tensor in self._built_graph("outputs").outputs]

    @property
    def input(self) -> Any:
        """The tensor that goes in, or the list of them."""
        return self.inputs[0] if len(self.inputs) == 1 else self.inputs

    @property
    def output(self) -> Any:
        """The tensor that comes out, or the list of them."""
        return self.outputs if self._lists_outputs() else self.outputs[0]

    @property
    def input_shape(self) -> Any:
        """Sizes of the input, batch axis first (None: any); a list for several inputs."""
        shapes = [tensor.shape for tensor in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Any:
        """Sizes of the output, batch axis first (None: any); a list for several outputs."""
        shapes = [tensor.shape for tensor in self.outputs]
        return shapes if self._lists_outputs() else shapes[0]

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs."""
        return [str(tensor.node.rule.name) for tensor in self._built_graph("input_names").inputs]

    @property
    def output_names(self) -> list[str]:
        """The names of the layers that give the outputs."""
        return [str(tensor.node.rule.name) for tensor in self._built_graph("output_names").outputs]

    @spelled
    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """A layer by its name or its position in `layers`. ValueError if there is none."""
        if name is not None and index is not None:
            raise ValueError(f"Provide only a layer name or a layer index. Received: index={index}, name={name}.")
        layers = self.layers
        if index is not None:
            if not hasattr(index, "__index__"):
                raise TypeError(f"get_layer: index={index!r}: expected an integer: write get_layer(name={index!r}) for a name")
            if not -len(layers) <= index < len(layers):
                raise ValueError(f"Was asked to retrieve layer at index {index} but model only has {len(layers)} layers.")
            return layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at `get_layer`.")
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: {[layer.name for layer in layers]}.")

    def _lists_outputs(self) -> bool:
        return False

    def _built_graph(self, what: str) -> Graph:
        graph = self.graph
        if graph is None:
            raise AttributeError(
                f"{self.name} has no defined {what} yet: put Input(shape=...) first, or call the model on data"
            )
        return graph

    def _changed(self) -> None:
        """The structure is another one: what was planned is void."""
        self._engine = None
        self._entries = []
        self._forget_training()

    # ------------------------------------------------------------------ as a layer of another model

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        graph = self._built_graph("shape")
        return _placed(graph, inputs).as_inference()

    def _check(self) -> None:
        pass  # its layers were checked when they were joined

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        pass  # its layers have their weights

    @property
    def built(self) -> bool:
        """True once the weights exist."""
        return self.graph is not None

    def build(self, input_shape: Any = None) -> None:
        """A model of known inputs is built already."""

    # ------------------------------------------------------------------ weights

    @property
    def weights(self) -> list[Weight]:
        """All weights, layer after layer. ValueError while the input shape is not known (as in the guide)."""
        self._require_built()
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that training changes."""
        self._require_built()
        return [weight for layer in self.layers for weight in layer.trainable_weights] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that training leaves alone."""
        changing = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in changing]

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def _require_built(self) -> None:
        if not self.built:
            raise ValueError(
                f"Weights for model '{self.name}' have not yet been created. Weights are created when the model is first "
                f"called on inputs or `build()` is called with an `input_shape`."
            )

    def count_params(self) -> int:
        """How many numbers the weights hold, as an exact integer."""
        if not self.built:
            return super().count_params()
        return sum(weight.size for weight in self.weights)

    @spelled
    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Writes all weights to a .npz file."""
        from tinyseq.saving.weights import save_weights

        save_weights(self, filepath, overwrite)

    @spelled
    def load_weights(self, filepath: Any, skip_mismatch: bool = False) -> None:
        """Reads all weights from a .npz file, layer by layer in order. ValueError if a shape differs; then nothing changed."""
        from tinyseq.saving.weights import load_weights

        load_weights(self, filepath, skip_mismatch)

    # ------------------------------------------------------------------ table

    @property
    def table(self) -> ShapeTable:
        """One row a layer: shapes as the model shows them, weights, multiply-adds."""
        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling `build()` or by calling the model on a "
                "batch of data."
            )
        return propagate(self._built_graph("table"), self._shown)

    @spelled
    def summary(
        self,
        line_length: int | None = None,
        style: str = "guide",
        print_fn: Any = None,
        batch_size: int | None = None,
        expand_nested: bool = False,
        positions: Any = None,
        show_trainable: bool = False,
        layer_range: Any = None,
    ) -> None:
        """Prints the table. style="wide" adds how each size came about; batch_size=... says what memory it needs."""
        from tinyseq.summary import print_summary, refuse

        refuse(positions=positions, show_trainable=show_trainable, layer_range=layer_range)
        print_summary(self, line_length, style, print_fn, batch_size, expand_nested)

    def _repr_html_(self) -> str | None:
        from tinyseq.summary import html

        return html(self) if self.built else None

    # ------------------------------------------------------------------ numbers

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """On an array (samples, ...): the outputs as new arrays. On a tensor of another model: a part of that model."""
        if len(inputs) == 1 and type(inputs[0]) is np.ndarray and not training:
            entries = self._entries
            if len(entries) == 1 and self._engine is not None:
                outputs = self._engine.run((entries[0].take(inputs[0]),))
                return outputs if self._lists_outputs() else outputs[0]
        return super().__call__(*inputs, training=training, mask=mask)

    def _compute(self, given: list[Any], training: bool) -> Any:
        arrays = self._take(given[0] if len(given) == 1 else given)
        outputs = self._ready_engine().run(arrays, TRAINING_CALL if training else PREDICT)
        return outputs if self._lists_outputs() else outputs[0]

    def _take(self, value: Any) -> list[Array]:
        """Checked, contiguous arrays, one an input."""
        entries = self._ready_entries(value)
        values = split_inputs(value, [entry.name for entry in entries], str(self.name))
        arrays = each(entries, values, Entry.take)
        if len(arrays) > 1:
            same_length(arrays, [entry.name for entry in entries])
        return arrays

    def _look(self, value: Any) -> list[Array]:
        """Checked arrays as they came, one an input: big data is converted batch by batch."""
        entries = self._ready_entries(value, whole=False)
        values = split_inputs(value, [entry.name for entry in entries], str(self.name))
        return each(entries, values, Entry.look)

    @contextmanager
    def _whole_or_not_built(self) -> Iterator[None]:
        """If the block fails, a model that was not built before it is not built after it either."""
        fresh = [] if self.built else [layer for layer in _within(self) if not layer.built]
        try:
            yield
        except BaseException:
            for layer in fresh:
                layer._unbuild()
            raise

    def _ready_entries(self, value: Any, whole: bool = True) -> list[Entry]:
        """The inputs. `whole`: the value is one batch (whose size a stack that is built now will show), not all data."""
        if not self._entries:
            graph = self._built_graph("inputs")
            kinds = input_dtypes(graph)
            self._entries = [
                Entry(self._place(tensor, len(graph.inputs)), str(tensor.node.rule.name), _accepted(tensor), kind, graph)
                for tensor, kind in zip(graph.inputs, kinds, strict=True)
            ]
        return self._entries

    def _place(self, tensor: Any, count: int) -> str:
        return str(self.name) if count == 1 else f"{self.name}, input {tensor.node.rule.name}"

    def _ready_engine(self) -> Engine:
        if self._engine is None:
            self._engine = Engine(self._built_graph("numbers"), str(self.name))
        return self._engine

    # ------------------------------------------------------------------ copies

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        return {**state, "_engine": None, "_entries": [], **self._training_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._register()

    def _register(self) -> None:
        """Copied layers learn again where they stand."""
        for node in self._graph.nodes if self._graph else ():
            if isinstance(node.rule, Layer) and node not in node.rule._nodes:
                node.rule._nodes.append(node)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _within(layer: Layer) -> Iterator[Layer]:
    """The layer and all layers inside it."""
    yield layer
    for child in layer.children:
        if isinstance(child, Layer):
            yield from _within(child)


def _symbolic(tensor: Any) -> SymbolicTensor:
    if isinstance(tensor, SymbolicTensor):
        return tensor
    raise TypeError(f"not a tensor of a model: {tensor!r}")


def _accepted(tensor: Any) -> Shape:
    shape: Shape = tensor.shape_accepted
    return shape


def _placed(graph: Graph, inputs: tuple[Shape, ...]) -> ShapeTable:
    return propagate(graph, inputs)
