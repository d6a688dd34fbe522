"""What is no numbers is refused by each function of tinyseq.ops that takes one tensor: never computed with in silence, never a crash."""

from __future__ import annotations

from typing import Any

import pytest

from tinyseq import ops

UNARY = [name for name in ops.__all__ if name in (
    "abs", "all", "amax", "amin", "any", "argmax", "argmin", "argsort", "cumsum", "exp", "log", "max", "mean", "min", "negative", "prod",
    "sign", "sort", "sqrt", "square", "std", "sum", "tanh", "var",
)]  # fmt: skip


@pytest.mark.parametrize("value", [None, {}, object()], ids=["None", "dict", "object"])
@pytest.mark.parametrize("name", UNARY)
def test_no_numbers(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"expected numbers, an array or a tensor, got {type(value).__name__}"):
        getattr(ops, name)(value)
