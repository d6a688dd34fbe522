"""Classes and functions of the user's own that files may name: register_keras_serializable, custom_object_scope.

Only this process knows them: a file holds a name, and no name in a file is ever imported.

>>> @register_keras_serializable(package="shop")
... def double(x):
...     return 2 * x
>>> get_registered_name(double), get_registered_object("shop>double") is double
('shop>double', True)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_objects: dict[str, Any] = {}
_names: dict[Any, str] = {}
LOADERS: list[Callable[[], Any]] = []
"""The package adds a function that loads the classes of models: a file may be read before any model was made."""
FORMULAS: list[Callable[[], Any]] = []
"""The package adds a function that loads tinyseq.layers.formula.Formula: regularizers of the user's own need it, far below it."""
_scope: ContextVar[Mapping[str, Any]] = ContextVar("custom_object_scope", default={})  # noqa: B039  never changed in place


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[T], T]:
    """A decorator: files name the class or function `package>name`, and load_model finds it without custom_objects.

    Arguments:
        package: the first part of the name
        name: the second part; None: the name in Python
    """
    if not isinstance(package, str):
        raise TypeError(
            f"register_keras_serializable: package={package!r}: expected a text: write @register_keras_serializable(), with parentheses"
        )

    def register(value: T) -> T:
        own: Any = value
        if isinstance(own, type) and not hasattr(own, "get_config"):
            raise ValueError(
                f"Cannot register a class that does not have a get_config() method: {own.__name__}: write get_config(self), which "
                f"returns the arguments of __init__ as a dictionary"
            )
        registered = f"{package}>{own.__name__ if name is None else name}"
        _objects[registered] = value
        _names[value] = registered
        return value

    return register


def get_registered_name(obj: Any) -> str:
    """`package>name` of a registered class or function; of any other its name in Python.

    Arguments:
        obj: a class or function
    """
    return _names.get(obj) or str(obj.__name__)


def get_registered_object(
    name: str, custom_objects: Mapping[str, Any] | None = None, module_objects: Mapping[str, Any] | None = None
) -> Any:
    """The class or function of that name: of the scope, then registered, then of the arguments. None if there is none.

    Arguments:
        name: for example "package>name"
        custom_objects: more of them by their names
        module_objects: more of them, looked up last
    """
    every = (_scope.get(), _objects, custom_objects or {}, module_objects or {})
    return next((found[name] for found in every if name in found), None)


def get_custom_objects() -> dict[str, Any]:
    """What is registered, by name: the dictionary itself, which may be changed."""
    return _objects


class CustomObjectScope:
    """`with custom_object_scope({"MyLayer": MyLayer}):` inside, files may name these classes and functions.

    Arguments:
        custom_objects: classes and functions by their names
    """

    def __init__(self, custom_objects: Mapping[str, Any] | None = None) -> None:
        self.custom_objects = dict(custom_objects or {})
        self._outer: list[Any] = []

    def __enter__(self) -> CustomObjectScope:
        self._outer.append(_scope.set({**_scope.get(), **self.custom_objects}))
        return self

    def __exit__(self, *_: object) -> None:
        _scope.reset(self._outer.pop())


custom_object_scope = CustomObjectScope


def known(custom_objects: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything that a file may name: what is registered, what the scope holds, and `custom_objects`, the last before the first."""
    return {**_objects, **_scope.get(), **(custom_objects or {})}
