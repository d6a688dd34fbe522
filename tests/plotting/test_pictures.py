"""The pictures hold what was measured, and nothing of pyplot."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import tinyseq as keras
from shapecheck.graph import chain
from shapecheck.layers.convolution import Conv2D
from shapecheck.layers.dense import Dense
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq import layers, plotting
from tinyseq.plotting.windows import _reads

LANGUAGES = pytest.mark.parametrize("language", ["en", "hi"])
DIGITS = np.random.default_rng(0).integers(0, 17, (6, 8, 8)).astype(np.uint8)
PACES = {"Python": 0.0006, "NumPy": 0.9, "compiled": 0.91, "reordered": 0.92, "tile": 81.0, "Winograd": 169.0}
"""Of programs, three of them alike."""


def texts(axes: Axes) -> str:
    """Everything written on it, a line each."""
    return "\n".join(text.get_text() for text in axes.findobj(Text) if text.get_text())


def two_layers(**conv: object) -> object:
    return propagate(chain([Conv2D(4, 3, **conv), Dense(5)], input_shape=Shape((None, 9, 7, 3))))


def every_picture(language: str) -> dict[str, Axes]:
    """One of each kind, the crowded ones too."""
    rng = np.random.default_rng(1)
    curves = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.9], "accuracy": [0.2, 0.4]}
    maps = [rng.random((1, 9, 7, 9)), np.zeros((4, 4, 3))]
    return {
        "maps": plotting.feature_maps(maps, image=rng.random((9, 7, 3)), names=["conv2d", "max_pooling2d"], language=language),
        "shared": plotting.feature_maps(maps, scale="shared", language=language),
        "colour": plotting.filters(rng.normal(size=(3, 3, 3, 12)), language=language),
        "grey": plotting.filters(rng.normal(size=(3, 3, 4, 5)), language=language),
        "curves": plotting.training_curves(curves, language=language),
        "accuracy": plotting.training_curves(curves, "accuracy", language=language),
        "runs": plotting.runs({"with": [0.9, 0.8, 0.85], "without": [0.2, 0.4]}, "right", language=language),
        "race": plotting.race(PACES, "six programs", language=language),
        "roof": plotting.roofline(
            {**{name: (33.3, pace) for name, pace in PACES.items()}, "sum": (0.08, 0.87)}, 87.7, 23.9, language=language
        ),
        "digits": plotting.pictures(list(DIGITS[:2]), ["a", "b"], "two", numbers=True, language=language),
        "wrong": plotting.mistakes(DIGITS, np.arange(6), np.eye(10)[[0, 1, 2, 3, 4, 9]], language=language),
        "right": plotting.mistakes(DIGITS, np.arange(6), np.eye(10)[:6], language=language),
        "flow": plotting.shape_flow(ten_layers(), language=language),
        "broken": plotting.shape_flow(propagate(chain([Conv2D(4, 11), Dense(5)], input_shape=Shape((None, 9, 7, 3)))), language=language),
        "branches": plotting.shape_flow(branches(), language=language),
        "windows": plotting.padding_and_stride(8, 3, 3, language=language),
        "same": plotting.padding_and_stride(5, 3, 2, "same", language=language),
        "long": plotting.padding_and_stride(250, 5, 2, language=language),
    }


def ten_layers() -> object:
    """The guide's stack, whose names are long and whose last sizes are small."""
    stack = []
    for filters, pool in ((32, 3), (64, 3), (128, 2)):
        stack += [layers.Conv2D(filters, 3), layers.Conv2D(filters, 3), layers.MaxPooling2D(pool)]
    return keras.Sequential([keras.Input((250, 250, 3)), *stack, layers.GlobalAveragePooling2D(), layers.Dense(10)])


def branches() -> object:
    """A layer whose output goes three ways, which meet again."""
    inputs = keras.Input((16, 16, 3))
    first = layers.Conv2D(8, 3, padding="same")(inputs)
    ways = [first, layers.Conv2D(8, 3, padding="same")(first), layers.MaxPooling2D(3, 1, padding="same")(first)]
    return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(layers.Add()(ways))))


@LANGUAGES
def test_every_picture_can_be_saved_and_shown_and_says_what_it_shows(tmp_path: Path, language: str) -> None:
    if language == "hi":
        pytest.importorskip("fontpkg_noto_sans_devanagari")
    for name, axes in every_picture(language).items():
        assert isinstance(axes, Axes)
        plotting.save(axes, tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 3000
        data, more = axes.figure._repr_mimebundle_()
        assert data["image/png"].startswith(b"\x89PNG")
        assert more["image/png"]["alt"] == data["text/plain"] == plotting.alt_text(axes)
        assert any(letter.isdigit() for letter in plotting.alt_text(axes)), name
        assert language == "en" or name == "digits" or any("\u0900" <= letter <= "\u097f" for letter in plotting.alt_text(axes)), name


@LANGUAGES
def test_letters_are_of_nine_points_at_least_do_not_overlap_and_stay_on_the_picture(language: str) -> None:
    if language == "hi":
        pytest.importorskip("fontpkg_noto_sans_devanagari")
    for name, axes in every_picture(language).items():
        figure = axes.figure
        figure.draw_without_rendering()
        ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]  # matplotlib keeps some outside the picture
        written = [text for text in axes.findobj(Text) if text.get_text() and text.get_visible() and text not in ticks]
        assert min(text.get_fontsize() for text in written) >= 9, name
        boxes = [(text.get_text(), text.get_window_extent()) for text in written]
        for place, (said, box) in enumerate(boxes):
            assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1, (name, said)
            for other, around in boxes[place + 1 :]:
                across = min(box.x1, around.x1) - max(box.x0, around.x0)
                down = min(box.y1, around.y1) - max(box.y0, around.y0)
                assert across <= 1 or down <= 1, (name, said, other)


def luminance(colour: object) -> float:
    """Relative luminance of WCAG 2.1: what is left of a colour in grey."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: object, other: object) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_that_of_the_standard() -> None:
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#D55E00", "#0072B2") < 1.4  # the orange and the blue that print alike


def test_areas_that_mean_different_things_differ_in_grey_by_three_to_one_and_by_their_hatch() -> None:
    for axes in (plotting.padding_and_stride(8, 3, 3), plotting.padding_and_stride(5, 3, 2, "same"), plotting.shape_flow(branches())):
        areas = {(patch.get_facecolor(), patch.get_hatch()) for patch in axes.patches if isinstance(patch, Rectangle)}
        assert len(areas) >= 2
        for (one, hatch), (other, another) in ((a, b) for a in areas for b in areas if a < b):
            assert contrast(one[:3], other[:3]) >= 3, (one, other)
            assert hatch != another or {one[:3], other[:3]} == {to_rgb("white"), to_rgb("#6B2B00")}


def test_a_picture_can_be_drawn_on_axes_that_are_handed_in() -> None:
    figure = Figure()
    above, below = figure.subplots(2, 1)
    assert plotting.padding_and_stride(8, 3, axes=above) is above
    assert plotting.training_curves({"loss": [1.0, 0.5]}, axes=below) is below
    assert above.figure is figure and texts(above) and below.lines


def test_branches_stand_one_above_the_other_and_each_layer_is_joined_to_what_it_reads() -> None:
    axes = plotting.shape_flow(branches())
    centres = {text.get_text().split("\n")[0] + str(i): text.get_position() for i, text in enumerate(axes.texts) if "\n" in text.get_text()}
    heights = {name: place[1] for name, place in centres.items()}
    pooled = next(height for name, height in heights.items() if name.startswith("MaxPooling2D"))
    assert pooled > max(height for name, height in heights.items() if name.startswith("Conv2D")) + 1
    assert (
        sum(1 for text in axes.texts if getattr(text, "arrow_patch", None) is not None) == 8
    )  # 1 + 1 + 1 into the ways, 3 into Add, 1 + 1 on


def test_importing_tinyseq_or_its_data_does_not_import_matplotlib_and_plotting_not_pyplot() -> None:
    code = """
import sys, tinyseq, tinyseq.datasets
assert not [m for m in sys.modules if m.startswith("matplotlib")], "matplotlib"
import tinyseq.plotting
tinyseq.plotting.training_curves({"loss": [1.0]}).figure._repr_mimebundle_()
assert "matplotlib.pyplot" not in sys.modules, "pyplot"
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr


def test_shown_outside_a_notebook_it_is_written_and_its_place_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    drawn = [plotting.training_curves({"loss": [1.0, 0.5]}), plotting.shape_flow(two_layers())]
    for axes in drawn:
        plotting.show(axes)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1::2] == [f"({plotting.alt_text(axes)})" for axes in drawn]
    said = [line.removeprefix("picture: ") for line in lines[::2]]
    assert [Path(name).name[2:] for name in said] == ["_training_curves.png", "_shape_flow.png"]
    assert sorted(path.name for path in (tmp_path / "tinyseq-pictures").iterdir()) == sorted(Path(name).name for name in said)


def test_the_best_epoch_is_ringed_on_the_validation_curve() -> None:
    history = {"accuracy": [0.2, 0.9], "loss": [3.0, 1.0], "val_accuracy": [0.7, 0.6], "val_loss": [2.0, 2.5]}
    loss, accuracy = plotting.training_curves(history), plotting.training_curves(history, "accuracy")
    assert "ring: lowest 2.000, epoch 1" in texts(loss) and "ring: highest 0.700, epoch 1" in texts(accuracy)
    assert [axes.get_ylabel() for axes in (loss, accuracy)] == ["loss", "accuracy"]
    assert plotting.alt_text(loss) == "loss over 2 epochs: from 2.000 to 2.500. ring: lowest 2.000, epoch 1"


def test_mistakes_come_most_certain_first_with_both_chances() -> None:
    chance = np.full((6, 10), 0.0)
    chance[range(6), [0, 1, 7, 3, 4, 8]] = [1, 1, 0.6, 1, 1, 0.9]
    chance[2, 2], chance[5, 5] = 0.4, 0.1
    said = [text.get_text() for text in plotting.mistakes(DIGITS, np.arange(6), chance).texts]
    assert said[1:] == ["model: 8 (90%)\nright: 5 (10%)", "model: 7 (60%)\nright: 2 (40%)"]
    assert "2 of 6 wrong (66.7% right)" in said[0]


def test_mistakes_use_the_names_of_the_classes() -> None:
    said = texts(plotting.mistakes(DIGITS[:1], [0], [[0.0, 1.0]], classes=["cat", "dog"]))
    assert "model: dog (100%)\nright: cat (0%)" in said


def test_numbers_in_the_cells_are_those_of_the_array() -> None:
    said = [text.get_text() for text in plotting.pictures([DIGITS[0]], ["one"], numbers=True).texts]
    assert said[1:] == [str(value) for value in DIGITS[0].ravel()]


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
    assert {"only the last 12 cells are drawn", "crossed: cells that no window reads: 249", "window 119", "window 122"} <= set(said)
    assert "237" not in said and "238" in said


def test_reads_are_those_of_a_convolution_with_ones() -> None:
    """A transposed convolution of ones counts, for each pixel, the windows that read it: here by hand for 7 cells."""
    assert _reads(7, [0, 2, 4], 3, 1).tolist() == [1, 1, 2, 1, 2, 1, 1]
    assert _reads(7, [-1, 1, 3, 5], 3, 1).tolist() == [1, 2, 1, 2, 1, 2, 1]
    assert _reads(7, [0, 1, 2], 3, 2).tolist() == [1, 1, 2, 1, 2, 1, 1]


def test_zeros_that_are_added_bear_no_number_and_are_counted() -> None:
    said = texts(plotting.padding_and_stride(5, 3, 2, "same")).splitlines()
    assert "hatched, without a number: 2 added zeros (padding)" in said
    assert [word for word in said if word.isdigit()][:5] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("stretch", [1.0, 1e-6, 1e6])
def test_a_map_is_scaled_by_its_own_largest_value_and_a_dead_one_says_so(stretch: float) -> None:
    maps = np.zeros((1, 4, 5, 2))
    maps[0, 1, 2, 0] = stretch
    axes = plotting.feature_maps(maps)
    assert axes.images[0].get_clim() == (0.0, stretch)
    assert "all 0" in texts(axes) and "4x5x2" in texts(axes) and "1 of 2 maps all 0" in plotting.alt_text(axes)


def test_maps_can_share_one_scale() -> None:
    axes = plotting.feature_maps([np.full((1, 2, 2, 1), 3.0), np.full((1, 2, 2, 1), 7.0)], scale="shared")
    assert [image.get_clim() for image in axes.images] == [(0.0, 7.0), (0.0, 7.0)]


def test_shape_flow_writes_each_layer_with_its_size_and_weights() -> None:
    said = texts(plotting.shape_flow(two_layers()))
    assert "Conv2D\n7x5x4" in said and "Dense\n7x5x5" in said and "112" in said


def test_shape_flow_marks_where_it_breaks_and_what_is_not_reached() -> None:
    table = propagate(chain([Conv2D(4, 11), Dense(5)], input_shape=Shape((None, 9, 7, 3))))
    said = texts(plotting.shape_flow(table))
    assert "Conv2D\ndoes not fit" in said and "Dense\nnot reached" in said


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
        (lambda: plotting.feature_maps(np.zeros((1, 4, 4, 3)), scale="all"), "got 'all'"),
        (lambda: plotting.runs({}), "no runs"),
        (lambda: plotting.runs({"one": [0.5]}), "at least two runs"),
        (lambda: plotting.race({}), "nothing to draw"),
        (lambda: plotting.race({"one": 0.0}), "'one' must be a positive number, got 0.0"),
        (lambda: plotting.roofline({"one": (1.0, -2.0)}, 1.0, 1.0), "'one' must be a positive number, got -2.0"),
        (lambda: plotting.roofline({"one": (1.0, 2.0)}, float("inf"), 1.0), "'peak' must be a positive number, got inf"),
        (lambda: plotting.training_curves({}), "no epoch"),
        (lambda: plotting.training_curves({"loss": [1.0]}, "accuracy"), "holds loss, but no 'accuracy'"),
        (lambda: plotting.pictures([DIGITS[0]], []), "1 images and 0 captions"),
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


def test_an_interval_is_students_t_by_hand() -> None:
    """1, 2, 3: mean 2, standard deviation 1, t(0.975; 2) = 4.303, so half a width of 4.303 / sqrt(3). Ten runs: t(0.975; 9) = 2.262."""
    assert plotting.interval([1, 2, 3]) == pytest.approx((2.0, 2 - 4.303 / 3**0.5, 2 + 4.303 / 3**0.5))
    ten = [0.0, 1.0] * 5
    half = 2.262 * (10 * 0.25 / 9) ** 0.5 / 10**0.5
    assert plotting.interval(ten) == pytest.approx((0.5, 0.5 - half, 0.5 + half))
    assert plotting.interval([1.0, 2.0] * 30)[2] == pytest.approx(1.5 + 1.96 * (60 * 0.25 / 59) ** 0.5 / 60**0.5)


def test_the_bars_of_runs_show_mean_interval_and_each_run_and_the_words_say_them() -> None:
    drawn: Any = plotting.runs({"with": [0.8, 0.9, 0.85], "without": [0.2, 0.4]}, "right of 600")
    assert [round(bar.get_width(), 3) for bar in drawn.patches] == [0.85, 0.3]
    dots = [list(line.get_xdata()) for line in drawn.lines if line.get_linestyle() == "None" and line.get_marker() == "o"]
    assert dots == [[0.8, 0.9, 0.85], [0.2, 0.4]]
    assert "with: 85.0% (72.6% ... 97.4%)" in plotting.alt_text(drawn) and "without: 30.0% (-97.1% ... 157.1%)" in plotting.alt_text(drawn)


def test_the_race_shows_each_pace_as_a_factor_of_the_first() -> None:
    drawn = plotting.race({"slow": 0.002, "fast": 2.468, "faster": 81.0}, "two")
    assert [text.get_text() for text in drawn.texts] == ["1 times", "1,230 times", "40,500 times"]
    assert [text.get_text() for text in plotting.race({"fast": 4.0, "slow": 2.0}).texts] == ["1 times", "0.5 times"]
    ends = [bar.get_x() + bar.get_width() for bar in drawn.patches]
    assert drawn.get_xscale() == "log" and ends == pytest.approx([0.002, 2.468, 81.0])
    assert plotting.alt_text(drawn).startswith("two. GMAC/s: thousand million multiply-adds in a second. slow: 0.002 GMAC/s; fast: 2.47")


def test_the_roof_is_the_lower_of_bandwidth_and_peak_and_every_program_is_a_point_with_its_pace() -> None:
    drawn: Any = plotting.roofline({"memory": (0.1, 0.5), "processor": (50.0, 60.0)}, peak=80.0, bandwidth=10.0)
    roof, *points = drawn.lines
    (left, low), ridge, (_, flat) = zip(roof.get_xdata(), roof.get_ydata(), strict=True)
    assert ridge == (8.0, 80.0) and low == pytest.approx(10 * left) and flat == 80.0
    assert [(*point.get_xdata(), *point.get_ydata()) for point in points] == [(0.1, 0.5), (50.0, 60.0)]
    assert [text.get_text() for text in drawn.texts if text.get_text()] == ["memory: 0.5", "processor: 60"]
    assert "at most 80 GMAC/s, and 10 GB/s" in plotting.alt_text(drawn) and "memory: 0.5 GMAC/s with 0.1" in plotting.alt_text(drawn)


class Place:
    """Where a notebook shows a picture."""

    def __init__(self) -> None:
        self.pictures: list[Any] = []

    def update(self, picture: Any) -> None:
        self.pictures.append(picture)


def test_curves_are_redrawn_in_their_place_after_each_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    package, shown = pytest.importorskip("IPython"), pytest.importorskip("IPython.display")
    place, shell = Place(), type("ZMQInteractiveShell", (), {})()

    def display(picture: Any, display_id: bool) -> Place:
        assert display_id
        place.update(picture)
        return place

    monkeypatch.setattr(package, "get_ipython", lambda: shell)
    monkeypatch.setattr(shown, "display", display)
    live = plotting.LiveCurves()
    live.on_train_begin()
    for epoch in range(4):
        live.on_epoch_end(epoch, {"accuracy": 0.5 + epoch / 10, "loss": 1 / (epoch + 1), "val_loss": 0.5})
    live.on_train_end()
    assert len(place.pictures) == 5
    assert [len(picture.axes) for picture in place.pictures] == [2] * 5
    last = live.axes[0].lines[0]
    np.testing.assert_allclose(last.get_ydata(), [1, 1 / 2, 1 / 3, 1 / 4])
    assert "lowest 0.500" in live.axes[0].get_title() and "highest 0.800" in live.axes[1].get_title()


def test_live_curves_of_a_fit_outside_of_a_notebook() -> None:
    import tinyseq

    model = tinyseq.Sequential([tinyseq.Input((2,)), tinyseq.layers.Dense(1)])
    model.compile("sgd", "mse")
    live = plotting.LiveCurves(metrics=["loss"], every=2)
    history = model.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=3, callbacks=[live], verbose=0).history
    np.testing.assert_allclose(live.axes[0].lines[0].get_ydata(), history["loss"])
    for wrong, words in (({"every": 0}, "every=0"), ({"metrics": "loss"}, r"metrics=\['loss'\]")):
        with pytest.raises((TypeError, ValueError), match=words):
            plotting.LiveCurves(**wrong)  # type: ignore[arg-type]
