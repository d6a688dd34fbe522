"""`python -m tinyseq warmup`: says what it compiles, and ends."""

from __future__ import annotations

import io

from tinyseq.warmup import STACKS, warmup


def test_every_stack_is_named_with_its_time() -> None:
    out = io.StringIO()
    seconds = warmup(out)
    lines = out.getvalue().splitlines()
    assert seconds > 0
    assert [title in line for (title, _, _), line in zip(STACKS, lines, strict=False)] == [True] * len(STACKS)
    assert lines[-1].startswith("ready in")
