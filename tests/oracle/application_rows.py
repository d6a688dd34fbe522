"""Checksums of a model's rows: small enough to store, fine enough to say where two models differ first."""

from __future__ import annotations

import hashlib
import json
from typing import Any

ROWS = 16
"""Rows under one checksum."""


def checksums(rows: list[list[Any]]) -> str:
    """Eight hexadecimal digits for every 16 rows."""
    parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return " ".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:8] for part in parts)
