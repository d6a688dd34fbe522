"""The recorded files beside the scripts."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read(name: str) -> Any:
    """A recorded file as it is; {} if there is none yet."""
    path = HERE / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(name: str, content: Any) -> None:
    """Write a recorded file, one entry a line so that a re-recording reads well as a diff."""
    text = {key: json.dumps(value) for key, value in content.items()}
    lines = ",\n".join(f"{json.dumps(key)}: {value}" for key, value in text.items())
    (HERE / name).write_text("{\n" + lines + "\n}\n", encoding="utf-8")
