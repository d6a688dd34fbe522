"""Names, attributes and items: the values of `a`, `a.b` and `a[i]`."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.layers.families import HOME, MERGES
from shapecheck.migration.tables import entries, split
from shapecheck.reader.advice import WIDTH, Named, NamedOffset, for_input
from shapecheck.reader.code import operations, tensors
from shapecheck.reader.data import arrays
from shapecheck.reader.keras import libraries, objects, versions
from shapecheck.reader.keras.dialects import CLASS_NAMES
from shapecheck.reader.python import imports
from shapecheck.reader.python.functions import run
from shapecheck.reader.records import Model
from shapecheck.reader.values import (
    CONSTANTS,
    MISSING,
    Array,
    Batches,
    Bound,
    Class,
    Function,
    Instance,
    Items,
    Layer,
    Library,
    Module,
    Number,
    Offset,
    Opaque,
    Partial,
    Scope,
    SomeLayers,
    Super,
    Symbol,
    Table,
    Text,
    Traced,
    Version,
    is_constant,
    unknown,
)
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

    from shapecheck.reader.state import Reader

PASTED = {
    "np": "numpy", "numpy": "numpy", "pd": "pandas", "keras": "keras", "tf": "tensorflow", "tensorflow": "tensorflow",
    "layers": "keras.layers", "models": "keras.models", "Sequential": "keras.Sequential", "Model": "keras.Model",
    "Input": "keras.Input", "to_categorical": "keras.utils.to_categorical",
    "train_test_split": "sklearn.model_selection.train_test_split", "K": "keras.backend",
    "ImageDataGenerator": "keras.preprocessing.image.ImageDataGenerator", "tfds": "tensorflow_datasets",
    "optimizers": "keras.optimizers", "mnist": "keras.datasets.mnist", "cifar10": "keras.datasets.cifar10",
    "fashion_mnist": "keras.datasets.fashion_mnist", "imdb": "keras.datasets.imdb",
}  # fmt: skip
"""The meaning of these names in a pasted snippet without imports."""
BUILTINS = {
    name: Library(f"builtins.{name}")
    for name in (
        "abs", "all", "any", "bool", "bytes", "callable", "dict", "divmod", "enumerate", "filter", "float", "format", "getattr",
        "hasattr", "id", "int", "isinstance", "iter", "len", "list", "map", "max", "min", "next", "object", "open", "print", "range",
        "repr", "reversed", "round", "set", "sorted", "str", "sum", "super", "tuple", "type", "vars", "zip", "input", "Exception",
        "ValueError", "TypeError", "exit", "quit",
    )
}  # fmt: skip
"""Python's built-in names."""


def name(reader: Reader, node: ast.Name) -> Any:
    """A name: from the innermost scope outwards, then star imports, builtins, and names of a pasted snippet."""
    identifier = node.id
    scope: Scope | None = reader.scope
    while scope is not None:
        # A class's names are not seen from its methods; functions keep the class body as their outer scope otherwise.
        if identifier in scope.names and (not scope.of_class or scope is reader.scope):
            if reader.uncalled and scope.outer is None and identifier in reader.reassigned:
                return _any_value(scope.names[identifier], identifier)
            return scope.names[identifier]
        scope = scope.outer
    if identifier in BUILTINS:
        return BUILTINS[identifier]
    if identifier == "__name__":
        return reader.scope.root.names.get("__name__", "__main__")
    return _unbound(reader, identifier)


def _any_value(value: Any, identifier: str) -> Any:
    """A name of the file with several values, read by a function that is never called: its value is unknown."""
    if isinstance(value, (Function, Class, Library)):
        return value
    why = because("{name} has several values in the file, and it is unknown when this function runs", name=identifier)
    return unknown(identifier, why)


def _unbound(reader: Reader, identifier: str) -> Any:
    if identifier in reader.pending:
        value = reader.scope.root.names[identifier] = reader.handlers.declared(reader, identifier, unknown(identifier))
        return value
    stars = reader.scope.root.stars
    layer = identifier in HOME or identifier in CLASS_NAMES
    if identifier in PASTED and not layer:
        return Library(PASTED[identifier])
    if layer:
        return Library(f"keras.layers.{identifier}")
    if identifier in ("SGD", "Adam", "RMSprop"):
        return Library(f"keras.optimizers.{identifier}")
    if len(stars) > 1 and (found := _starred(stars, identifier)):
        return Library(found)
    known = [module for module in stars if module.split(".")[0] in ("keras", "tensorflow", "numpy", "tf_keras", "tinyseq")]
    if len(stars) == 1 and known:
        return Library(f"{stars[0]}.{identifier}")
    return unknown(identifier, because("{name} is not defined in the file", name=identifier))


def _starred(stars: list[str], identifier: str) -> str:
    """The path of a name that several `from MODULE import *` may define: of the last module of Keras that has it; "" if none has."""
    if identifier in MERGES:
        return next((f"{star}.{identifier}" for star in reversed(stars) if star.endswith("keras.layers")), "")
    for star in reversed(stars):
        root, module = split(star)
        if root and identifier in (entries(root, module) or ()):
            return f"{star}.{identifier}"
    return ""


def _library_attribute(reader: Reader, owner: Library, identifier: str) -> Any:
    if identifier in ("__version__", "VERSION"):
        found = versions.of(f"{owner.path}.{identifier}", reader.stacks.dialect)
        if found is not None:
            return found
    if identifier == "__name__":
        return owner.last
    if owner.last == "FLAGS" and identifier in reader.flags:
        return reader.flags[identifier]
    return libraries.constant(f"{owner.path}.{identifier}")


def _class_attribute(reader: Reader, owner: Class, identifier: str) -> Any:
    found = owner.find(identifier)
    if found is not MISSING:
        return found
    return unknown(identifier, because("{module}.{name} is not in the file", module=owner.name, name=identifier))


def _traced_attribute(reader: Reader, owner: Traced, identifier: str) -> Any:
    return tensors.attribute(owner, identifier)


def _array_attribute(reader: Reader, owner: Array, identifier: str) -> Any:
    return arrays.attribute(owner, identifier)


def _batches_attribute(reader: Reader, owner: Batches, identifier: str) -> Any:
    return owner.attributes.get(identifier, Bound(owner, identifier))


def _partial_attribute(reader: Reader, owner: Partial, identifier: str) -> Any:
    return owner.function if identifier == "func" else unknown(identifier)


def _method(reader: Reader, owner: Any, identifier: str) -> Any:
    return Bound(owner, identifier)


def _instance_attribute(reader: Reader, owner: Instance, identifier: str) -> Any:
    if identifier in owner.attributes:
        return owner.attributes[identifier]
    found = owner.of.find(identifier)
    if isinstance(found, Function):
        if "@property" in found.defaults:
            return run(reader, found, [owner], {})
        return Bound(owner, identifier, found)
    if found is not MISSING:
        return found
    if owner.model is not None:
        return objects.attribute(reader, owner.model, identifier)
    if owner.of.library_bases():
        return Bound(owner, identifier)
    return unknown(identifier, because("no assignment to {name} was found", name=identifier))


def _unknown_attribute(reader: Reader, owner: Unknown, identifier: str) -> Any:
    """Most likely a method; the shape is unknown for the same reason as the whole."""
    return Unknown("shape", for_input(owner.why, f"(None, {WIDTH})")) if identifier == "shape" else Bound(owner, identifier)


ATTRIBUTES: dict[type, Any] = {
    Library: _library_attribute, Instance: _instance_attribute, Class: _class_attribute, Array: _array_attribute,
    Batches: _batches_attribute, Model: objects.attribute, Layer: objects.attribute, Symbol: objects.attribute,
    Partial: _partial_attribute, Traced: _traced_attribute, Module: imports.attribute,
    **dict.fromkeys((Unknown, Named, NamedOffset, Number, Offset, Text), _unknown_attribute),
    **dict.fromkeys((Items, Table, Opaque, Version, Function, Super, tuple, type(None), *CONSTANTS), _method),
}  # fmt: skip


def item(reader: Reader, owner: Any, key: Any) -> Any:
    """owner[key]."""
    if isinstance(owner, Traced):
        return tensors.index(owner, key)
    if isinstance(owner, Array):
        return arrays.index(owner, key)
    if isinstance(owner, Symbol):
        return operations.index(reader, owner, key)
    if isinstance(owner, Table):
        if owner.why or not is_constant(key):
            return unknown("item", owner.why)
        return owner.get(key, unknown(str(key)[:40], because("the dict does not have this key")))
    if isinstance(owner, (Items, tuple, str, range)):
        found = _sequence_item(owner, key)
        if isinstance(owner, Items) and owner.of is not None:
            return _of_layers(owner, found)
        return found
    if isinstance(owner, Version):
        return owner.major if key == 0 else unknown("version")
    if isinstance(owner, Batches):
        if isinstance(key, str):
            return owner.attributes.get(key, unknown(key[:40], because("the data set has no such part")))
        first = owner.x if owner.y is None else (owner.x, owner.y)
        return first if isinstance(key, int) else unknown("item")
    return unknown("item", owner.why if isinstance(owner, Unknown) else "")


def _of_layers(owner: Items, found: Any) -> Any:
    """A slice of a model's list of layers, which is again a list of that model's layers."""
    if isinstance(found, Items):
        found.of = owner.of
    return SomeLayers(owner.of, found.why) if isinstance(found, Unknown) else found


def _sequence_item(owner: Any, key: Any) -> Any:
    if isinstance(owner, Items) and owner.why:
        return owner.each if isinstance(owner.each, (Array, Number)) and not isinstance(key, slice) else unknown("item", owner.why)
    if isinstance(key, slice):
        parts = (key.start, key.stop, key.step)
        if not all(part is None or (isinstance(part, int) and abs(part) < 1 << 60) for part in parts) or key.step == 0:
            return unknown("slice", next((part.why for part in parts if isinstance(part, Unknown)), ""))
        return Items(owner[key], owner.nodes[key], owner.branch) if isinstance(owner, Items) else owner[key]
    if isinstance(key, int) and -len(owner) <= key < len(owner):
        return owner[key]
    return unknown("item", key.why if isinstance(key, Unknown) else because("the index is out of range"))
