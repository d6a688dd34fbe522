"""Structure: a network of layers as one layer: its tensors, its layers, and all weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, Rule
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq.did_you_mean import spelled
from tinyseq.layers.base import Layer
from tinyseq.layers.call_options import original
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.weights.weight import Weight


class Structure(Layer):
    """Layers connected between inputs and outputs, as one layer."""

    _graph: Graph | None

    @property
    def graph(self) -> Graph | None:  # type: ignore[override]
        """The tensors between the layers; None while the input shape is not known."""
        return self._graph

    @property
    def layers(self) -> list[Any]:
        """The layers, each once, in the order in which they compute."""
        return [layer for layer in self._parts() if not layer.operation]

    def _parts(self) -> Sequence[Rule]:
        return tuple(dict.fromkeys(map(original, self._graph.children))) if self._graph else ()

    @property
    def children(self) -> tuple[Rule, ...]:  # type: ignore[override]
        """The inner layers."""
        return tuple(self._parts()) if "_graph" in self.__dict__ else ()

    @property
    def several_inputs(self) -> bool:  # type: ignore[override]
        """True if it takes a list of inputs."""
        return self.graph is not None and len(self.graph.inputs) > 1

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The input tensors."""
        return [_symbolic(tensor) for tensor in self._built_graph("inputs").inputs]

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The output tensors."""
        return [_symbolic(tensor) for tensor in self._built_graph("outputs").outputs]

    @property
    def input(self) -> Any:
        """The input tensor, or the list of them, as the model was made of them."""
        return self._like_inputs(self.inputs)

    @property
    def output(self) -> Any:
        """The output tensor, or the list or dictionary of them, as the model was made of them."""
        return self._like_outputs(self.outputs)

    @property
    def input_shape(self) -> Any:
        """Sizes of the input, batch axis first (None: any); a list for several inputs."""
        shapes = [tensor.shape for tensor in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Any:
        """Sizes of the output, batch axis first (None: any); a list for several outputs."""
        shapes = [tensor.shape for tensor in self.outputs]
        return shapes if self._lists_outputs() or len(shapes) > 1 else shapes[0]

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs."""
        return [str(tensor.node.rule.name) for tensor in self._built_graph("input_names").inputs]

    @property
    def output_names(self) -> list[str]:
        """The names of the layers whose outputs are the outputs."""
        return [str(tensor.node.rule.name) for tensor in self._built_graph("output_names").outputs]

    @spelled
    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """A layer by its name or its place. ValueError if there is none.

        Arguments:
            name: the layer's name
            index: or its place in `layers`, from 0; negative: from the end
        """
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
        """Whether a call returns a list even of one output."""
        return False

    def _like_inputs(self, values: list[Any]) -> Any:
        """One for each input, as `input` holds them: one, or a list."""
        return values[0] if len(values) == 1 else values

    def _like_outputs(self, values: list[Any]) -> Any:
        """One for each output, as `output` holds them: one, a list, or a dictionary."""
        return self._packed(values)

    def _packed(self, outputs: list[Any]) -> Any:
        """As a call returns them: one, a list, or a dictionary."""
        return outputs if self._lists_outputs() else outputs[0]

    def _loss_names(self) -> list[str]:
        """What names targets, losses and metrics of each output."""
        return self.output_names

    def _built_graph(self, what: str) -> Graph:
        graph = self.graph
        if graph is None:
            raise AttributeError(
                f"{self.name} has no defined {what} yet: put Input(shape=...) first, or call the model on data"
            )
        return graph

    # ------------------------------------------------------------------ as a layer of another model

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return propagate(self._built_graph("shape"), inputs).as_inference()

    def _check(self) -> None:
        pass  # its layers were checked when they were connected

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        pass  # its layers already have weights

    @property
    def built(self) -> bool:
        """True once the weights exist."""
        return self.graph is not None

    @built.setter
    def built(self, value: bool) -> None:
        self._set_built(value)

    def _set_built(self, value: bool) -> None:
        """As build() of Keras's models ends: True changes nothing."""
        if not value and self.built:
            raise NotImplementedError(f"{self.name}: built=False: a model keeps its weights: make a new one, models.clone_model(model)")

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
        return self._opened() if self.trainable else []

    def _opened(self) -> list[Weight]:
        return [weight for layer in self.layers for weight in layer._opened()]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that training does not change."""
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


def _symbolic(tensor: Any) -> SymbolicTensor:
    if isinstance(tensor, SymbolicTensor):
        return tensor
    raise TypeError(f"not a tensor of a model: {tensor!r}")


def by_depth(graph: Graph) -> list[Rule]:
    """The layers of a graph in Keras's order: those farthest from the outputs first; of several as far, the one first met on the way
    from the outputs to the inputs."""
    met, nodes = _met(graph)
    depths: dict[Any, int] = {}
    of_rules: dict[Rule, int] = {}
    for node in reversed(nodes):
        rule = original(node.rule)
        depth = max(depths.get(node, 0), of_rules.get(rule, 0))
        depths[node] = of_rules[rule] = depth
        for tensor in node.inputs:
            depths[tensor.node] = max(depth + 1, depths.get(tensor.node, 0))
    for tensor in graph.inputs:
        rule = original(tensor.node.rule)
        of_rules.setdefault(rule, 0)
        met.setdefault(rule, -1)
    return sorted(of_rules, key=lambda rule: (-of_rules[rule], met[rule]))


def _met(graph: Graph) -> tuple[dict[Rule, int], list[Any]]:
    """When each layer is first met on the way from the outputs, and the nodes, each after what it takes."""
    met: dict[Rule, int] = {}
    nodes: list[Any] = []
    begun, ended = set(), set()
    waiting = [tensor.node for tensor in reversed(graph.outputs)]
    while waiting:
        node = waiting[-1]
        if node not in begun:
            begun.add(node)
            met.setdefault(original(node.rule), len(met))
            waiting += [tensor.node for tensor in reversed(node.inputs) if tensor.node not in begun]
            continue
        waiting.pop()
        if node not in ended:
            ended.add(node)
            nodes.append(node)
    return met, nodes
