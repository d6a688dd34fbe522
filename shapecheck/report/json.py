"""The JSON contract, version 1: a dimension is an integer, null (any size at run time) or "?" (cannot tell).

A file that could not be read has an "error"; a script with a syntax error has one too, beside the part before it.
"""

from __future__ import annotations

import json

from shapecheck.shapes import Dim, OfSizes, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Report, Stack
    from shapecheck.table import FreeSize, Row


def render(report: Report) -> str:
    """The whole report as one JSON document."""
    return together([piece(report)], {})


def piece(report: Report) -> list[dict[str, Any]]:
    """The files, as plain data."""
    return [_file(file) for file in report.files]


def together(pieces: Sequence[list[dict[str, Any]]], counts: dict[str, int]) -> str:
    """The files in one document."""
    return written({"version": 1, "files": [file for piece in pieces for file in piece]})


def written(data: dict[str, Any]) -> str:
    """Plain data as the text of a document."""
    return json.dumps(data, indent=1, ensure_ascii=False)


def document(report: Report) -> dict[str, Any]:
    """The same as plain data."""
    return {"version": 1, "files": piece(report)}


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.path,
        "stacks": [_stack(stack) for stack in file.stacks],
        "findings": [_finding(finding) for finding in file.findings],
        **({"model_file": dict(file.facts)} if file.facts else {}),
        **({"error": file.error or file.cut} if file.error or file.cut else {}),
    }


def _stack(stack: Stack) -> dict[str, Any]:
    return {
        "id": stack.id,
        "name": stack.name,
        "line": stack.place.line if stack.place else None,
        "end_line": stack.end_line,
        "cell": stack.place.cell if stack.place else None,
        **({"class_line": kind.line, "class_cell": kind.cell} if (kind := stack.class_place) else {}),
        "input_shape": shape(stack.input_shape),
        "params": dim(stack.table.params),
        **({"any_size": [_free(size) for size in stack.table.free]} if stack.table.free else {}),
        "layers": [_layer(stack, place, row) for place, row in enumerate(stack.rows)],
    }


def _layer(stack: Stack, place: int, row: Row) -> dict[str, Any]:
    assumed = place in stack.assumed
    shown = stack.assumed.get(place, row)
    known = shown.inference is not None
    return {
        "name": row.name,
        "class": row.class_name,
        "line": stack.origins[place].line if place < len(stack.origins) else None,
        **({"line_of": where} if (where := stack.elsewhere(place)) else {}),
        "output_shape": shape(shown.output),
        "params": dim(shown.params) if known else "?",
        "trainable_params": dim(shown.trainable_params) if known else "?",
        "verdict": row.verdict,
        **({"formulas": _formulas(row)} if row.verdict == "any-size" else {}),
        "reason": str(row.diagnostic or row.reason),
        "assumed": assumed,
    }


def _free(size: FreeSize) -> dict[str, Any]:
    """A size that is not in the file: "least" is the smallest for which the layers are proved; who refuses less, and why."""
    refused = {"layer": size.layer, "refused": size.refused.message()} if size.refused is not None else {}
    return {"name": size.name, "least": size.least, "reason": str(size.why), **refused}


def _formulas(row: Row) -> dict[str, Any]:
    """What depends on such a size, in place of "?"."""
    dims = row.output.dims or ()
    return {
        "output_shape": [str(size) if isinstance(size, OfSizes) else dim(size) for size in dims],
        "params": str(row.params) if isinstance(row.params, OfSizes) else dim(row.params),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "end_line": place.end_line if place else None,
        "end_column": place.end_column if place else None,
        "cell": place.cell if place else None,
        "stack": finding.stack.id if finding.stack else None,
        "layer": finding.layer,
        "message": finding.words,
        **dict.fromkeys(("why", "sum", "path"), ""),
        **dict(finding.facts),
        "help": finding.diagnostic.help(),
        **({"behind": finding.behind} if finding.behind else {}),
        "repairs": [
            {
                "title": repair.title,
                "edits": [
                    {
                        "line": at.line,
                        "column": at.column,
                        "end_line": at.end_line,
                        "end_column": at.end_column,
                        "cell": at.cell,
                        "text": text,
                    }
                    for at, text in repair.edits
                ],
                "proved": repair.proved,
            }
            for repair in finding.repairs
        ],
    }


def shape(value: Shape) -> list[Any] | None:
    """A shape as a list; null for an unknown rank."""
    return None if value.dims is None else [dim(size) for size in value.dims]


def dim(value: Dim) -> int | str | None:
    """An integer, null or "?"."""
    return "?" if isinstance(value, Unknown) else value
