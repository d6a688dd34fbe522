"""Arguments described once, in the class that introduces them: help() of subclasses shows the descriptions of their bases."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc

HEADING = "Arguments:"


def described(doc: str | None) -> dict[str, str]:
    """The description of each argument in a docstring, by name.

    >>> described('''A bound on weights.
    ...
    ...     Arguments:
    ...         rate: how much of the way one step goes,
    ...             from 0 to 1
    ...         axis: along which the norm is taken
    ...     ''')
    {'rate': 'how much of the way one step goes, from 0 to 1', 'axis': 'along which the norm is taken'}
    """
    found: dict[str, str] = {}
    name = ""
    for line in cleandoc(doc or "").partition(f"{HEADING}\n")[2].splitlines():
        if not line.startswith("    "):
            break
        if line.startswith("        "):
            found[name] += f" {line.strip()}"
        else:
            name, _, text = line.strip().partition(": ")
            found[name] = text
    return found


def arguments(kind: type) -> list[str]:
    """The names of the constructor arguments of a class, including those passed on by **options."""
    names: dict[str, None] = {}
    for base in kind.__mro__:
        init = vars(base).get("__init__")
        code = getattr(getattr(init, "__wrapped__", init), "__code__", None)
        if code is not None:
            named = code.co_argcount + code.co_kwonlyargcount
            several = bool(code.co_flags & 0x08)  # **options
            names |= dict.fromkeys(code.co_varnames[1 : named + several])
            if not several:
                break
    return list(names)


class Completed:
    """A docstring that is completed when it is read: help() reads one, and a start defines hundreds of classes."""

    def __init__(self, kind: type, doc: str, own: str | None, more: Callable[[str], str | None]) -> None:
        self.kind = kind
        self.doc = doc
        self.own = own
        self.more = more
        self.text: str | None = None

    def __get__(self, instance: object, owner: type | None = None) -> str | None:
        if self.text is None:
            known: dict[str, str] = {}
            for base in reversed(self.kind.__mro__):
                known |= described(self.own if base is self.kind else base.__doc__)
            texts = ((name, known.get(name) or self.more(name)) for name in arguments(self.kind))
            lines = [f"    {name}: {text}" for name, text in texts if text]
            if not lines:
                return self.own
            self.text = "\n".join([cleandoc(self.doc).partition(f"\n\n{HEADING}\n")[0], "", HEADING, *lines])
        return self.text

    def __reduce__(self) -> tuple[type, tuple[str]]:
        """For a copy of the class in another process: the text."""
        return str, (self.__get__(None) or "",)


def complete(kind: type, doc: str | None = None, more: Callable[[str], str | None] = lambda argument: None) -> None:
    """Puts the arguments that bases describe into the docstring of a class, in the order of its __init__.

    `doc`: the docstring, if the class has none of its own. `more`: descriptions that no base has.

    >>> class Bound:
    ...     '''Bounds weights.
    ...
    ...     Arguments:
    ...         rate: how fast
    ...     '''
    ...     def __init__(self, rate): ...
    >>> class Tight(Bound):
    ...     '''Bounds them tightly.'''
    >>> complete(Tight)
    >>> print(Tight.__doc__)
    Bounds them tightly.
    <BLANKLINE>
    Arguments:
        rate: how fast
    """
    own = vars(kind).get("__doc__")
    if own or doc:
        kind.__doc__ = Completed(kind, own or doc or "", own, more)  # type: ignore[assignment]
