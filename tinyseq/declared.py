"""Class attributes that describe methods: they apply only to the methods of that class; a subclass that overrides one must declare
it again."""

from __future__ import annotations


def holds(kind: type, declaration: str, *methods: str) -> bool:
    """True if a class attribute is true, and set in the class that defines these methods or in a subclass of it.

    >>> class Square:
    ...     by_kernel = True
    ...     def run(self): ...
    >>> class Fourth(Square):
    ...     def run(self): ...
    >>> holds(Square, "by_kernel", "run"), holds(Fourth, "by_kernel", "run")
    (True, False)
    """
    return bool(getattr(kind, declaration, False)) and all(
        _place(kind, declaration) <= _place(kind, method) for method in methods
    )


def _place(kind: type, name: str) -> int:
    """How far up in the class hierarchy a name is defined."""
    return next(place for place, base in enumerate(kind.__mro__) if name in vars(base))
