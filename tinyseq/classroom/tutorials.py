"""The lessons as files: where this installation has them, and how they are copied into a folder."""

import shutil
from pathlib import Path

LESSONS = "lessons"  # inside the wheel: tinyseq/classroom/lessons


class LessonsRefused(Exception):
    """The lessons cannot be copied there; nothing was written."""


def source() -> Path:
    """The folder of the lessons: inside the installed package, or tutorials/ of the working copy. LessonsRefused without either."""
    here = Path(__file__).resolve().parent
    for folder in (here / LESSONS, here.parents[1] / "tutorials"):
        if (folder / "glossary.json").is_file():
            return folder
    raise LessonsRefused("this copy contains no lessons\nhelp: install the wheel of tinyseq, or start Python in its working copy")


def lay_out(target: Path, *, without_solutions: bool = False) -> list[Path]:
    """Copies the lessons into `target`, which is created if necessary; returns the files written.

    without_solutions: for students, no solutions/ and no teacher's page. LessonsRefused if a file exists already and
    differs: it may contain somebody's work.
    """
    origin = source()
    files = [file for file in sorted(origin.rglob("*")) if file.is_file() and is_lesson(file.relative_to(origin), without_solutions)]
    if target.exists() and not target.is_dir():
        raise LessonsRefused(f"{target} is a file\nhelp: name a folder")
    pairs = [(file, target / file.relative_to(origin)) for file in files]
    worked_in = [copy for file, copy in pairs if copy.exists() and copy.read_bytes() != file.read_bytes()]
    if worked_in:
        raise LessonsRefused(f"{worked_in[0]} exists already and differs: it may contain your work\nhelp: name another folder")
    for file, copy in pairs:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return [copy for _, copy in pairs]


def is_lesson(file: Path, without_solutions: bool) -> bool:
    """True for a lesson, its clinic or a page, by its path inside the folder; not for files that a run wrote."""
    if file.suffix not in (".py", ".ipynb", ".md", ".json") or any(part.startswith((".", "__")) for part in file.parts):
        return False
    return not (without_solutions and (file.parts[0] == "solutions" or file.name.startswith("TEACHERS")))
