"""JSON from files of others: no key twice, bounded depth, and one exception for whatever is wrong with a file."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class DamagedFile(ValueError):
    """A damaged or unexpected file; the message says where and why."""


def parse(text: Any, where: str) -> Any:
    """JSON (bytes) in which no key is twice. DamagedFile for anything else."""
    try:
        return json.loads(bytes(text).decode("utf-8"), object_pairs_hook=_once)
    except RecursionError as error:
        raise DamagedFile(f"{where}: is nested too deeply: the file is damaged") from error
    except ValueError as error:
        raise DamagedFile(f"{where}: is not JSON ({error}): the file is damaged") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def short(value: Any, limit: int = 60) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
