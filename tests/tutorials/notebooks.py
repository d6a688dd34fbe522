"""The tutorials: percent-format sources, and notebooks made from them by running them from a clean kernel.

python -m tests.tutorials.notebooks --update        run all sources, write the notebooks with their outputs
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

PERCENTAGE = re.compile(r"\d+\.\d(?=%)")
POINTS = 3.0
ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "tutorials").glob("*.py"))


def read(source: Path) -> Any:
    """The source as a notebook without outputs."""
    import jupytext

    return jupytext.read(source)


def executed(source: Path) -> Any:
    """Run the source in a kernel of its own, from the folder of the tutorials; CellExecutionError where a cell
    fails.
    """
    from nbclient import NotebookClient

    notebook = read(source)
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": ROOT / "tutorials"}}
    )
    client.execute(env=env)
    return notebook


def update(source: Path) -> None:
    """Write the notebook beside the source, without what changes from run to run (ids, times)."""
    import nbformat

    notebook = executed(source)
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
        cell.metadata.clear()
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(notebook, source.with_suffix(".ipynb"))


def printed(notebook: Any) -> list[str]:
    """All text that the cells print, one string a cell; pictures count as <picture>."""
    return ["".join(_text(output) for output in cell.get("outputs", [])) for cell in notebook.cells]


def same(shown: list[str], committed: list[str]) -> bool:
    """The same texts, but accuracies of trained models ("89.0%") may be POINTS apart.

    Another processor sums in another order, training goes another way from the last bit on, and a few digits of 382 are
    read differently.
    """
    if [PERCENTAGE.sub("?", text) for text in shown] != [PERCENTAGE.sub("?", text) for text in committed]:
        return False
    found = zip(PERCENTAGE.findall("".join(shown)), PERCENTAGE.findall("".join(committed)), strict=True)
    return all(abs(float(one) - float(other)) <= POINTS for one, other in found)


def _text(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text)
    return "<picture>" if "image/png" in output.get("data", {}) else str(output.get("data", {}).get("text/plain", ""))


def main() -> None:
    if sys.argv[1:2] != ["--update"]:
        raise SystemExit(__doc__)
    wanted = sys.argv[2:]
    for source in SOURCES:
        if not wanted or source.stem in wanted:
            print(source.name, flush=True)
            update(source)


if __name__ == "__main__":
    main()
