"""`python -m shapecheck FILE ...`: tables and findings on the command line; see --help. The work is done in shapecheck/cli."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

YOUNG = 100_000
"""Objects made between two garbage collections. Python's 700 look through every tree that is being parsed and find nothing."""


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit code: that of the report, 2 for a usage error, 3 for an internal error, 130 after Ctrl-C."""
    usual = gc.get_threshold()
    gc.set_threshold(YOUNG, *usual[1:])
    try:
        from shapecheck.cli.command import run  # in here, so that Ctrl-C while modules are loaded is caught, too

        return run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        print("\nstopped by Ctrl-C", file=sys.stderr)
        return 130
    except Exception:
        return _failed()
    finally:
        gc.set_threshold(*usual)


def _failed() -> int:
    """A mistake of shapecheck itself: no verdict on the code, so no status that a verdict has."""
    import traceback

    print("shapecheck itself failed, the code may be right: please report this, with the file if you can:", file=sys.stderr)
    traceback.print_exc()
    return 3


if __name__ == "__main__":
    raise SystemExit(main())
