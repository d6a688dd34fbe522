"""The benchmark's report: table, Markdown and charts from a recorded run; and that a run survives what goes wrong in it."""

from __future__ import annotations

import copy
import itertools
import json
import re
import time
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tests.benchmarks import process
from tests.benchmarks.__main__ import main, options
from tests.benchmarks.models import GRU, LSTM, SENTIMENT
from tests.benchmarks.normalized import Built
from tests.benchmarks.peak import SUMS, multiply_adds, peak_bandwidth, peak_flops
from tests.benchmarks.report.figures import Figures, figures, milliseconds
from tests.benchmarks.report.markdown import markdown
from tests.benchmarks.report.ratio_chart import ratio_chart
from tests.benchmarks.report.roofline import roofline
from tests.benchmarks.report.table import WIDTH, table
from tests.benchmarks.rows import all_rows
from tests.benchmarks.run import broken
from tests.benchmarks.start import Runs
from tests.benchmarks.timing import interleaved

NEWER = (LSTM, GRU, SENTIMENT)
OTHERS = ("MNIST convnet 28x28x1, predict, batch 1",)
RECORDED = [row.name for row in all_rows() if not isinstance(row.net, Built) and row.net not in NEWER and row.name not in OTHERS]
"""The rows of the sample: it is older than the nets with BatchNormalization, those over steps, and one picture of MNIST."""
SAMPLE = Path(__file__).with_name("sample.json")
"""What a run wrote on a busy machine: good for the report, not for its figures."""

RECORD = {
    "row": "work", "threads": 2, "operations": 6e9, "multiply_adds": True, "bytes": 1e8, "failed": {},
    "seconds": {"slow": 0.08, "tinyseq": 0.04, "fast": 0.03}, "best_seconds": {"slow": 0.02, "tinyseq": 0.03, "fast": 0.03},
    "cores": {"slow": 3.5, "tinyseq": 1.9, "fast": 2.1},
}  # fmt: skip


@pytest.fixture
def run() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SAMPLE.read_text("utf-8"))
    return found


def test_figures_of_a_row_by_hand() -> None:
    row = Figures(RECORD, {"flops": 200e9, "bandwidth": 40e9})
    assert (row.best_peer, row.ratio) == ("fast", 0.75)
    assert row.ratios == {"fast": 0.75, "slow": 2.0}
    assert row.best_of == pytest.approx(2 / 3)  # the fastest call of any peer
    assert (row.flops, row.fraction) == (pytest.approx(150e9), pytest.approx(0.75))
    assert (row.intensity, row.crowded) == (60, {"slow": 3.5})
    assert [milliseconds(value) for value in (1.234e-5, 1.234e-3, 0.1234, 1.234)] == ["0.0123", "1.23", "123", "1234"]


def test_the_table_holds_every_row_and_fits_100_columns(run: dict[str, Any]) -> None:
    text = table(run)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert set(RECORDED) == {record["row"] for record in run["rows"]}
    for row in figures(run):
        assert f"{row.best_peer} {milliseconds(row.peers[row.best_peer or ''])}" in " ".join(text.split())
    assert text.count("guide convnet 250x250x3, predict, batch 8 ") == len(run["peaks"])
    assert "Measured peaks:" in text
    most = max(record.get("others") or 0 for record in run["rows"])
    assert f"other processes kept up to {most:.1f} cores busy meanwhile" in " ".join(text.split())


def test_a_row_that_could_not_be_timed_says_why(run: dict[str, Any]) -> None:
    run["rows"] = [broken("guide", 2, "exit status -9"), copy.deepcopy(run["rows"][0])]
    run["rows"][1]["failed"] = {"torch.compile": "RuntimeError: no C++ compiler"}
    text = table(run)
    assert "NOT TIMED: the process: exit status -9" in text
    assert "failed: torch.compile: RuntimeError: no C++ compiler" in text
    assert "torch.compile failed, RuntimeError: no C++ compiler." in markdown(run)


def test_markdown_is_two_tables_with_whole_rows(run: dict[str, Any]) -> None:
    grids = [part for part in markdown(run).split("\n\n") if part.startswith("|")]
    assert len(grids) == 2
    for grid in grids:
        assert len({line.count("|") for line in grid.splitlines()}) == 1
        assert grid.count("\n") == 1 + len(RECORDED)
    first = figures(run)[0]
    assert re.search(rf"\| {re.escape(first.row)} \| {milliseconds(first.ours or 0)} \|", grids[0])


def test_the_ratio_chart_names_the_best_peer_of_every_row(run: dict[str, Any]) -> None:
    figure = ratio_chart(run)
    written = {text.get_text() for text in figure.findobj(Text)}
    most = max(row.threads for row in figures(run))
    for row in figures(run):
        if row.threads == most:
            assert {row.row, f"{row.ratio:.2f}  {row.best_peer}"} <= written
    assert overlapping(figure) == []


def test_the_roofline_has_a_label_for_every_point_and_none_on_another(run: dict[str, Any]) -> None:
    figure = roofline(run)
    (axes,) = figure.axes
    points = axes.collections[0].get_offsets()
    rows = [row for row in figures(run) if row.threads == 2 and row.rate]
    assert len(points) == len(rows)
    numbers = [text.get_text() for text in axes.texts if text.get_text().isdigit()]
    assert numbers == [str(place) for place in range(1, len(rows) + 1)]
    assert overlapping(figure) == []


def test_the_label_test_sees_an_overlap(run: dict[str, Any]) -> None:
    figure = roofline(run)
    figure.text(0.1, 0.925, "over the machine's name", fontsize=8)
    assert overlapping(figure)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of words that lie on each other, and words that leave the picture."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    ticks = [(tick, axis) for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for tick in axis.get_major_ticks()]
    ends = {id(axis): sorted(axis.get_view_interval()) for _, axis in ticks}
    unseen = {id(tick.label1) for tick, axis in ticks if not ends[id(axis)][0] <= tick.get_loc() <= ends[id(axis)][1]}
    seen = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip() and id(text) not in unseen]
    boxes = [(text.get_text(), text.get_window_extent(renderer).padded(-1)) for text in seen]
    whole = Bbox.from_bounds(0, 0, *figure.canvas.get_width_height())
    outside = [(name, "the edge") for name, box in boxes if Bbox.union([box, whole]).bounds != whole.bounds]
    return outside + [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


def test_the_command_reports_a_recorded_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", str(SAMPLE), "--markdown", str(tmp_path / "table.md"), "--charts", str(tmp_path / "charts")]) == 0
    assert "guide convnet" in capsys.readouterr().out
    assert (tmp_path / "table.md").read_text("utf-8").count("\n|") > 2 * len(RECORDED)
    for chart in ("roofline.png", "ratios.png"):
        assert (tmp_path / "charts" / chart).read_bytes().startswith(b"\x89PNG")


def test_the_command_lists_rows_and_refuses_what_is_no_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--rows", "max-pool"]) == 0
    assert capsys.readouterr().out.count("max-pool") == 4
    assert main(["--rows", "recurrent"]) == 2
    assert "choose among" in capsys.readouterr().err
    assert options(["--threads", "2,1"]).threads == [2, 1]
    assert options(["--quick"]).seconds < options([]).seconds


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--threads", "0"], "'0': write numbers from 1 on with commas between, 1,2 say"),
        (["--threads", "two"], "'two': write numbers"),
        (["--rows", "("], "'(' is no regular expression"),
        (["--from", "nowhere.json"], "'nowhere.json' holds no run"),
    ],
)
def test_the_command_says_what_is_wrong_with_its_arguments(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert words in capsys.readouterr().err


def test_a_process_that_dies_costs_one_row_only() -> None:
    tiny = next(row.name for row in all_rows() if row.name.startswith("model"))
    given = {"seconds": 0.05, "peers": "NumPy"}
    found = dict(process.in_order(["no such row", tiny], 1, given, patience=120.0))
    assert "KeyError: 'no such row'" in found["no such row"]
    record = found[tiny]
    assert set(record["seconds"]) == {"tinyseq", "NumPy"}
    assert 0 < record["best_seconds"]["NumPy"] <= record["seconds"]["NumPy"] < 1


def test_a_fresh_process_is_timed_and_one_that_fails_says_why(tmp_path: Path) -> None:
    warm, cold = (row for row in all_rows() if row.start)
    runs = Runs(warm.case(1), tmp_path)
    runs.once(("NumPy", ""))
    runs.once(("Nowhere", ""))
    for row in (warm, cold):
        record = runs.record(row)
        assert list(record["seconds"]) == ["NumPy"]
        assert 0 < record["processor_seconds"]["NumPy"] < 60
        assert "StopIteration" in record["failed"]["Nowhere"]
    runs.expected = runs.expected + 1
    runs.once(("NumPy", ""))
    assert runs.record(warm)["failed"]["NumPy"] == "gives other numbers"


def test_contenders_take_turns_and_slow_ones_only_in_the_first_rounds() -> None:
    called: list[str] = []

    def fast() -> None:
        called.append("fast")
        time.sleep(0.001)

    def slow() -> None:
        called.append("slow")
        time.sleep(0.04)

    times = interleaved({"fast": fast, "slow": slow}, seconds=60, least=3, most=6)
    assert {name: len(found.turns) for name, found in times.items()} == {"fast": 6, "slow": 3}
    assert times["fast"].best <= times["fast"].median < times["slow"].median
    turns = [name for name, _ in itertools.groupby(called)]
    assert 2 <= turns.count("slow") <= 3  # whole turns, two of which may meet at the end of a round


def test_calls_are_warm_before_they_are_timed() -> None:
    called = 0

    def cold_at_first() -> None:
        nonlocal called
        called += 1
        time.sleep(0.2 if called == 1 else 0.001)

    times = interleaved({"slow to begin with": cold_at_first}, seconds=0, least=1)
    assert times["slow to begin with"].median < 0.1


def test_the_peak_is_of_real_multiply_adds() -> None:
    x = np.float32(0.25)
    expected = np.float32(0)
    for place in range(SUMS):
        value = np.float32(0.001 * place)
        for _ in range(5):
            value = value * x + x
        expected += value
    for width in (4, 8, 16):
        assert multiply_adds(width)(5, x) == pytest.approx(float(expected), rel=1e-5)
    assert peak_flops(1, 0.05) > 1e8
    assert peak_bandwidth(1, 0.05) > 1e7
