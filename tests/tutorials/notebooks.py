"""The lessons: percent-format sources, and two notebooks made of each.

    tutorials/NAME.ipynb              for students: no outputs, exercises open
    tutorials/solutions/NAME.ipynb    solved: the cells of tutorials/solutions/NAME.py in place of the open exercises, run

python -m tests.tutorials.notebooks --update [NAME ...]        run the solved lessons, write both notebooks of each
python -m tests.tutorials.notebooks --check-hindi              run the Hindi ones and compare (pytest runs the English ones)
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tutorials"
SOURCES = sorted(FOLDER.glob("[0-9]*.py"))
ENGLISH = [source for source in SOURCES if not source.stem.endswith("_hi")]
MEASURED = re.compile(r": (\d+(?:\.\d+)?)(%?) \([^:()]*: (\d+(?:\.\d+)?)%?[^\d()]+(\d+(?:\.\d+)?)%?\)")
"""A number that depends on chance, as a lesson prints it: "right: 89.0% (other seeds: 86.0% to 93.0%)"."""
TIMED = re.compile(r": [\d.,e+-]+ [^:\n]+ \((?:timed on this machine|इसी मशीन पर नापा गया)\)")
"""A number of a clock, as a lesson prints it: "NumPy against Python: 367 times (timed on this machine)"; each run has its own."""
CELL_FILE = re.compile(r"\S*ipykernel_\d+\S*\.py(?=:\d+: )")
"""The file name that a kernel gives a cell, which a warning prints: another one in each run."""
COMPILING = re.compile(r"tinyseq: (?:compil(?:ing|ed) |इस मशीन पर पहली बार|[\d.]+ s में कंपाइल).*\n?")


def hindi(source: Path) -> Path:
    """The Hindi twin of an English lesson."""
    return source.with_name(f"{source.stem}_hi{source.suffix}")


def solutions(source: Path) -> Path:
    """The solutions of a lesson."""
    return FOLDER / "solutions" / source.name


def read(source: Path) -> Any:
    """The source as a notebook without outputs."""
    import jupytext

    return _plain(jupytext.read(source))


def student(source: Path) -> Any:
    """The edition for students: as the source."""
    return read(source)


def exercises(notebook: Any) -> list[int]:
    """Where the cells stand that a student fills in."""
    return [place for place, cell in enumerate(notebook.cells) if "exercise" in cell.metadata.get("tags", ())]


def solved(source: Path) -> Any:
    """The lesson with each exercise's cell replaced by its solution, and the reason under the check."""
    notebook, answers = read(source), read(solutions(source))
    given = [cell for cell in answers.cells if cell.cell_type == "code"]
    reasons = [cell for cell in answers.cells if cell.cell_type == "markdown"]
    open_cells = exercises(notebook)
    if not len(given) == len(reasons) == len(open_cells):
        raise ValueError(f"{source.name}: {len(open_cells)} exercises, {len(given)} solutions, {len(reasons)} reasons")
    for place, code, reason in reversed(list(zip(open_cells, given, reasons, strict=True))):
        notebook.cells[place].source = code.source
        notebook.cells.insert(place + 2, reason)
    for cell in notebook.cells:
        cell.source = cell.source.replace("](TEACHERS", "](../TEACHERS")
    return _plain(notebook)


def executed(notebook: Any) -> Any:
    """Runs a notebook in a kernel of its own, in the folder of the lessons; CellExecutionError where a cell fails."""
    from nbclient import NotebookClient

    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": FOLDER}})
    client.execute(env=env)
    return _plain(notebook)


def update(source: Path) -> None:
    """Writes both notebooks of a lesson, without what changes from run to run (ids, times, the note of a first compilation)."""
    import nbformat

    nbformat.write(student(source), source.with_suffix(".ipynb"))
    done = executed(solved(source))
    for cell in done.cells:
        if cell.cell_type == "code":
            cell.outputs = _tidy(cell.outputs)
    nbformat.write(done, solutions(source).with_suffix(".ipynb"))


def printed(notebook: Any) -> list[str]:
    """All text that the cells print, one string a cell; pictures count as <picture>. Warnings come last: a kernel sends them by a
    stream of their own, sometimes before and sometimes after what is printed."""
    return ["".join(map(_text, sorted(cell.get("outputs", []), key=_warns))) for cell in notebook.cells]


def _warns(output: Any) -> bool:
    return output.get("name") == "stderr"


def same(shown: list[str], committed: list[str]) -> bool:
    """The same texts, but a measured number may be another one of its band.

    Another processor sums in another order, training goes another way from the last bit on, and a few digits of 382 are
    read differently.
    """
    return _masked(shown) == _masked(committed) and all(within_band(text) for text in [*shown, *committed])


def within_band(text: str) -> bool:
    """True if each measured number lies in the band that is printed behind it."""
    return all(float(low) <= float(value) <= float(high) for value, _, low, high in MEASURED.findall(text))


def _masked(texts: list[str]) -> list[str]:
    return [MEASURED.sub(": measured", TIMED.sub(": timed", text)) for text in texts]


def _text(output: Any) -> str:
    if output.output_type == "stream":
        return CELL_FILE.sub("cell", COMPILING.sub("", str(output.text)))
    return "<picture>" if "image/png" in output.get("data", {}) else str(output.get("data", {}).get("text/plain", ""))


def _tidy(outputs: list[Any]) -> list[Any]:
    """Outputs without the note of a first compilation; what was printed in several pieces in one."""
    kept: list[Any] = []
    for output in outputs:
        if output.output_type == "stream":
            output.text = CELL_FILE.sub("cell", COMPILING.sub("", output.text))
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += output.text
                continue
            if not output.text:
                continue
        kept.append(output)
    return kept


def _plain(notebook: Any) -> Any:
    """Without what changes from run to run: ids, execution times, metadata but the tags."""
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"
        tags = cell.metadata.get("tags")
        cell.metadata.clear()
        if tags:
            cell.metadata["tags"] = tags
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def changed(source: Path) -> list[tuple[str, str]]:
    """Runs a solved lesson; what its cells print now and what the committed notebook shows, where the two differ."""
    import nbformat

    shown, committed = printed(executed(solved(source))), printed(nbformat.read(solutions(source).with_suffix(".ipynb"), as_version=4))
    if same(shown, committed):
        return []
    apart = [pair for pair in zip(shown, committed, strict=False) if not same([pair[0]], [pair[1]])]
    return apart or [(f"{len(shown)} cells", f"{len(committed)} cells")]


def main() -> None:
    if sys.argv[1:2] == ["--check-hindi"]:
        differing = {source.name: pairs for source in map(hindi, ENGLISH) if (pairs := changed(source))}
        lines = [f"{name}: {pair[0]}\ninstead of: {pair[1]}" for name, pairs in differing.items() for pair in pairs]
        raise SystemExit("\n".join(lines) or None)  # an empty text would be the exit status 1
    if sys.argv[1:2] != ["--update"]:
        raise SystemExit(__doc__)
    wanted = sys.argv[2:]
    for source in SOURCES:
        if not wanted or source.stem in wanted:
            print(source.name, flush=True)
            update(source)


if __name__ == "__main__":
    main()
