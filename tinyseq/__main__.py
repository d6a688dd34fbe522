"""`python -m tinyseq demo`: see it work. `python -m tinyseq warmup`: compile the kernels ahead of time."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; -> exit code: 0 done, 1 failed, 2 called wrongly or nowhere to write, 130 stopped by Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):  # a path may hold letters that the terminal's encoding lacks
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output left (| head): nobody to tell
        sys.stderr.close()
        return 1


def demo(options: argparse.Namespace) -> int:
    """The main job; see tinyseq.demo."""
    from tinyseq.demo import Demo, writable

    problem = writable(options.out)
    if problem:
        print(f"cannot write pictures into {options.out}: {problem}", file=sys.stderr)
        print("help: name a folder of your own, for example  python -m tinyseq demo --out pictures", file=sys.stderr)
        return 2
    Demo(options.out, options.seed).run()
    return 0


def warm(options: argparse.Namespace) -> int:
    """Compile ahead of time; see tinyseq.warmup."""
    from tinyseq.warmup import warmup

    warmup()
    return 0


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**32:
        raise ValueError(text)
    return value


_seed.__name__ = "seed from 0 to 4294967295"  # argparse's message: invalid <this> value: '-1'


def _parser() -> argparse.ArgumentParser:
    from shapecheck.version import __version__

    parser = argparse.ArgumentParser(prog="python -m tinyseq", description=__doc__)
    parser.add_argument("--version", action="version", version=f"tinyseq {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    shown = commands.add_parser("demo", help="check a convnet, look through it, train one on real digits (offline)")
    shown.add_argument("--out", type=Path, default=Path("tinyseq-demo"), metavar="DIR", help="folder for the pictures")
    shown.add_argument("--seed", type=_seed, default=0, metavar="N", help="start of the random numbers (default 0)")
    shown.set_defaults(command=demo)
    commands.add_parser("warmup", help="compile the kernels ahead of time").set_defaults(command=warm)
    return parser


if __name__ == "__main__":
    sys.exit(main())
