"""Evidence that an older Keras runs a file: a version pinned in it, in a notebook cell, or in requirements beside it; tf_keras.

>>> pinned("!pip install keras==2.2.4"), pinned("assert keras.__version__.startswith('2')"), pinned("# needs keras>=2.0")
('it pins keras 2.2.4', 'it asserts keras 2', '')
"""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.reader.source import Unit

REQUIREMENT = re.compile(
    r"(?<![\w./-])(keras|tensorflow(?:[-_](?:gpu|cpu|macos))?)(?:\[[\w,]*\])?\s*[\"']?\s*(==|~=|<=|<|=|\^|~|===)\s*[\"']?\s*[\^~=<]*\s*v?(\d+)(?:\.(\d+))?([\w.]*)",
    re.I,
)
"""keras==2.2.4, tensorflow<2.16, keras = "^2.3", tensorflow=1.15 ..."""
COMMENT = re.compile(r"^[^\n#\"']*#[^\n]*|^\s*[!%]\s*(?:pip3?|conda)\b[^\n]*|os\.system\([^\n]*|pip3? install[^\n]*", re.M)
"""Parts of a source text where a pin counts: comments and install commands."""
ASSERTED = re.compile(r"assert[^\n]*\b(keras|tf|tensorflow|K)\.(?:__version__|version\.VERSION)[^\n]*?[\"']v?(\d+)(?:\.(\d+))?")
LEGACY = re.compile(r"\btf_keras\b|TF_USE_LEGACY_KERAS[\"']?\]?\s*(?:=|,)\s*[\"']?(?:1|[Tt]rue)")
MAGIC = re.compile(r"^\s*%tensorflow_version\s+[12]", re.M)
FILES = re.compile(r"requirements[\w.-]*\.(?:txt|in)|setup\.(?:py|cfg)|pyproject\.toml|(?:conda|environment)[\w.-]*\.ya?ml|Pipfile", re.I)
MOST_READ = 64_000
MOST_FILES = 12
HIGHEST = 8
"""Most folders searched up to the top of a repository."""


def pinned(text: str) -> str:
    """The older version of Keras that a source text declares; "" if there is none."""
    if LEGACY.search(text):
        return "it uses tf_keras"
    found = ASSERTED.search(text)
    if found and _old("keras" if found[1] in ("keras", "K") else "tensorflow", "==", int(found[2]), int(found[3] or 0)):
        return f"it asserts {'keras' if found[1] in ('keras', 'K') else 'tensorflow'} {found[2]}{f'.{found[3]}' if found[3] else ''}"
    if MAGIC.search(text):
        return "it selects an old TensorFlow"
    for line in text.split("\n"):
        lower = line.lower()
        if "keras" in lower or "tensorflow" in lower:
            for part in COMMENT.finditer(line):
                why = _required(part[0])
                if why:
                    return f"it pins {why}"
    return ""


def _required(text: str) -> str:
    """The first requirement of an older Keras in a text: "keras 2.2.4"."""
    for match in REQUIREMENT.finditer(text):
        name, operator, major, minor = match[1].lower(), match[2], int(match[3]), int(match[4] or 0)
        if _old(name, operator, major, minor):
            return f"{name} {match[3]}{f'.{match[4]}' if match[4] else ''}{match[5]}"
    return ""


def _old(name: str, operator: str, major: int, minor: int) -> bool:
    """True for a version before Keras 3, and before TensorFlow 2.16, which brought it."""
    if name.startswith("keras"):
        return major < 3 or (operator == "<" and (major, minor) == (3, 0))
    if operator == "^":
        return major < 2
    return (major, minor) < (2, 16) or (operator == "<" and (major, minor) == (2, 16))


def beside(path: str) -> str:
    """The same for requirements in a file's folder and its parents up to the top of its repository; "" if there is none."""
    if not os.path.isfile(path):
        return ""
    for folder in _folders(os.path.dirname(os.path.abspath(path))):
        try:
            names = sorted(name for name in os.listdir(folder) if FILES.fullmatch(name))
        except OSError:
            continue
        for name in names[:MOST_FILES]:
            why = _read(os.path.join(folder, name))
            if why:
                return f"{name} requires {why}"
    return ""


def _folders(folder: str) -> Iterator[str]:
    yield folder
    above = [folder]
    while len(above) < HIGHEST and not os.path.exists(os.path.join(above[-1], ".git")):
        up = os.path.dirname(above[-1])
        if up == above[-1]:
            return
        above.append(up)
    if os.path.exists(os.path.join(above[-1], ".git")):
        yield from above[1:]


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            text = file.read(MOST_READ).decode("utf-8", "replace")
    except OSError:
        return ""
    lines = "\n".join(line.partition("#")[0] for line in text.splitlines())
    if re.search(r"(?<![\w-])tf[-_]keras(?![\w-])", lines):
        return "tf_keras"
    return _required(lines)


def older(units: list[Unit], path: str) -> str:
    """Why an older Keras is assumed to run a file; "" if there is no evidence."""
    return next((why for why in (pinned(unit.text) for unit in units) if why), "") or beside(path)
