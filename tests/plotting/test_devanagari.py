"""Hindi on the pictures is readable: signs stand where they belong and letters join.

matplotlib 3.10 fails all of this.
"""

import ast
import string
import types
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

import tinyseq.plotting
from tests.plotting.devanagari import REFERENCE, TEXT, drawn
from tinyseq.plotting import fonts
from tinyseq.plotting.words import HINDI

SOURCES = sorted(Path(tinyseq.plotting.__file__).parent.glob("*.py"))

pytest.importorskip("fontpkg_noto_sans_devanagari", reason="needs the font of the extra [tutorials]")


def test_the_words_of_the_classroom_look_as_they_were_approved() -> None:
    approved = 1.0 - imread(REFERENCE)[:, :, :3].mean(axis=2)
    now = drawn(TEXT)
    assert abs(now.shape[1] - approved.shape[1]) <= 3
    width = min(now.shape[1], approved.shape[1])
    assert np.abs(now[:, :width] - approved[:, :width]).mean() < 0.25 * approved.mean()


def test_the_short_i_stands_before_its_consonant() -> None:
    na, ni = drawn("न"), drawn("नि")
    width = na.shape[1] - 6
    body = na[:, -width:]
    behind = np.abs(ni[:, -width:] - body).mean()  # the consonant ends the syllable ...
    before = np.abs(ni[:, :width] - na[:, :width]).mean()  # ... and does not begin it
    assert behind < 0.5 * before


def test_two_consonants_join_into_one_shape() -> None:
    assert drawn("त्र").shape[1] < 0.75 * (drawn("त").shape[1] + drawn("र").shape[1])


def test_an_old_matplotlib_is_refused_with_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matplotlib.__version__", "3.10.9")
    with pytest.raises(fonts.FontMissing, match=r"pip install .matplotlib>=3\.11"):
        fonts.families("hi")
    assert fonts.families("en") == ["DejaVu Sans"]


def test_without_any_font_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_packaged", list)
    monkeypatch.setattr(fonts, "_installed", lambda: ["/nowhere.ttf"])
    with pytest.raises(fonts.FontMissing, match="fontpkg-noto-sans-devanagari"):
        fonts.devanagari_font.__wrapped__()


def test_a_font_of_the_system_is_taken_when_the_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    file = fonts._packaged()[0]
    entry = types.SimpleNamespace(name="Nirmala UI", fname=file)
    monkeypatch.setattr(fonts.font_manager.fontManager, "ttflist", [entry])
    assert fonts._installed() == [file]


def _spoken(source: Path) -> set[str]:
    """Every literal that a picture says: .words(...) and translated(language, ...), and what is chosen for one."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said = [call.args[0] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "words" and call.args]
    said += [call.args[1] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "translated"]
    whole = [arg for arg in said if not isinstance(arg, ast.BinOp)]
    return {c.value for arg in whole for c in ast.walk(arg) if isinstance(c, ast.Constant) and " " in str(c.value)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_phrase_on_a_picture_has_its_hindi(source: Path) -> None:
    assert {text for text in _spoken(source) if text not in HINDI} == set()


def test_the_hindi_fills_in_the_same_values_as_the_english() -> None:
    for english, hindi in HINDI.items():
        fields = [sorted(filter(None, (f[1] for f in string.Formatter().parse(t)))) for t in (english, hindi)]
        assert fields[0] == fields[1], english


def test_no_translation_is_left_over() -> None:
    code = "".join(source.read_text(encoding="utf-8") for source in SOURCES if source.name != "words.py")
    literals = {n.value for n in ast.walk(ast.parse(code.replace("from __future__", "#"))) if isinstance(n, ast.Constant)}
    assert set(HINDI) - literals - {"loss", "accuracy"} == set()  # metrics are named by fit()
