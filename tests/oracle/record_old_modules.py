"""Record the module paths of older versions of Keras that Keras 3 lacks -> shapecheck/migration/recorded_old_modules.py.

    python -m tests.oracle.record_old_modules FOLDER ...

Each FOLDER holds an unpacked published distribution of Keras (0.3.3, 1.0.8, 1.2.2, 2.0.9, 2.2.4, 2.3.1, 2.4.3, 2.6.0, 2.10.0, 2.15.0):
`pip download --no-deps keras==VERSION`, then unpacked. Nothing of it is imported.
"""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from shapecheck.migration.tables import is_module

TARGET = Path(__file__).parents[2] / "shapecheck" / "migration" / "recorded_old_modules.py"
ROOTS = ("keras.api._v2.keras.", "keras.api._v1.keras.", "keras.src.", "keras.")
INNER = ("test", "benchmark", "golden", "saved_model", "pickle", "protobuf", "dtensor", "__internal__", "tools", "keras_parameterized")


def paths(folder: Path) -> Iterator[str]:
    """Every module of a distribution, below keras."""
    for file in sorted((folder / "keras").rglob("*.py")):
        path = ".".join(file.relative_to(folder).with_suffix("").parts).removesuffix(".__init__") + "."
        for root in ROOTS:
            if path.startswith(root):
                yield path.removeprefix(root).rstrip(".")
                break


def main() -> None:
    found = {path for folder in sys.argv[1:] for path in paths(Path(folder))}
    old = {path for path in found if path and not is_module(f"keras.{path}") and not any(word in path for word in INNER)}
    old = {path for path in old if not path.startswith(("api", "src"))}
    groups: dict[str, list[str]] = {}
    for path in sorted(old):
        parent, _, name = path.rpartition(".")
        groups.setdefault(parent, []).append(name)
    lines = [
        '"""Modules of Keras 0.3 to 2.15 that Keras 3 does not have, by the module that they stand in.\n\n'
        'Written by `python -m tests.oracle.record_old_modules` from the published distributions.\n"""\n',
        "OLD_MODULES = {",
    ]
    for parent, names in groups.items():
        wrapped = textwrap.wrap(" ".join(names), 130)
        lines += (
            [f'    "{parent}": "{wrapped[0]}",']
            if len(wrapped) == 1 and len(wrapped[0]) < 100
            else [f'    "{parent}": """', *wrapped, '""",']
        )
    TARGET.write_text("\n".join([*lines, "}"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
