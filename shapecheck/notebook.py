"""`%load_ext shapecheck`: every cell of a notebook is checked before it runs, together with those that ran before, in that order."""

from __future__ import annotations

import json
import sys
from html import escape

from shapecheck.api import check_again
from shapecheck.report.text import excerpt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding

NAME = "In.ipynb"
"""The name that findings give the cells: In.ipynb:cell 3:1:5 is line 1 of In [3]."""
MOST_CELLS = 400
"""The last cells that are read again for each new one."""
STYLE = "border-left: .3rem solid {color}; padding: .4rem .8rem; margin: .2rem 0; overflow-x: auto; white-space: pre"
COLORS = {"error": "#b3261e", "warning": "#8a6100"}


class Watch:
    """The cells that ran, in the order of their execution, and the findings that were shown."""

    def __init__(self, shell: Any) -> None:
        """
        Arguments:
            shell: IPython's shell, whose cells are checked
        """
        self.shell = shell
        self.cells: list[tuple[int, str]] = []
        self.shown: set[tuple[object, ...]] = set()
        self.proved: set[tuple[object, ...]] = set()
        """Findings whose repairs were searched: not again in each cell, unless their stack is used in another way."""

    def before(self, info: Any) -> None:
        """Checks a cell before it runs and shows what is new. It runs in any case.

        Arguments:
            info: IPython's ExecutionInfo: raw_cell, store_history
        """
        text = info.raw_cell or ""
        if not text.strip() or not info.store_history:
            return
        number = len(self.shell.history_manager.input_hist_raw)  # its first item is no cell, so this is n of In [n]
        self.cells = [*self.cells, (number, text)][-MOST_CELLS:]
        report = check_again(self._book(), NAME, lambda finding: _use(finding) not in self.proved).files[0]
        for finding in report.findings:
            self.proved.add(_use(finding))
            if finding.severity in COLORS and _key(finding) not in self.shown:
                self.shown.add(_key(finding))
                _show(Shown(report, finding))

    def _book(self) -> str:
        """The cells as a notebook: cell n is In [n]."""
        last = self.cells[-1][0]
        texts = [""] * last
        for number, text in self.cells:
            texts[number - 1] = text
        return json.dumps({"cells": [{"cell_type": "code", "source": text} for text in texts]})


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.code, finding.words, finding.place and finding.place.key


def _use(finding: Finding) -> tuple[object, ...]:
    """The finding, and what its repairs and what they bring to light depend on: the layers and calls of its stack."""
    stack = finding.stack
    used = (tuple([str(row.output) for row in stack.rows]), tuple([event.origin.place.key for event in stack.events])) if stack else ()
    return (*_key(finding), used)


class Shown:
    """A finding as a notebook and as a terminal show it."""

    def __init__(self, report: FileReport, finding: Finding) -> None:
        self.text = excerpt(report, finding)
        self.color = COLORS[finding.severity]

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<pre style="{STYLE.format(color=self.color)}">{escape(self.text)}</pre>'


def _show(shown: Shown) -> None:
    """By IPython's display, which is loaded: it called us."""
    sys.modules["IPython"].display.display(shown)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext shapecheck` calls.

    Arguments:
        shell: IPython's shell
    """
    unload_ipython_extension(shell)
    watch = Watch(shell)
    shell.events.register("pre_run_cell", watch.before)
    WATCHES.append(watch)


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext shapecheck` calls.

    Arguments:
        shell: IPython's shell
    """
    for watch in [one for one in WATCHES if one.shell is shell]:
        shell.events.unregister("pre_run_cell", watch.before)
        WATCHES.remove(watch)


WATCHES: list[Watch] = []
"""The shells whose cells are checked."""
