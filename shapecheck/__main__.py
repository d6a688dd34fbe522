"""`python -m shapecheck FILE ...`: tables and findings on the command line; see --help. The work is done in shapecheck/cli."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

YOUNG = 100_000
"""Objects created between two garbage collections.

With Python's 700, collections search every tree that is being parsed and free nothing.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit code: that of the report, 2 for a usage error, 3 for an internal error, 130 after Ctrl-C."""
    usual = gc.get_threshold()
    gc.set_threshold(YOUNG, *usual[1:])
    try:
        from shapecheck.cli.command import run  # imported here, so that Ctrl-C is also caught while modules are loaded

        return run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        print(f"\n{_stopped(sys.argv[1:] if argv is None else argv)}", file=sys.stderr)
        return 130
    except Exception:
        return _failed()
    finally:
        gc.set_threshold(*usual)


def _leave_out_the_current_folder() -> None:
    """`python -m` searches modules in the current folder first: a json.py among the files to check would be run.

    The folder stays if this package is in it (a checkout), and where Python itself leaves it out (-P, -I, the command `shapecheck`).
    """
    home = __file__.replace("\\", "/").rpartition("/shapecheck/")[0]
    if sys.path and not getattr(sys.flags, "safe_path", False) and sys.path[0].replace("\\", "/") not in (home, ""):
        del sys.path[0]


def _stopped(words: Sequence[str]) -> str:
    from shapecheck.cli.settings import spoken
    from shapecheck.languages import say, speaking

    with speaking(spoken(words)):
        return say("command", "stopped", "stopped by Ctrl-C")


def _failed() -> int:
    """An internal error: no verdict on the code, so the exit code is not that of a verdict."""
    import traceback

    from shapecheck.languages import say

    failed = say(
        "command", "failed", "shapecheck itself failed, the code may be right: please report this, with the file if you can:"
    )  # fmt: skip
    print(failed, file=sys.stderr)
    traceback.print_exc()
    return 3


if __name__ == "__main__":
    _leave_out_the_current_folder()
    raise SystemExit(main())
