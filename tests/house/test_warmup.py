"""`python -m tinyseq warmup`: says what it compiles, and ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys

from tinyseq.warmup import STACKS, warmup


def test_every_stack_is_named_with_its_time() -> None:
    out = io.StringIO()
    seconds = warmup(out)
    lines = out.getvalue().splitlines()
    assert seconds > 0
    assert [title in line for (title, _, _), line in zip(STACKS, lines, strict=False)] == [True] * len(STACKS)
    assert lines[-1].startswith("ready in")


def test_what_threads_share_work_with_is_compiled_too() -> None:
    script = (
        "from tinyseq.warmup import warmup; warmup(); import numba\n"
        "from tinyseq.kernels.pooling import small_windows\n"
        "from tinyseq.kernels.runtime import mailbox as mail, work_queue\n"
        "found = mail.offer, mail.settle, mail.serve, work_queue.play, work_queue.perform\n"
        "small = small_windows.max_pool_small\n"
        "found += *[small(side, side, keep) for side in (2, 3) for keep in (False, True)],\n"
        "print(*[len(one.overloads) for one in found])"
    )
    alone = {**os.environ, "TINYSEQ_NUM_THREADS": "1"}  # so that no thread waits for another one meanwhile
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=alone)
    assert found.stdout.splitlines()[-1] == " ".join("1" * 9)
