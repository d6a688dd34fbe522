"""What a dotted name of Keras means today: unchanged, moved, renamed, removed, or misspelt.

>>> answer("keras.layers.Dense") is None
True
>>> answer("keras.layers.core.Dense"), answer("keras.utils.np_utils")
(<keras.layers.core -> keras.layers.Dense>, <keras.utils.np_utils -> keras.utils>)
>>> answer("keras.layers.Desne")
<keras.layers.Desne -> keras.layers.Dense>
"""

from __future__ import annotations

from difflib import get_close_matches

from shapecheck.migration import tables
from shapecheck.migration.old_backend import FUNCTIONS, OTHERS
from shapecheck.migration.old_names import MEMBERS, MODULES, NAMES, TENSORFLOW_NAMES, reason
from shapecheck.migration.recorded_names import PRIVATE
from shapecheck.migration.recorded_old_modules import OLD_MODULES

SKIPPED = frozenset(("src", "api", "_tf_keras", "version", "keras"))
"""Prefixes of paths that are not public and not checked."""
OTHER_ROOTS = {
    "tensorflow.compat.v1.keras": "tensorflow.keras", "tensorflow.compat.v2.keras": "tensorflow.keras",
    "tensorflow._api.v2.v2.keras": "tensorflow.keras", "tensorflow._keras": "tensorflow.keras",
}  # fmt: skip
FOREIGN = (
    "tensorflow.python.keras",
    "tensorflow.contrib.keras",
    "tensorflow.contrib.keras.python.keras",
    "tensorflow.contrib.keras.api.keras",
)
"""Roots that should not be used: the rest of the path is checked as below tensorflow.keras."""


class Answer:
    """`missing` is the part of the path that Keras 3 lacks; `new` its path or text today, "" where there is none; `reason` what to do.

    `kind`: "moved", "gone", "backend" (a call of another form), "text" (written as text), "misspelt", "unknown" or "private".
    """

    __slots__ = ("kind", "missing", "new", "reason")

    def __init__(self, missing: str, kind: str, new: str = "", reason: str = "") -> None:
        self.missing = missing
        self.kind = kind
        self.new = new
        self.reason = reason

    def __repr__(self) -> str:
        return f"<{self.missing} -> {self.new or self.reason or self.kind}>"


def canonical(path: str) -> str:
    """The path below keras or tensorflow.keras.

    >>> canonical("tensorflow.compat.v1.keras.layers")
    'tensorflow.keras.layers'
    """
    for old, new in OTHER_ROOTS.items():
        if path == old or path.startswith(f"{old}."):
            return new + path[len(old) :]
    return path


def answer(path: str) -> Answer | None:
    """Today's replacement of a path; None if it is right, not Keras's, or not public."""
    path = canonical(path)
    for foreign in FOREIGN:
        if path == foreign or path.startswith(f"{foreign}."):
            return _foreign(path, foreign)
    root, rest = tables.split(path)
    parts = rest.split(".")
    if not root or not rest or parts[0] in SKIPPED:
        return None
    module = root
    while parts and tables.is_module(f"{module}.{parts[0]}"):
        module = f"{module}.{parts.pop(0)}"
    if not parts or parts[0] == "*" or parts[0].startswith("__"):
        return None
    here = tables.split(module)[1]
    if parts[0] in (tables.entries(root, here) or {}) and here != "optimizers.legacy":
        return None
    if here == "" and root == "tensorflow.keras" and parts[0] == "saving":
        return None
    return _missing(root, here, parts)


def _foreign(path: str, foreign: str) -> Answer:
    """tensorflow.python.keras: a private copy of Keras 2."""
    rest = path[len(foreign) + 1 :]
    public = f"tensorflow.keras.{rest}".rstrip(".")
    new = answer(public)
    today = public if new is None else new.new if new.kind == "moved" and new.new.startswith("tensorflow.keras") else ""
    beginnings = [".".join(rest.split(".")[: count + 1]) for count in range(rest.count(".") + 1)]
    module = max((one for one in beginnings if one in PRIVATE[""].split()), key=len, default="")
    parent = rest.rpartition(".")[0]
    runs = foreign == "tensorflow.python.keras" and module in (rest, parent)
    name = "" if module == rest else rest.rpartition(".")[2]
    if runs and name not in ("", "*") and (parent or "*") in PRIVATE:
        runs = name in PRIVATE[parent or "*"].split()
    return Answer(path, "private" if runs else "gone" if not today else "moved", today, new.reason if new is not None else "")


def _missing(root: str, module: str, parts: list[str]) -> Answer | None:
    """The answer for the first name that a module lacks, and those below it."""
    key = f"{module}.{parts[0]}".lstrip(".")
    if len(parts) > 1 and f"{key}.{parts[1]}" in MEMBERS:
        return Answer(f"{root}.{key}.{parts[1]}", "text", MEMBERS[f"{key}.{parts[1]}"])
    if root == "tensorflow.keras" and key in TENSORFLOW_NAMES:
        return Answer(f"{root}.{key}", "moved", f"{root}.{TENSORFLOW_NAMES[key]}")
    is_old_module = parts[0] in OLD_MODULES.get(module, "").split() or (module == "optimizers" and parts[0].endswith("_v2"))
    if key in NAMES and not (is_old_module and len(parts) > 1):
        new = NAMES[key]
        return Answer(f"{root}.{key}", "moved" if new else "gone", f"{root}.{new}" if new else "", reason(key))
    if module == "backend" and not is_old_module:
        return _backend(root, parts[0])
    if is_old_module:
        old = key
        parts = parts[1:]
        while parts and parts[0] in OLD_MODULES.get(old, "").split():
            old = f"{old}.{parts.pop(0)}"
        beginning = next(old[:end] for end in range(len(old), 0, -1) if old[:end] in MODULES and (end == len(old) or old[end] == "."))
        return _in_old_module(root, old, MODULES[beginning], parts, reason(old))
    if parts[0].startswith("_"):
        return None
    return _named(root, module, parts[0])


def _in_old_module(root: str, old: str, new: str, parts: list[str], why: str) -> Answer:
    """A name of a removed module: in today's module, under today's name, or elsewhere."""
    missing = f"{root}.{old}"
    if not parts:
        if root == "keras" and tables.is_module(f"tensorflow.keras.{old}"):
            return Answer(missing, "moved", f"tensorflow.keras.{old}")
        moved = bool(new) and not why
        return Answer(missing, "moved" if moved else "gone", f"{root}.{new}" if moved else "", why)
    name = parts[0]
    for key in (f"{new}.{name}", f"{old.partition('.')[0]}.{name}"):
        if key in NAMES:
            found = NAMES[key]
            return Answer(missing, "moved" if found else "gone", f"{root}.{found}" if found else "", reason(key))
    if new and tables.has(f"{root}.{new}.{name}"):
        return Answer(missing, "moved", f"{root}.{new}.{name}")
    if name == "*":
        return Answer(missing, "moved" if new else "gone", f"{root}.{new}.*" if new else "", why)
    if new == "backend" or old.startswith("backend."):
        function = _backend(root, name)
        known = function.kind in ("backend", "moved")
        return Answer(missing, function.kind if known else "gone", function.new if known else "", function.reason or why)
    place = tables.elsewhere(root, name)
    if place:
        return Answer(missing, "moved", place)
    if root == "keras" and (tables.has(f"tensorflow.keras.{new}.{name}") or tables.has(f"tensorflow.keras.{old}.{name}")):
        there = new if tables.has(f"tensorflow.keras.{new}.{name}") else old
        return Answer(missing, "moved", f"tensorflow.keras.{there}.{name}")
    return Answer(missing, "gone", "", reason(f"{old}.{name}"))


def _backend(root: str, name: str) -> Answer:
    missing = f"{root}.backend.{name}"
    if name in FUNCTIONS:
        function = FUNCTIONS[name].partition(" ")[0]
        return Answer(missing, "backend", function if "{" in function else f"{root}.{function}", "")
    if name in OTHERS or reason(f"backend.{name}"):
        return Answer(missing, "gone", "", reason(f"backend.{name}"))
    return _named(root, "backend", name) or Answer(missing, "unknown")


def _named(root: str, module: str, name: str) -> Answer | None:
    """A name that no version had in this module: elsewhere in Keras, only in tensorflow.keras, misspelt, or unknown."""
    missing = f"{root}.{module}.{name}" if module else f"{root}.{name}"
    place = tables.elsewhere(root, name)
    if place:
        return Answer(missing, "moved", place)
    path = f"{module}.{name}".lstrip(".")
    if root == "keras" and tables.has(f"tensorflow.keras.{path}"):
        return Answer(missing, "moved", f"tensorflow.keras.{path}")
    near = nearest(name, tables.entries(root, module) or {})
    if near:
        return Answer(missing, "misspelt", f"{root}.{module}.{near}" if module else f"{root}.{near}")
    near = nearest(name, tables.entries(root, "layers") or {}) if module in ("", "models") else ""
    return Answer(missing, "misspelt" if near else "unknown", f"{root}.layers.{near}" if near else "")


def nearest(name: str, known: object) -> str:
    """The intended known name: equal except for case, or with one or two letters more, less or swapped; "" if there is none.

    >>> nearest("Desne", ["Dense", "Dot"]), nearest("Conv2d", ["Conv2D", "Conv3D"]), nearest("Foo", ["Dot", "ELU"])
    ('Dense', 'Conv2D', '')
    """
    names = list(known)  # type: ignore[call-overload]
    plain = {one.lower().replace("_", ""): one for one in names}
    same = plain.get(name.lower().replace("_", ""))
    if same:
        return str(same)

    found = get_close_matches(name.lower(), [one.lower() for one in names], n=1, cutoff=0.78)
    return next((one for one in names if found and one.lower() == found[0]), "")
