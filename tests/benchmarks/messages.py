"""How a process that measures hears what to do and says what it found: JSON, on its standard input and output."""

from __future__ import annotations

import json
import sys
from typing import Any

MARK = "@measured "
"""Begins a line that is a result: the frameworks print there too."""


def job() -> Any:
    """What this process is to do."""
    return json.load(sys.stdin)


def tell(result: Any) -> None:
    """Hands a result to the process that started this one."""
    print(MARK + json.dumps(result), flush=True)
