"""Damaged files and files made to mislead: a sentence in bounded time, never a traceback; 2,000 seeded mutants."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_file
from shapecheck.findings import FileReport
from shapecheck.single_file import make
from tests.saving.mutations import changed, flipped

ORACLE = Path(__file__).parents[1] / "oracle"
SECONDS = 10.0
"""For one file; the slowest mutant takes 0.1 s on a quiet machine."""


@cache
def stored(archive: str, name: str) -> bytes:
    with zipfile.ZipFile(ORACLE / archive) as members:
        return members.read(name)


def report(path: Path) -> FileReport:
    """The report, which has a table, a finding or a reason, and no internal error."""
    begin = time.process_time()
    (found,) = check_file(str(path)).files
    assert time.process_time() - begin < SECONDS
    assert found.stacks or found.findings or found.error
    assert not found.internal
    for finding in found.findings:
        assert finding.words and "\n" not in finding.words and len(finding.words) < 2000
    return found


# ---------------------------------------------------------------------- mutants

def of_json(dice: random.Random) -> tuple[str, bytes]:
    name = dice.choice(("nested.keras", "operations.keras", "states.keras", "unet.keras", "cells.keras", "scores.keras"))
    with zipfile.ZipFile(io.BytesIO(stored("model_files.zip", name))) as members:
        config = json.loads(members.read("config.json"))
    return "model.json", json.dumps(changed(config, dice)).encode()


def of_archive(dice: random.Random) -> tuple[str, bytes]:
    """Repacked with right checksums, so that the mutant gets past the container."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("config.json", of_json(dice)[1])
        archive.writestr("metadata.json", json.dumps(changed({"keras_version": "3.15.1", "date_saved": "2026"}, dice)))
        archive.writestr("model.weights.h5", b"")
    return "model.keras", content.getvalue()


def of_container(dice: random.Random) -> tuple[str, bytes]:
    return "model.keras", flipped(stored("model_files.zip", "nested.keras"), dice)


def of_hdf5(dice: random.Random) -> tuple[str, bytes]:
    name = dice.choice(("1.2.2-branches.h5", "2.12.0-convnet.h5", "2.3.1-sequence.h5"))
    return "model.h5", flipped(stored("old_files.zip", name), dice)


@pytest.mark.parametrize("make_mutant, count", [(of_json, 800), (of_archive, 500), (of_container, 300), (of_hdf5, 400)])
def test_a_mutant_gets_a_sentence(make_mutant: Callable[[random.Random], tuple[str, bytes]], count: int, tmp_path: Path) -> None:
    past = 0
    for seed in range(count):
        name, data = make_mutant(random.Random(seed))
        path = tmp_path / name
        path.write_bytes(data)
        try:
            past += bool(report(path).stacks)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
    assert past > count * 0.03


# ---------------------------------------------------------------------- attacks


def archive_of(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


FIRST = b'{"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}'
GOOD = b'{"class_name": "Sequential", "config": {"name": "net", "layers": [' + FIRST + b"]}}"


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    padded = GOOD[:-1] + b" " * (300 << 20) + b"}"
    path = archive_of(tmp_path / "a.keras", {"config.json": padded, "model.weights.h5": b""}, zipfile.ZIP_DEFLATED)
    assert "would unpack to" in report(path).findings[0].words


def test_a_file_of_brackets_is_nested_too_deeply(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"class_name": "Sequential", "config": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    assert report(path).findings[0].code == "SC006"
    inner: Any = {"class_name": "Dense", "config": {"units": 3, "name": "d"}}
    for _ in range(150):
        inner = {"class_name": "Sequential", "config": {"name": "s", "layers": [inner]}}
    path.write_text(json.dumps(inner), encoding="utf-8")
    report(path)


def test_layers_in_the_wrong_order_and_very_many_take_bounded_time(tmp_path: Path) -> None:
    def one(name: str, feed: str) -> dict[str, Any]:
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [feed, 0, 0]}}
        dense = {"class_name": "Dense", "name": name, "config": {"name": name, "units": 4}}
        return {**dense, "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}

    first = {"class_name": "InputLayer", "name": "d0", "config": {"batch_shape": [None, 4], "name": "d0"}, "inbound_nodes": []}
    backwards = [one(f"d{number}", f"d{number - 1}") for number in range(3000, 0, -1)]
    config = {"name": "m", "layers": [*backwards, first], "input_layers": ["d0", 0, 0], "output_layers": ["d3000", 0, 0]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"class_name": "Functional", "config": config}), encoding="utf-8")
    assert report(path).stacks[0].table.params == 3000 * 20
    many = [{"class_name": "Dropout", "config": {"name": f"d{number}", "rate": 0.1}} for number in range(25_000)]
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": many}}), encoding="utf-8")
    assert "more than 20,000 layers" in report(path).findings[0].words


def test_a_file_twice_in_the_archive_and_one_twice_in_the_json_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "w") as archive:
        for _ in range(2):
            archive.writestr("config.json", GOOD)
        archive.writestr("model.weights.h5", b"")
    assert "contains a member twice" in report(path).findings[0].words
    archive_of(path, {"config.json": GOOD[:-1] + b', "class_name": "Functional"}', "model.weights.h5": b""})
    assert "a key is there twice" in report(path).findings[0].words


def test_assets_and_missing_weights_are_said_and_the_table_is_there(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.keras", {"config.json": GOOD, "model.weights.h5": b"", "assets/words.txt": b"a"})
    assert report(path).stacks and "the file holds 'assets/words.txt'" in report(path).findings[0].words
    archive_of(path, {"config.json": GOOD})
    assert "the file has no weights" in report(path).findings[0].words


def test_pipes_devices_and_folders_are_not_read(tmp_path: Path) -> None:
    import os

    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "model.keras")
        from shapecheck.model_files.recognise import listed

        assert not listed(str(tmp_path / "model.keras"))


def test_without_pyfive_the_report_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "a.h5").write_bytes(stored("old_files.zip", "2.12.0-convnet.h5"))
    (tmp_path / "b.keras").write_bytes(stored("model_files.zip", "nested.keras"))
    archive = make(tmp_path / "shapecheck.pyz")
    command = [sys.executable, "-I", "-S", str(archive), "a.h5", "b.keras"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, encoding="utf-8")
    assert "a.h5: cannot be read: the file is an HDF5 file, which needs the package pyfive: python -m pip install pyfive" in run.stdout
    assert "b.keras: functional" in run.stdout and run.returncode == 2
