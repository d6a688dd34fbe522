"""The texts that our proved repairs make of broken scripts with data and labels, and Keras's verdicts on them as one file.

How they are recorded: tests/oracle/record_trained.py.
"""

import json
import sys
from pathlib import Path

from tests.oracle.trained_mutants import mutants
from tests.shapecheck.repaired import ORACLE, key, repaired


def texts() -> list[str]:
    """Every repaired script, once."""
    return sorted({text for _, _, source in mutants() for _, text in repaired(source)})


def main() -> None:
    if len(sys.argv) == 1:
        json.dump(texts(), sys.stdout)
        return
    sources, verdicts = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    lines = sorted(f'"{key(source)}": {json.dumps(verdict)}' for source, verdict in zip(sources, verdicts, strict=True))
    (ORACLE / "trained.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
