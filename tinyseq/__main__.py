"""`python -m tinyseq demo`: see it work. `... warmup`: compile the kernels ahead of time. `... tutorials DIR`: the lessons.
`... convert OLD NEW`: a model file of an older Keras in today's form. `... kit DIR`: all that a class needs without network.
`... doctor`: what works on this computer.
"""

import argparse
import errno
import re
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from shapecheck.languages import LANGUAGES, current, say, speaking
from shapecheck.version import __version__

UNWRITABLE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
"""Errors of the system if the disk is full or not writable."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; -> exit code: 0 done, 1 failed, 2 called wrongly or nowhere to write, 130 stopped by Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):  # a path may contain characters that the terminal's encoding lacks
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with Stop() as stop:
        try:
            options = _parser().parse_args(arguments)
            with speaking(getattr(options, "language", None) or current()):
                return int(options.command(options))
        except BrokenPipeError:  # the reader of the output closed the pipe (| head): nothing to report
            sys.stderr.close()
            return 1
        except BaseException as error:
            if stop.pressed or isinstance(error, KeyboardInterrupt):
                print("\nstopped by Ctrl-C", file=sys.stderr)
                return 130
            if isinstance(error, OSError) and error.errno in UNWRITABLE:
                print(f"{error}\nhelp: make room, or write into another folder", file=sys.stderr)
                return 1
            raise


class Stop:
    """Catches Ctrl-C even if a library turns it into another error (numpy, interrupted during its import: ImportError)."""

    pressed = False

    def __enter__(self) -> "Stop":
        self.before: Any = None
        if threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self.hear)
        return self

    def hear(self, number: int, frame: FrameType | None) -> None:
        """Python's handler of Ctrl-C."""
        self.pressed = True
        raise KeyboardInterrupt

    def __exit__(self, *_: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


def demo(options: argparse.Namespace) -> int:
    """The main job; see tinyseq.demo."""
    from tinyseq.demo import Demo, writable

    problem = writable(options.out)
    if problem:
        print(say(
            "demo", "unwritable",
            "cannot write pictures into {folder}: {problem}\n"
            "help: pass a folder that you can write to, for example  python -m tinyseq demo --out pictures",
            folder=options.out, problem=problem,
        ), file=sys.stderr)  # fmt: skip
        return 2
    Demo(options.out, options.seed).run()
    return 0


def warm(options: argparse.Namespace) -> int:
    """Compile ahead of time; see tinyseq.warmup."""
    from tinyseq.warmup import warmup

    warmup()
    return 0


def tutorials(options: argparse.Namespace) -> int:
    """Copy the lessons into a folder; see tinyseq.classroom.tutorials."""
    from tinyseq.classroom.tutorials import LessonsRefused, lay_out

    try:
        files = lay_out(options.folder, without_solutions=options.without_solutions)
    except LessonsRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    print(f"{len(files)} files in {options.folder}; begin with 00_what_one_number_is.ipynb (हिन्दी: 00_what_one_number_is_hi.ipynb)")
    print(f"open them:  jupyter lab {options.folder}      (python -m pip install jupyterlab)")
    return 0


def convert(options: argparse.Namespace) -> int:
    """Load a model of Keras 1 to 3 and save it in today's form; an existing NEW is refused before OLD is read."""
    from tinyseq.models import load_model

    if not options.overwrite and Path(options.new).exists():
        print(f"{options.new} exists: add --overwrite, or name another file", file=sys.stderr)
        return 1
    try:
        model = load_model(options.old)
        model.save(options.new, overwrite=options.overwrite)
    except (ValueError, NotImplementedError, ImportError, FileNotFoundError) as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"{options.new}: {model.name}, {len(model.layers)} layers, {model.count_params():,} parameters")
    return 0


def make_kit(options: argparse.Namespace) -> int:
    """Make a kit; see tinyseq.classroom.kit."""
    from tinyseq.classroom.kit.download import KitRefused
    from tinyseq.classroom.kit.making import kit

    try:
        print(kit(options.folder, options.platform, options.python, options.without_solutions, lambda line: print(line, flush=True)))
    except (KitRefused, ValueError) as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def look(options: argparse.Namespace) -> int:
    """What works here; see tinyseq.doctor."""
    from tinyseq.doctor import doctor

    return doctor(lambda line: print(line, flush=True))


def _version(text: str) -> str:
    if not re.fullmatch(r"3\.(1[1-9]|[2-9]\d)", text):
        raise ValueError(text)
    return text


_version.__name__ = "version of Python from 3.11"  # argparse's message: invalid <this> value: '2.7'


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**32:
        raise ValueError(text)
    return value


_seed.__name__ = "seed from 0 to 4294967295"  # argparse's message: invalid <this> value: '-1'


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tinyseq", description=__doc__)
    parser.add_argument("--version", action="version", version=f"tinyseq {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    shown = commands.add_parser("demo", help="check a convnet, show its feature maps, train one on real digits (offline)")
    shown.add_argument("--out", type=Path, default=Path("tinyseq-demo"), metavar="DIR", help="folder for the pictures")
    shown.add_argument("--seed", type=_seed, default=0, metavar="N", help="seed of the random numbers (default 0)")
    shown.set_defaults(command=demo)
    warmed = commands.add_parser("warmup", help="compile the kernels ahead of time")
    warmed.set_defaults(command=warm)
    laid = commands.add_parser("tutorials", help="copy the lessons, in English and Hindi, into a folder")
    laid.add_argument("folder", type=Path, metavar="DIR", help="created if it does not exist")
    laid.add_argument("--without-solutions", action="store_true", help="for students: without solutions and teacher's page")
    laid.set_defaults(command=tutorials)
    turned = commands.add_parser("convert", help="load a model file of Keras 1 to 3 and save it as .keras or .h5")
    turned.add_argument("old", metavar="OLD", help="the .keras or .h5 file")
    turned.add_argument("new", metavar="NEW", help="the new .keras or .h5 file")
    turned.add_argument("--overwrite", action="store_true", help="replace NEW if it exists")
    turned.set_defaults(command=convert)
    packed = commands.add_parser("kit", help="make a folder that installs everything on laptops without network")
    packed.add_argument("folder", type=Path, metavar="DIR", help="must not exist, or be empty")
    platforms = ["win_amd64", "macosx", "macosx_arm64", "macosx_x86_64", "linux", "linux_aarch64"]
    packed.add_argument("--platform", choices=platforms, help="of the laptops (this computer's)")
    packed.add_argument("--python", type=_version, metavar="3.12", help="their version of Python (this one's)")
    packed.add_argument("--without-solutions", action="store_true", help="for students: without solutions and teacher's page")
    packed.set_defaults(command=make_kit)
    looked = commands.add_parser("doctor", help="what works on this computer; compiles the kernels of the lessons")
    looked.set_defaults(command=look)
    for speaks in (shown, warmed, looked):
        speaks.add_argument("--language", choices=LANGUAGES, help="of what is printed (or TINYSEQ_LANGUAGE)")
    return parser


if __name__ == "__main__":
    status = main()
    if status == 130:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C while threads end: nothing is left to stop
    sys.exit(status)
