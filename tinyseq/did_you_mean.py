"""Errors for unknown names of attributes and arguments, with the probably intended name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from types import FunctionType, ModuleType
from typing import Any, ParamSpec, TypeVar

from shapecheck.did_you_mean import likely, listed, words_of
from tinyseq.argument_types import check_kinds
from tinyseq.documented import complete

P = ParamSpec("P")
R = TypeVar("R")

ADVICE = {
    "save_model": "write model.save('model.keras'), or tinyseq.models.save_model",
    "load_model": "write tinyseq.models.load_model",
    "clone_model": "write tinyseq.models.clone_model",
    "model_from_json": "write tinyseq.models.model_from_json",
    "plot_model": "write model.summary(style='wide')",
}
AT_THE_TOP = {
    **ADVICE,
    **{word: f"write {word}s" for word in ("layer", "metric", "optimizer", "callback", "initializer", "constraint")},
    "loss": "write losses",
    **dict.fromkeys(("activation", "activations"), "write an activation by its name, for example activation='relu', or as a layer"),
}
"""The same for the whole package: `optimizer` means `optimizers` there, and `Optimizer` in tinyseq.optimizers."""
SHAPES = {"output_shape": "output", "input_shape": "input"}
"""Attributes that Keras users read on a layer, and which side of the layer they describe."""
FORGOTTEN = "its __init__ did not call Layer.__init__: begin it with super().__init__()"


class MissingName(AttributeError):
    """Searches the nearest name only when it is printed: hasattr raises it often and never reads it."""

    def __init__(
        self,
        where: str,
        name: str,
        known: Callable[[], Iterable[str]],
        advice: Callable[[], Mapping[str, str]] = dict,
        inside: Callable[[], Iterable[tuple[str, Iterable[str]]]] = tuple,
    ) -> None:
        super().__init__(where, name)
        self._where = where
        self._missing = name
        self._known = known
        self._advice = advice
        self._inside = inside

    def __str__(self) -> str:
        every = self._advice()
        advice = every.get(self._missing)
        if advice is None:
            near = likeliest(self._missing, [n for n in (*self._known(), *every) if not n.startswith("_")]) or ""
            own = _plain(near) == _plain(self._missing) and near not in every
            home = "" if own else _at_home(self._missing, self._inside())
            advice = home or every.get(near, f"write {near}" if near else "")
        return f"{self._where} has no attribute {self._missing!r}" + (f": {advice}" if advice else "")

    def __reduce__(self) -> Any:
        return AttributeError, (str(self),)


def missing(layer: Any, name: str) -> AttributeError:
    """For __getattr__ of a layer or model. Python also calls it if a property raises: then that error is returned."""
    computed = getattr(type(layer), name, None)
    if isinstance(computed, property) and computed.fget is not None:
        try:
            computed.fget(layer)
        except AttributeError as error:
            return error
    made = "_weights" in layer.__dict__ or name.startswith("__")
    advice = "" if made else FORGOTTEN
    if made and hasattr(type(layer), "save_weights"):
        advice = ADVICE.get(name, "")
    elif made and name in SHAPES:
        advice = shape_advice(layer, SHAPES[name])
    return MissingName(f"{type(layer).__name__!r} object", name, lambda: dir(layer), lambda: {name: advice} if advice else {})


def shape_advice(layer: Any, side: str) -> str:
    """How to read the shape at one side of a layer: in Keras 2 it was an attribute of the layer, in Keras 3 it is not."""
    try:
        several = isinstance(getattr(layer, side), list)
    except AttributeError:  # it is used nowhere, or more than once
        if layer._nodes:
            tensor = "the tensor that layer(x) returned" if side == "output" else "the x of layer(x)"
            return f"it is used {len(layer._nodes)} times: write .shape after {tensor}"
        return f"put it after an Input(shape=...), then write layer.{side}.shape"
    return f"write [tensor.shape for tensor in layer.{side}]" if several else f"write layer.{side}.shape"


def no_such_name(
    module: str,
    name: str,
    known: Iterable[str],
    advice: Mapping[str, str] = ADVICE,
    inside: Callable[[], Iterable[tuple[str, Iterable[str]]]] = tuple,
) -> AttributeError:
    """For __getattr__ of a module; `inside`: modules that may hold the name, by their short names, and the names in them."""
    return MissingName(module, name, lambda: known, lambda: advice, inside)


def _at_home(name: str, inside: Iterable[tuple[str, Iterable[str]]]) -> str:
    """ "write layers.Dense" for tinyseq.Dense."""
    found = (f"write {module}.{one}" for module, names in inside for one in names if _plain(one) == _plain(name))
    return next(found, "")


class _Room(ModuleType):
    """A module with a helpful error if it is called like the class inside it."""

    meant = ""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        raise TypeError(f"{self.__name__} is a module: write {self.meant}")


def says_when_called(module: ModuleType, meant: str) -> None:
    """For a module whose name differs from a class only by case."""
    module.__class__ = _Room
    setattr(module, "meant", meant)  # noqa: B010  mypy knows no such attribute of a module


def attributes_of(module: str, in_keras: Collection[str] = ()) -> Callable[[str], Any]:
    """__getattr__ for a module that defines all its names itself. A name that is `in_keras` (in snake_case) is a name of Keras, so
    only the same name in other case helps: MeanIoU is not Mean."""

    def __getattr__(name: str) -> Any:
        found = vars(sys.modules[module])
        known = found.get("__all__", found)
        if "_".join(words_of(name)) in in_keras:
            known = [one for one in known if _plain(one) == _plain(name)]
        raise no_such_name(f"module {module!r}", name, known)

    return __getattr__


class NotSupported(TypeError, ValueError):
    """An argument that a function of files does not have: a TypeError, as in Python, and a ValueError, as Keras raises."""


def spelled(
    function: Callable[P, R], called: str = "", kinds: bool = False, refusal: type[TypeError] = TypeError, words: str = ""
) -> Callable[P, R]:
    """The function, but a keyword argument that it does not have is refused with the nearest one that it has: TypeError, or `refusal`,
    whose message then begins with `words`. `kinds`: values too, as of_kinds does it.

    >>> spelled(lambda epochs=1: epochs, "fit")(epoch=3)
    Traceback (most recent call last):
        ...
    TypeError: fit() has no argument 'epoch': did you mean epochs?
    """
    code = function.__code__
    ordered = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    known = frozenset(ordered)
    several = bool(code.co_flags & 0x08)  # **options are checked by the function

    @wraps(function)
    def checked(*arguments: P.args, **named: P.kwargs) -> R:
        if not several and not known.issuperset(named):
            unknown = next(name for name in named if name not in known)
            name = called or (type(arguments[0]).__name__ if function.__name__ == "__init__" else function.__name__)
            raise refusal(f"{words}{name}() has no argument {unknown!r}: {meant(unknown, [n for n in ordered if n != 'self'])}")
        if kinds:
            given = {**dict(zip(ordered[1:], arguments[1:], strict=False)), **named}
            check_kinds(type(arguments[0]).__name__, function.__annotations__, given)
        return function(*arguments, **named)

    return checked


def of_kinds(function: Callable[P, R]) -> Callable[P, R]:
    """The __init__, but a value that is not of the kind of its annotation (float, int, bool, str, with or without None) is refused."""
    code = function.__code__
    ordered = code.co_varnames[1 : code.co_argcount]
    annotations = function.__annotations__

    @wraps(function)
    def checked(*arguments: P.args, **named: P.kwargs) -> R:
        check_kinds(type(arguments[0]).__name__, annotations, {**dict(zip(ordered, arguments[1:], strict=False)), **named})
        return function(*arguments, **named)

    return checked


def meant(name: str, known: Collection[str]) -> str:
    """The advice for an unknown argument."""
    near = nearest(name, known)
    return f"did you mean {near}?" if near else f"its arguments are {', '.join(known)}" if known else "it has none"


def likeliest(name: str, known: Iterable[str]) -> str | None:
    """The intended name: equal except for case and _; or one with these initials; or one with fewer or more letters; or the
    most similar one. Of several, the one for images, then the most similar one.

    >>> names = ["BatchNormalization", "Conv1D", "Conv2D", "Conv3D", "MeanSquaredError", "ReLU"]
    >>> [likeliest(name, names) for name in ("relu", "mse", "BatchNorm", "conv", "Convolution3D", "Function")]
    ['ReLU', 'MeanSquaredError', 'BatchNormalization', 'Conv2D', 'Conv3D', None]
    """
    from difflib import SequenceMatcher

    name = name[:100]
    plain = _plain(name)
    found: list[tuple[float, bool, float, str]] = []
    for one in known:
        other = _plain(one)
        alike = SequenceMatcher(None, plain, other).ratio()
        if plain == other:
            alike = 3
        elif len(plain) > 2 and plain == "".join(word[0] for word in words_of(one)):
            alike = 2
        elif alike > 0.45 and min(len(plain), len(other)) > 3 and (_left_of(plain, other) or _left_of(other, plain)):
            alike += 1
        if alike >= 0.7:
            found.append((alike, "2D" in one, SequenceMatcher(None, name, one).ratio(), one))
    return max(found)[-1] if found else None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _left_of(short: str, long: str) -> bool:
    """True if `short` is `long` without some of its letters, but with the first one."""
    rest = iter(long)
    return short[:1] == long[:1] and all(letter in rest for letter in short)


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name most similar to this one, if any is. difflib is loaded only when something is wrong."""
    from difflib import get_close_matches

    found = get_close_matches(name.lower(), lowered := {one.lower(): one for one in known}, n=1, cutoff=0.5)
    return lowered[found[0]] if found else None


def not_known(what: str, identifier: Any, known: Collection[str], in_keras: Collection[str] = (), instead: str = "") -> ValueError:
    """The error for a loss, metric or optimizer that is not `known`; one that is `in_keras` is not computed here: `instead` is the advice.

    >>> print(not_known("loss", "sparse_crossentropy", ["binary_crossentropy", "sparse_categorical_crossentropy"]))
    Could not interpret loss identifier: 'sparse_crossentropy': write 'sparse_categorical_crossentropy'
    """
    words = f"Could not interpret {what} identifier: {identifier!r}"
    near = likely(identifier, {*known, *in_keras}) if isinstance(identifier, str) else []
    computed = [name for name in near if name in known]
    if computed:
        return ValueError(f"{words}: write {listed(computed)}")
    if near:
        return ValueError(f"{words}: Keras has {listed(near)}, tinyseq does not compute it yet: {instead}")
    return ValueError(f"{words}: use one of {', '.join(sorted(name for name in known if name.islower()))}")


class Spelled:
    """A base class: unknown arguments of its subclasses' __init__ are refused as `spelled` does it, known ones are documented."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        complete(cls)
        if isinstance(own := vars(cls).get("__init__"), FunctionType):
            type.__setattr__(cls, "__init__", spelled(own, kinds=True))
