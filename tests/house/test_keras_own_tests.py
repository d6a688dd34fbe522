"""The record of Keras 3.15's own tests on tinyseq, made by tests/oracle/keras_own_tests/run.py: what passes, and why the rest does not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

RECORD: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parents[1] / "oracle" / "keras_own_tests.json").read_text(encoding="utf-8")
)
KINDS = (
    "passed", "absent feature", "accepted where Keras refuses", "behaves otherwise", "needs another backend", "needs another package",
    "other meaning", "private API", "refused", "refused in our words", "too long",
)  # fmt: skip
FOLDERS = (
    "activations", "callbacks", "constraints", "initializers", "layers", "losses", "metrics", "models", "optimizers", "regularizers",
    "trainers", "saving", "legacy",
)  # fmt: skip


def reasons() -> list[str]:
    return [reason for items in RECORD.values() for reason in items.values()]


def test_each_item_passes_or_has_a_reason_of_a_known_kind() -> None:
    assert {reason.split(":")[0] for reason in reasons()} <= set(KINDS)


def test_no_item_gets_a_wrong_number() -> None:
    assert [reason for reason in reasons() if reason.startswith("wrong number")] == []


def test_all_folders_of_the_public_interface_are_there() -> None:
    assert {file.split("/")[0] for file in RECORD} == set(FOLDERS)
    assert len(reasons()) > 3500


def test_so_many_pass() -> None:
    counts = Counter(reason.split(":")[0] for reason in reasons())
    assert counts["passed"] >= 2200, counts
    assert counts["behaves otherwise"] <= 20, "each of them has been looked at: say why in keras_own_tests/kinds.py"
