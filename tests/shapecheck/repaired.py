"""The texts that our proved repairs make out of the recorded mutants and of texts of our own, and Keras's verdicts on them as one file.

    python -m tests.shapecheck.repaired > sources.json                          our repairs as texts
    python -m tests.oracle.record_repairs < sources.json > verdicts.json        what Keras says to each (needs Keras)
    python -m tests.shapecheck.repaired sources.json verdicts.json              both -> tests/oracle/repairs.json
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapecheck import check_source
from shapecheck.repairs.edits import applied

ORACLE = Path(__file__).parent.parent / "oracle"


def mutants() -> dict[str, str]:
    """Name -> source of every recorded mutant that Keras refuses."""
    recorded = json.loads((ORACLE / "mutants.json").read_text("utf-8"))
    return {name: said["source"] for name, said in recorded.items() if not said["builds"]}


def uses() -> dict[str, str]:
    """Name -> source of our own broken texts in which a model is also trained or asked."""
    from tests.model import test_repairs_in_memory as memory
    from tests.shapecheck import test_published as published

    found = {name: memory.HEAD.format("keras", "keras") + text for name, text in memory.STACKS.items()}
    found |= {name: published.HEAD + text for name, (text, _) in published.WORKS.items()}
    return {name: text for name, text in found.items() if not check_source(text, "stack.py").files[0].problems}


def broken() -> dict[str, str]:
    """Both."""
    return {**mutants(), **uses()}


def repaired(source: str) -> Iterator[tuple[str, str]]:
    """(title, repaired text) of every repair that is offered as proved and has an edit."""
    for finding in check_source(source, "stack.py").findings:
        for repair in finding.repairs:
            text = applied(source, repair.edits)
            if repair.proved and repair.edits and text is not None:
                yield f"{finding.code}: {repair.title}", text


def key(source: str) -> str:
    """A short name for a text."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def short(verdict: dict[str, Any]) -> list[Any] | str:
    """[output shape, parameters, trainable parameters] of every layer; why not, if Keras refuses."""
    if not verdict["builds"]:
        return f"{verdict['type']}: {verdict['message']}"
    return [[layer["output_shape"], layer["params"], layer["trainable_params"]] for layer in verdict["layers"]]


def main() -> None:
    if len(sys.argv) == 1:
        json.dump(sorted({text for source in broken().values() for _, text in repaired(source)}), sys.stdout)
        return
    sources, verdicts = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    lines = sorted(f'"{key(source)}": {json.dumps(short(verdict))}' for source, verdict in zip(sources, verdicts, strict=True))
    (ORACLE / "repairs.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
