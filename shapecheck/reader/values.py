"""The values of expressions while a file is read: plain Python constants, or one of the classes here.

An unknown value is `shapecheck.shapes.Unknown(name, why)`. Lists and dicts are `Items` and `Table`, which know under which
unknown conditions they were created, so that an append that may not run makes them uncertain.
"""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.shapes import Dim, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from shapecheck.reader.source import Origin

Branch = tuple[int, ...]
"""The unknown conditions and loops around a statement, outermost first."""

MOST_ITEMS = 10_000
"""Longest list, tuple or string that is kept; anything longer is unknown."""
MOST_BITS = 256
"""Largest integer that is kept, in bits."""


class Items(list):  # type: ignore[type-arg]
    """A Python list. `nodes` holds the expression of each item (None if it has none); `why` is the reason if its content
    is unknown; `of` is the model whose layers it contains; `each` is every item, if all were made in a loop with an unknown number of
    iterations, `rounds` how many, if that is known."""

    __slots__ = ("branch", "each", "nodes", "of", "rounds", "why")

    def __init__(self, items: Iterable[Any] = (), nodes: Iterable[Any] | None = None, branch: Branch = ()) -> None:
        super().__init__(items)
        self.nodes: list[Any] = list(nodes) if nodes is not None else [None] * len(self)
        self.branch = branch
        self.why = ""
        self.of: Any = None
        self.each: Any = None
        self.rounds: Dim = None

    def grown(self, item: Any, why: str = "") -> None:
        """An item may have been appended, any number of times."""
        if not self.why:
            self.each = item if not len(self) else None
        elif self.each is not None:
            self.each = join(self.each, item, because("the items of the list differ"))
        self.why = self.why or why or because("an item may have been added to it")


class Offset(Unknown):
    """An unknown number at the distance `by` from another one, `base`: i - 60 for a loop variable i."""

    __slots__ = ("base", "by")

    def __init__(self, base: Unknown, by: int) -> None:
        super().__init__(base.name, base.why)
        self.base: Unknown = base.base if isinstance(base, Offset) else base
        self.by: int = base.by + by if isinstance(base, Offset) else by

    @property
    def computed(self) -> tuple[str, Any, Any]:
        return "+", self.base, self.by


class NumpyInt(int):
    """A known whole number of NumPy's own type, as np.prod() returns it: some layers of Keras 3 refuse it."""


class Once(Unknown):
    """What zip() or map() of something unknown returns: an iterator of Python, by its name, which Keras does not take as data."""

    __slots__ = ()


class Text(Unknown):
    """A text of which only some `parts` are known: the others are unknown values. The same parts make the same text."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Any, ...]) -> None:
        super().__init__("text", because("a part of the text is unknown"))
        self.parts = parts

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for equal texts, as long as both exist."""
        return tuple(part if isinstance(part, str) else _identity(part) for part in self.parts)


def _identity(part: Any) -> tuple[Any, ...]:
    return (id(part.base), part.by) if isinstance(part, Offset) else (id(part), 0)


def distance(start: Any, stop: Any) -> int | None:
    """stop - start of two unknown numbers, where it is known: 60 of i - 60 and i."""
    ends = [end if isinstance(end, Offset) else Offset(end, 0) for end in (start, stop) if isinstance(end, Unknown)]
    return ends[1].by - ends[0].by if len(ends) == 2 and ends[0].base is ends[1].base else None


class Number(Unknown):
    """A number that is unknown, and certainly no array: an item of an array, float(text). `dtype`: "int", "float" or "" (unknown)."""

    __slots__ = ("dtype",)

    def __init__(self, name: str, why: str, dtype: str = "") -> None:
        super().__init__(name, why)
        self.dtype = dtype


def number_kind(value: Any) -> str | None:
    """The type of an unknown value that is certainly a number: "int", "float" or "" (unknown); None for any other value."""
    first = value.first if isinstance(value, Unknown) else value
    if isinstance(first, Number):
        return first.dtype
    parts = first.computed if isinstance(first, Unknown) else None
    if parts is None:
        return None
    kinds = ["int" if type(side) is int else number_kind(side) for side in parts[1:]]
    if None in kinds:
        return None
    return "float" if parts[0] == "/" or "float" in kinds else "int" if kinds == ["int", "int"] else ""


class SomeLayers(Unknown):
    """One or several layers of a model, unknown which: an attribute set on them becomes unknown for the model."""

    __slots__ = ("of",)

    def __init__(self, of: Any, why: str) -> None:
        super().__init__("layers", why or because("which layers it refers to is unknown"))
        self.of = of


class Table(dict):  # type: ignore[type-arg]
    """A Python dict; `why` is the reason if its content is unknown."""

    __slots__ = ("branch", "why")

    def __init__(self, items: Any = (), branch: Branch = ()) -> None:
        super().__init__(items)
        self.branch = branch
        self.why = ""


class Library:
    """Something imported that is not in the file: a module, class or function, by its dotted path."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def last(self) -> str:
        """The name after the last dot."""
        return self.path.rpartition(".")[2]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Library) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return self.path


class Scope:
    """Names of a function call, a class body or the file; lookups go outwards. `of_class`: a class body that was read."""

    __slots__ = ("globals", "names", "of_class", "outer", "stars")

    def __init__(self, outer: Scope | None = None) -> None:
        self.names: dict[str, Any] = {}
        self.outer = outer
        self.stars: list[str] = []
        self.globals: set[str] = set()
        self.of_class = False

    @property
    def root(self) -> Scope:
        """The file's scope."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope


class Module:
    """A file beside the file, or a folder of such: its names. `level`: how many dots were before its name; `read`: its statements were.

    `ends`: its import never returns, because it calls sys.exit() or raises.
    """

    __slots__ = ("ends", "level", "name", "path", "read", "scope")

    def __init__(self, name: str, path: str, level: int) -> None:
        self.name = name
        self.path = path
        self.level = level
        self.scope = Scope()
        self.read = False
        self.ends = False


class Function:
    """A function or lambda of the file, with the scope it was written in and its defaults as values.

    `running` counts its calls that are being evaluated, more than one if it calls itself; `begun` is how many steps
    were left at the first of them. `yields`: whether its body yields, once known.
    """

    __slots__ = ("begun", "called", "defaults", "node", "owner", "running", "scope", "unit", "yields")

    def __init__(self, node: Any, scope: Scope, defaults: dict[str, Any], unit: Any) -> None:
        self.node = node
        self.scope = scope
        self.defaults = defaults
        self.unit = unit
        self.owner: Class | None = None
        self.called = False
        self.running = 0
        self.begun = 0
        self.yields: bool | None = None

    @property
    def name(self) -> str:
        """Its name; "<lambda>" for a lambda."""
        return getattr(self.node, "name", "<lambda>")


class Class:
    """A class of the file. `own_weights`: whether it creates weights itself, once known (reader/code/classes.py)."""

    __slots__ = ("attributes", "bases", "instantiated", "name", "node", "own_weights", "unit")

    def __init__(self, name: str, bases: list[Any], attributes: dict[str, Any], node: Any, unit: Any = None) -> None:
        self.name = name
        self.bases = bases
        self.attributes = attributes
        self.node = node
        self.unit = unit
        self.instantiated = False
        self.own_weights: bool | None = None

    def find(self, name: str) -> Any:
        """An attribute of the class or of the classes of the file it inherits from; MISSING if there is none."""
        if name in self.attributes:
            return self.attributes[name]
        for base in self.bases:
            if isinstance(base, Class):
                found = base.find(name)
                if found is not MISSING:
                    return found
        return MISSING

    def library_bases(self) -> list[str]:
        """The dotted paths of its imported base classes."""
        found = [base.path for base in self.bases if isinstance(base, Library)]
        for base in self.bases:
            if isinstance(base, Class):
                found += base.library_bases()
        return found


class Instance:
    """An object of a class of the file. `model` is set if the class is a Sequential."""

    __slots__ = ("attributes", "model", "of")

    def __init__(self, of: Class) -> None:
        self.of = of
        self.attributes: dict[str, Any] = {}
        self.model: Any = None


class Super:
    """super() inside a method: `kind` is the class it is written in, `of` the object."""

    __slots__ = ("kind", "of")

    def __init__(self, kind: Any, of: Any) -> None:
        self.kind = kind
        self.of = of


class Bound:
    """A method of something: `owner.name`, called later."""

    __slots__ = ("function", "name", "owner")

    def __init__(self, owner: Any, name: str, function: Function | None = None) -> None:
        self.owner = owner
        self.name = name
        self.function = function


class Partial:
    """functools.partial(function, *args, **keywords)."""

    __slots__ = ("args", "function", "keywords", "nodes")

    def __init__(self, function: Any, args: list[Any], keywords: dict[str, Any], nodes: dict[int | str, Any]) -> None:
        self.function = function
        self.args = args
        self.keywords = keywords
        self.nodes = nodes


class Array:
    """An array, data frame or eager tensor as far as shapes go.

    `dims` is None for an unknown rank. `dtype`: "int", "float", "str", "bool" or "" (unknown). `classes`: the number of
    different labels, if known. `columns`: a data frame's columns by their names, if known. `span`: its least and largest number, if known.
    `last`: the size of the last axis of an unknown rank. `named`: the reasons of its unknown sizes name a variable that holds it.
    `scaled`: where a scaler was fitted on all of it, and its name.
    """

    __slots__ = ("classes", "columns", "dims", "dtype", "last", "named", "scaled", "source", "span", "why")

    def __init__(self, dims: Iterable[Dim] | None, dtype: str = "", classes: int | None = None, why: str = "", source: str = "") -> None:
        self.dims = None if dims is None else tuple(dims)
        self.dtype = dtype
        self.classes = classes
        self.why = why
        self.source = source
        self.columns: Any = None
        self.span: tuple[int, int] | None = None
        self.last: Dim = None
        self.named = False
        self.scaled: tuple[Any, Any, str] | None = None

    def like(self, dims: Iterable[Dim] | None) -> Array:
        """The same numbers, or some of them, with other sizes: type, classes and range stay."""
        made = Array(dims, self.dtype, self.classes, self.why)
        made.span = self.span
        made.scaled = self.scaled
        return made

    def copy(self) -> Array:
        """The same facts as another object."""
        made = Array(self.dims, self.dtype, self.classes, self.why, self.source)
        made.columns = self.columns
        made.span = self.span
        made.last = self.last
        made.scaled = self.scaled
        return made

    def __repr__(self) -> str:
        return f"Array({Shape(self.dims) if self.dims is not None else '?'})"


class Traced(Array):
    """A tensor inside a layer of the file while its code is evaluated (tensors.py)."""

    __slots__ = ()

    def __init__(self, dims: Iterable[Dim]) -> None:
        super().__init__(dims, "float")


class Layer:
    """A layer object: its rule, and where it was written. `nodes`: where it is called; `branch`: the unknown conditions under which
    it was created."""

    __slots__ = ("branch", "class_name", "nodes", "origin", "rule")

    def __init__(self, rule: Any, class_name: str, origin: Origin) -> None:
        self.rule = rule
        self.class_name = class_name
        self.origin = origin
        self.nodes: list[Any] = []
        self.branch: Branch = ()


class Symbol:
    """A symbolic tensor: the result of Input(), or of a layer called on one."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor


class Batches:
    """Something that yields batches: a generator, a tf.data.Dataset, an image folder. `x` and `y` are arrays whose first axis
    is the batch, or with `batched` False one sample. `dropped` is the line of a .batch() whose result was not used."""

    __slots__ = ("attributes", "batched", "dropped", "x", "y")

    def __init__(self, x: Any, y: Any = None, batched: bool = True, attributes: dict[str, Any] | None = None) -> None:
        self.x = x
        self.y = y
        self.batched = batched
        self.attributes = attributes or {}
        self.dropped = 0


class Opaque:
    """An object of a known library class, with the arguments of its constructor."""

    __slots__ = ("args", "keywords", "path")

    def __init__(self, path: str, args: list[Any], keywords: dict[str, Any]) -> None:
        self.path = path
        self.args = args
        self.keywords = keywords

    @property
    def last(self) -> str:
        """The class name."""
        return self.path.rpartition(".")[2]

    def __call__(self) -> None:
        """Counts as a callable if a rule needs one."""

    def __repr__(self) -> str:
        return f"{self.last}(...)"


class Version:
    """A version string of which only the first number is known: "3" of "3.15.1"."""

    __slots__ = ("major",)

    def __init__(self, major: str) -> None:
        self.major = major


CONSTANTS = (bool, int, float, complex, str, bytes)
SEQUENCES = frozenset({str, bytes, tuple})
MISSING = Unknown("missing", because("no such name exists"))


def unknown(name: str, why: str = "") -> Unknown:
    """An Unknown with a reason."""
    return Unknown(name, why or because("{name} is unknown", name=name))


def told(value: Any) -> bool:
    """False for an unknown value, and for a list or dict with unknown content."""
    return not (isinstance(value, Unknown) or (isinstance(value, (Items, Table)) and value.why))


FUNCTIONS_OF = frozenset({"keras", "tensorflow", "tf_keras", "keras_core", "tinyseq", "numpy", "builtins", "math", "functools"})
"""Libraries whose names are modules, classes and functions, which are true; a name of another library may be a flag: config.DEBUG."""


def truth(value: Any) -> bool | None:
    """Whether `if value:` is true; None if unknown."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, tuple, range)):
        return bool(value)
    if isinstance(value, (Items, Table)):
        return None if value.why else bool(len(value))
    if isinstance(value, Bound):
        return None if isinstance(value.owner, Unknown) else True
    if isinstance(value, Library):
        return True if value.path.partition(".")[0] in FUNCTIONS_OF else None
    return True if isinstance(value, (Function, Class, Layer, Partial)) else None


def is_constant(value: Any) -> bool:
    """True for numbers, strings and None."""
    return value is None or isinstance(value, CONSTANTS)


def bounded(result: Any) -> Any:
    """The value, or an Unknown if it is too large to keep."""
    kind = type(result)
    if kind is int and result.bit_length() > MOST_BITS:
        return unknown("number", because("the number is too large to be kept"))
    if kind in SEQUENCES and len(result) > MOST_ITEMS:
        return unknown("value", because("the value is too large to be kept"))
    return result


def join(left: Any, right: Any, why: str) -> Any:
    """What is certain about a value that is `left` or `right`."""
    if left is right:
        return left
    if type(left) is type(right) and (is_constant(left) or isinstance(left, Library)) and left == right:
        return left
    if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right) <= 32:
        return tuple(join(a, b, why) for a, b in zip(left, right, strict=True))
    if isinstance(left, Traced) or isinstance(right, Traced):
        same = isinstance(left, Traced) and isinstance(right, Traced) and left.dims == right.dims
        return left if same else Unknown("tensor", why)
    if isinstance(left, Array) and isinstance(right, Array):
        return _join_arrays(left, right, why)
    if isinstance(left, Number) and isinstance(right, Number):
        return Number("value", why, left.dtype if left.dtype == right.dtype else "")
    return Unknown("value", why)


def _join_arrays(left: Array, right: Array, why: str) -> Array:
    same = left.dtype if left.dtype == right.dtype else ""
    if left.dims is None or right.dims is None or len(left.dims) != len(right.dims):
        return Array(None, same, why=why)
    dims = tuple(a if a == b else Unknown("size", why) for a, b in zip(left.dims, right.dims, strict=True))
    return Array(dims, same, left.classes if left.classes == right.classes else None)


def plain(value: Any, room: list[int] | None = None, depth: int = 0) -> Any:
    """The value as ordinary Python data for rules: lists for Items, Unknown for a value that is too large."""
    room = room if room is not None else [1000]
    room[0] -= 1
    if room[0] < 0 or depth > 6:
        return Unknown("value", because("the value is too large to be read"))
    if isinstance(value, Items):
        return Unknown("list", value.why) if value.why else [plain(item, room, depth + 1) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item, room, depth + 1) for item in value)
    if isinstance(value, Table):
        if value.why:
            return Unknown("dict", value.why)
        return {key: plain(item, room, depth + 1) for key, item in value.items() if is_constant(key)}
    return value
