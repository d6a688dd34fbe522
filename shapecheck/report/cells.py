"""The cells of one table row as short texts, for every drawing with more than the guide's three columns."""

from __future__ import annotations

from shapecheck.memory import human
from shapecheck.shapes import Dim, Unknown, multiply
from shapecheck.table import verdict_counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapecheck.table import Row, ShapeTable

HEADERS = ("layer", "output", "how (height; width)", "params", "MACs", "sees")


class Cells:
    """The texts of one row. how: the arithmetic, or why there is none; sees: the receptive field in input pixels."""

    __slots__ = ("how", "macs", "name", "output", "params", "sees", "verdict")

    def __init__(self, row: Row) -> None:
        self.name = row.name
        self.verdict = row.verdict
        self.output = _output(row)
        self.how = how(row)
        self.params = short(row.params)
        self.macs = count(row.inference.multiply_adds) if row.inference else "?"
        self.sees = "x".join(dict.fromkeys(number(size) for size in row.sees)) if row.sees else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """In the order of HEADERS."""
        return self.name, self.output, self.how, self.params, self.macs, self.sees


def _output(row: Row) -> str:
    if row.verdict in ("broken", "not-reached"):
        return row.verdict.replace("-", " ")
    return " ".join(str(shape).replace(", ", ",") for shape in row.outputs)


def how(row: Row) -> str:
    """floor((250-5)/2)+1=123: the arithmetic of the output, once for equal axes; else the reason there is none."""
    if row.verdict == "broken":
        return row.diagnostic.message() if row.diagnostic else row.reason
    if row.verdict == "not-reached":
        return f"{row.reason} is broken"
    if row.verdict == "unknown":
        return f"cannot tell: {row.reason}"
    lines = row.inference.arithmetic if row.inference else ()
    sizes = [str(line) for line in lines if line.axis not in ("params", "channels", "values")]
    if not sizes:
        sizes = [str(line).rpartition(" = ")[0] for line in lines if line.axis != "values"]
    return "; ".join(dict.fromkeys(sizes)).replace(" = ", "=")


def count(value: Dim) -> str:
    """1,234 or 36.3M: at most six characters. ? is unknown, - is known only at run time.

    >>> count(36_309_600), count(2_432), count(100_000_000_000_000)
    ('36.3M', '2,432', '100.0T')
    """
    if isinstance(value, Unknown):
        return "?"
    if value is None:
        return "-"
    if value < 100_000:
        return f"{value:,}"
    for power, unit in enumerate("KMGTPE", 1):
        if value < 999.95 * 1000**power:
            return f"{value / 1000**power:.1f}{unit}"
    return exponent(value)


def exponent(value: int) -> str:
    """A number of any size as 1.2e+21; a float ends at 308 digits.

    >>> exponent(1_234 * 10**18), exponent(10**400)
    ('1.2e+21', '1e+400')
    """
    digits = value.bit_length() * 30103 // 100000
    return f"{value:.1e}" if digits < 300 else f"1e+{digits}"


def short(value: Dim) -> str:
    """1,234,567 would be too wide: 1.2M; a number of at most seven characters is unchanged.

    >>> short(123_456), short(1_234_567)
    ('123,456', '1.2M')
    """
    text = number(value)
    return text if len(text) < 8 else count(value)


def activations(table: ShapeTable) -> Dim:
    """The number of values in all layer outputs for one sample, without Input rows."""
    total = 0
    for row in table.rows:
        for shape in row.outputs if not row.is_input else ():
            held = multiply(*shape.sizes) if shape.dims is not None else Unknown("size", shape.why)
            if not isinstance(held, int):
                return held
            total += held
    return total


def totals(table: ShapeTable) -> str:
    """Parameters and their memory, multiply-adds, activations of one sample, in one sentence."""
    params, kept = table.params, activations(table)
    held = f" ({human(4 * params)})" if isinstance(params, int) else ""
    text = f"{number(params)} params{held}, {count(table.multiply_adds)} MACs (bias adds not counted)"
    if isinstance(kept, int):
        text += f", {human(4 * kept)} activations per sample (layer outputs, float32)"
    return text


def verdict(table: ShapeTable) -> str:
    """How many layers are proved, and what is wrong with the others."""
    return proved(verdict_counts(row for row in table.rows if not row.is_input))


def proved(counts: Mapping[str, int], broken: str = "broken") -> str:
    """3 of 5 layers proved, 1 broken, 1 not reached."""
    words = {"broken": broken, "not-reached": "not reached", "unknown": "cannot tell"}
    rest = "".join(f", {counts[name]} {word}" for name, word in words.items() if counts[name])
    return f"{counts['proved']} of {sum(counts[name] for name in ('proved', *words))} layers proved{rest}"


def number(value: Dim, separators: bool = True) -> str:
    """1,234 (or 1234); ? if it is unknown."""
    if value is None or isinstance(value, Unknown):
        return "?"
    return f"{value:,}" if separators else str(value)
