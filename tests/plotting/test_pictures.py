"""The pictures hold what was measured, and nothing of pyplot."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from shapecheck.graph import chain
from shapecheck.layers.convolution import Conv2D
from shapecheck.layers.dense import Dense
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq import plotting
from tinyseq.plotting.windows import _reads

LANGUAGES = pytest.mark.parametrize("language", ["en", "hi"])
DIGITS = np.random.default_rng(0).integers(0, 17, (6, 8, 8)).astype(np.uint8)


def texts(picture: plotting.Picture) -> str:
    """Everything written on it, a line each."""
    from matplotlib.text import Text

    return "\n".join(text.get_text() for text in picture.findobj(Text) if text.get_text())


def two_layers(**conv: object) -> object:
    return propagate(chain([Conv2D(4, 3, **conv), Dense(5)], input_shape=Shape((None, 9, 7, 3))))


@LANGUAGES
def test_every_picture_can_be_saved_in_both_languages(tmp_path: Path, language: str) -> None:
    if language == "hi":
        pytest.importorskip("fontpkg_noto_sans_devanagari")
    rng = np.random.default_rng(1)
    pictures = {
        "maps": plotting.feature_maps([rng.random((1, 9, 7, 4))], image=rng.random((9, 7, 3)), language=language),
        "filters": plotting.filters(rng.normal(size=(3, 3, 3, 5)), language=language),
        "grey": plotting.filters(rng.normal(size=(3, 3, 4, 5)), language=language),
        "curves": plotting.training_curves({"loss": [1.0, 0.5], "val_loss": [1.1, 0.9]}, language=language),
        "wrong": plotting.mistakes(DIGITS, np.arange(6), np.eye(10)[[0, 1, 2, 3, 4, 9]], language=language),
        "right": plotting.mistakes(DIGITS, np.arange(6), np.eye(10)[:6], language=language),
        "flow": plotting.shape_flow(two_layers(), language=language),
        "windows": plotting.padding_and_stride(8, 3, 3, language=language),
    }
    for name, picture in pictures.items():
        assert picture.saved(tmp_path / f"{name}.png") is picture
        assert (tmp_path / f"{name}.png").stat().st_size > 3000
        assert picture._repr_png_().startswith(b"\x89PNG")


def test_importing_tinyseq_or_its_data_does_not_import_matplotlib_and_plotting_not_pyplot() -> None:
    code = """
import sys, tinyseq, tinyseq.datasets
assert not [m for m in sys.modules if m.startswith("matplotlib")], "matplotlib"
import tinyseq.plotting
tinyseq.plotting.training_curves({"loss": [1.0]})._repr_png_()
assert "matplotlib.pyplot" not in sys.modules, "pyplot"
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr


def test_shown_outside_a_notebook_it_is_written_and_its_place_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    plotting.training_curves({"loss": [1.0, 0.5]}).show()
    plotting.shape_flow(two_layers()).show()
    said = [line.removeprefix("picture: ") for line in capsys.readouterr().out.splitlines()]
    assert [Path(name).name[2:] for name in said] == ["_training_curves.png", "_shape_flow.png"]
    assert sorted(path.name for path in (tmp_path / "tinyseq-pictures").iterdir()) == sorted(Path(name).name for name in said)


def test_a_long_name_does_not_push_the_maps_aside() -> None:
    def gaps(name: str) -> list[float]:
        picture = plotting.feature_maps([np.ones((5, 5, 4))], names=[name])
        picture.draw_without_rendering()
        left = [axes.get_position().x0 for axes in picture.axes]
        return [b - a for a, b in pairwise(left)]

    assert gaps("a_layer_with_a_name_that_is_longer_than_its_map") == pytest.approx(gaps("conv2d"))


def test_the_best_epoch_is_ringed_on_the_validation_curve() -> None:
    history = {"accuracy": [0.2, 0.9], "loss": [3.0, 1.0], "val_accuracy": [0.7, 0.6], "val_loss": [2.0, 2.5]}
    said = texts(plotting.training_curves(history))
    assert "lowest 2.000, epoch 1" in said and "highest 0.700, epoch 1" in said
    assert [axes.get_ylabel() for axes in plotting.training_curves(history).axes] == ["loss", "accuracy"]


def test_mistakes_come_most_certain_first_with_both_chances() -> None:
    chance = np.full((6, 10), 0.0)
    chance[range(6), [0, 1, 7, 3, 4, 8]] = [1, 1, 0.6, 1, 1, 0.9]
    chance[2, 2], chance[5, 5] = 0.4, 0.1
    picture = plotting.mistakes(DIGITS, np.arange(6), chance)
    assert [axes.get_title() for axes in picture.axes] == ["says 8 (90%)\nis 5 (10%)", "says 7 (60%)\nis 2 (40%)"]
    assert "2 of 6 wrong (66.7% right)" in texts(picture)


def test_mistakes_use_the_names_of_the_classes() -> None:
    picture = plotting.mistakes(DIGITS[:1], [0], [[0.0, 1.0]], classes=["cat", "dog"])
    assert picture.axes[0].get_title() == "says dog (100%)\nis cat (0%)"


@pytest.mark.parametrize(
    ("size", "window", "stride", "padding", "unread"),
    [
        (28, 3, 3, "valid", 55),
        (250, 5, 2, "valid", 499),
        (121, 3, 3, "valid", 241),
        (28, 3, 2, "same", 0),
        (7, 2, 2, "same", 0),
    ],
)
def test_pixels_that_stay_unread_are_counted(size: int, window: int, stride: int, padding: str, unread: int) -> None:
    """250 and 121 are the guide's: one row and one column each, 2n - 1 pixels."""
    said = texts(plotting.padding_and_stride(size, window, stride, padding))
    assert f"{unread} of {size * size} pixels are never read" in said


def test_a_long_axis_is_drawn_from_its_end_where_the_unread_cell_is() -> None:
    said = texts(plotting.padding_and_stride(250, 5, 2)).splitlines()
    assert {"only the last 20 cells are drawn", "never read: 249", "window 115", "window 122"} <= set(said)
    assert "229" not in said and "230" in said


def test_reads_are_those_of_a_convolution_with_ones() -> None:
    """A transposed convolution of ones counts, for each pixel, the windows that read it: here by hand for 7 cells."""
    assert _reads(7, [0, 2, 4], 3, 1).tolist() == [1, 1, 2, 1, 2, 1, 1]
    assert _reads(7, [-1, 1, 3, 5], 3, 1).tolist() == [1, 2, 1, 2, 1, 2, 1]
    assert _reads(7, [0, 1, 2], 3, 2).tolist() == [1, 1, 2, 1, 2, 1, 1]


@pytest.mark.parametrize("stretch", [1.0, 1e-6, 1e6])
def test_a_map_is_scaled_by_its_own_largest_value_and_a_dead_one_says_so(stretch: float) -> None:
    maps = np.zeros((1, 4, 5, 2))
    maps[0, 1, 2, 0] = stretch
    picture = plotting.feature_maps(maps)
    assert picture.axes[0].images[0].get_clim() == (0.0, stretch)
    assert "all 0" in texts(picture) and "4x5x2" in texts(picture)


def test_shape_flow_writes_each_layer_with_its_size_and_weights() -> None:
    said = texts(plotting.shape_flow(two_layers()))
    assert "Conv2D\n7x5x4" in said and "Dense\n7x5x5" in said and "112" in said


def test_shape_flow_marks_where_it_breaks_and_what_is_not_reached() -> None:
    table = propagate(chain([Conv2D(4, 11), Dense(5)], input_shape=Shape((None, 9, 7, 3))))
    said = texts(plotting.shape_flow(table))
    assert "Conv2D\nbroken" in said and "Dense\nnot reached" in said


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plotting.padding_and_stride(2, 3), "3 does not fit in 2"),
        (lambda: plotting.padding_and_stride(0, 3), "size must be an integer of at least 1, got 0"),
        (lambda: plotting.padding_and_stride(8, 3, 1, "full"), "got 'full'"),
        (lambda: plotting.feature_maps(np.zeros((2, 4, 4, 3))), r"batch of 2: pass activations\[:1\]"),
        (lambda: plotting.feature_maps([]), "no activations"),
        (lambda: plotting.feature_maps(np.zeros((4, 4))), r"got shape \(4, 4\)"),
        (lambda: plotting.filters(np.zeros((3, 3))), r"got shape \(3, 3\)"),
        (lambda: plotting.training_curves({}), "no epoch"),
        (lambda: plotting.mistakes(DIGITS, [1], np.eye(10)[:6]), "row by row"),
        (lambda: plotting.padding_and_stride(8, 3, language="fr"), "got 'fr'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_shape_flow_of_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="got list"):
        plotting.shape_flow([])
