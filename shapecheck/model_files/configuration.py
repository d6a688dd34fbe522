"""The configuration of a model, as Keras 1, 2 or 3 wrote it: which layers with which arguments, in today's names.

What is made of it is up to subclasses: rules of shapecheck (model_files/rules.py), or layers that compute (tinyseq.saving).
A class is found by its name among those that are known, never by a module named in the file.
"""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.model_files import old_forms
from shapecheck.model_files.bounded_json import short
from shapecheck.model_files.calls import Calls
from shapecheck.model_files.names_of_operations import is_operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    Json = Any

MODEL_CLASSES = ("Sequential", "Functional", "Model")
INNER = ("layer", "forward_layer", "backward_layer", "cell")
"""Arguments that are layers."""
ENDINGS = {"_initializer": "initializers", "_regularizer": "regularizers", "_constraint": "constraints"}
"""What arguments with these endings are."""
FROM_OUTSIDE = ("vocabulary", "idf_weights")
"""Arguments that a layer may read from a path: in a file they must be lists, or loading it would read other files."""
NOT_DENSE = ("sparse", "ragged", "optional")
"""Arguments of an input that are not supported."""


class UnknownClass(ValueError):
    """A class in a file that is neither known nor in custom_objects."""

    def __init__(self, name: str, where: str) -> None:
        code = f"load_model(..., custom_objects={{{name!r}: {name}}})"
        super().__init__(because("{where}: class {name!r} is not known: pass it, {code}", where=where, name=name, code=code))
        self.class_name = name


class Configuration:
    """Reads a configuration. The ValueError says which layer cannot be created, and why."""

    dialect: old_forms.Dialect

    # ------------------------------------------------------------------ for subclasses

    def own(self, entry: Json) -> Any:
        """A layer of the user's; None if the class is not one of those that the user passed."""
        return None

    def find(self, name: str, module: Any) -> Any:
        """The class of that name; None if it is not known."""
        raise NotImplementedError

    def unknown(self, entry: Json, name: str, config: dict[str, Any]) -> Any:
        """A layer whose class is not known."""
        raise UnknownClass(name, f"layer {config.get('name', '?')}")

    def arguments_of(self, cls: Any) -> Collection[str]:
        """The names of the arguments of a class."""
        raise NotImplementedError

    def construct(self, cls: Any, name: str, options: dict[str, Any]) -> Any:
        """A layer of its class and arguments."""
        raise NotImplementedError

    def refuse(self, where: str, what: str, advice: str) -> None:
        """Something in the file that would change numbers, and that is not supported."""
        raise ValueError(because("{where}: {what} is in the file and is not supported: {advice}", where=where, what=what, advice=advice))

    def activation(self, name: str) -> Any:
        """An activation by its name."""
        return name

    def seen(self, tensor: Any, config: dict[str, Any]) -> None:
        """A call names a tensor, with what the file says of it: its shape."""

    def dtype(self, name: str | None, where: str) -> None:
        """The dtype of a layer; None for float32."""

    def lambda_layer(self, config: dict[str, Any]) -> Any:
        """A Lambda, whose code is never run."""
        raise NotImplementedError

    def operation(self, entry: Json) -> Any:
        """A function as a node of a graph."""
        raise NotImplementedError

    def input(self, dims: list[Json], dtype: str | None, name: Any) -> Any:
        """An input of that shape, batch axis included."""
        raise NotImplementedError

    def chain(self, options: dict[str, Any], entries: list[Json], kind: Any = None) -> Any:
        """A Sequential of these layers; `kind`: a subclass of it."""
        raise NotImplementedError

    def join(self, config: dict[str, Any], inputs: Any, outputs: Any, kind: Any = None) -> Any:
        """A functional model between these tensors; `kind`: a subclass of it."""
        raise NotImplementedError

    def value(self, value: Json, kind: str = "") -> Any:
        """A value from JSON. `kind`: initializers, regularizers or constraints, if only that is possible."""
        raise NotImplementedError

    def start(self, layer: Any) -> Any:
        """The tensor of an input; None for any other layer."""
        raise NotImplementedError

    def call(self, name: str, layer: Any, arguments: list[Any], keywords: dict[str, Any]) -> list[Any]:
        """The outputs of a layer, one by one."""
        raise NotImplementedError

    # ------------------------------------------------------------------ what all share

    def layer(self, entry: Json) -> Any:
        """A layer or a model from its object."""
        if not isinstance(entry, dict) or not isinstance(entry.get("class_name"), str):
            raise ValueError(
                because("a layer of the file is {value}, expected class_name and config: the file is damaged", value=short(entry))
            )
        name, config = entry["class_name"], entry.get("config")
        own = None if name == "Lambda" else self.own(entry)
        if own is not None:
            return own
        if name == "Sequential":
            return self._sequential(config)
        if name in MODEL_CLASSES or (isinstance(config, dict) and "input_layers" in config and "layers" in config):
            return self._functional(config)
        if is_operation(entry):
            return self.operation(entry)
        if not isinstance(config, dict):
            raise ValueError(
                because(
                    "layer {name}: its configuration is {value}, expected a dictionary: the file is damaged", name=name, value=short(config)
                )
            )
        if name == "Lambda":
            return self.lambda_layer(config)
        name, config = old_forms.layer(name, config, self.dialect)
        if name == "InputLayer":
            return self._input(config)
        cls = self.find(name, entry.get("module"))
        return self.unknown(entry, name, config) if cls is None else self.construct(cls, name, self._options(cls, name, config))

    def _input(self, config: dict[str, Any]) -> Any:
        dims = config.get("batch_shape") or config.get("batch_input_shape")
        where = f"input {config.get('name')}"
        if not isinstance(dims, list):
            raise ValueError(because("{where}: its shape is {value}, expected a list: the file is damaged", where=where, value=short(dims)))
        for key in NOT_DENSE:
            if config.get(key):
                self.refuse(where, f"{key}=True", because("save the model with dense inputs"))
        return self.input(dims, dtype_name(config.get("dtype")), config.get("name"))

    def _sequential(self, config: Json, kind: Any = None) -> Any:
        entries = config if isinstance(config, list) else config.get("layers") if isinstance(config, dict) else None
        if not isinstance(entries, list):
            raise ValueError(
                because("a Sequential's configuration is {value}, expected a list of layers: the file is damaged", value=short(config))
            )
        return self.chain(config if isinstance(config, dict) else {}, entries, kind)

    def _functional(self, config: Json, kind: Any = None) -> Any:
        if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            raise ValueError(because("a model's configuration is {value}, expected its layers: the file is damaged", value=short(config)))
        inputs, outputs = Calls(config, self).ends()
        if self.dialect.major < 3:  # lists of one are how Keras 1 and 2 write one
            inputs, outputs = (end[0] if isinstance(end, list) and len(end) == 1 else end for end in (inputs, outputs))
        return self.join(config, inputs, outputs, kind)

    def _options(self, cls: Any, name: str, config: dict[str, Any]) -> dict[str, Any]:
        """Arguments: layers inside made, objects made, those of other versions left out if they change nothing."""
        where = f"layer {config.get('name', name)}"
        known = {*self.arguments_of(cls), "name", "trainable", "batch_input_shape"}
        options = {}
        for key, value in config.items():
            if key == "dtype":
                self.dtype(dtype_name(value), where)
            elif key in FROM_OUTSIDE and isinstance(value, str):
                what = because("{key}={value}, a path or an address from which it would be read,", key=key, value=short(value))
                self.refuse(where, what, because("save it with the list itself"))
            elif key in known:
                options[key] = self._argument(key, value)
            elif not old_forms.changes_nothing(name, key, value):
                self.refuse(where, f"{name}({key}={short(value)})", because("save the model without it"))
        shape = options.pop("batch_input_shape", None)
        if isinstance(shape, (list, tuple)) and shape:
            options["input_shape"] = tuple(shape)[1:]
            if shape[0] is not None:
                options["batch_size"] = shape[0]
        return options

    def _argument(self, key: str, value: Json) -> Any:
        """One argument of a layer."""
        if isinstance(value, dict) and key in INNER:
            return self.layer(value)
        if isinstance(value, list) and key in ("cells", "layers"):
            return [self.layer(one) for one in value]
        if isinstance(value, str) and key.endswith("activation"):
            return self.activation(value)
        made = self.value(value, next((kind for ending, kind in ENDINGS.items() if key.endswith(ending)), ""))
        return tuple(made) if isinstance(made, list) and all(not isinstance(one, (dict, list)) for one in made) else made


def dtype_name(value: Json) -> str | None:
    """The name of a dtype or policy. float32 is None: what layers compute in."""
    if isinstance(value, dict):
        inner = value.get("config")
        value = inner.get("name") if isinstance(inner, dict) else None
    return None if value in (None, "float32") else str(value)
