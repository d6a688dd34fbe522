"""keras.__version__ and tensorflow.__version__: the first number is known, so that an `if` on it reads the branch that runs.

>>> at_least_2 = compared("GtE", Version("3"), "2.4")
>>> at_least_2, compared("Lt", Version("3"), "3.5")
(True, ?)
"""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.values import Items, Version, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.keras.dialects import Dialect


def of(path: str, dialect: Dialect) -> Any:
    """The value of keras.__version__ or tensorflow.__version__; None for other names. An older Keras may be 1 or 2."""
    major = {"keras.__version__": "3", "tensorflow.__version__": "2", "tensorflow.version.VERSION": "2"}.get(canonical(path))
    if major is None:
        return None
    return Version(major) if dialect.version >= 3 else unknown("version", because("the version that runs this is unknown"))


def method(version: Version, name: str, args: list[Any]) -> Any:
    """.split(".") and .startswith("2")."""
    if name == "split" and args == ["."]:
        return Items([version.major, unknown("minor version"), unknown("patch version")])
    if name == "startswith" and len(args) == 1 and isinstance(args[0], str):
        if args[0] == version.major:
            return True
        return unknown("condition") if args[0].startswith(f"{version.major}.") else False
    return unknown(name)


def compared(op: str, left: Any, right: Any) -> Any:
    """left op right, one side a Version and the other a string: known if the first numbers differ."""
    import re

    text = right if isinstance(left, Version) else left
    match = re.match(r"\d+", text) if isinstance(text, str) else None
    if match is None:
        return unknown("condition")
    numbers = [int(side.major) if isinstance(side, Version) else int(match[0]) for side in (left, right)]
    if numbers[0] != numbers[1]:
        less = numbers[0] < numbers[1]
        return {"Lt": less, "LtE": less, "Gt": not less, "GtE": not less, "Eq": False, "NotEq": True}.get(op, unknown("condition"))
    least = isinstance(left, Version) and re.fullmatch(r"\d+(\.0)*", text) is not None
    return {"GtE": True, "Lt": False}.get(op, unknown("condition")) if least else unknown("condition")
