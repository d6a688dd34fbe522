"""The lessons as files: where they lie in this installation, and how they are laid out into a folder of one's own."""

import shutil
from pathlib import Path

LESSONS = "lessons"  # inside the wheel: tinyseq/classroom/lessons


class LessonsRefused(Exception):
    """The lessons cannot be laid out there; nothing was written."""


def source() -> Path:
    """The folder of the lessons: inside the installed package, or tutorials/ of the working copy. LessonsRefused without either."""
    here = Path(__file__).resolve().parent
    for folder in (here / LESSONS, here.parents[1] / "tutorials"):
        if (folder / "glossary.json").is_file():
            return folder
    raise LessonsRefused("this copy of tinyseq holds no lessons\nhelp: install tinyseq from its wheel, or start Python in its working copy")


def lay_out(target: Path, *, without_solutions: bool = False) -> list[Path]:
    """Copies the lessons into `target`, which is made if need be; returns the files written.

    without_solutions: for students, no solutions/ and no teacher's page. LessonsRefused if a file is there already that
    differs: somebody may have worked in it.
    """
    origin = source()
    files = [file for file in sorted(origin.rglob("*")) if file.is_file() and _wanted(file.relative_to(origin), without_solutions)]
    if target.exists() and not target.is_dir():
        raise LessonsRefused(f"{target} is a file\nhelp: name a folder")
    pairs = [(file, target / file.relative_to(origin)) for file in files]
    worked_in = [copy for file, copy in pairs if copy.exists() and copy.read_bytes() != file.read_bytes()]
    if worked_in:
        raise LessonsRefused(f"{worked_in[0]} is there already and differs: somebody may have worked in it\nhelp: name another folder")
    for file, copy in pairs:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return [copy for _, copy in pairs]


def _wanted(file: Path, without_solutions: bool) -> bool:
    """A lesson, its clinic, a page; not what a run left behind."""
    if file.suffix not in (".py", ".ipynb", ".md", ".json") or any(part.startswith((".", "__")) for part in file.parts):
        return False
    return not (without_solutions and (file.parts[0] == "solutions" or file.name.startswith("TEACHERS")))
