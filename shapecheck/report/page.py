"""One self-contained page: tables, drawings of the feature maps to scale, findings. It has no script and no font and loads nothing."""

from __future__ import annotations

from html import escape

from shapecheck.languages import Phrase, current, say
from shapecheck.report.cells import any_size
from shapecheck.report.drawing import drawing
from shapecheck.report.panel import inputs
from shapecheck.report.text import FILE_FACTS, excerpt, number, problem, summary, totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Report, Stack
    from shapecheck.table import Row

STYLE = """
:root { color-scheme: light dark; --line: #8888; --map: #4a8fd8; --bad: #d0342c; --guess: #b8860b; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; padding: .15rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.broken td { color: var(--bad); } tr.not-reached td, tr.unknown td { color: var(--guess); }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-left: .3rem solid var(--bad); font-size: .85rem; }
pre.warning { border-left-color: var(--guess); } pre.note { border-left-color: var(--map); }
figure { overflow-x: auto; margin: 1rem 0; } figcaption { font-size: .85rem; }
svg text { font: 10px system-ui, sans-serif; fill: currentColor; }
"""


NUMBER = ' class="number"'
COLUMNS = (
    Phrase("report", "column.line", "line"), Phrase("report", "column.layer", "layer"), Phrase("report", "column.output", "output"),
    Phrase("report", "page.parameters", "parameters"), Phrase("report", "page.multiply_adds", "multiply-adds"),
    Phrase("report", "column.how", "how"), Phrase("report", "page.verdict", "verdict"),
)  # fmt: skip
PAGE_VERDICTS = {
    "proved": Phrase("report", "page.proved", "proved"),
    "any-size": Phrase("report", "page.any_size", "proved for any size"),
    "broken": Phrase("report", "page.broken", "broken"),
    "not-reached": Phrase("report", "page.not_reached", "not-reached"),
    "unknown": Phrase("report", "page.unknown", "unknown"),
}


def render(report: Report) -> str:
    """The whole report as HTML."""
    parts = [_file(file) for file in report.files if file.stacks or file.findings or file.error or file.cut]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{current()}">\n<head>\n<meta charset="utf-8">\n<title>shapecheck</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>shapecheck</h1>\n<p>{escape(summary(report))}</p>\n"
        f"{body}\n</main>\n</body>\n</html>"
    )


def _file(file: FileReport) -> str:
    lines = [f"<section>\n<h2>{escape(file.path)}</h2>"]
    if file.error:
        lines.append(f"<p>{escape(say('report', 'unread_page', 'cannot be read: {why}', why=file.error))}</p>")
    for place, why in file.problems:
        lines.append(f"<p>{escape(problem(file, place, why))}</p>")
    for finding in file.findings:
        lines.append(f'<pre class="{finding.severity}">{escape(excerpt(file, finding))}</pre>')
    lines += [_stack(stack) for stack in file.stacks]
    lines += [f"<p>{escape(str(FILE_FACTS.get(name, name)))}: {escape(text)}</p>" for name, text in file.facts]
    lines.append("</section>")
    return "\n".join(lines)


def _stack(stack: Stack) -> str:
    line = f" ({say('report', 'line', 'line {line}', line=stack.place.line)})" if stack.place else ""
    head = "".join(f'<th scope="col"{NUMBER * (place in (0, 3, 4))}>{name}</th>' for place, name in enumerate(map(str, COLUMNS)))
    rows = "\n".join(_row(stack, place, row) for place, row in enumerate(stack.rows))
    sizes = "".join(f"<p>{escape(text)}</p>\n" for text in any_size(stack.table))
    return (
        f"<table>\n<caption>{escape(stack.name)}{line}: {escape(inputs(stack))}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n<p>{escape(totals(stack))}</p>\n{sizes}{drawing(stack)}"
    )


def _row(stack: Stack, place: int, row: Row) -> str:
    shown = stack.assumed.get(place, row)
    line = f"{stack.elsewhere(place)} {stack.origins[place].line}".lstrip() if place < len(stack.origins) else ""
    how, work = "", "?"
    if shown.inference is not None:
        how = "; ".join(dict.fromkeys(str(step) for step in shown.inference.arithmetic))
        work = number(shown.inference.multiply_adds)
    if row.verdict in ("broken", "unknown"):
        unknown = say("report", "cannot_tell", "cannot tell: {why}", why=row.reason)
        how = row.diagnostic.message() if row.diagnostic else unknown
    verdict = str(PAGE_VERDICTS[row.verdict])
    if place in stack.assumed:
        verdict = say("report", "page.assumed", "{verdict}, the shape assumes the first repair", verdict=verdict)
    cells = [
        f'<td class="number">{escape(line)}</td>', f"<td>{escape(row.class_name)} <small>{escape(row.name)}</small></td>",
        f"<td>{escape(str(shown.output))}</td>", f'<td class="number">{number(shown.params)}</td>',
        f'<td class="number">{work}</td>', f"<td>{escape(how)}</td>", f"<td>{escape(verdict)}</td>",
    ]  # fmt: skip
    return f'<tr class="{row.verdict}">{"".join(cells)}</tr>'
