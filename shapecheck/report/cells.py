"""The cells of one table row as short texts, for every drawing with more than the guide's three columns."""

from __future__ import annotations

from shapecheck.languages import Phrase, say
from shapecheck.memory import human
from shapecheck.shapes import Dim, OfSizes, Unknown, multiply
from shapecheck.table import verdict_counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapecheck.diagnostics.base import Diagnostic
    from shapecheck.table import FreeSize, Row, ShapeTable

HEADERS = (
    Phrase("report", "column.layer", "layer"), Phrase("report", "column.output", "output"),
    Phrase("report", "column.how.axes", "how (height; width)"), Phrase("report", "column.params", "params"),
    Phrase("report", "column.macs", "MACs"), Phrase("report", "column.sees", "sees"),
)  # fmt: skip
VERDICTS = {
    "proved": Phrase("report", "proved", "proved"),
    "any-size": Phrase("report", "any_size", "proved for any size"),
    "broken": Phrase("report", "broken", "broken"),
    "not-reached": Phrase("report", "not_reached", "not reached"),
    "unknown": Phrase("report", "unknown", "cannot tell"),
}
"""What is known of a layer, in words."""
LONGEST_FORMULA, SHORT_FORMULA = 60, 14
"""Longest formula in a sentence, and in a column of numbers, in characters."""


def headers() -> tuple[str, ...]:
    """HEADERS in the current language."""
    return tuple(map(str, HEADERS))


def inputs_of(shapes: str) -> str:
    """input (None, 4)."""
    return say("report", "input", "input {shape}", shape=shapes)


def noted(text: str) -> str:
    """note: ..., as a line below a table."""
    return say("report", "noted", "note: {text}", text=text)


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
        return str(VERDICTS[row.verdict])
    return " ".join(str(shape).replace(", ", ",") for shape in row.outputs)


def how(row: Row) -> str:
    """floor((250-5)/2)+1=123: the arithmetic of the output, once for equal axes; else the reason there is none."""
    if row.verdict == "broken":
        return row.diagnostic.message() if row.diagnostic else row.reason
    if row.verdict == "not-reached":
        return say("report", "is_broken", "{layer} is broken", layer=row.reason)
    if row.verdict == "unknown":
        return say("report", "cannot_tell", "cannot tell: {why}", why=row.reason)
    lines = row.inference.arithmetic if row.inference else ()
    sizes = [str(line) for line in lines if line.axis not in ("params", "channels", "values")]
    if not sizes:
        sizes = [str(line).rpartition(" = ")[0] for line in lines if line.axis != "values"]
    return "; ".join(dict.fromkeys(sizes)).replace(" = ", "=")


def count(value: Dim) -> str:
    """1,234 or 36.3M: at most six characters. ? is unknown, - is known only at run time; f(n) follows from n.

    >>> count(36_309_600), count(2_432), count(100_000_000_000_000)
    ('36.3M', '2,432', '100.0T')
    """
    if isinstance(value, OfSizes):
        return str(value) if len(str(value)) <= SHORT_FORMULA else _function(value)
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


def _function(value: OfSizes) -> str:
    """f(n): a formula that is too long for a column."""
    return f"f({','.join(value.sizes)})"


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


def any_size(table: ShapeTable) -> list[str]:
    """One sentence for each size that is not in the file: from which value on the layers are proved, and what it is."""
    together: dict[tuple[int, str, Diagnostic | None], list[FreeSize]] = {}
    for size in table.free:
        together.setdefault((size.least, size.why, size.refused), []).append(size)
    return [_any_size(", ".join(size.name for size in sizes), sizes[0]) for sizes in together.values()]


def _any_size(name: str, size: FreeSize) -> str:
    why = size.why
    if size.refused is None:
        return say(
            "report", "any_size.all", "proved for any {name} from {least} on; {name}: {why}",
            name=name, least=size.least, why=why,
        )  # fmt: skip
    return say(
        "report", "any_size.from", "proved for any {name} from {least} on ({layer} refuses {less}: {problem}); {name}: {why}",
        name=name, least=size.least, layer=size.layer, less=size.least - 1, problem=size.refused.message(), why=why,
    )  # fmt: skip


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
    parts = [say("report", "macs", "{macs} MACs (bias adds not counted)", macs=count(table.multiply_adds))]
    if isinstance(params, int):
        parts.insert(0, say("report", "params.bytes", "{params} params ({size})", params=number(params), size=human(4 * params)))
    else:
        parts.insert(0, say("report", "params", "{params} params", params=number(params)))
    if isinstance(kept, int):
        parts.append(say("report", "activations", "{size} activations per sample (layer outputs, float32)", size=human(4 * kept)))
    return ", ".join(parts)


def verdict(table: ShapeTable) -> str:
    """How many layers are proved, and what is wrong with the others."""
    return proved(verdict_counts(row for row in table.rows if not row.is_input))


def proved(counts: Mapping[str, int], failed: bool = False) -> str:
    """3 of 5 layers proved, 1 broken, 1 not reached. `failed`: the word in place of broken."""
    whole = sum(counts[name] for name in VERDICTS)
    parts = [say("report", "count.proved", "{proved} of {count} layers proved", proved=counts["proved"] + counts["any-size"], count=whole)]
    if counts["any-size"]:
        parts.append(say("report", "count.any_size", "{count} of them for any size", count=counts["any-size"]))
    broken, lost, unclear = counts["broken"], counts["not-reached"], counts["unknown"]
    if broken and failed:
        parts.append(say("report", "count.failed", "{count} failed", count=broken))
    elif broken:
        parts.append(say("report", "count.broken", "{count} broken", count=broken))
    if lost:
        parts.append(say("report", "count.not_reached", "{count} not reached", count=lost))
    if unclear:
        parts.append(say("report", "count.unknown", "{count} cannot tell", count=unclear))
    return ", ".join(parts)


def number(value: Dim, separators: bool = True) -> str:
    """1,234 (or 1234); a formula if it follows from sizes that are not in the file; ? if it is unknown."""
    if isinstance(value, OfSizes):
        return str(value) if len(str(value)) <= LONGEST_FORMULA else _function(value)
    if value is None or isinstance(value, Unknown):
        return "?"
    return f"{value:,}" if separators else str(value)
