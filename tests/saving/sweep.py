"""Loads damaged model files by the hundred thousand, and counts how each attempt ends.

    python -m tests.saving.sweep --count 1000000 --processes 2 --seed 1 --out sweep.json

A mutant is a valid file (of Keras 1 to 3 or ours; tests/oracle holds them) with something changed: tests/saving/mutations.py. It must load,
or be refused with a sentence: ValueError, TypeError or NotImplementedError, which do not speak of Python's own operations. Everything else
is a fault, written to the file with the number that makes the mutant again: a crash, over SECONDS of CPU, more memory than MEMORY, another
exception, a program run, a network reached, a file opened that is not the mutant, code run that no module of this installation holds.
`--again NUMBER` shows one. Ends with 1 if there is a fault; tests/saving/test_sweep.py runs the small form.

With --coverage (Linux, package atheris) libFuzzer chooses the bytes by what they reach, one kind of file after the other.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import importlib
import io
import json
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import sysconfig
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from tests.saving.mutations import MUTATE, binary

ORACLE = Path(__file__).parents[1] / "oracle"
SECONDS = 10
MEMORY = 64 << 20
"""Bytes beyond what the process had before; the largest model of the sweep has 200 kB of weights."""
LARGEST = 60_000
"""Bytes of a file that is changed: larger ones are not more varied, only slower."""
CHUNK = 200
"""Mutants between two messages to the parent."""
STUCK = 120
"""Seconds of CPU without a message after which a process counts as hung."""
KINDS = ("keras", "keras", "h5", "weights.h5", "safetensors", "npz", "json", "json", "check.keras", "check.h5", "check.json")
REFUSED = (ValueError, TypeError, NotImplementedError)
CONTAINERS = {"KerasFile.__init__", "Hdf5Structure.__init__", "Hdf5Structure.open", "refuse_foreign", "_package", "check_source"}
"""Functions that open a container: an error inside them did not get past it. `parse` counts as one for JSON texts."""
PYTHONS_OWN = re.compile(
    r"object is not|not subscriptable|unsupported operand|not supported between|argument of type|required positional|unhashable type"
    r"|indices must be|cannot unpack|positional argument|unexpected keyword|must be real number|invalid literal|could not convert"
    r"|values to unpack|object has no|is not iterable|must be str|must be an integer|can't multiply|cannot be interpreted"
    r"|sequence item|expected str instance|is required, not|bad operand|descriptor '|not a valid|got multiple values|keywords must be"
    r"|truth value|^'\w+'$"
)
"""Messages of operations of Python and NumPy: right, but no sentence about the file."""


# ---------------------------------------------------------------------- the valid files


@cache
def corpus() -> dict[str, list[bytes]]:
    """Valid files by kind."""
    found: dict[str, list[bytes]] = {"keras": [], "h5": [], "weights.h5": [], "safetensors": [], "npz": [], "json": []}
    for name in ("keras_files", "model_files", "lookups", "old_files", "old_training"):
        with zipfile.ZipFile(ORACLE / f"{name}.zip") as archive:
            for info in archive.infolist():
                ending = next((kind for kind in ("weights.h5", "keras", "h5") if info.filename.endswith(f".{kind}")), None)
                if ending is not None and info.file_size <= LARGEST:
                    found[ending].append(archive.read(info))
    found["weights.h5"] = []  # weights need their model: below
    for data in found["keras"]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = archive.read("config.json")
        if len(text) <= LARGEST // 4:
            found["json"].append(text)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("weights.h5", "safetensors", "npz"):
            path = Path(folder) / f"model.{kind}"
            ours().save_weights(path)
            found[kind].append(path.read_bytes())
    return found


@cache
def ours() -> Any:
    """The model into which weights are loaded: trained, so that .weights.h5 has the optimizer's numbers."""
    import numpy as np

    from tinyseq import Input, Sequential, layers

    inner = Sequential([Input((4, 4, 2)), layers.Conv2D(3, 3), layers.BatchNormalization()])
    model = Sequential([Input((4, 4, 2)), inner, layers.Flatten(), layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(np.ones((2, 4, 4, 2), np.float32), np.ones((2, 2), np.float32), verbose=0)
    return model


def seeded(kind: str, dice: random.Random) -> bytes:
    """A valid file."""
    return dice.choice(corpus()[kind.removeprefix("check.")])


def mutant(number: int) -> tuple[str, bytes]:
    """Kind and bytes of the mutant of that number: always the same."""
    dice = random.Random(number)
    kind = KINDS[number % len(KINDS)]
    return kind, MUTATE[kind.removeprefix("check.")](seeded(kind, dice), dice)


# ---------------------------------------------------------------------- one attempt


class TooSlow(Exception):
    """More than SECONDS of CPU."""


def attempt(kind: str, data: bytes, folder: str) -> None:
    """Loads it, as its kind is loaded."""
    from shapecheck import check_file
    from tinyseq import models

    path = os.path.join(folder, f"model.{kind.removeprefix('check.')}")
    if kind == "json":
        models.model_from_json(data.decode("utf-8", "replace"))
        return
    with open(path, "wb") as file:
        file.write(data)
    if kind.startswith("check."):
        (found,) = check_file(path).files
        assert found.stacks or found.findings or found.error, "no table, no finding, no reason"
        assert not found.internal, found.internal
        if found.findings and not found.stacks:
            raise ValueError(found.findings[0].words)
    elif kind in ("keras", "h5"):
        models.load_model(path)
    else:
        ours().load_weights(path)


def outcome(kind: str, data: bytes, folder: str) -> str:
    """loaded, refused, container (refused before it was open), or `fault: ...`."""
    before = Guard.reports[:]
    Guard.folder = folder
    begin = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        Guard.on = True
        attempt(kind, data, folder)
        result = "loaded"
    except REFUSED as error:
        Guard.on = False
        result = _refused(kind, error)
    except BaseException as error:
        Guard.on = False
        if isinstance(error, KeyboardInterrupt):
            raise
        result = f"fault: {type(error).__name__}: {str(error)[:200]} @ {_where(error)}"
    finally:
        Guard.on = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    if time.process_time() - begin > SECONDS and not result.startswith("fault: "):
        result = f"fault: {time.process_time() - begin:.0f} s of CPU"
    if len(Guard.reports) > len(before):
        result = f"fault: {Guard.reports[-1]}"
    return result


def _refused(kind: str, error: BaseException) -> str:
    text = str(error)
    frames = traceback.extract_tb(error.__traceback__)
    names = set()
    step = error.__traceback__
    while step is not None:
        names.add(step.tb_frame.f_code.co_qualname)
        step = step.tb_next
    if not text.strip() or (PYTHONS_OWN.search(text) and not _our_words(text)):
        return f"fault: no sentence: {type(error).__name__}: {text[:200]} @ {_where(error)}"
    early = names & CONTAINERS or (kind == "json" and frames and frames[-1].name == "parse")
    damaged = kind.startswith("check.") and re.search("is not a .keras|is not JSON|not an HDF5|checksum|is not a zip|nested too", text)
    return "container" if early or damaged else "refused"


def _our_words(text: str) -> bool:
    """A message of ours may quote one of Python's: it names what is damaged."""
    return bool(re.search(r"the file is damaged|its call in the file is not|not one of Keras|ops\.\w+ of \(|expected .*, got", text))


def _where(error: BaseException) -> str:
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "/tests/" not in one.filename]
    return f"{'/'.join(Path(frames[-1].filename).parts[-3:])}:{frames[-1].lineno} {frames[-1].name}" if frames else "the sweep"


class Guard:
    """What a load may not do, noted by Python's audit hook while it runs."""

    on = False
    folder = ""
    reports: ClassVar[list[str]] = []
    own = ("<", str(Path(__file__).parents[2]), *{os.path.realpath(path) for path in sysconfig.get_paths().values()})
    never = (
        "os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.", "socket.", "pickle.", "ctypes.", "urllib.", "shutil.",
        "os.remove", "os.rename", "os.mkdir", "os.symlink", "os.link", "os.chmod", "webbrowser.",
    )  # fmt: skip

    @classmethod
    def install(cls) -> None:
        sys.addaudithook(cls.hook)

    @classmethod
    def hook(cls, event: str, arguments: tuple[Any, ...]) -> None:
        if not cls.on:
            return
        if event.startswith(cls.never):
            cls.reports.append(f"executed: {event} {arguments!r:.200}")
        elif event == "open":
            path = arguments[0]
            if isinstance(path, (str, bytes)) and not os.fsdecode(path).startswith((cls.folder, *cls.own)):
                cls.reports.append(f"opened: {path!r}")
        elif event == "exec" and not arguments[0].co_filename.startswith(cls.own):
            cls.reports.append(f"ran code of {arguments[0].co_filename}")


# ---------------------------------------------------------------------- many


def limit_memory() -> None:
    """From now on at most MEMORY more; called again from time to time, as Python keeps what was freed."""
    gc.collect()
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, resource.RLIM_INFINITY))


def prepare() -> None:
    """Every valid file once, so that modules are loaded; then the guards."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        for kind in dict.fromkeys(KINDS):
            for data in corpus()[kind.removeprefix("check.")]:
                with contextlib.suppress(REFUSED):
                    attempt(kind, data, folder)

    def slow(*_: Any) -> None:
        raise TooSlow(f"{SECONDS} s of CPU")

    signal.signal(signal.SIGVTALRM, slow)
    Guard.install()


def work(numbers: Any, results: Any, now: Any) -> None:
    """One process: chunks of numbers until there is None."""
    os.nice(19)
    faulthandler.enable()
    prepare()
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        while (start := numbers.get()) is not None:
            results.put(("begin", os.getpid(), start))
            limit_memory()
            counts: Counter[tuple[str, str]] = Counter()
            faults: list[tuple[int, str]] = []
            slowest = 0.0
            for number in range(start, start + CHUNK):
                now.value = number
                kind, data = mutant(number)
                begin = time.process_time()
                found = outcome(kind, data, folder)
                slowest = max(slowest, time.process_time() - begin)
                counts[kind, found.split(":")[0]] += 1
                if found.startswith("fault"):
                    faults.append((number, found))
            results.put(("end", os.getpid(), start, counts, faults, slowest))


def sweep(count: int, processes: int, seed: int, out: Path) -> bool:
    """Runs it, and writes the counts after every chunk. Whether every mutant was loaded or refused."""
    context = multiprocessing.get_context("spawn")
    numbers, results = context.Queue(), context.Queue()
    first = seed * 10**9
    for start in range(first, first + count, CHUNK):
        numbers.put(start)
    for _ in range(processes):
        numbers.put(None)
    workers: list[tuple[Any, Any]] = []

    def begin_one() -> None:
        now = context.Value("q", -1)
        workers.append((context.Process(target=work, args=(numbers, results, now)), now))
        workers[-1][0].start()

    for _ in range(processes):
        begin_one()
    counts: Counter[tuple[str, str]] = Counter()
    faults: list[tuple[int, str]] = []
    under_way: dict[int, float] = {}
    """The CPU that a process had used when it began its chunk."""
    slowest, begin, done = 0.0, time.time(), 0
    while done < count and any(worker.is_alive() for worker, _ in workers):
        try:
            message = results.get(timeout=20)
        except Exception:
            message = None
        if message is not None and message[0] == "begin":
            under_way[message[1]] = cpu_of(message[1])
            continue
        if message is not None:
            _, worker_id, start, more, new, worst = message
            under_way.pop(worker_id, None)
            counts.update(more)
            faults += new
            slowest = max(slowest, worst)
            done += CHUNK
        for worker, now in list(workers):
            dead = worker.exitcode not in (None, 0)
            slow = worker.pid in under_way and worker.is_alive() and cpu_of(worker.pid) - under_way[worker.pid] > STUCK
            if dead or slow:
                under_way.pop(worker.pid or 0, None)
                faults.append((now.value, f"fault: the process ended: {worker.exitcode}" if dead else "fault: hung"))
                worker.kill()
                workers.remove((worker, now))
                begin_one()
                done += CHUNK
        head = {"mutants": sum(counts.values()), "seed": seed, "slowest": round(slowest, 2), "seconds": round(time.time() - begin)}
        write(out, counts, faults, head)
    return done >= count and not faults


def cpu_of(process: int) -> float:
    """Seconds of CPU that it has used; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write(out: Path, counts: Counter[tuple[str, str]], faults: list[tuple[int, str]], head: dict[str, Any]) -> None:
    """The counts so far, and each kind of fault once with its first numbers."""
    kinds: dict[str, list[int]] = {}
    for number, text in faults:
        kinds.setdefault(re.sub(r"\d+", "#", text), []).append(number)
    total = sum(counts.values()) or 1
    past = total - sum(n for (_, ended), n in counts.items() if ended == "container")
    table: dict[str, dict[str, int]] = {}
    for (kind, ended), n in sorted(counts.items()):
        table.setdefault(kind, {})[ended] = n
    some = {text: {"times": len(found), "numbers": found[:5]} for text, found in sorted(kinds.items(), key=lambda one: -len(one[1]))}
    out.write_text(json.dumps({**head, "past the container": round(past / total, 3), "counts": table, "faults": some}, indent=1))


# ---------------------------------------------------------------------- by coverage


def by_coverage(kind: str, runs: int) -> None:
    """libFuzzer with Python's coverage; the inside of a .keras is what it changes: configuration and weights, packed anew."""
    import atheris

    with atheris.instrument_imports(include=["shapecheck", "tinyseq.saving", "pyfive"]):
        for name in ("shapecheck.model_files.check", "tinyseq.saving.model_files", "tinyseq.saving.weight_files"):
            importlib.import_module(name)
    prepare()
    folder = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    inputs = Path(folder, "inputs")
    inputs.mkdir()
    for number, data in enumerate(corpus()[kind.removeprefix("check.")][:150]):
        (inputs / str(number)).write_bytes(data)
    counts: Counter[str] = Counter()

    def one(data: bytes) -> None:
        found = outcome(kind, data, folder)
        counts[found.split(":")[0]] += 1
        if found.startswith("fault"):
            print(found, flush=True)
        if sum(counts.values()) % 1000 == 0:
            print(kind, dict(counts), flush=True)

    def change(data: bytes, largest: int, seed: int) -> bytes:
        dice = random.Random(seed)
        function: Callable[..., bytes] = MUTATE[kind.removeprefix("check.")] if dice.random() < 0.7 else binary
        try:
            return function(data, dice)[:largest]
        except (ValueError, zipfile.BadZipFile, IndexError, KeyError, NotImplementedError, OSError, EOFError, RecursionError):
            return binary(data, dice)[:largest]

    options = [f"-runs={runs}", f"-max_len={LARGEST}", "-timeout=30", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *options, str(inputs)], one, custom_mutator=change)
    atheris.Fuzz()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("sweep.json"))
    parser.add_argument("--again", type=int)
    parser.add_argument("--coverage", choices=sorted(set(KINDS)))
    given = parser.parse_args()
    if given.coverage:
        by_coverage(given.coverage, given.count)
    elif given.again is not None:
        kind, data = mutant(given.again)
        with tempfile.TemporaryDirectory() as folder:
            print(kind, len(data), outcome(kind, data, folder))
            attempt(kind, data, folder)
    else:
        sys.exit(0 if sweep(given.count, given.processes, given.seed, given.out) else f"faults: {given.out} has them")


if __name__ == "__main__":
    main()
