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


def complete(kind: type, doc: str | None = None, more: Callable[[str], str | None] = lambda argument: None) -> None:
    """Puts the arguments that bases describe into the docstring of a class, in the order of its __init__.

    `doc`: the docstring, if the class has none of its own. `more`: descriptions that no base has.
    """
    doc = vars(kind).get("__doc__") or doc
    if not doc:
        return
    known: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        known |= described(vars(base).get("__doc__"))
    texts = ((name, known.get(name) or more(name)) for name in arguments(kind))
    lines = [f"    {name}: {text}" for name, text in texts if text]
    if lines:
        kind.__doc__ = "\n".join([cleandoc(doc).partition(f"\n\n{HEADING}\n")[0], "", HEADING, *lines])
