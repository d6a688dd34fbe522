"""One walk over a file: what it imports, which dotted names it uses, what it calls, and which names are its own.

Nothing is checked here. A use is in a scope; the meaning of a name there is `bound`: the imports that bind it, and nothing if the
file also assigns the name. Uses that the file guards (`try` with `except ImportError`, `if` on a version) are marked.
"""

from __future__ import annotations

from shapecheck.reader.children import CHILDREN

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator
    from typing import Any

    from shapecheck.reader.source import Unit
else:
    import _ast as ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
GUARDS = frozenset(("ImportError", "ModuleNotFoundError", "AttributeError", "TypeError", "KeyError"))
"""Exceptions that a file catches to try another spelling."""
ANY = frozenset(("Exception", "BaseException", ""))
VERSIONS = ("version", "VERSION", "backend", "hasattr", "PY2", "PY3", "try_import", "legacy")
"""Words of an `if` whose code may be for another version of Keras."""


class Scope:
    """Names of a module, class or function: the names that it stores, imports and assigns (name -> expressions)."""
    __slots__ = ("imports", "node", "of_class", "parent", "returns", "stores", "values")

    def __init__(self, parent: Scope | None, node: Any = None) -> None:
        self.parent = parent
        self.node = node
        self.of_class = isinstance(node, ast.ClassDef)
        self.stores: set[str] = set()
        self.imports: dict[str, list[Imported]] = {}
        self.values: dict[str, list[Any]] = {}
        self.returns: list[Any] = []


class Imported:
    """`from path.rpartition import name` or `import path`: binds `name` to `path` in `scope`."""
    __slots__ = ("alias", "guarded", "name", "path", "scope", "statement", "unit")

    def __init__(self, unit: Unit, statement: Any, alias: Any, path: str, name: str, scope: Scope, guarded: bool) -> None:
        self.unit = unit
        self.statement = statement
        self.alias = alias
        self.path = path
        self.name = name
        self.scope = scope
        self.guarded = guarded


class Use:
    """An expression and its scope: a dotted name (`names`, outermost `node`), or a call (`node`)."""
    __slots__ = ("guarded", "names", "node", "scope", "unit")

    def __init__(self, unit: Unit, node: Any, names: tuple[str, ...], scope: Scope, guarded: bool) -> None:
        self.unit = unit
        self.node = node
        self.names = names
        self.scope = scope
        self.guarded = guarded


class Scan:
    """The content of one file. `defined` are its functions, classes, methods and the attributes that it sets."""
    def __init__(self, units: Iterable[Unit]) -> None:
        self.imports: list[Imported] = []
        self.stars: list[Imported] = []
        self.chains: list[Use] = []
        self.calls: list[Use] = []
        self.items: list[Use] = []
        self.compares: list[Use] = []
        self.loads: list[Use] = []
        self.functions: dict[str, list[Scope]] = {}
        self.classes: dict[str, Any] = {}
        self.defined: set[str] = set()
        self.attributes: dict[str, list[tuple[Any, Scope]]] = {}
        self.nodes = 0
        self.module = Scope(None)
        parts = list(units)
        self.versions = frozenset(name for unit in parts for name in _version_names(unit.text))
        for unit in parts:
            self.unit = unit
            self._walk(unit.statements, self.module, False)

    def _walk(self, statements: Iterable[Any], scope: Scope, guarded: bool) -> None:
        """Every node below, without recursion except into scopes and guarded parts."""
        todo = list(statements)
        unit = self.unit
        count = 0
        while todo:
            node = todo.pop()
            kind = node.__class__
            if node is None or kind is ast.Constant:
                continue
            count += 1
            if kind is ast.Attribute or kind is ast.Name:
                names = []
                root = node
                while root.__class__ is ast.Attribute:
                    names.append(root.attr)
                    root = root.value
                stored = node.ctx.__class__ is not ast.Load
                if root.__class__ is ast.Name:
                    names.append(root.id)
                    names.reverse()
                    if not stored:
                        (self.chains if len(names) > 1 else self.loads).append(Use(unit, node, tuple(names), scope, guarded))
                    elif len(names) == 1:
                        scope.stores.add(root.id)
                    else:
                        self.chains.append(Use(unit, node, tuple(names), scope, guarded))
                        self.defined.add(node.attr)
                else:
                    names.append("")
                    names.reverse()
                    self.chains.append(Use(unit, node, tuple(names), scope, guarded))
                    if stored:
                        self.defined.add(node.attr)
                    todo.append(root)
                continue
            special = SPECIAL.get(kind)
            if special is not None and special(self, node, scope, guarded, todo):
                continue
            for field in CHILDREN.get(kind, ()):
                value = getattr(node, field)
                if value.__class__ is list:
                    todo += value
                else:
                    todo.append(value)
        self.nodes += count

    def versioned(self, node: Any) -> bool:
        """True for an `if` on the version of Keras."""
        return any(word in self.versions or any(mark in word for mark in VERSIONS) for word in _words(node.test))

    def bound(self, name: str, scope: Scope) -> list[Imported]:
        """The imports that bind a name in a scope; [] for names that the file stores, and unknown ones."""
        here: Scope | None = scope
        while here is not None:
            if not here.of_class or here is scope:
                if name in here.stores:
                    return []
                if name in here.imports:
                    return here.imports[name]
            here = here.parent
        return []

    def own(self, name: str, scope: Scope) -> bool:
        """True if the file stores that name visibly for the scope."""
        here: Scope | None = scope
        while here is not None:
            if name in here.stores:
                return True
            here = here.parent
        return False

    def taken(self, name: str) -> bool:
        """True if the file binds that name anywhere: a new import of it could be in the way."""
        return name in self.module.stores or name in self.module.imports or name in self.defined or name in self._stored

    @property
    def _stored(self) -> set[str]:
        found: set[str] = set()
        for use in (*self.loads, *self.chains):
            found |= use.scope.stores
        return found

    def values(self, name: str, scope: Scope) -> list[Any]:
        """The expressions assigned to a name, if all its values are assigned; [] otherwise."""
        here: Scope | None = scope
        while here is not None:
            if name in here.stores:
                return here.values.get(name, [])
            here = here.parent
        return []


def _version_names(text: str) -> Iterator[str]:
    """Names that depend on a version: `new = int(keras.__version__[0]) > 1`."""
    if "__version__" in text or "VERSION" in text:
        for line in text.splitlines():
            name, equals, rest = line.partition("=")
            if equals and ("__version__" in rest or "VERSION" in rest) and name.strip().isidentifier():
                yield name.strip()


def _import(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        path = alias.name if alias.asname else name
        found = Imported(scan.unit, node, alias, path, name, scope, guarded)
        scope.imports.setdefault(name, []).append(found)
        scan.imports.append(found)
    return True


def _import_from(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        name = alias.asname or alias.name
        found = Imported(scan.unit, node, alias, f"{module}.{alias.name}", name, scope, guarded)
        if alias.name == "*":
            scan.stars.append(found)
        else:
            scope.imports.setdefault(name, []).append(found)
        scan.imports.append(found)
    return True


def _function(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    """A lambda's names count as those of the scope around it: lambdas nest deeply and rarely shadow an import."""
    given = node.args
    inner = scope if isinstance(node, ast.Lambda) else Scope(scope, node)
    for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if one is not None:
            inner.stores.add(one.arg)
            inner.values.setdefault(one.arg, []).append(None)
            if one.annotation is not None:
                todo.append(one.annotation)
    todo += [value for value in (*given.defaults, *given.kw_defaults) if value is not None]
    if inner is scope:
        todo.append(node.body)
        return True
    scope.stores.add(node.name)
    scan.defined.add(node.name)
    scan.functions.setdefault(node.name, []).append(inner)
    todo += node.decorator_list
    turn = next((place for place, one in enumerate(node.body, 1) if isinstance(one, ast.If) and scan.versioned(one) and _leaves(one)), None)
    scan._walk(node.body[:turn], inner, guarded)
    if turn is not None:
        scan._walk(node.body[turn:], inner, True)
    return True


def _leaves(node: Any) -> bool:
    """True for an `if` that ends its function: the code after it is its else branch."""
    return isinstance(node.body[-1], (ast.Return, ast.Raise))


def _class(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    scope.stores.add(node.name)
    scan.defined.add(node.name)
    scan.classes[node.name] = node
    todo += [*node.bases, *node.keywords, *node.decorator_list]
    scan._walk(node.body, Scope(scope, node), guarded)
    return True


def _try(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    caught = {name for handler in node.handlers for name in _names(handler.type)}
    ready = bool(caught & GUARDS) or (bool(caught & ANY) and any(_imports(handler.body) for handler in node.handlers))
    scan._walk(node.body, scope, guarded or ready)
    for handler in node.handlers:
        if handler.name:
            scope.stores.add(handler.name)
        scan._walk(handler.body, scope, guarded or ready)
    scan._walk([*node.orelse, *node.finalbody], scope, guarded)
    return True


def _names(kind: Any) -> Iterator[str]:
    if kind is None:
        yield ""
    for one in kind.elts if isinstance(kind, ast.Tuple) else [kind]:
        if isinstance(one, (ast.Name, ast.Attribute)):
            yield one.id if isinstance(one, ast.Name) else one.attr


def _imports(body: list[Any]) -> bool:
    return any(isinstance(one, (ast.Import, ast.ImportFrom, ast.Pass)) for one in body)


def _if(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    if not guarded and scan.versioned(node):
        todo.append(node.test)
        scan._walk([*node.body, *node.orelse], scope, True)
        return True
    return False


def _words(test: Any) -> Iterator[str]:
    """The identifiers of a condition."""
    todo = [test]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        for field in CHILDREN.get(node.__class__, ()):
            value = getattr(node, field)
            todo += [item for item in (value if value.__class__ is list else [value]) if item is not None]


def _assign(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if target.__class__ is ast.Name:
            scope.values.setdefault(target.id, []).append(node.value)
        elif target.__class__ is ast.Attribute:
            scan.attributes.setdefault(target.attr, []).append((node.value, scope))
        elif target.__class__ is ast.Tuple:
            for item in target.elts:
                if item.__class__ is ast.Name:
                    scope.values.setdefault(item.id, []).append(None)
    return False


def _call(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    scan.calls.append(Use(scan.unit, node, (), scope, guarded))
    return False


def _item(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    if node.slice.__class__ is ast.Constant and node.slice.value.__class__ is str:
        scan.items.append(Use(scan.unit, node, (), scope, guarded))
    return False


def _compare(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    scan.compares.append(Use(scan.unit, node, (), scope, guarded))
    return False


def _loop(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    if node.target.__class__ is ast.Name:
        scope.values.setdefault(node.target.id, []).append(node)
    return False


def _return(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    scope.returns.append(node.value)
    return False


def _with(scan: Scan, node: Any, scope: Scope, guarded: bool, todo: list[Any]) -> bool:
    if node.optional_vars.__class__ is ast.Name:
        scope.values.setdefault(node.optional_vars.id, []).append(None)
    return False


SPECIAL: dict[type, Any] = {
    ast.Import: _import, ast.ImportFrom: _import_from, ast.FunctionDef: _function, ast.AsyncFunctionDef: _function, ast.Lambda: _function,
    ast.ClassDef: _class, ast.Try: _try, ast.If: _if, ast.Assign: _assign, ast.AnnAssign: _assign, ast.NamedExpr: _assign,
    ast.AugAssign: _assign, ast.Call: _call, ast.Subscript: _item, ast.Compare: _compare, ast.For: _loop, ast.comprehension: _loop,
    ast.Return: _return, ast.withitem: _with,
}  # fmt: skip
if hasattr(ast, "TryStar"):
    SPECIAL[ast.TryStar] = _try
