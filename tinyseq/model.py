"""Model: layers connected between inputs and outputs; itself a layer. Functional: a model defined by its tensors."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer as InputRule
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from shapecheck.table import ShapeTable
from tinyseq.did_you_mean import spelled
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import input_dtypes
from tinyseq.inputs import Entry, each, numbers, same_length, split_inputs
from tinyseq.inspection.checking import check_gradients
from tinyseq.inspection.diagnosis import diagnose
from tinyseq.inspection.gradients import gradients
from tinyseq.layers.base import Layer
from tinyseq.layers.call_options import original
from tinyseq.layers.calling import Forced
from tinyseq.layers.core import InputLayer, input_tensor
from tinyseq.layers.eager import run
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.tensor_functions.operation import Operation
from tinyseq.layers.traced import followed, inner_layers
from tinyseq.saving.config import MODELS, Config, each_output, layer_config, layer_from_config
from tinyseq.structure import Structure, by_depth
from tinyseq.summary import html, print_summary, refuse
from tinyseq.training.network import Network
from tinyseq.training.trainer import Trainer

Array = NDArray[Any]


class Model(Trainer, Structure):
    """Layers between inputs and outputs. `Model(inputs, outputs)` makes a Functional; see also Sequential.

    Raises ValueError if the outputs depend on a tensor that does not come from the inputs.
    """

    shardable = True
    _functional = False
    _stacked = False
    _listed = False
    _keys: tuple[str, ...] = ()
    """Of a dictionary of outputs, in its order; `outputs` are in the order of the sorted keys."""
    _input_keys: tuple[str, ...] = ()
    _followed = False
    """A subclass with call()."""
    _builds_itself = True

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        if cls is Model and (arguments or "inputs" in options):
            return object.__new__(Functional)
        return object.__new__(cls)

    def __init__(self, name: str | None = None, trainable: bool = True) -> None:
        if type(self) is Model:
            raise TypeError("Model needs inputs and outputs: write Model(inputs=x, outputs=y), or use Sequential")
        self._graph = None
        self._shown: tuple[Shape, ...] | None = None
        self._engine: Engine | None = None
        self._entries: list[Entry] = []
        Layer.__init__(self, name=name, trainable=trainable)
        Trainer.__init__(self)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "call" in vars(cls) and not cls.__module__.startswith("tinyseq."):
            if cls._stacked:
                raise NotImplementedError(f"{cls.__name__}: call() of a Sequential is not computed: make it a subclass of Model")
            cls._followed = True

    def _parts(self) -> Sequence[Rule]:
        return tuple(inner_layers(self)) if self._followed else super()._parts()

    def _follow(self, given: Any) -> None:
        """Follows call() on tensors like `given`: one array (or Shape), a list or a dictionary of them."""
        keys = list(given) if isinstance(given, Mapping) else None
        sized = isinstance(given, (list, tuple)) and all(hasattr(one, "shape") or isinstance(one, Shape) for one in given)
        listed = keys is not None or sized
        values = list(given.values()) if keys is not None else list(given) if listed else [given]
        values = [getattr(one, "shape_accepted", one) for one in values]
        shapes = [one.dims if isinstance(one, Shape) else numbers(one, str(self.name)).shape for one in values]
        names = keys or [None] * len(values)
        tensors = [input_tensor(InputLayer(shape=shape[1:], name=name)) for shape, name in zip(shapes, names, strict=True)]  # type: ignore[index]
        packed: Any = dict(zip(keys, tensors, strict=True)) if keys is not None else tensors if listed else tensors[0]
        graphs = followed(str(self.name), self.call, tensors, packed)
        self._listed = graphs[1]
        self._graph = graphs[0]
        self._changed()

    def _ready_to_follow(self, value: Any) -> None:
        if self._followed and self._graph is None:
            with self._whole_or_not_built():
                self._follow(value)

    def build(self, input_shape: Any = None) -> None:
        """Of a subclass with call(): follows it on inputs of this shape.

        Arguments:
            input_shape: sizes, batch axis first; a list of such shapes, or a dictionary, for several inputs
        """
        if self._followed and self._graph is None and input_shape is not None:
            if isinstance(input_shape, Mapping):
                self._ready_to_follow({name: Shape(tuple(shape)) for name, shape in input_shape.items()})
            elif input_shape and isinstance(input_shape[0], (list, tuple)):
                self._ready_to_follow([Shape(tuple(shape)) for shape in input_shape])
            else:
                self._ready_to_follow(Shape(tuple(input_shape)))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        self._ready_to_follow(list(inputs) if len(inputs) > 1 else inputs[0])
        return super().infer(inputs)

    def _lists_outputs(self) -> bool:
        return self._listed

    def _packed(self, outputs: list[Any]) -> Any:
        if not self._keys:
            return super()._packed(outputs)
        by_key = dict(zip(sorted(self._keys), outputs, strict=True))
        return {key: by_key[key] for key in self._keys}

    def _loss_names(self) -> list[str]:
        return sorted(self._keys) or super()._loss_names()

    def _changed(self) -> None:
        """The structure has changed: plans are discarded."""
        self._engine = None
        self._entries = []
        self._forget_training()

    def _network(self) -> Network:
        return self

    @spelled
    def save(self, filepath: Any, overwrite: bool = True, include_optimizer: bool = True) -> None:
        """Writes the whole model to a file that Keras 3 reads, too: structure, weights, compile() and what the optimizer remembers.

        Whole or not at all. CannotSave (a ValueError) names what could not be loaded again.

        Arguments:
            filepath: where to: a path that ends in .keras (or .h5, the older form)
            overwrite: False: raise FileExistsError if the file exists
            include_optimizer: False: leave out the settings of compile() and what the optimizer remembers
        """
        from tinyseq.saving.model_files import save_model

        save_model(self, filepath, overwrite, include_optimizer)

    @spelled
    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Writes all weights to a file, whole or not at all; to .weights.h5 also what the optimizer remembers.

        Arguments:
            filepath: where to: a path that ends in .weights.h5, .npz, .safetensors, or .h5 (the form of Keras 2)
            overwrite: False: raise FileExistsError if the file exists
        """
        from tinyseq.saving.weight_files import save_weights

        save_weights(self, filepath, overwrite)

    @spelled
    def load_weights(self, filepath: Any, skip_mismatch: bool = False, by_name: bool = False) -> None:
        """Reads all weights from a file of ours or of Keras 1 to 3. ValueError if number or shapes differ; then nothing has changed.

        Arguments:
            filepath: a file that ends in .weights.h5, .keras, .npz, .safetensors or .h5
            skip_mismatch: True: leave out layers whose shapes differ
            by_name: True: of an older .h5 file, read the layers that have the same names in both
        """
        from tinyseq.saving.weight_files import load_weights

        load_weights(self, filepath, skip_mismatch, by_name)

    def to_json(self, **options: Any) -> str:
        """The structure, without weights, as JSON that Keras 3 and `models.model_from_json` read.

        Arguments:
            options: go to json.dumps, for example indent=2
        """
        from tinyseq.saving.model_files import model_text

        return model_text(self, **options)

    # ------------------------------------------------------------------ table

    @property
    def table(self) -> ShapeTable:
        """One row for each layer: shapes, weights, multiply-adds."""
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
        """Prints one row for each layer: its shape and its number of weights.

        Arguments:
            line_length: columns of the table; None: as wide as it needs
            style: "guide": the table of Keras 2; "wide": also how each size came about
            print_fn: is called with each line; None: print
            batch_size: also print the memory that prediction and training need on batches of so many samples
            expand_nested: True: also the tables of inner models
            positions: of Keras, not computed: leave it out
            show_trainable: of Keras, not computed: leave it out
            layer_range: of Keras, not computed: leave it out
        """
        refuse(positions=positions, show_trainable=show_trainable, layer_range=layer_range)
        print_summary(self, line_length, style, print_fn, batch_size, expand_nested)

    def _repr_html_(self) -> str | None:
        return html(self) if self.built else None

    # ------------------------------------------------------------------ numbers

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """On an array (samples, ...): the outputs as new arrays. On a tensor of another model: a part of that model.

        Arguments:
            inputs: an array or tensor; for several inputs a list, or a dictionary by input name
            training: True: behave as in training (dropout drops)
            mask: (samples, steps), False for a step that is left out, of its first input; None: there is none
        """
        if self._followed and self._graph is None and inputs:
            self._ready_to_follow(inputs[0] if len(inputs) == 1 else list(inputs))
        if len(inputs) == 1 and type(inputs[0]) is np.ndarray and not training and mask is None:
            entries = self._entries
            if len(entries) == 1 and self._engine is not None:
                outputs = run(self, self._engine, [entries[0].take(inputs[0])], False)
                return self._packed(outputs)
        if len(inputs) == 1 and isinstance(inputs[0], Mapping) and any(isinstance(one, SymbolicTensor) for one in inputs[0].values()):
            tensors = split_inputs(inputs[0], self.input_names, str(self.name))
            inputs = (tensors if len(tensors) > 1 else tensors[0],)
        found = super().__call__(*inputs, training=training, mask=mask)
        return self._packed(found if isinstance(found, list) else [found]) if self._keys and not isinstance(found, dict) else found

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        if masks:
            return super()._compute(given, training, masks)
        arrays = self._take(given[0] if len(given) == 1 else given)
        outputs = run(self, self._ready_engine(), arrays, training)
        return self._packed(outputs)

    def _take(self, value: Any) -> list[Array]:
        """Checked, contiguous arrays, one for each input."""
        entries = self._ready_entries(value)
        values = split_inputs(value, [entry.name for entry in entries], str(self.name))
        arrays = each(entries, values, Entry.take)
        if len(arrays) > 1:
            same_length(arrays, [entry.name for entry in entries])
        return arrays

    def _look(self, value: Any) -> list[Array]:
        """Checked arrays as they came, one for each input: big data is converted batch by batch."""
        entries = self._ready_entries(value, whole=False)
        values = split_inputs(value, [entry.name for entry in entries], str(self.name))
        return each(entries, values, Entry.look_all)

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

    def _ready_entries(self, value: Any, whole: bool = True) -> list[Entry]:
        """The inputs. `whole`: the value is one batch, not all data; a stack that is built now has its batch size."""
        self._ready_to_follow(value)
        if not self._entries:
            graph = self._built_graph("inputs")
            kinds = input_dtypes(graph)
            self._entries = [
                Entry(self._place(tensor, len(graph.inputs)), str(tensor.node.rule.name), _accepted(tensor), kind, graph)
                for tensor, kind in zip(graph.inputs, kinds, strict=True)
            ]
        return self._entries

    def _input_dtypes(self) -> list[np.dtype[Any]]:
        return [entry.dtype for entry in self._entries]

    def _place(self, tensor: Any, count: int) -> str:
        return str(self.name) if count == 1 else f"{self.name}, input {tensor.node.rule.name}"

    def _ready_engine(self) -> Engine:
        if self._engine is None:
            self._engine = Engine(self._built_graph("numbers"), str(self.name))
        return self._engine

    # ------------------------------------------------------------------ looking inside

    def gradients(self, x: Any, y: Any = None, loss: Any = None, of: Any = (), sample_weight: Any = None, training: bool = False) -> Any:
        """The gradients of a loss with respect to weights, inputs and outputs of layers, as tinyseq.gradients(model, ...).

        Arguments:
            x: the inputs
            y: the targets; None: `loss` is a function of the outputs alone
            loss: a loss; None: the one of compile()
            of: a layer, a layer's name, or a list of them: whose outputs' gradients are wanted too
            sample_weight: a weight for each sample
            training: True: layers behave as in training
        """
        return gradients(self, x, y, loss, of, sample_weight, training)

    def check_gradients(self, x: Any, y: Any = None, tolerance: float = 0.02) -> list[Any]:
        """Compares every layer's backward with central differences; ValueError names the layers where they differ.

        Arguments:
            x: inputs, a few samples
            y: targets; None: the loss is not looked at
            tolerance: how far the two may be apart, as a share of the greater
        """
        return check_gradients(self, x, y, tolerance)

    def diagnose(self, x: Any, y: Any = None) -> list[Any]:
        """What goes wrong on this batch: NaN, overflow, dead ReLUs, saturation, vanished gradients; [] if nothing does.

        Arguments:
            x: the inputs of one batch
            y: their targets; None: gradients are not looked at
        """
        return diagnose(self, x, y)

    # ------------------------------------------------------------------ copies

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        return {**state, "_engine": None, "_entries": [], **self._training_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._register()

    def _register(self) -> None:
        """Copied layers record their uses again."""
        for node in self._graph.nodes if self._graph else ():
            if isinstance(node.rule, Layer) and node not in node.rule._nodes:
                node.rule._nodes.append(node)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


class Functional(Model):
    """A model defined by its input and output tensors: any directed acyclic graph between them.

    Arguments:
        inputs: the tensor that Input() returned, a list of such tensors, or a dictionary of them by their names
        outputs: the tensor that a layer returned, a list, or a dictionary, whose keys then name targets, losses and predictions
        name: the model's name; None: an automatic one
        trainable: False: no weight in it changes in training
    """

    _functional = True

    @spelled
    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, trainable: bool = True) -> None:
        ins, outs = _tensors("inputs", inputs), _tensors("outputs", outputs)
        for tensor in ins:
            if not isinstance(tensor.node.rule, InputRule):
                raise ValueError(
                    f"inputs must be tensors from Input(...) or model.inputs, got the output of {tensor.node.rule.name}: "
                    f"start at an Input"
                )
        graph = Graph(ins, outs, name)
        super().__init__(name, trainable)
        self._graph = graph
        self._listed = isinstance(outputs, (list, tuple))
        self._keys = tuple(outputs) if isinstance(outputs, Mapping) else ()
        self._input_keys = tuple(inputs) if isinstance(inputs, Mapping) else ()
        _same_names(inputs)
        self._ordered = tuple(dict.fromkeys(map(original, by_depth(graph))))
        """Its layers in the order of `layers`, and of weights."""
        _unique_names(graph)
        if not trainable:
            self.trainable = False

    def arguments(self) -> dict[str, Any]:
        return {}

    def _parts(self) -> Sequence[Rule]:
        ordered: Sequence[Rule] = self.__dict__.get("_ordered", ())
        return ordered

    def get_config(self) -> dict[str, Any]:
        """Name, nodes in order and their inputs: [node number, output number]."""
        graph = self._built_graph("config")
        numbers = {node: number for number, node in enumerate(graph.nodes)}
        nodes = []
        known: dict[Any, int] = {}
        for node in graph.nodes:
            entry: Config = {"inputs": [[numbers[t.node], t.port] for t in node.inputs]}
            if "mask" in node.beside:
                entry["mask"] = [[numbers[t.node], t.port] for t in node.beside["mask"]]
            layer = original(node.rule)
            if layer in known:
                entry["same_layer_as"] = known[layer]
            else:
                known[layer] = numbers[node]
                entry |= layer_config(layer)
            if layer is not node.rule:
                entry |= call_of(node.rule)
            nodes.append(entry)
        return {
            "name": self.name,
            "trainable": self.trainable,
            "nodes": nodes,
            "inputs": [numbers[t.node] for t in graph.inputs],
            "outputs": [[numbers[t.node], t.port] for t in graph.outputs],
            "listed": self._lists_outputs(),
            "keys": list(self._keys),
            "input_keys": list(self._input_keys),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A fresh model of that structure.

        Arguments:
            config: what get_config returned
        """
        layers: list[Any] = []
        tensors: list[list[Any]] = []
        for entry in config["nodes"]:
            same = entry.get("same_layer_as")
            layer = layers[same] if same is not None else layer_from_config(entry)
            layers.append(layer)
            if isinstance(layer, InputLayer):
                tensors.append([input_tensor(layer)])
                continue
            given = [tensors[number][port] for number, port in entry["inputs"]]
            if "call" in entry:
                call = entry["call"]
                result = layer.call_with(dict(zip(call["inputs"], given, strict=True)), call["options"], entry.get("training"))
            else:
                masks = [tensors[number][port] for number, port in entry.get("mask", ())]
                listed = given if len(given) > 1 or layer.several_inputs else given[0]
                result = layer(listed, mask=masks or None, training=entry.get("training"))
            tensors.append(each_output(result))
        outputs = [tensors[number][port] for number, port in config["outputs"]]
        inputs = [tensors[number][0] for number in config["inputs"]]
        packed = outputs if config["listed"] else outputs[0]
        return Functional(
            _by_key(config.get("input_keys"), inputs, inputs), _by_key(config.get("keys"), outputs, packed), name=config["name"]
        )


def _by_key(keys: list[str] | None, tensors: list[Any], otherwise: Any) -> Any:
    """A dictionary in the order of the keys, if there are keys."""
    found = dict(zip(sorted(keys), tensors, strict=True)) if keys else {}
    return {key: found[key] for key in keys} if keys else otherwise


def _same_names(inputs: Any) -> None:
    """Warns of keys that are not the names of their inputs."""
    for key, tensor in inputs.items() if isinstance(inputs, Mapping) else ():
        name = tensor.node.rule.name
        if key != name:
            warnings.warn(
                f"inputs: the key {key!r} is of the input named {name!r}, and data are looked up by the name: "
                f"write Input(..., name={key!r})",
                stacklevel=4,
            )


def _tensors(what: str, value: Any) -> list[SymbolicTensor]:
    if isinstance(value, Mapping):
        wrong = [key for key in value if not isinstance(key, str)]
        if wrong:
            raise TypeError(f"{what}: the key {wrong[0]!r} is no text: write it as {str(wrong[0])!r}")
        values = [value[key] for key in sorted(value)]
    else:
        values = list(value) if isinstance(value, (list, tuple)) else [value]
    if not values:
        raise ValueError(f"{what} is empty: pass at least one tensor, for example {what}=Input(shape=(4,))")
    for item in values:
        if not isinstance(item, SymbolicTensor):
            raise TypeError(
                f"{what}: expected tensors from Input(...) or a layer, got {type(item).__name__}: call layers on an "
                f"Input(shape=...) first"
            )
    return values


def call_of(rule: Any) -> Config:
    """What a call says besides its inputs: training=, a causal mask ..."""
    found: Config = {}
    if isinstance(rule, Forced):
        found["training"], rule = rule.forced, rule._original
    if getattr(rule, "call_inputs", ()):
        found["call"] = {"inputs": list(rule.call_inputs), "options": dict(rule.call_options)}
    return found


def _unique_names(graph: Graph) -> None:
    seen: dict[str, Rule] = {}
    for rule in map(original, graph.children):
        other = seen.setdefault(str(rule.name), rule)
        if other is not rule:
            raise ValueError(
                f"All layers of a model should have unique names. Two layers are named '{rule.name}': pass another name="
            )




def _within(layer: Layer) -> Iterator[Layer]:
    """The layer and all layers inside it."""
    yield layer
    for child in layer.children:
        if isinstance(child, Layer):
            yield from _within(child)


def _accepted(tensor: Any) -> Shape:
    shape: Shape = tensor.shape_accepted
    return shape


MODELS.update(Functional=Functional, Model=Functional, Operation=Operation)
