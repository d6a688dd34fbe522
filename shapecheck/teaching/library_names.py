"""What in a submission may be the library: keras, layers, layers.Conv2D, under any name and wherever it is handed on.

Names bound by an import or an assignment are the library itself. An item of a list, a dict, a loop or a `with`, an argument, what a
function returns and an attribute may be it: such values are followed through the whole text, function by function, also between the
files of a student. A call of a class of the library makes an object, which is not the library.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIBRARIES = frozenset({"keras", "tensorflow", "tf_keras", "tinyseq"})
NAMESPACES = frozenset({"globals", "locals", "vars"})
TABLES = frozenset({"modules", "__globals__", "f_globals", "f_locals", "f_builtins", "user_ns", "user_global_ns"})
"""Attributes that are dictionaries of names."""
GIVING = frozenset({"get", "pop", "popitem", "popleft", "setdefault", "values", "items", "copy", "__getitem__", "__next__", "send"})
"""Methods that return what a container holds."""
TAKING = frozenset({"append", "appendleft", "add", "insert", "extend", "update", "setdefault", "put", "__setitem__"})
"""Methods that put their arguments into a container."""
OF_A_CLASS = frozenset({"mro", "__subclasses__", "__getattribute__", "__getattr__"})
"""Methods of a class or module that return parts of it."""
HOLDING = ("Namespace", "Exception", "Error", "Exit")
"""How the names of classes end whose objects hold their arguments."""
SILENT = frozenset({ast.Constant, ast.Load, ast.Store, ast.Call, ast.Attribute, ast.keyword, ast.Tuple, ast.List, ast.Expr})
"""Nodes that bind no name."""
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Shared:
    """What the files of one student have in common: attributes and names that may be the library, functions it is handed to."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self.exported: set[str] = set()
        self.handed: set[str] = set()
        self.returning: set[str] = set()
        """Functions that return it."""

    def size(self) -> int:
        """Grows while something is found."""
        return len(self.attributes) + len(self.exported) + len(self.handed) + len(self.returning)


class Library:
    """The names of a file that are the library, or may be a part of it.

    Arguments:
        nodes: all nodes of the file
        shared: what is known of the student's other files
    """

    def __init__(self, nodes: Iterable[ast.AST], shared: Shared) -> None:
        self.shared = shared
        self.nodes = list(nodes)
        self.names: set[str] = set()
        """The library itself."""
        self.items: set[str] = set()
        """What may be the library: a loop's variable, a parameter."""
        self.holders: set[str] = set()
        """What may contain it."""
        self.tables: set[str] = set()
        """Dictionaries of the library's names."""
        self.objects: set[str] = set()
        """Objects that its classes made."""
        self.builtins: set[str] = set()
        self.bound: set[str] = set()
        """All names that the file binds: a star import of the library binds the others."""
        self.functions: dict[str, list[Function]] = {}
        self.classes: set[str] = set()
        self._bindings: list[tuple[ast.AST, ast.expr, bool]] = []
        """Target, value, and whether the target is an item of the value."""
        self._foreign: dict[str, str] = {}
        """Names from other modules, and what those call them."""
        self._modules: set[str] = set()
        self._raised: list[ast.expr] = []
        self._calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        self._parameters = {node.arg for node in self.nodes if isinstance(node, ast.arg)}
        self._loose: set[str] = set()
        """Functions that are used without a call of them: handed on, or with a decorator."""
        stars: set[str] = set()
        for node in self.nodes:
            kind = type(node)
            if kind is ast.Name:
                if type(node.ctx) is ast.Store:  # type: ignore[attr-defined]
                    self.bound.add(node.id)  # type: ignore[attr-defined]
                continue
            if kind in SILENT:
                continue
            self.bound |= _bound(node)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                stars.add(first(node.module or ""))
            self._import(node)
            self._bind(node)
            self._define(node)
        self.starred = bool(stars) and stars <= LIBRARIES
        self._loose |= {node.id for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        self._loose -= {node.func.id for node in self._calls if isinstance(node.func, ast.Name)} - {
            part.id for call in self._calls for part in _arguments(call) if isinstance(part, ast.Name)
        }

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            self.names |= {alias.asname or first(alias.name) for alias in node.names if first(alias.name) in LIBRARIES}
            self._modules |= {alias.asname or first(alias.name) for alias in node.names if first(alias.name) not in LIBRARIES}
            self.builtins |= {alias.asname or alias.name for alias in node.names if alias.name == "builtins"}
        elif isinstance(node, ast.ImportFrom):
            pairs = [(alias.name, alias.asname or alias.name) for alias in node.names]
            if first(node.module or "") in LIBRARIES:
                self.names |= {name for _, name in pairs}
            elif node.module == "sys":
                self.tables |= {name for old, name in pairs if old == "modules"}
            else:
                self._foreign |= {name: old for old, name in pairs}

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            self._bindings += [(*pair, False) for target in node.targets for pair in _pairs(target, node.value)]
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr, ast.AugAssign)) and node.value is not None:
            self._bindings.append((node.target, node.value, False))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            self._bindings.append((node.target, node.iter, True))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bindings += [(node.optional_vars, node.context_expr, item) for item in (False, True)]
        elif isinstance(node, ast.Match):
            for part in (part for case in node.cases for part in ast.walk(case.pattern)):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    self._bindings += [(ast.Name(name, ast.Store()), node.subject, item) for item in (False, True)]
        elif isinstance(node, ast.Raise) and node.exc is not None:
            self._raised.append(node.exc)

    def _define(self, node: ast.AST) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions.setdefault(node.name, []).append(node)
            if node.decorator_list:
                self._loose.add(node.name)
        elif isinstance(node, ast.ClassDef):
            self.classes.add(node.name)
            for inner in (one for one in node.body if isinstance(one, ast.Assign)):
                self._bindings += [(ast.Attribute(inner.value, target.id, ast.Store()), inner.value, False)
                                   for target in inner.targets if isinstance(target, ast.Name)]  # fmt: skip
            for inner_def in (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name in ("__init__", "__call__")):
                self.functions.setdefault(node.name, []).append(inner_def)
        elif isinstance(node, (ast.Assign, ast.NamedExpr)) and isinstance(node.value, ast.Lambda):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    self.functions.setdefault(target.id, []).append(node.value)
        if isinstance(node, Function):
            pairs = zip(reversed([*node.args.posonlyargs, *node.args.args]), reversed(node.args.defaults), strict=False)
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            for parameter, value in (*pairs, *named):
                if value is not None:
                    self._bindings.append((ast.Name(parameter.arg, ast.Store()), value, False))

    # ------------------------------------------------------------------ the flow

    def grow(self) -> None:
        """Follows values until nothing more is found in this file."""
        before = -1
        while before != self._size():
            before = self._size()
            for target, value, item in self._bindings:
                self._flow(target, value, item)
            for name, old in self._foreign.items():
                if old in self.shared.exported:
                    self.items.add(name)
                    self.holders.add(name)
            for call in self._calls:
                self._hand(call)
            if any(map(self.holds, self._raised)):
                self.holders |= {node.name for node in self.nodes if isinstance(node, ast.ExceptHandler) and node.name}
            for name, found in self.functions.items():
                if name in self.shared.handed:
                    self._all_parameters(found)
                if name not in self.classes and any(self.is_(value) or self.holds(value) for one in found for value in _returned(one)):
                    self.shared.returning.add(name)
        self.shared.exported |= self.items | self.holders | self.names

    def _size(self) -> int:
        found = (self.names, self.items, self.holders, self.tables, self.objects)
        return sum(map(len, found)) + self.shared.size()

    def _flow(self, target: ast.AST, value: ast.expr, item: bool) -> None:
        if isinstance(target, ast.Name) and not item and self.has(value):
            self.names.add(target.id)
        elif isinstance(target, ast.Name) and not item and isinstance(value, ast.Call) and self.object(value):
            self.objects.add(target.id)
        if isinstance(target, ast.Name) and not item and self.table(value):
            self.tables.add(target.id)
        holds = self.holds(value) or (item and self.table(value))
        if (holds if item else self.is_(value)) or (item and isinstance(value, ast.Call) and self.is_(value)):
            self._taint(target, self.items)
        if holds:
            self._taint(target, self.holders)

    def _taint(self, target: ast.AST, kind: set[str]) -> None:
        if isinstance(target, ast.Name):
            kind.add(target.id)
        elif isinstance(target, ast.Attribute):
            self.shared.attributes.add(target.attr)
        elif isinstance(target, (ast.Subscript, ast.Starred)):
            self._taint(target.value, self.holders)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self._taint(one, self.items)
                self._taint(one, self.holders)

    def _hand(self, call: ast.Call) -> None:
        """What a call hands to the function that it calls, or to one that is among its arguments."""
        if not any(type(part) is not ast.Constant and (self.is_(part) or self.holds(part)) for part in _arguments(call)):
            return
        name, func = called(call), call.func
        if isinstance(func, ast.Attribute) and name in TAKING and not self.object(func.value):
            self._taint(func.value, self.holders)
        if isinstance(func, ast.Lambda):
            self._parameters_of(func, call)
        elif name in self.functions:
            for one in self.functions[name]:
                self._parameters_of(one, call)
        else:
            self.shared.handed.add(self._foreign.get(name, name))
        for part in _arguments(call):
            if isinstance(part, ast.Lambda):
                self._all_parameters([part])
            elif isinstance(part, ast.Name) and part.id in self.functions:
                self._all_parameters(self.functions[part.id])
        if isinstance(func, ast.Name) and func.id in self._parameters:  # a function that was handed in
            for name in self._loose & self.functions.keys():
                self._all_parameters(self.functions[name])

    def _parameters_of(self, function: Function, call: ast.Call) -> None:
        """The parameters that get the library from this call, by their place or name."""
        places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        if places[:1] in (["self"], ["cls"]):
            places = places[1:]
        if any(isinstance(part, ast.Starred) for part in call.args) or any(word.arg is None for word in call.keywords):
            self._all_parameters([function])
            return
        for place, part in enumerate(call.args):
            if place < len(places):
                self._flow(ast.Name(places[place], ast.Store()), part, False)
            elif function.args.vararg is not None and (self.is_(part) or self.holds(part)):
                self.holders.add(function.args.vararg.arg)
        named = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
        for word in call.keywords:
            if word.arg in named:
                self._flow(ast.Name(word.arg, ast.Store()), word.value, False)
            elif function.args.kwarg is not None and (self.is_(word.value) or self.holds(word.value)):
                self.holders.add(function.args.kwarg.arg)

    def _all_parameters(self, functions: Iterable[Function]) -> None:
        for one in functions:
            found = {part.arg for part in ast.walk(one.args) if isinstance(part, ast.arg)} - {"self", "cls"}
            self.items |= found
            self.holders |= found

    # ------------------------------------------------------------------ what an expression is

    def has(self, node: ast.expr) -> bool:
        """Whether an expression is a part of the library: layers.Conv2D, getattr(keras, "layers"), sys.modules["keras"].layers."""
        if isinstance(node, ast.Name):
            return node.id in self.names or (self.starred and node.id not in self.bound)
        if isinstance(node, ast.Attribute):
            return not node.attr.isupper() and self.has(node.value)  # tf.data.AUTOTUNE is a number
        if isinstance(node, ast.NamedExpr):
            return self.has(node.value)
        if isinstance(node, ast.IfExp):
            return self.has(node.body) or self.has(node.orelse)
        if isinstance(node, ast.Subscript):
            return self.table(node.value)
        if isinstance(node, ast.Call) and called(node) in ("getattr", "reload") and node.args:
            return self.has(node.args[0])
        if isinstance(node, ast.Call) and called(node) in ("__import__", "import_module") and node.args:
            name = node.args[0]
            return not isinstance(name, ast.Constant) or first(str(name.value)) in LIBRARIES
        return False

    def table(self, node: ast.expr) -> bool:
        """Whether an expression is a dictionary of names: layers.__dict__, vars(layers), sys.modules, globals()."""
        if isinstance(node, ast.Name):
            return node.id in self.tables
        if isinstance(node, ast.Attribute):
            return (node.attr == "__dict__" and self.is_(node.value)) or node.attr in TABLES
        if not isinstance(node, ast.Call) or called(node) not in NAMESPACES:
            return False
        return not node.args or self.is_(node.args[0])

    def is_(self, node: ast.expr) -> bool:
        """Whether an expression is, or may be, a part of the library."""
        if isinstance(node, ast.Constant):
            return False
        if isinstance(node, ast.Name) and node.id in self.items:
            return True
        if isinstance(node, ast.Attribute):
            if node.attr.isupper() and self.has(node.value):
                return False
            if node.attr in self.shared.attributes or (node.attr == "__class__" and self.object(node.value)) or self._exported(node):
                return True
            return self.is_(node.value) or self.holds(node.value)
        if isinstance(node, ast.Subscript):
            return self.is_(node.value) or self.holds(node.value) or self.table(node.value)
        if isinstance(node, (ast.NamedExpr, ast.Starred, ast.Await)):
            return self.is_(node.value)
        if isinstance(node, ast.IfExp):
            return self.is_(node.body) or self.is_(node.orelse)
        if isinstance(node, ast.BoolOp):
            return any(map(self.is_, node.values))
        return self.has(node) or (isinstance(node, ast.Call) and self._result(node))

    def holds(self, node: ast.expr | None) -> bool:
        """Whether an expression may contain a part of the library: a list of modules, an object that was made with one."""
        if isinstance(node, ast.Constant):
            return False
        if isinstance(node, ast.Name):
            return node.id in self.holders
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return any(self.is_(one) or self.holds(one) for one in node.elts)
        if isinstance(node, ast.Dict):
            return any(self.is_(one) or self.holds(one) for one in node.values)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return self.is_(node.elt) or self.holds(node.elt)
        if isinstance(node, ast.DictComp):
            return self.is_(node.value) or self.holds(node.value)
        if isinstance(node, ast.Attribute):
            return node.attr in self.shared.attributes or self._exported(node) or self.holds(node.value)
        if isinstance(node, (ast.Subscript, ast.NamedExpr, ast.Starred, ast.Await)):
            return self.holds(node.value)
        if isinstance(node, ast.IfExp):
            return self.holds(node.body) or self.holds(node.orelse)
        if isinstance(node, ast.BinOp):
            return any(isinstance(one, (ast.Name, ast.List, ast.Tuple)) and self.holds(one) for one in (node.left, node.right))
        return isinstance(node, ast.Call) and self._result(node, holds=True)

    def _exported(self, node: ast.Attribute) -> bool:
        """Whether it is a name of another file of the student that may be the library: change.L."""
        return isinstance(node.value, ast.Name) and node.value.id in self._modules and node.attr in self.shared.exported

    def _result(self, call: ast.Call, holds: bool = False) -> bool:
        """Whether what a call returns may be the library, or hold it."""
        name, func = called(call), call.func
        if isinstance(func, ast.Attribute):
            if name in GIVING and (self.holds(func.value) or self.table(func.value)):
                return True
            if name in OF_A_CLASS and self.is_(func.value):
                return True
        if name == "type" and len(call.args) == 1:
            return self.object(call.args[0])
        if name in self.functions and name not in self.classes:
            return name in self.shared.returning
        if self._foreign.get(name, name) in self.shared.returning:
            return True
        if name in self.classes or self.is_(func):
            return False
        if name[:1].isupper() and not (holds and name.endswith(HOLDING)):
            return False
        return any(self.is_(part) or self.holds(part) for part in _arguments(call))

    def object(self, node: ast.expr) -> bool:
        """Whether an expression is an object that a class of the library made: a layer, a model, a part of one."""
        if isinstance(node, ast.Name):
            return node.id in self.objects
        if isinstance(node, ast.Call):
            return self.has(node.func) and called(node) not in ("getattr", "import_module", "__import__")
        return isinstance(node, (ast.Attribute, ast.Subscript)) and self.object(node.value)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords)]


def _returned(function: Function) -> Iterator[ast.expr]:
    if isinstance(function, ast.Lambda):
        yield function.body
        return
    for node in ast.walk(function):
        if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and node.value is not None:
            yield node.value


def _bound(node: ast.AST) -> set[str]:
    """The names that a part of a program other than a name binds."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or first(alias.name) for alias in node.names}
    if isinstance(node, ast.arg):
        return {node.arg}
    name = getattr(node, "name", None)  # of a function, a class, an exception
    return {name} if isinstance(name, str) else set()


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(target, value) of an assignment; of a, b = c, d each."""
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)) and len(target.elts) == len(value.elts):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, part)
    else:
        yield target, value


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def first(name: str) -> str:
    """The first part of a dotted name."""
    return name.partition(".")[0]
