"""`python -m tinyseq doctor`: what works on this computer, a line each, and the kernels of the lessons compiled ahead."""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import shutil
import struct
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import tinyseq
from shapecheck.languages import Phrase, padded, say
from shapecheck.version import __version__
from tinyseq.classroom.tutorials import source
from tinyseq.warmup import warmup

Finding = tuple[bool | None, str]
"""(True works, False does not, None works with less), and what was found."""

GIB = 2**30
NEEDED_DISK = 0.3 * GIB
NEEDED_MEMORY = 1.0 * GIB
MARKS = {True: Phrase("doctor", "ok", "ok   "), None: Phrase("doctor", "less", "less "), False: Phrase("doctor", "fails", "FAILS")}


def doctor(show: Callable[[str], object] = print) -> int:
    """Looks at everything, compiles, and prints a line for each; returns 0 if all works, also with less, else 1.

    Arguments:
        show: prints a line
    """
    broken = 0
    for name, look in CHECKS:
        try:
            works, found = look()
        except Exception as error:  # a broken installation can fail in any way, and the other lines are still wanted
            works, found = False, f"{type(error).__name__}: {error}".splitlines()[0]
        broken += works is False
        show(f"{padded(str(MARKS[works]), 5)} {padded(str(name), 12)} {found}")
    if broken:
        show(say("doctor", "broken", "{broken} of {count} do not work", broken=broken, count=len(CHECKS)))
    else:
        show(say("doctor", "works", "everything that the lessons need works"))
    return int(broken > 0)


def python() -> Finding:
    """Python's version, and that it has 64 bits: numba has no wheels for 32."""
    bits = struct.calcsize("P") * 8
    kind, version = platform.python_implementation(), platform.python_version()
    return bits == 64, say("doctor", "bits", "{python}, {bits} bit, {path}", python=f"{kind} {version}", bits=bits, path=sys.executable)


def system() -> Finding:
    """The system and how many processors this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    name = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return True, say("doctor", "processors", "{system}, {count} processors", system=name, count=usable)


def memory() -> Finding:
    """Free memory, where psutil is installed."""
    if importlib.util.find_spec("psutil") is None:
        return None, say("doctor", "no_psutil", "not known without psutil")
    free = importlib.import_module("psutil").virtual_memory().available
    if free >= NEEDED_MEMORY:
        return True, say("doctor", "free", "{size:.1f} GiB free", size=free / GIB)
    return None, say("doctor", "little", "{size:.1f} GiB free: close other programs", size=free / GIB)


def packages() -> Finding:
    """The packages that compute."""
    return True, ", ".join(f"{name} {metadata.version(name)}" for name in ("numba", "llvmlite", "numpy", "matplotlib"))


def compiler() -> Finding:
    """Whether kernels run as they are meant to, or by numba's plain njit."""
    from tinyseq.kernels.jit import numba_internals

    if numba_internals.PLAIN_NUMBA:
        return None, say("doctor", "plain", "this version of numba is not known: kernels run, more slowly")
    return True, say("doctor", "program", "kernels are compiled and played as one program")


def machine_code() -> Finding:
    """Where machine code is kept, and room for it."""
    from tinyseq.kernels.jit.disk_cache import FOLDER, folder_for

    folder = folder_for(FOLDER / "matrix")
    if folder is None:
        return None, say("doctor", "not_kept", "is not kept: each start compiles anew (the folders are not yours alone)")
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    return free >= NEEDED_DISK, say("doctor", "kept", "kept in {folder}, {size:.1f} GiB free", folder=folder, size=free / GIB)


def training() -> Finding:
    """Compiles the kernels of the lessons and trains once on real digits."""
    begun = time.perf_counter()
    with open(os.devnull, "w", encoding="utf-8") as nothing:
        warmup(nothing)
    compiled = time.perf_counter() - begun
    loss = _trained()
    return loss < 1.0, say(
        "doctor", "trained", "compiled in {seconds:.1f} s; five epochs on real digits end with a loss of {loss:.2f}",
        seconds=compiled, loss=loss,
    )  # fmt: skip


def _trained() -> float:
    (x, y), _ = tinyseq.datasets.digits.load_data()
    model = tinyseq.Sequential([tinyseq.Input((8, 8)), tinyseq.layers.Flatten(), tinyseq.layers.Dense(10, activation="softmax")])
    model.compile(tinyseq.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    history = model.fit(x / 16.0, y, epochs=5, batch_size=16, verbose=0)
    return float(history.history["loss"][-1])


def notebooks() -> Finding:
    """A program for notebooks."""
    for name in ("jupyterlab", "notebook"):
        if importlib.util.find_spec(name) is not None:
            return True, f"{name} {metadata.version(name)}"
    return None, say(
        "doctor", "no_notebooks", "no program for notebooks: python -m pip install jupyterlab (the lessons also run as .py)",
    )  # fmt: skip


def devanagari() -> Finding:
    """A font for Hindi in pictures."""
    from tinyseq.plotting.fonts import FontMissing, devanagari_font

    try:
        return True, say("doctor", "font", "{font} for Hindi in pictures", font=devanagari_font())
    except FontMissing as missing:
        return None, str(missing).splitlines()[0]


def lessons() -> Finding:
    """Whether the lessons are there."""
    count = len({path.stem.removesuffix("_hi") for path in Path(source()).glob("[0-9]*.ipynb")})
    return count > 0, say("doctor", "lessons", "{count} lessons in English and Hindi, tinyseq {version}", count=count, version=__version__)


CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    (Phrase("doctor", "name.python", "Python"), python),
    (Phrase("doctor", "name.system", "system"), system),
    (Phrase("doctor", "name.memory", "memory"), memory),
    (Phrase("doctor", "name.packages", "packages"), packages),
    (Phrase("doctor", "name.compiler", "compiler"), compiler),
    (Phrase("doctor", "name.code", "machine code"), machine_code),
    (Phrase("doctor", "name.training", "training"), training),
    (Phrase("doctor", "name.notebooks", "notebooks"), notebooks),
    (Phrase("doctor", "name.font", "font"), devanagari),
    (Phrase("doctor", "name.lessons", "lessons"), lessons),
)
"""What is looked at, in the order of the lines."""
