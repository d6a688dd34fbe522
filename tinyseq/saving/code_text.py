"""Python source as text: names of variables, values as literals, a program and its weights in files."""

from __future__ import annotations

import keyword
import math
import os
import re
from collections.abc import Callable, Iterable
from typing import IO, Any

import numpy as np

from tinyseq.saving.whole_file import check_target, write_whole


class Names:
    """Names of variables: each once, none of a keyword.

    >>> names = Names(["x"])
    >>> names.give("conv2d"), names.give("x"), names.give("my layer"), names.give("2nd"), names.give("lambda")
    ('conv2d', 'x_1', 'my_layer', 'layer_2nd', 'lambda_')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def give(self, wanted: str) -> str:
        """A free name like the one that is wanted."""
        name = re.sub(r"\W+", "_", wanted, flags=re.ASCII).strip("_") or "layer"
        name = f"layer_{name}" if name[0].isdigit() else name
        name = f"{name}_" if keyword.iskeyword(name) else name
        found, number = name, 0
        while found in self._taken:
            number += 1
            found = f"{name}_{number}"
        self._taken.add(found)
        return found


def literal(value: Any) -> str:
    """A value as a program has it, texts in double quotes.

    >>> literal("relu"), literal((None, 3)), literal([1.0, 2]), literal({"a": (1,)}), literal(float("inf"))
    ('"relu"', '(None, 3)', '[1.0, 2]', '{"a": (1,)}', 'float("inf")')
    """
    if isinstance(value, str):
        return '"' + repr("'" + value)[2:-1].replace('"', '\\"') + '"'
    if isinstance(value, np.generic):
        return literal(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(one)}' for key, one in value.items())}}}"
    return repr(value)


OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "power": "**"}
"""Functions of two tensors or numbers that a program writes between them."""


def infix(function: str, left: str, right: str) -> str:
    """left + right, by the function's name.

    >>> infix("add", "x", "-2.0"), infix("power", "-2.0", "x")
    ('x + -2.0', '(-2.0) ** x')
    """
    base = f"({left})" if function == "power" and left.startswith("-") else left  # -2.0 ** x is -(2.0 ** x)
    return f"{base} {OPERATORS[function]} {right}"


def index(key: Any) -> str:
    """What is between the brackets of x[...]: the key of an Operation as source.

    >>> index([["slice", None, None, None], 0]), index([["slice", 1, None, 2], ["ellipsis"]])
    (':, 0', '1::2, ...')
    """
    if isinstance(key, (list, tuple)) and key and key[0] == "slice":
        start, stop, step = ("" if one is None else str(one) for one in key[1:])
        return f"{start}:{stop}" + (f":{step}" if step else "")
    if isinstance(key, (list, tuple)) and key and key[0] == "ellipsis":
        return "..."
    if isinstance(key, (list, tuple)):
        return ", ".join(map(index, key))
    return repr(key)


def write_program(path: Any, ending: str, overwrite: bool, make: Callable[[str | None], str], weights: Callable[[str], None]) -> str:
    """The program; with a path, written there, its weights beside it.

    Arguments:
        path: of the program, ends in .py; None: only the text is made
        ending: of the file of weights: "net.py" has its weights in "net" + ending
        overwrite: False: raise FileExistsError if one of both exists
        make: the program's text, of the name of the file of weights
        weights: writes the weights to a path
    """
    if path is None:
        return make(None)
    place = os.fspath(path)
    if not isinstance(place, str) or not place.endswith(".py"):
        raise ValueError(f"{place}: a program is written to a file that ends in .py: for example 'net.py'")
    target = check_target(place, overwrite)
    beside = place[: -len(".py")] + ending
    text = make(os.path.basename(beside))
    check_target(beside, overwrite)
    weights(beside)

    def fill(file: IO[bytes]) -> None:
        file.write(text.encode("utf-8"))

    write_whole(target, fill)
    return text
