"""Products of matrices and sums by indices: forward and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.primitive import primitive, summed_to


def _matmul_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    left, right = (a[None] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)
    wide = g
    if b.ndim == 1:
        wide = np.expand_dims(wide, -1)
    if a.ndim == 1:
        wide = np.expand_dims(wide, -2)
    da, db = wide @ np.swapaxes(right, -1, -2), np.swapaxes(left, -1, -2) @ wide
    return summed_to(da, left.shape).reshape(a.shape), summed_to(db, right.shape).reshape(b.shape)


@primitive(_matmul_gradient, tensors=slice(2))
def matmul(a: Any, b: Any) -> Any:
    return np.matmul(a, b)


def written_out(subscripts: str, *operands: Any) -> tuple[list[str], str]:
    """Letters of each operand and of the result, with letters in place of '...'."""
    text = subscripts.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    free = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in text]
    most = max((np.ndim(o) - len(term.replace("...", "")) for o, term in zip(operands, terms, strict=True) if "..." in term), default=0)
    dots = "".join(free[:most])
    found = []
    for term, operand in zip(terms, operands, strict=True):
        own = np.ndim(operand) - len(term.replace("...", ""))
        found.append(term.replace("...", dots[most - own :]))
    if not arrow:
        once = sorted(letter for letter in set("".join(terms)) - {"."} if "".join(terms).count(letter) == 1)
        return found, dots + "".join(once)
    return found, right.replace("...", dots)


def _einsum_gradient(g: Any, y: Any, subscripts: str, *operands: Any) -> tuple[Any, ...]:
    """Of each operand: the product of g with the others, spread over letters that it alone has."""
    terms, result = written_out(subscripts, *operands)
    found: list[Any] = [None]
    for i, (term, operand) in enumerate(zip(terms, operands, strict=True)):
        others = [(t, o) for j, (t, o) in enumerate(zip(terms, operands, strict=True)) if j != i]
        known = set(result) | set("".join(t for t, _ in others))
        reached = "".join(dict.fromkeys(letter for letter in term if letter in known))
        ones = []
        wide = np.einsum(f"{','.join([result, *(t for t, _ in others)])}->{reached}", g, *(o for _, o in others), optimize=True)
        if reached != term:  # letters summed alone, or a diagonal
            sizes = dict(zip(term, operand.shape, strict=True))
            if len(set(term)) != len(term):
                spread = np.zeros(operand.shape, g.dtype)
                view = np.einsum(f"{term}->{''.join(dict.fromkeys(term))}", spread)
                view[...] = wide.reshape([sizes[letter] if letter in reached else 1 for letter in dict.fromkeys(term)])
                found.append(spread)
                continue
            ones = [sizes[letter] if letter in reached else 1 for letter in term]
            wide = np.broadcast_to(wide.reshape(ones), operand.shape)
        found.append(summed_to(wide, operand.shape))
    return tuple(found)


@primitive(_einsum_gradient, tensors=slice(1, None))
def einsum(subscripts: str, *operands: Any) -> Any:
    return np.einsum(subscripts, *operands, optimize=True)
