"""Questions about a file: what its names mean, what its objects are; and its findings, with the changes that fix them."""

from __future__ import annotations

from shapecheck.migration import tables
from shapecheck.migration.changes import Need
from shapecheck.migration.names import Answer, answer, canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from shapecheck.diagnostics.migration import Old
    from shapecheck.migration.changes import Change
    from shapecheck.migration.scan import Imported, Scan, Scope
    from shapecheck.reader.source import Place, Unit

MODELS = frozenset(("keras.models.Sequential", "keras.models.Model"))
LOADERS = frozenset(("load_model", "model_from_json", "model_from_yaml", "clone_model", "multi_gpu_model", "from_config"))
HISTORIES = frozenset(("fit", "fit_generator"))
DEEPEST = 6
KERAS_1_WORDS = (
    "nb_filter",
    "border_mode",
    "nb_epoch",
    "dim_ordering",
    "samples_per_epoch",
    "nb_classes=",
    "W_regularizer",
    "subsample=",
    "init=",
)
"""Words that only Keras 1 uses."""


class Found:
    """A diagnostic and its place; `changes` fix it, None if there is no unique answer. `title` describes the change.

    `proof` says why an older Keras runs the file as long as this stays in it, "" if it does not prove that.
    """
    __slots__ = ("changes", "diagnostic", "node", "place", "proof", "severity", "title", "unit")

    def __init__(
        self, diagnostic: Old, unit: Unit, place: Place, changes: list[Change] | None, title: str = "", severity: str | None = None
    ) -> None:
        self.diagnostic = diagnostic
        self.unit = unit
        self.place = place
        self.changes = changes
        self.title = title
        self.node: Any = None
        self.proof = ""
        self.severity = severity or diagnostic.severity

    def __repr__(self) -> str:
        return f"<{self.place.line}:{self.place.column} {self.diagnostic}{' *' if self.changes else ''}>"


class File:
    """A scanned file: `found` grows while it is checked."""
    def __init__(self, scan: Scan, units: list[Unit]) -> None:
        self.scan = scan
        self.units = units
        self.found: list[Found] = []
        self.proofs: list[Found] = []
        """Those of `found` that prove an older Keras."""
        self.answers: dict[str, Answer | None] = {}
        self.partial: list[Change] = []
        """Changes for findings without a unique answer, only for migrate."""
        self.proof = ""
        """An import that Keras 3 lacks: an older one is assumed to run the file."""
        self.node: Any = None
        """The call being checked."""
        self.findings: list[tuple[Found, Any]] = []
        """With the findings of the report created from them."""
        self._keras_1: bool | None = None

    @property
    def keras_1(self) -> bool:
        """True if the file has words that only Keras 1 uses."""
        if self._keras_1 is None:
            self._keras_1 = any(word in unit.text for unit in self.units for word in KERAS_1_WORDS)
        return self._keras_1

    def add(
        self, diagnostic: Old, unit: Unit, place: Place, changes: Iterable[Change] | None, title: str = "", severity: str | None = None
    ) -> None:
        """A finding more."""
        self.found.append(Found(diagnostic, unit, place, None if changes is None else list(changes), title, severity))
        self.found[-1].node = self.node

    def answer(self, path: str) -> Answer | None:
        """Like `names.answer`, cached by path."""
        if path not in self.answers:
            self.answers[path] = answer(path)
        return self.answers[path]

    def path_of(self, names: tuple[str, ...], scope: Scope) -> str:
        """The one dotted path that a name means in a scope: "keras.layers.Dense"; "" if that is not clear, or no import's."""
        return self.meaning(names, scope)[0]

    def meaning(self, names: tuple[str, ...], scope: Scope) -> tuple[str, Imported | None]:
        """The path, and the import that it begins with.

        A name bound by several imports has the meaning that is right in Keras 3, if any.
        """
        bound = self.scan.bound(names[0], scope)
        rest = "".join(f".{name}" for name in names[1:])
        if not bound:
            return (self._starred(names[0], scope) + rest if self.scan.stars else ""), None
        paths = [canonical(one.path) + rest for one in bound]
        if len(set(paths)) > 1:
            right = [path for path in paths if self.answer(path) is None]
            return (right[0], bound[paths.index(right[0])]) if right else ("", None)
        return paths[0], bound[0]

    def _starred(self, name: str, scope: Scope) -> str:
        """A bare name imported by `from keras.layers import *`; "" if the file or another star import may define it."""
        if self.scan.own(name, scope) or name in self.scan.defined:
            return ""
        modules = [canonical(star.path)[:-2] for star in self.scan.stars]
        if not all(tables.split(module)[0] for module in modules):
            return ""
        for module in modules:
            if module == "keras.backend":
                continue
            if tables.has(f"{module}.{name}"):
                return f"{module}.{name}"
        for module in modules:
            found = self.answer(f"{module}.{name}")
            if found is not None and found.kind == "moved" and found.new.rpartition(".")[2] == name and found.missing != f"{module}.{name}":
                return f"{module}.{name}"  # of a module that has moved
        old = [module for module in modules if (found := self.answer(f"{module}.{name}")) is not None and found.kind in ("moved", "gone")]
        return f"{old[0]}.{name}" if len(old) == 1 and name[:1].isupper() else ""

    def today(self, path: str) -> str:
        """The path of an object in Keras 3; "" if it was removed."""
        found = self.answer(path)
        if found is None:
            return path
        return found.new if found.kind in ("moved", "private") else ""

    def called(self, call: Any, scope: Scope) -> str:
        """Today's path of the function that is called; "" if it is unknown."""
        names = dotted(call.func)
        if not names:
            return ""
        path = self.meaning(names, scope)[0]
        return self.today(path) if path and tables.split(path)[0] else path

    def kind(self, node: Any, scope: Scope, depth: int = 0) -> str:
        """What an expression is: "model", "sequential", "history", "layer", "optimizer"; "other" if clearly none of Keras's; else ""."""
        if depth > DEEPEST or node is None:
            return ""
        shape = type(node).__name__
        if shape == "Call":
            return self._made(node, scope, depth)
        if shape == "Name":
            values = self.scan.values(node.id, scope)
            kinds = {self.kind(value, scope, depth + 1) for value in values}
            if not values and not self.scan.own(node.id, scope) and self.scan.bound(node.id, scope):
                return "other"
            return kinds.pop() if len(kinds) == 1 else "model" if kinds == {"model", "sequential"} else ""
        if shape == "Attribute":
            if node.attr == "optimizer":
                return "optimizer"
            if node.attr == "model" and type(node.value).__name__ == "Name" and node.attr not in self.scan.attributes:
                return "model" if node.value.id == "self" and self._callback(scope) else ""
            kinds = {self.kind(value, where, depth + 1) for value, where in self.scan.attributes.get(node.attr, ())}
            return kinds.pop() if len(kinds) == 1 else ""
        if shape in ("List", "Tuple", "Dict", "Set", "Constant", "JoinedStr", "ListComp", "DictComp", "BinOp", "Compare", "Lambda"):
            return "other"
        return "layer" if is_layer(node) else ""

    def _callback(self, scope: Scope) -> bool:
        return any(type(base).__name__ in ("Name", "Attribute") and (dotted(base) or ("",))[-1] == "Callback"
                   for one in self.scan.classes.values() for base in one.bases)  # fmt: skip

    def _made(self, call: Any, scope: Scope, depth: int) -> str:
        names = dotted(call.func)
        if not names:
            return (
                "history"
                if getattr(call.func, "attr", "") in HISTORIES
                else "layer"
                if getattr(call.func, "attr", "") == "get_layer"
                else ""
            )
        path = self.meaning(names, scope)[0]
        root, rest = tables.split(self.today(path) or path)
        if root:
            home = "keras." + tables.split(tables.home(f"{root}.{rest}"))[1]
            if home == "keras.models.Sequential":
                return "sequential"
            if home == "keras.models.Model" or rest.rpartition(".")[2] in LOADERS or rest.startswith("applications."):
                return "model"
            for start, kind in (("layers.", "layer"), ("optimizers.", "optimizer")):
                if rest.startswith(start) and rest.rpartition(".")[2][:1].isupper():
                    return kind
            return "other" if rest.split(".")[0] in ("callbacks", "losses", "metrics", "preprocessing", "utils", "datasets") else ""
        if path:
            return "other"
        if names[-1] in HISTORIES and len(names) > 1:
            return "history"
        if names[-1] == "get_layer":
            return "layer"
        functions = self.scan.functions.get(names[-1], [])
        if len(functions) == 1 and len(names) <= 2 and names[-1] not in self.scan.classes:
            inner = functions[0]
            kinds = {self.kind(value, inner, depth + 1) for value in inner.returns}
            return kinds.pop() if len(kinds) == 1 else ""
        return "other" if names[-1] in self.scan.classes and not self._inherits(names[-1]) else ""

    def _inherits(self, name: str) -> bool:
        """True if a class of the file has a base that could be one of Keras's."""
        bases = [dotted(base) for base in self.scan.classes[name].bases]
        return any(base is None or base[-1] not in ("object", "ABC") for base in bases)

    def module(self, near: Imported | None, unit: Unit) -> Any:
        """An import statement after which another one can be added: this one, else the first of the file that imports Keras."""
        if near is not None:
            return near.unit, near.statement
        first = next((one for one in self.scan.imports if one.scope is self.scan.module), None)
        return (first.unit, first.statement) if first is not None else (None, None)

    def name_for(self, module: str, name: str, near: Imported | None, unit: Unit) -> tuple[str, list[Change]]:
        """How `module.name` is written in this file, and the import that it needs: ("np", [Need numpy as np]) for a module alone."""

        wanted = f"{module}.{name}" if name else module
        for one in self.scan.imports:
            if one.path == wanted and one.scope is self.scan.module and not one.guarded and self.scan.bound(one.name, self.scan.module):
                return one.name, []
        for one in self.scan.imports:
            if one.path and wanted.startswith(f"{one.path}.") and one.scope is self.scan.module and not one.guarded:
                alone = len(self.scan.module.imports.get(one.name, ())) == 1 and self.scan.bound(one.name, self.scan.module)
                if alone and (one.path in ("keras", "tensorflow") or tables.is_module(one.path)) and self.answer(one.path) is None:
                    return one.name + wanted[len(one.path) :], []
        bare = name or {"numpy": "np"}.get(module, module)
        given = bare if not self.scan.taken(bare) else f"keras_{bare}"
        where, statement = self.module(near, unit)
        if statement is None:
            return "", []
        asname = given if given != (name or module) else None
        return given, [Need(where, statement, module, name, asname)]


def dotted(node: Any) -> tuple[str, ...] | None:
    """("keras", "layers", "Dense") of an expression; None if it is not a dotted name."""
    names = []
    while type(node).__name__ == "Attribute":
        names.append(node.attr)
        node = node.value
    if type(node).__name__ != "Name":
        return None
    names.append(node.id)
    return tuple(reversed(names))


def is_layer(node: Any) -> bool:
    """True for model.layers[i] and model.get_layer(...)."""
    kind = type(node).__name__
    if kind == "Subscript":
        return type(node.value).__name__ == "Attribute" and node.value.attr == "layers" and type(node.slice).__name__ != "Slice"
    return kind == "Call" and type(node.func).__name__ == "Attribute" and node.func.attr == "get_layer"


def text_of(node: Any) -> str | None:
    """The text of a string literal."""
    return node.value if type(node).__name__ == "Constant" and isinstance(node.value, str) else None


def keyword(call: Any, name: str) -> Any:
    """The keyword of a call, None if it is not given."""
    return next((one for one in call.keywords if one.arg == name), None)


def argument(call: Any, place: int, name: str) -> Any:
    """The expression of an argument, by position or by name."""
    if place < len(call.args):
        return call.args[place] if not any(type(one).__name__ == "Starred" for one in call.args[: place + 1]) else None
    found = keyword(call, name)
    return found.value if found is not None else None
