"""The lessons travel with the package and are laid out into a folder, once, and never over somebody's work."""

from pathlib import Path

import pytest

from tests.tutorials.notebooks import FOLDER
from tinyseq.__main__ import main
from tinyseq.classroom import tutorials


def names(folder: Path) -> set[str]:
    """Every file of a folder, by its path in it."""
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_all_lessons_are_laid_out_with_their_clinic_and_solutions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "प्रिया कुमार" / "lessons"
    assert main(["tutorials", str(target)]) == 0
    laid = names(target)
    assert laid == {
        file for file in names(FOLDER) if "tinyseq-pictures" not in file and "checkpoints" not in file and "__pycache__" not in file
    }
    assert {
        "00_what_one_number_is.ipynb",
        "05_training_hi.ipynb",
        "06_transfer.ipynb",
        "clinic/stack_10.py",
        "solutions/03_the_clinic.ipynb",
        "TEACHERS_hi.md",
    } <= laid
    assert f"{len(laid)} files in" in capsys.readouterr().out


def test_students_get_no_solutions_and_no_teachers_page(tmp_path: Path) -> None:
    assert main(["tutorials", str(tmp_path / "lessons"), "--without-solutions"]) == 0
    laid = names(tmp_path / "lessons")
    assert not [name for name in laid if name.startswith(("solutions", "TEACHERS"))]
    assert len([name for name in laid if name.endswith(".ipynb")]) == 18 and {"clinic/stack_01.py", "own_layer/gate_at_the_end.py"} <= laid


def test_work_that_is_there_already_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "lessons"
    assert main(["tutorials", str(target), "--without-solutions"]) == 0
    mine = target / "05_training.ipynb"
    mine.write_text("my answers", encoding="utf-8")
    before = names(target)
    assert main(["tutorials", str(target)]) == 2
    assert "05_training.ipynb exists already and differs" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "my answers" and names(target) == before
    mine.unlink()
    assert main(["tutorials", str(target)]) == 0


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lessons").write_text("", encoding="utf-8")
    assert main(["tutorials", str(tmp_path / "lessons")]) == 2
    assert "is a file" in capsys.readouterr().err


def test_a_copy_without_lessons_says_where_to_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tutorials, "__file__", str(tmp_path / "site" / "tinyseq" / "classroom" / "tutorials.py"))
    with pytest.raises(tutorials.LessonsRefused, match="install the wheel of tinyseq"):
        tutorials.source()
