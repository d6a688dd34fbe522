"""Kills a program while it saves a large model, again and again, and looks at the file that was there before.

    python -m tests.saving.kills --count 50 --megabytes 100

The child saves a model over an old file of the same size, in turn as .keras, .h5, .weights.h5, .npz and .safetensors, and is killed with
SIGKILL once the unfinished file has a size drawn by lot; one kill in ten comes at a moment drawn by lot instead. Then the old file must be
there, byte for byte, or the new one, whole; and it must load. Prints how many kills were inside the write. POSIX.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

KINDS = ("keras", "h5", "weights.h5", "npz", "safetensors")
WRITER = """
import sys
from tests.saving.kills import large, store
kind, path, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
model = large(megabytes, 1.0)
print("ready", flush=True)
sys.stdin.readline()
while True:
    store(model, path)
"""


def large(megabytes: int, value: float) -> Any:
    """A model of one layer with so many numbers, all of them the same."""
    import numpy as np

    from tinyseq import Input, Sequential, layers

    units = max(1, megabytes * (1 << 20) // 4 // 1024)
    model = Sequential([Input((1023,)), layers.Dense(units)])
    for weight in model.weights:
        weight.assign(np.full(weight.shape, value, np.float32))
    return model


def store(model: Any, path: str) -> None:
    """Saves it as the ending of the name requires."""
    model.save(path) if path.endswith((".keras", "model.h5")) else model.save_weights(path)


def check(path: Path, old: str, megabytes: int) -> str:
    """`old` or `new`: what the file holds. AssertionError if it holds anything else."""
    import numpy as np

    from tinyseq import models

    whole = hashlib.sha256(path.read_bytes()).hexdigest() == old
    if path.name.endswith((".keras", "model.h5")):
        model = models.load_model(path)
    else:
        model = large(megabytes, 5.0)
        model.load_weights(path)
    expected = 0.0 if whole else 1.0
    assert all(bool(np.all(weight.value == expected)) for weight in model.weights), f"{path}: neither the old file nor the new one"
    return "old" if whole else "new"


def kill_once(path: Path, megabytes: int, dice: random.Random) -> tuple[str, int]:
    """Kills one save. Returns what the file holds, and the size of the unfinished file (0: there was none)."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, path.name, str(path), str(megabytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    assert writer.stdout is not None and writer.stdin is not None and writer.stdout.readline() == b"ready\n"
    writer.stdin.write(b"\n")
    writer.stdin.flush()
    if dice.random() < 0.1:
        time.sleep(dice.random())
    else:
        wait_for(path, dice.randrange(1, path.stat().st_size * 2 // 3))
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    writer.stdin.close()
    unfinished = list(path.parent.glob(f".{path.name}.*.part"))
    size = sum(one.stat().st_size for one in unfinished)
    for one in unfinished:
        one.unlink()
    return check(path, old, megabytes), size


def wait_for(path: Path, size: int) -> None:
    """Until an unfinished file beside `path` is at least that large; a minute at most."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for name in os.listdir(path.parent):
            with contextlib.suppress(FileNotFoundError):
                if name.endswith(".part") and os.stat(path.parent / name).st_size >= size:
                    return


def run(count: int, megabytes: int, seed: int, folder: Path) -> Counter[str]:
    """Kills `count` saves: how often what was found."""
    dice = random.Random(seed)
    found: Counter[str] = Counter()
    for number in range(count):
        path = folder / f"model.{KINDS[number % len(KINDS)]}"
        store(large(megabytes, 0.0), str(path))
        full = path.stat().st_size
        holds, size = kill_once(path, megabytes, dice)
        found["kills"] += 1
        found[f"the {holds} file is there, whole"] += 1
        found["inside the write"] += 0 < size < full
        path.unlink()
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Kills saves and checks what is left.")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for what, times in run(given.count, given.megabytes, given.seed, Path(folder)).items():
            print(f"{times:4} {what}")


if __name__ == "__main__":
    main()
