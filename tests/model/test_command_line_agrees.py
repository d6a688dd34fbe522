"""Runtime and command line agree word for word: message, why, sum, path, advice, and which repairs work.

The broken stacks are the edits of tests/oracle/mutate.py, written as a list of layers: both then know the whole stack.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

import tinyseq as keras
from shapecheck import check_source
from shapecheck.diagnostics.base import ShapeError, facts
from shapecheck.repairs.candidates.base import IN_MEMORY
from tests.data.stacks import script
from tests.oracle.mutate import mutants

LEAST = 150
"""So many stacks are refused by tinyseq with a shape error at a layer that is already made."""


@cache
def refused() -> dict[str, tuple[str, ShapeError, bool]]:
    """Name -> source, error and whether it looks for repairs, of every mutant that tinyseq refuses with a finding.

    Layers that it lacks are left out.
    """
    found: dict[str, tuple[str, ShapeError, bool]] = {}
    for name, elements in mutants():
        keras.backend.clear_session()
        source = script(elements, 0).replace("import keras\nfrom keras ", "import tinyseq as keras\nfrom tinyseq ")
        try:
            exec(compile(source, "stack", "exec"), {})
        except ShapeError as error:
            found[name] = source, error, error.look is not None
        except (NameError, TypeError, ValueError, NotImplementedError, SyntaxError):
            continue
    return found


def said(source: str) -> tuple[Any, list[tuple[str, str]]]:
    """The first error of the command line, and its proved repairs with the layers' names for their lines."""
    (file,) = check_source(source, "stack.py").files
    finding = next(one for one in file.findings if one.severity == "error")
    names = {}
    if finding.stack is not None:
        names = {str(origin.line): row.name for row, origin in zip(finding.stack.rows, finding.stack.origins, strict=True)}

    def named(text: str) -> str:
        text = re.sub(r"(the \w+) on line (\d+)", lambda one: f"{one[1]} {names.get(one[2], one[2])}", text)
        return re.sub(r"line (\d+)", lambda one: names.get(one[1], one[0]), text)

    return finding, [(named(one.title), named(one.path)) for one in finding.repairs if one.proved]


def alone(source: str) -> bool:
    """True if the file has this one error: several errors of a file are repaired together, which an exception cannot do."""
    (file,) = check_source(source, "stack.py").files
    return sum(one.severity == "error" for one in file.findings) == 1


def test_there_are_many_such_stacks() -> None:
    assert len(refused()) >= LEAST


def kind_of(name: str) -> str:
    return re.sub(r" \d+$", "", name.partition(": ")[2])


OF_SOURCE = ("the Keras 1 kernel", "a keyword of Keras", "a name twice")
"""What only the source shows: which numbers have no name, what an older Keras called an argument. A second layer of a name
is refused before it is in any graph, so nothing can be tried."""


def unnumbered(repairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Layers inside a wrapper or an inner model take numbers at runtime that the table of a stack does not count."""
    return [(re.sub(r"(\w)_\d+\b", r"\1", title), re.sub(r"(\w)_\d+\b", r"\1", path)) for title, path in repairs]


@pytest.mark.parametrize("kind", sorted({kind_of(name) for name, _ in mutants()} - {*OF_SOURCE}))
def test_message_facts_and_repairs_are_those_of_the_command_line(kind: str) -> None:
    wrong = []
    for name, (source, error, looks) in refused().items():
        if kind_of(name) != kind or name.startswith("nested") or not alone(source):  # a model inside refuses before the outer one
            continue
        finding, repairs = said(source)
        ours: list[Any] = [str(finding.diagnostic), finding.facts, finding.diagnostic.help()]
        live: list[Any] = [str(error.diagnostic), facts(error.diagnostic, error.path), error.diagnostic.help()]
        if looks and type(finding.diagnostic) in IN_MEMORY:  # of others the layer is refused as it is made, and there is no graph yet
            ours.append(unnumbered(repairs))
            live.append(unnumbered([(one.title.replace("layers.", ""), one.path) for one in error.repairs]))
        if ours != live:
            wrong.append((name, ours, live))
    assert not wrong, "\n".join(f"{name}\n  {ours}\n  {live}" for name, ours, live in wrong)


def test_most_of_them_are_compared_with_their_repairs() -> None:
    compared = [name for name, (_, error, _) in refused().items() if error.repairs and not name.startswith("nested")]
    assert len(compared) >= LEAST
