"""Names, attributes and items: what `a`, `a.b` and `a[i]` stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader.values import (
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
    Opaque,
    Partial,
    Symbol,
    Table,
    Traced,
    Version,
    is_constant,
    unknown,
)
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    from shapecheck.reader.interpreter import Interpreter

PASTED = {
    "np": "numpy", "numpy": "numpy", "pd": "pandas", "keras": "keras", "tf": "tensorflow", "tensorflow": "tensorflow",
    "layers": "keras.layers", "models": "keras.models", "Sequential": "keras.Sequential", "Model": "keras.Model",
    "Input": "keras.Input", "to_categorical": "keras.utils.to_categorical",
    "train_test_split": "sklearn.model_selection.train_test_split", "K": "keras.backend",
    "ImageDataGenerator": "keras.preprocessing.image.ImageDataGenerator", "tfds": "tensorflow_datasets",
    "optimizers": "keras.optimizers", "mnist": "keras.datasets.mnist", "cifar10": "keras.datasets.cifar10",
    "fashion_mnist": "keras.datasets.fashion_mnist", "imdb": "keras.datasets.imdb",
}  # fmt: skip
"""What a pasted snippet without imports means by these names."""
BUILTINS = frozenset(
    [
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "callable",
        "dict",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "format",
        "getattr",
        "hasattr",
        "id",
        "int",
        "isinstance",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "object",
        "open",
        "print",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "vars",
        "zip",
        "input",
        "Exception",
        "ValueError",
        "TypeError",
    ]
)


def name(self: Interpreter, identifier: str) -> Any:
    """A name: from the innermost scope outwards, then star imports, builtins, and what a pasted snippet means."""
    scope: Any = self.scope
    first = True
    while scope is not None:
        # A class's names are not seen from its methods; functions keep the class body as their outer scope otherwise.
        if identifier in scope.names and (first or not _is_class_body(self, scope)):
            if self.uncalled and scope.outer is None and identifier in self.reassigned:
                return _any_value(scope.names[identifier], identifier)
            return scope.names[identifier]
        first = False
        scope = scope.outer
    if identifier in BUILTINS:
        return Library(f"builtins.{identifier}")
    if identifier == "__name__":
        return "__main__"
    return _unbound(self, identifier)


def _any_value(value: Any, identifier: str) -> Any:
    """A name of the file that has had several values, seen by a function that nothing calls: which one cannot be told."""
    if isinstance(value, (Function, Class, Library)):
        return value
    return unknown(identifier, f"{identifier} has several values in the file, and when this function runs cannot be told")


def _is_class_body(self: Interpreter, scope: Any) -> bool:
    return any(kind.attributes is scope.names for kind in self.classes)


def _unbound(self: Interpreter, identifier: str) -> Any:
    from shapecheck.layers import HOME
    from shapecheck.reader.dialects import CLASS_NAMES

    stars = self.scope.root.stars
    layer = identifier in HOME or identifier in CLASS_NAMES
    if identifier in PASTED and not layer:
        return Library(PASTED[identifier])
    if layer:
        return Library(f"keras.layers.{identifier}")
    if identifier in ("SGD", "Adam", "RMSprop"):
        return Library(f"keras.optimizers.{identifier}")
    known = [module for module in stars if module.split(".")[0] in ("keras", "tensorflow", "numpy", "tf_keras", "tinyseq")]
    if len(stars) == 1 and known:
        return Library(f"{stars[0]}.{identifier}")
    return unknown(identifier, f"{identifier} is not defined in the file")


def attribute(self: Interpreter, owner: Any, identifier: str, node: Any = None) -> Any:
    """owner.identifier."""
    from shapecheck.reader import libraries, models

    if isinstance(owner, Library):
        if identifier in ("__version__", "VERSION"):
            from shapecheck.reader import versions

            found = versions.of(f"{owner.path}.{identifier}", self.stacks.dialect)
            if found is not None:
                return found
        return libraries.constant(f"{owner.path}.{identifier}")
    if isinstance(owner, Instance):
        return _instance_attribute(self, owner, identifier)
    if isinstance(owner, Class):
        found = owner.find(identifier)
        return found if found is not MISSING else unknown(identifier, f"{owner.name}.{identifier} is not in the file")
    if isinstance(owner, Traced):
        from shapecheck.reader import tensors

        return tensors.attribute(owner, identifier)
    if isinstance(owner, Array):
        from shapecheck.reader import arrays

        return arrays.attribute(owner, identifier)
    if isinstance(owner, Batches):
        return owner.attributes.get(identifier, Bound(owner, identifier))
    if isinstance(owner, (models.Model, Layer, Symbol)):
        return models.attribute(self, owner, identifier, node)
    if isinstance(owner, Partial):
        return {"func": owner.function}.get(identifier, unknown(identifier))
    if isinstance(owner, (Items, Table, Opaque, Version)) or is_constant(owner) or isinstance(owner, (tuple, Function, Super)):
        return Bound(owner, identifier)
    if isinstance(owner, Unknown):
        return Bound(owner, identifier)
    return unknown(identifier)


class Super:
    """super() inside a method: `kind` is the class it is written in, `of` the object."""

    __slots__ = ("kind", "of")

    def __init__(self, kind: Any, of: Any) -> None:
        self.kind = kind
        self.of = of


def _instance_attribute(self: Interpreter, owner: Instance, identifier: str) -> Any:
    from shapecheck.reader import calls, models

    if identifier in owner.attributes:
        return owner.attributes[identifier]
    found = owner.of.find(identifier)
    if isinstance(found, Function):
        if "@property" in found.defaults:
            return calls.run(self, found, [owner], {})
        return Bound(owner, identifier, found)
    if found is not MISSING:
        return found
    if owner.model is not None:
        return models.attribute(self, owner.model, identifier, None)
    if owner.of.library_bases():
        return Bound(owner, identifier)
    return unknown(identifier, f"{identifier} is not set where it can be seen")


def item(self: Interpreter, owner: Any, key: Any) -> Any:
    """owner[key]."""
    if isinstance(owner, Traced):
        from shapecheck.reader import tensors

        return tensors.index(owner, key)
    if isinstance(owner, Array):
        from shapecheck.reader import arrays

        return arrays.index(owner, key)
    if isinstance(owner, Symbol):
        from shapecheck.reader import operations

        return operations.index(self, owner, key)
    if isinstance(owner, Table):
        if owner.why or not is_constant(key):
            return unknown("item", owner.why)
        return owner.get(key, unknown(str(key)[:40], "the dict has no such key"))
    if isinstance(owner, (Items, tuple, str, range)):
        return _sequence_item(owner, key)
    if isinstance(owner, Version):
        return owner.major if key == 0 else unknown("version")
    if isinstance(owner, Batches):
        first = owner.x if owner.y is None else (owner.x, owner.y)
        return first if isinstance(key, int) else unknown("item")
    return unknown("item", owner.why if isinstance(owner, Unknown) else "")


def _sequence_item(owner: Any, key: Any) -> Any:
    if isinstance(owner, Items) and owner.why:
        return unknown("item", owner.why)
    if isinstance(key, slice):
        parts = (key.start, key.stop, key.step)
        if not all(part is None or (isinstance(part, int) and abs(part) < 1 << 60) for part in parts) or key.step == 0:
            return unknown("slice", next((part.why for part in parts if isinstance(part, Unknown)), ""))
        return Items(owner[key], owner.nodes[key], owner.branch) if isinstance(owner, Items) else owner[key]
    if isinstance(key, int) and -len(owner) <= key < len(owner):
        return owner[key]
    return unknown("item", key.why if isinstance(key, Unknown) else "there is no such item")
