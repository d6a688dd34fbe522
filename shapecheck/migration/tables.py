"""Look-ups in the recorded names of Keras 3: does a name exist, its arguments, the other names of its module.

>>> has("keras.layers.Dense"), has("keras.layers.Desne"), has("tensorflow.keras.layers.ThresholdedReLU")
(True, False, True)
>>> arguments("keras.optimizers.SGD")[:3]
('learning_rate', 'momentum', 'nesterov')
"""

from __future__ import annotations

from functools import lru_cache

from shapecheck.migration.recorded_names import KERAS, TENSORFLOW

ROOTS = ("tensorflow.keras", "keras")


def split(path: str) -> tuple[str, str]:
    """("keras", "layers.Dense"); ("", path) if it is not a name of Keras.

    >>> split("tensorflow.keras.layers"), split("numpy.sum")
    (('tensorflow.keras', 'layers'), ('', 'numpy.sum'))
    """
    for root in ROOTS:
        if path == root or path.startswith(f"{root}."):
            return root, path[len(root) + 1 :]
    return "", path


@lru_cache(256)
def entries(root: str, module: str) -> dict[str, str] | None:
    """The names of a module with their words, None if there is no such module."""
    text = TENSORFLOW.get(module) if root == "tensorflow.keras" else None
    text = KERAS.get(module) if text is None else text
    if text is None:
        return None
    found = {}
    for word in text.split():
        name, mark, rest = word.partition("(")
        if mark:
            found[name] = f"({rest[:-1]}"
        else:
            name, mark, rest = word.partition("=")
            found[name] = f"={rest}" if mark else ""
    for other in (*KERAS, *(TENSORFLOW if root == "tensorflow.keras" else ())):
        parent, _, name = other.rpartition(".")
        if parent == module and name:
            found.setdefault(name, "")
    return found


def is_module(path: str) -> bool:
    """True for a module of Keras, for example keras.layers."""
    root, module = split(path)
    return bool(root) and (module in KERAS or (root == "tensorflow.keras" and module in TENSORFLOW))


def has(path: str) -> bool:
    """True for a module, and for a name that its module has."""
    root, rest = split(path)
    if not root or is_module(path):
        return bool(root)
    module, _, name = rest.rpartition(".")
    found = entries(root, module)
    return found is not None and name in found


@lru_cache(512)
def arguments(path: str) -> tuple[str, ...] | None:
    """The arguments of a class or a function in the recorded words; None if none are recorded.

    >>> arguments("keras.Input")[:2], arguments("keras.nothing")
    (('shape', 'batch_size'), None)
    """
    root, rest = split(path)
    module, _, name = rest.rpartition(".")
    word = (entries(root, module) or {}).get(name)
    if word is None:
        return None
    if word.startswith("="):
        return arguments(f"{root}.{word[1:]}")
    return (tuple(word[1:].split(",")) if word[1:] else ()) if word else None


def home(path: str) -> str:
    """The name under which an object with several names is recorded.

    >>> home("keras.Model"), home("keras.layers.Convolution2D")
    ('keras.models.Model', 'keras.layers.Conv2D')
    """
    root, rest = split(path)
    module, _, name = rest.rpartition(".")
    word = (entries(root, module) or {}).get(name, "")
    return f"{root}.{word[1:]}" if word.startswith("=") else path


def takes(path: str, argument: str) -> bool:
    """True if a keyword is accepted, or if that is unknown."""
    known = arguments(path)
    if not known or "**" in known or known[0] == "*":
        return True
    return argument in known


def elsewhere(root: str, name: str) -> str:
    """The public path of a name in another module of this root; "" if there is none, or several objects share it.

    >>> elsewhere("keras", "Dense"), elsewhere("keras", "get")
    ('keras.layers.Dense', '')
    """
    places = [f"{root}.{module}.{name}" if module else f"{root}.{name}" for module in ORDER if name in (entries(root, module) or {})]
    things = {home(place) for place in places}
    return places[0] if len(things) == 1 else ""


ORDER = (
    "layers", "models", "callbacks", "optimizers", "optimizers.schedules", "losses", "metrics", "utils", "saving", "initializers",
    "regularizers", "constraints", "applications", "",
)  # fmt: skip
"""Modules in which a name is searched, the most usual ones first."""
