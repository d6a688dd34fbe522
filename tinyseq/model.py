"""Model: layers connected between inputs and outputs; itself a layer. Functional: a model defined by its tensors."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from shapecheck.layers.core import InputLayer as InputRule
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from shapecheck.table import ShapeTable
from tinyseq.array_inputs import ArrayInputs
from tinyseq.did_you_mean import spelled
from tinyseq.engine.engine import Engine
from tinyseq.following import once
from tinyseq.functional import by_key, checked_tensors, nodes_config, require_unique_names, tensors_from, warn_of_other_names
from tinyseq.inputs import Entry, split_inputs
from tinyseq.inspection.methods import Inspected
from tinyseq.layers.base import Layer
from tinyseq.layers.call_options import original
from tinyseq.layers.eager import run
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.nests import Form, form_of, is_deep, is_nested, leaves, packed, paths, spread
from tinyseq.saving.config import MODELS
from tinyseq.saving.methods import Files
from tinyseq.structure import by_depth
from tinyseq.training.network import Network
from tinyseq.training.trainer import Trainer
from tinyseq.weights.variable import FOLLOW

Array = NDArray[Any]


class Model(Files, Inspected, Trainer, ArrayInputs):
    """Layers between inputs and outputs. `Model(inputs, outputs)` makes a Functional; see also Sequential.

    Raises ValueError if the outputs depend on a tensor that does not come from the inputs.
    """

    shardable = True
    _functional = False
    _stacked = False
    _keys: tuple[str, ...] = ()
    """Of a dictionary of outputs, in its order; `outputs` are in the order of the sorted keys."""
    _input_keys: tuple[str, ...] = ()
    _input_form: Form = None
    """The structure of the inputs where that is more than one list or one dictionary (tinyseq/nests.py)."""
    _output_form: Form = None
    _builds_itself = True

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        if cls is Model and (arguments or "inputs" in options):
            return object.__new__(Functional)
        return object.__new__(cls)

    def __init__(self, name: Any = None, trainable: Any = True, inputs: Any = None, outputs: Any = None) -> None:
        """In a subclass: super().__init__(), or as a functional model super().__init__(inputs, outputs).

        Arguments:
            name: the model's name; or the inputs
            trainable: False: no weight in it changes in training; or the outputs
            inputs: the tensor that Input() returned, or a structure of them
            outputs: the tensor that a layer returned, or a structure of them
        """
        if _holds_tensors(name):
            name, trainable, inputs, outputs = None, True, name, trainable
        if inputs is not None:
            self._become_functional(inputs, outputs, name, trainable)
            return
        if type(self) is Model:
            raise TypeError("Model needs inputs and outputs: write Model(inputs=x, outputs=y), or use Sequential")
        self._graph = None
        self._shown: tuple[Shape, ...] | None = None
        self._engine: Engine | None = None
        self._entries: list[Entry] = []
        Layer.__init__(self, name=name, trainable=trainable)
        Trainer.__init__(self)

    def _become_functional(self, inputs: Any, outputs: Any, name: Any, trainable: Any) -> None:
        """A subclass that passes tensors to super().__init__ is a functional model from now on, as in Keras."""
        kind = type(self)
        if kind._followed:
            words = "call() in a model of inputs and outputs would never be called: leave one of both out"
            raise NotImplementedError(f"{kind.__name__}: {words}")
        if not issubclass(kind, Functional):
            base = next(one for one in kind.__mro__ if Model in one.__bases__)
            base.__bases__ = tuple(Functional if one is Model else one for one in base.__bases__)
        Functional.__init__(self, inputs, outputs, name, trainable)  # type: ignore[arg-type]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "call" in vars(cls) and not cls.__module__.startswith("tinyseq."):
            if cls._stacked:
                raise NotImplementedError(f"{cls.__name__}: call() of a Sequential is not computed: make it a subclass of Model")
            cls._followed = True
        if "build" in vars(cls) and not cls.__module__.startswith("tinyseq."):
            type.__setattr__(cls, "build", once(cls.build))

    def _packed(self, outputs: list[Any]) -> Any:
        if self._output_form is not None:
            return packed(self._output_form, outputs)
        if not self._keys:
            return super()._packed(outputs)
        by_key = dict(zip(sorted(self._keys), outputs, strict=True))
        return {key: by_key[key] for key in self._keys}

    def _loss_names(self) -> list[str]:
        if self._nested_outputs() is None:
            return sorted(self._keys) or super()._loss_names()
        places = zip(paths(self._output_form), self.output_names, strict=True)
        return ["/".join(map(str, (*path[:-1], name) if isinstance(path[-1], int) else path)) for path, name in places]

    def _nested_outputs(self) -> Form:
        """The structure of targets, losses and metrics, where the outputs are nested; None: one, a list or a dictionary."""
        form = self._output_form
        return form if form is not None and any(map(is_nested, form.values() if isinstance(form, Mapping) else form)) else None

    def _changed(self) -> None:
        """The structure has changed: plans are discarded."""
        self._engine = None
        self._entries = []
        self._forget_training()

    def _network(self) -> Network:
        return self

    # ------------------------------------------------------------------ table

    @property
    def table(self) -> ShapeTable:
        """One row for each layer: shapes, weights, multiply-adds."""
        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling `build()` or by calling the model on a "
                "batch of data."
            )
        graph = self._built_graph("table")
        graph.frozen = not self.trainable
        return propagate(graph, self._shown)

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
        from tinyseq.summary import print_summary, refuse

        refuse(positions=positions, show_trainable=show_trainable, layer_range=layer_range)
        print_summary(self, line_length, style, print_fn, batch_size, expand_nested)

    def _repr_html_(self) -> str | None:
        from tinyseq.summary import html

        return html(self) if self.built else None

    # ------------------------------------------------------------------ numbers

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None) -> Any:  # type: ignore[override]
        """On an array (samples, ...): the outputs as new arrays. On a tensor of another model: a part of that model.

        Arguments:
            inputs: an array or tensor; for several inputs a list, or a dictionary by input name
            training: True: behave as in training (dropout drops)
            mask: (samples, steps), False for a step that is left out, of its first input; None: there is none
        """
        if self._followed and self._graph is None and inputs:
            self._ready_to_follow(inputs[0] if len(inputs) == 1 else list(inputs))
        if len(inputs) == 1 and type(inputs[0]) is np.ndarray and not training and mask is None and FOLLOW.get() is None:
            entries = self._entries
            if len(entries) == 1 and self._engine is not None:
                outputs = run(self, self._engine, [entries[0].take(inputs[0])], False)
                return self._packed(outputs)
        if len(inputs) == 1 and self._input_form is None and _holds_lists_of_arrays(inputs[0]):
            inputs = (self._flat(inputs[0]),)
        if self._input_form is not None and len(inputs) == 1 and is_nested(inputs[0]):
            inputs = (spread(f"{self.name}: inputs", self._input_form, inputs[0]),)
        if len(inputs) == 1 and isinstance(inputs[0], Mapping) and any(isinstance(one, SymbolicTensor) for one in inputs[0].values()):
            tensors = split_inputs(inputs[0], self.input_names, str(self.name))
            inputs = (tensors if len(tensors) > 1 else tensors[0],)
        found = super().__call__(*inputs, training=training, mask=mask)
        formed = self._keys or self._output_form is not None
        flat = isinstance(found, list) or not is_nested(found)
        return self._packed(found if isinstance(found, list) else [found]) if formed and flat else found

    def _flat(self, given: Any) -> Any:
        """Arrays in lists inside a list, one after the other, as Keras takes them, with its warning; `given` if there are too many."""
        flat = leaves(given)
        if self._graph is None or len(flat) != len(self._graph.inputs):
            return given
        warnings.warn(
            f"{self.name}: The structure of `inputs` doesn't match the expected structure: arrays in lists are taken one after the other: "
            f"pass one list of {len(flat)} arrays",
            stacklevel=3,
        )
        return flat

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        if masks:
            return super()._compute(given, training, masks)
        arrays = self._take(given[0] if len(given) == 1 else given)
        outputs = run(self, self._ready_engine(), arrays, training)
        return self._packed(outputs)

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
        """Copied layers record their uses again."""
        for node in self._graph.nodes if self._graph else ():
            if isinstance(node.rule, Layer) and node not in node.rule._nodes:
                node.rule._nodes.append(node)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _holds_lists_of_arrays(value: Any) -> bool:
    several = isinstance(value, (list, tuple))
    return several and any(isinstance(one, (list, tuple)) and any(type(inner) is np.ndarray for inner in one) for one in value)


def _holds_tensors(value: Any) -> bool:
    return any(isinstance(one, SymbolicTensor) for one in leaves(value))


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
        ins, outs = checked_tensors("inputs", inputs), checked_tensors("outputs", outputs)
        for tensor in ins:
            if not isinstance(tensor.node.rule, InputRule):
                raise ValueError(
                    f"inputs must be tensors from Input(...) or model.inputs, got the output of {tensor.node.rule.name}: "
                    f"start at an Input"
                )
        graph = Graph(ins, outs, name)
        super().__init__(name, trainable)
        self._graph = graph
        self._lists = (isinstance(inputs, (list, tuple)), isinstance(outputs, (list, tuple)))
        """Whether the inputs and the outputs were lists. Of lists of one, calls and predict take and return the one."""
        self._keys = tuple(outputs) if isinstance(outputs, Mapping) else ()
        self._input_keys = tuple(inputs) if isinstance(inputs, Mapping) else ()
        self._input_form, self._output_form = (form_of(ends) if is_deep(ends) else None for ends in (inputs, outputs))
        warn_of_other_names(inputs)
        self._ordered = tuple(dict.fromkeys(map(original, by_depth(graph))))
        """Its layers in the order of `layers`, and of weights."""
        require_unique_names(graph)
        if not trainable:
            self.trainable = False

    def arguments(self) -> dict[str, Any]:
        return {}

    def _lists_outputs(self) -> bool:
        return len(self._built_graph("outputs").outputs) > 1

    def _like_inputs(self, values: list[Any]) -> Any:
        if self._input_form is not None:
            return packed(self._input_form, values)
        if self._input_keys:
            return by_key(list(self._input_keys), values, None)
        return values if self._lists[0] else super()._like_inputs(values)

    def _like_outputs(self, values: list[Any]) -> Any:
        return values if self._lists[1] and self._output_form is None else self._packed(values)

    def _parts(self) -> Sequence[Rule]:
        ordered: Sequence[Rule] = self.__dict__.get("_ordered", ())
        return ordered

    def get_config(self) -> dict[str, Any]:
        """Name, nodes in order and their inputs: [node number, output number]."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            **nodes_config(self._built_graph("config")),
            "lists": list(self._lists),
            "keys": list(self._keys),
            "input_keys": list(self._input_keys),
            "forms": [self._input_form, self._output_form],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A fresh model of that structure.

        Arguments:
            config: what get_config returned
        """
        inputs, outputs = tensors_from(config)
        lists = zip(config["lists"], (inputs, outputs), strict=True)
        ends = [tensors if as_list or len(tensors) > 1 else tensors[0] for as_list, tensors in lists]
        forms = config.get("forms") or (None, None)
        if any(form is not None for form in forms):
            every = zip(forms, ends, (inputs, outputs), strict=True)
            ends = [end if form is None else packed(form, tensors) for form, end, tensors in every]
        keys = [None if form else config.get(key) for form, key in zip(forms, ("input_keys", "keys"), strict=True)]
        return Functional(by_key(keys[0], inputs, ends[0]), by_key(keys[1], outputs, ends[1]), name=config["name"])


MODELS.update(Functional=Functional, Model=Functional)
