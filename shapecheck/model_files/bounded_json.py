"""JSON from files of others: no key twice, bounded depth, and one exception for whatever is wrong with a file."""

from __future__ import annotations

import json

from shapecheck.languages import because

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
        raise DamagedFile(because("{where} is nested too deeply: the file is damaged", where=where)) from error
    except ValueError as error:
        raise DamagedFile(because("{where} is not JSON ({error}): the file is damaged", where=where, error=words_of(error))) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(because("a key is there twice"))
    return found


def words_of(error: BaseException) -> str:
    """What an error says, as the Phrase that it was raised with if it was."""
    return error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)


def short(value: Any, limit: int = 60) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
