"""--statistics: how often each finding, how many layers of each verdict, in place of tables and findings."""

from __future__ import annotations

from shapecheck.languages import files, padded, say
from shapecheck.pages import pages
from shapecheck.report.cells import VERDICTS
from shapecheck.report.text import SEVERITIES, last_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any



def render(counts: dict[str, int]) -> str:
    """A line for each code, the most frequent first, a line for each verdict, and the last line of every report."""
    names = {page.code: page.__name__ for page in pages()}
    lines = [f"{count:>7}  {code}  {padded(str(SEVERITIES[severity]), 7)}  {names[code]}" for code, severity, count in found(counts)]
    total = sum(counts[name] for name in VERDICTS)
    layers = {name: say("report", "layers", "layers {verdict}", verdict=word) for name, word in VERDICTS.items()}
    lines += [f"{counts[name]:>7}  {words}" + _share(counts[name], total) for name, words in layers.items()]
    lines.append(f"{counts['stacks']:>7}  {say('report', 'models', 'models in {files}', files=files(counts['files']))}")
    return "\n".join([*lines, last_line(counts)])


def _share(count: int, total: int) -> str:
    return f" ({100 * count / total:.1f} %)" if total else ""


def found(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """(code, severity, how often), the most frequent first."""
    parts = [(name.partition(" "), count) for name, count in counts.items() if name.startswith("SC")]
    return sorted(((code, severity, count) for (code, _, severity), count in parts), key=lambda row: (-row[2], row[0], row[1]))


def document(counts: dict[str, int]) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "files": counts["files"],
        "models": counts["stacks"],
        "findings": [{"code": code, "severity": severity, "count": count} for code, severity, count in found(counts)],
        "layers": {name: counts[name] for name in VERDICTS},
    }
