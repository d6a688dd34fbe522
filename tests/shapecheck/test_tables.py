"""Drawings of a table: the guide's layout to the byte, the wide one, HTML; and pixels that nothing reads."""

import io
import re
from html.parser import HTMLParser

import pytest

from shapecheck import check, layers
from shapecheck.graph import Graph, chain
from shapecheck.layers.base import Rule
from shapecheck.naming import Names
from shapecheck.nodes import Node, known_input
from shapecheck.propagate import propagate
from shapecheck.report import guide, html, terminal, wide
from shapecheck.report.unread_pixels import left_over, never_reached, notes
from shapecheck.shapes import Shape
from shapecheck.table import ShapeTable
from tests.shapecheck.guide_tables import TABLES
from tests.shapecheck.test_rules import guide_convnet


def table_of(*rules: Rule, names: Names | None = None) -> ShapeTable:
    """The table of a chain."""
    return propagate(chain(rules), names=names)


def counted(**used: int) -> Names:
    """Names after so many of each kind."""
    names = Names()
    for kind, count in used.items():
        for _ in range(count):
            names.give(kind)
    return names


def convnet(depth: int) -> ShapeTable:
    """The first layers of the guide's convnet."""
    return table_of(*guide_convnet()[: depth + 1])


def test_the_guides_first_table() -> None:
    names = counted(Dense=7)
    graph = chain([layers.InputLayer((4,)), layers.Dense(2), layers.Dense(3), layers.Dense(4)])
    table = propagate(graph, names=names)
    shown = propagate(graph, [Shape((1, 4))])
    assert guide.render(table, "sequential_3", shown=shown) == TABLES[0]
    assert "(None, 2)" in guide.render(table, "sequential_3")


@pytest.mark.parametrize(("place", "before"), [(1, 10), (2, 11)])
def test_the_guides_tables_of_one_layer(place: int, before: int) -> None:
    table = table_of(layers.InputLayer((4,)), layers.Dense(2), names=counted(Dense=before))
    assert guide.render(table, f"sequential_{place + 3}") == TABLES[place]


def test_the_guides_fourth_table() -> None:
    assert guide.render(convnet(3), "sequential_6") == TABLES[3]


def test_a_table_of_keras_own_names_fits_a_terminal_uncut() -> None:
    """The longest class there is, beside ten-digit sizes; and where a model is no chain."""
    long = [layers.InputLayer((99, 99, 3)), layers.SeparableConv2D(256, 3), layers.GlobalAveragePooling2D(), layers.Dense(10**9)]
    drawn = guide.render(table_of(*long), "long")
    assert max(map(len, drawn.splitlines())) <= 80
    assert all(text in drawn for text in ("global_average_pooling2d", "(GlobalAveragePooling2D)", "257000000000"))
    assert max(map(len, guide.render(table_of(*long[:3]), "short").splitlines())) <= 80

    start = Node(layers.InputLayer((32, 32, 3)))
    convolved = Node(layers.Conv2D(16, 3, padding="same"), [start.tensor()])
    normal = Node(layers.BatchNormalization(), [convolved.tensor()])
    added = Node(layers.Add(), [convolved.tensor(), normal.tensor()])
    pooled = Node(layers.GlobalAveragePooling2D(), [added.tensor()])
    end = Node(layers.Dense(10), [pooled.tensor()])
    drawn = guide.render(propagate(Graph([start.tensor()], [end.tensor()])), "residual")
    assert max(map(len, drawn.splitlines())) == 80  # what is to spare goes to the columns
    assert all(text in drawn for text in ("batch_normalization[0][0]", "global_average_pooling2d", "conv2d (Conv2D)"))


def long_names(length: int) -> ShapeTable:
    """A model that is no chain, of layers whose names are so long."""
    name = ("block_one_" * length)[:length]
    x, y = Node(layers.InputLayer((8,), name=f"x{name}")), Node(layers.InputLayer((8,), name=f"y{name}"))
    dense = Node(layers.Dense(8, name=f"d{name}"), [x.tensor()])
    added = Node(layers.Add(name=f"a{name}"), [dense.tensor(), y.tensor()])
    return propagate(Graph([x.tensor(), y.tensor()], [added.tensor()]))


@pytest.mark.parametrize("length", [3, 25, 60, 200])
def test_long_names_go_on_in_the_next_line_and_nothing_is_lost(length: int) -> None:
    table = long_names(length)
    drawn = guide.render(table, "m" * length).splitlines()
    assert max(map(len, drawn)) <= 80
    header = next(line for line in drawn if "Param #" in line)
    starts = [header.index(word) for word in ("Output Shape", "Connected to")]
    names = "".join(line[: starts[0]].strip() for line in drawn)
    feeds = "".join(line[starts[1] :].strip() for line in drawn)
    title = "".join(drawn[: drawn.index(header) - 1])
    assert "m" * length in title
    for row in table.rows:
        assert f"{row.name}({row.class_name})" in names.replace(" ", "")
        assert row.name.startswith("a") or f"{row.name}[0][0]" in feeds
    drawn = wide.render(table, "m" * length).splitlines()
    assert max(map(len, drawn)) <= 80
    first = drawn.index(next(line for line in drawn if line.startswith("layer")))
    joined = "".join(line[: drawn[first].index("output")].strip() for line in drawn[first:])
    assert all(row.name in joined for row in table.rows if row.node.inputs)


@pytest.mark.parametrize("length", [20, 40, 65, 100])
def test_no_line_passes_the_length_that_is_asked_for(length: int) -> None:
    table = long_names(200)
    for drawn in (guide.render(table, "m" * 200, length), wide.render(table, "m" * 200, length)):
        assert max(map(len, drawn.splitlines())) <= length


def test_the_guides_fifth_table_cuts_names_only_at_a_given_line_length() -> None:
    assert guide.render(convnet(9), "sequential_6", line_length=65) == TABLES[4]
    uncut = guide.render(convnet(9), "sequential_6")
    assert "max_pooling2d_1 (MaxPooling2D) (None, 12, 12, 32)" in uncut
    assert len(set(map(len, uncut.splitlines()[1:-5]))) == 1


def test_a_count_wider_than_its_column_is_not_cut() -> None:
    table = table_of(layers.InputLayer((100_000,)), layers.Dense(10**9), layers.Dense(10))
    text = guide.render(table, "m")
    assert "100001000000000" in text and "Total params: 100,011,000,000,010" in text


def test_frozen_weights_and_moving_statistics_count_as_not_trainable() -> None:
    frozen = layers.Dense(3)
    frozen.trainable = False
    table = table_of(layers.InputLayer((5,)), layers.BatchNormalization(), frozen)
    text = guide.render(table, "m")
    assert "Total params: 38\nTrainable params: 10\nNon-trainable params: 28" in text


def residual() -> ShapeTable:
    """Two inputs, a layer used twice, and a join."""
    a, b = Node(layers.InputLayer((4,))).tensor(), Node(layers.InputLayer((4,))).tensor()
    shared = layers.Dense(3, name="twin")
    left, right = Node(shared, (a,)).tensor(), Node(shared, (b,)).tensor()
    return propagate(Graph((a, b), (Node(layers.Add(), (left, right)).tensor(),)))


def test_a_graph_that_is_no_chain_says_what_is_connected_to_what() -> None:
    lines = guide.render(residual(), "functional").splitlines()
    assert re.fullmatch(r"Layer \(type\) +Output Shape +Param # +Connected to +", lines[2])
    assert re.fullmatch(r"input_layer \(InputLayer\) +\(None, 4\) +0 +", lines[4])
    text = "\n".join(lines)
    assert re.search(r"twin \(Dense\) +\(None, 3\) +15 +input_layer\[0\]\[0\] +\n +input_layer_1\[0\]\[0\]", text)
    assert re.search(r"add \(Add\) .*twin\[0\]\[0\] +\n +twin\[1\]\[0\]", text)
    assert text.count("twin (Dense)") == 1 and "Total params: 15\n" in text


def test_a_functional_chain_shows_its_input_in_three_columns() -> None:
    text = guide.render(table_of(layers.InputLayer((4,)), layers.Dense(2)), "functional", functional=True)
    assert "input_layer (InputLayer)" in text and "Connected to" not in text


def test_a_nested_model_is_one_row() -> None:
    inner = chain([layers.InputLayer((4,)), layers.Dense(3), layers.Dense(2)], name="base")
    text = guide.render(table_of(layers.InputLayer((4,)), inner, layers.Dense(1)), "m")
    assert re.search(r"base \(Functional\) +\(None, 2\) +23 ", text)


def test_what_cannot_be_told_is_a_question_mark_and_never_a_number() -> None:
    table = table_of(layers.InputLayer((4,)), layers.Lambda(abs), layers.Dense(3))
    for text in (guide.render(table, "m"), wide.render(table, "m")):
        assert "?" in text and "-1" not in text
    assert "Total params: ?" in guide.render(table, "m")
    assert "cannot tell" in wide.render(table, "m")


def test_a_broken_layer_and_those_after_it_have_no_numbers() -> None:
    table = table_of(layers.InputLayer((4, 4, 1)), layers.Conv2D(2, 5), layers.Flatten(), layers.Dense(3))
    text = wide.render(table, "m")
    assert "a window of 5" in text and "conv2d is broken" in text
    assert "0 of 3 layers proved, 1 broken, 2 not reached" in text
    assert "Total params: ?" in guide.render(table, "m")


STACKS = [
    guide_convnet(),
    [layers.InputLayer((None, None, 3)), layers.ZeroPadding2D(3), layers.BatchNormalization(name="a_rather_long_name_" * 3)],
    [layers.InputLayer((7, 3)), layers.LSTM(4, return_state=True)],
    [layers.InputLayer((100_000,)), layers.Dense(10**9), layers.Dense(10)],
    [layers.InputLayer((32, 20, 3)), layers.Conv2D(8, 5, strides=9), layers.MaxPooling2D(3), layers.Dense(3)],
    [layers.InputLayer((5, 128, 128, 64, 3)), layers.Conv3D(8, 3)],
]


@pytest.mark.parametrize("rules", STACKS, ids=range(len(STACKS)))
def test_the_wide_table_fits_eighty_columns(rules: list[Rule]) -> None:
    lines = wide.render(table_of(*rules), "sequential").splitlines()
    assert max(map(len, lines)) <= 80


def test_the_wide_table_has_arithmetic_costs_and_receptive_field() -> None:
    text = wide.render(table_of(*guide_convnet()), "sequential")
    assert re.search(r"conv2d +\(None,123,123,32\) floor\(\(250-5\)/2\)\+1=123 +2,432 +36.3M +5\n", text)
    assert "49,002 params (191.4 KiB), 198.0M MACs (bias adds not counted), 4.2 MiB" in text
    assert "11 of 11 layers proved" in text


def test_a_piped_table_has_no_colours() -> None:
    file = io.StringIO()
    terminal.show(convnet(3), "m", file)
    assert "\x1b" not in file.getvalue() and file.getvalue() == wide.render(convnet(3), "m") + "\n"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_table_in_a_terminal_has_the_same_numbers() -> None:
    pytest.importorskip("rich")
    file = _Terminal()
    terminal.show(convnet(3), "m", file)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())
    for text in ("conv2d_1", "9,248", "134.9M", "11,680 params"):
        assert text in plain


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scopes: list[str | None] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_notebook_gets_a_table_with_header_cells() -> None:
    (stack,) = check(chain(guide_convnet()[:4])).stacks  # the public calls bring what draws
    drawn = stack.table._repr_html_()
    reader = _Reader()
    reader.feed(drawn or "")
    assert reader.scopes == ["col"] * 6 + ["row"] * 3 and not reader.open
    assert drawn == html.render(stack.table) and "<caption>" in drawn


def test_names_are_escaped_in_html() -> None:
    text = html.render(table_of(layers.InputLayer((4,)), layers.Dense(2, name="<b>")), "a & b")
    assert "&lt;b&gt;" in text and "<b>" not in text and "a &amp; b" in text


def test_unread_pixels_of_the_guides_convnet() -> None:
    table = table_of(*guide_convnet())
    assert never_reached(table) == {"height": (247, 249), "width": (247, 249)}
    assert notes(table, {"conv2d": "line 5", "max_pooling2d": "line 7"}) == [
        "line 5 and line 7 each leave one row and column of their input unread",
        "the last 3 rows and columns of the input (247-249) never reach the output",
    ]


@pytest.mark.parametrize("size", range(5, 30))
@pytest.mark.parametrize(("first", "second"), [((3, 2), (2, 2)), ((5, 1), (3, 3)), ((2, 3), (2, 1))])
def test_pixels_never_reached_are_those_that_no_window_on_the_way_reads(
    size: int, first: tuple[int, int], second: tuple[int, int]
) -> None:
    table = table_of(
        layers.InputLayer((size, 1)),
        layers.Conv1D(1, first[0], strides=first[1]),
        layers.MaxPooling1D(second[0], strides=second[1]),
    )
    if table.broken:
        return
    middle, out = (row.output.dims[1] for row in table.rows[1:])  # type: ignore[index]
    assert isinstance(middle, int) and isinstance(out, int)
    used = {y * second[1] + i for y in range(out) for i in range(second[0])}
    read = {y * first[1] + i for y in used for i in range(first[0])}
    found = never_reached(table).get("steps")
    assert (found or (size, size - 1))[0] == max(read) + 1


def test_nothing_is_left_over_where_the_stride_comes_out_even() -> None:
    assert left_over(251, window=5, stride=2) == 0
    assert notes(table_of(layers.InputLayer((251, 251, 3)), layers.Conv2D(2, 5, strides=2))) == []
    assert notes(table_of(layers.InputLayer((9, 9, 3)), layers.MaxPooling2D(2, padding="same"))) == []


def inside_each_other(levels: int, kernel: int, wrapped: bool) -> Graph:
    """A convolution within a model that uses it twice, within a model that uses that one twice, and so on."""
    sizes: tuple[int, ...] = (8, 8, 3)
    rule: Rule = layers.Conv2D(3, kernel)
    for _ in range(levels):
        first = Node(known_input(Shape((None, *sizes)))).tensor()
        both = [Node(rule, (first,)).tensor() for _ in range(2)]
        graph = Graph((first,), (Node(layers.Add(), both).tensor(),))
        rule = layers.TimeDistributed(graph) if wrapped else graph
        sizes = (2, *sizes) if wrapped else sizes
    return graph


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(("kernel", "verdict"), [(3, "proved"), (9, "not-reached")])
def test_models_inside_each_other_cost_what_one_costs(kernel: int, verdict: str, wrapped: bool) -> None:
    """40 levels: 2**40 tables, if every use had its own. Also where the innermost layer is broken."""
    table = propagate(inside_each_other(40, kernel, wrapped))
    assert table.rows[-1].verdict == verdict
    assert [row.verdict for row in table.rows[1:3]] == (["proved"] * 2 if kernel == 3 else ["broken"] * 2)


def test_findings_of_two_uses_of_a_model_are_two() -> None:
    first, second = propagate(inside_each_other(2, 9, False)).broken
    assert first.diagnostic is not second.diagnostic
    assert str(first.diagnostic) == str(second.diagnostic) == "SC101 a window of 9 does not fit an input of height 8"
