"""`python -m tinyseq demo` as somebody runs it: piped, on a Windows code page, into a folder with a Hindi name."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from shapecheck.languages import speaking
from tinyseq.demo import GUIDE, growth_line, of_pictures, refused, spelled
from tinyseq.plotting import fonts

CHECKED = ["-X", "warn_default_encoding"]  # a warning for every file opened without naming its encoding


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, *CHECKED, "-m", "tinyseq", *arguments]
    return subprocess.run(command, capture_output=True, encoding="cp1252", env=env, cwd=cwd, check=False)


@cache
def demo() -> subprocess.CompletedProcess[str]:
    return run("demo", "--out", str(Path(mkdtemp()) / "प्रिया कुमार" / "चित्र"))


def last_line() -> dict[str, object]:
    assert demo().returncode == 0, demo().stderr
    result = json.loads(demo().stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result


@pytest.mark.slow
def test_the_last_line_is_json_with_accuracy_seconds_and_the_files() -> None:
    assert list(last_line()) == ["accuracy", "seconds", "files"]


@pytest.mark.slow
def test_the_three_pictures_are_where_it_says() -> None:
    files = [Path(str(name)) for name in last_line()["files"]]
    assert [file.name for file in files] == ["feature_maps.png", "training_curves.png", "mistakes.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
    assert {path.name for path in files[0].parent.iterdir()} == {file.name for file in files}


@pytest.mark.slow
def test_it_reads_most_digits_of_forms_it_never_saw() -> None:
    assert last_line()["accuracy"] > 0.88  # real Keras: 0.932, 0.961, 0.942 with seeds 0, 1, 2


@pytest.mark.slow
def test_it_tells_the_four_parts_in_order_with_the_numbers_of_the_guide() -> None:
    places = [demo().stdout.find(f"{i} of 4") for i in (1, 2, 3, 4)]
    assert places == sorted(places) and -1 not in places
    for fact in ("floor((250-5)/2)+1 = 123", "floor((121-3)/3)+1 = 40", "49,002", "2,432", "SC101"):
        assert fact in demo().stdout


@pytest.mark.slow
def test_piped_output_has_neither_control_codes_nor_warnings() -> None:
    assert "\x1b" not in demo().stdout + demo().stderr and "\r" not in demo().stdout
    assert not ours(demo().stderr, "Warning")


def ours(text: str, word: str) -> list[str]:
    """Lines with the word that come from this project; Numba's own are not ours to mend."""
    return [line for line in text.splitlines() if word in line and ("/tinyseq/" in line or "/shapecheck/" in line)]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_accuracy() -> None:
    again = run("demo", "--out", mkdtemp())
    assert json.loads(again.stdout.splitlines()[-1])["accuracy"] == last_line()["accuracy"]


def test_a_folder_that_cannot_be_made_is_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    answer = run("demo", "--out", str(tmp_path / "file" / "pictures"))
    assert answer.returncode == 2 and answer.stdout == ""
    assert answer.stderr.startswith("cannot write pictures into ") and "help: " in answer.stderr


@pytest.mark.parametrize("seed", ["-1", "x", "4294967296", "1.5"])
def test_a_seed_that_is_none_is_refused(seed: str) -> None:
    answer = run("demo", "--seed", seed)
    assert answer.returncode == 2 and f"invalid seed from 0 to 4294967295 value: '{seed}'" in answer.stderr


def test_without_a_command_it_says_which_there_are() -> None:
    assert run().returncode == 2
    assert "demo" in run("--help").stdout


def test_the_version_is_that_of_the_package() -> None:
    from shapecheck.version import __version__

    assert run("--version").stdout.strip() == f"tinyseq {__version__}"


def test_the_demo_says_layers_as_one_writes_them() -> None:
    assert spelled("MaxPooling2D", (3,), {}) == "MaxPooling2D(3)"
    assert spelled("Conv2D", (8, 3), {"padding": "same"}) == 'Conv2D(8, 3, padding="same")'


def test_every_line_of_the_demo_fits_eighty_columns() -> None:
    import tinyseq
    from tinyseq import layers

    model = tinyseq.Sequential([tinyseq.Input(shape=(250, 250, 3)), layers.Conv2D(32, 5, strides=2, activation="relu")])
    line = growth_line(model, (250, 250, 3), spelled("Conv2D", (32, 5), {"strides": 2, "activation": "relu"}))
    assert line.splitlines()[0].split()[-2:] == ["123x123x32", "2,432"]
    assert all(len("        " + part) <= 80 for part in (*line.splitlines(), *refused((32, 32, 3), GUIDE).splitlines()))


def test_the_warm_up_and_the_doctor_speak_hindi() -> None:
    for command, words in (("warmup", "कर्नेल डिस्क पर हैं"), ("doctor", "सब काम करता है")):
        env = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path(__file__).parents[2])}
        call = [sys.executable, "-m", "tinyseq", command, "--language", "hi"]
        done = subprocess.run(call, capture_output=True, encoding="utf-8", env=env, check=False)
        assert done.returncode == 0 and words in done.stdout, done.stderr


def test_hindi_on_a_code_page_without_devanagari_does_not_crash() -> None:
    assert run("warmup", "--language", "hi").returncode == 0


def test_the_pictures_of_the_demo_are_in_the_language_of_its_words() -> None:
    with speaking("hi"):
        assert of_pictures() == "hi"
    assert of_pictures() == "en"


def test_pictures_in_english_for_want_of_a_font_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def none() -> str:
        raise fonts.FontMissing("no font with Devanagari")

    monkeypatch.setattr(fonts, "devanagari_font", none)
    with speaking("hi"):
        assert of_pictures() == "en"
    assert "चित्र अंग्रेज़ी में हैं: no font with Devanagari" in capsys.readouterr().out
