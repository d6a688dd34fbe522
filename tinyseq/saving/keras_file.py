"""Writing Keras 3's .keras file, a zip of metadata.json, config.json and model.weights.h5, or a folder of these files."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from shapecheck.model_files.keras_archive import CONFIG, METADATA, WEIGHTS

Json = Any

KERAS_VERSION = "3.15.1"
"""Whose form the files have that we write."""


def write(file: IO[bytes], config: Json, weights: Any, assets: Mapping[str, bytes]) -> None:
    """The members, stored."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in _members(config, weights, assets).items():
            archive.writestr(name, data)


def write_members(folder: str, config: Json, weights: Any, assets: Mapping[str, bytes]) -> None:
    """The same as files in a folder, on the disk."""
    for name, data in _members(config, weights, assets).items():
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _members(config: Json, weights: Any, assets: Mapping[str, bytes]) -> dict[str, Any]:
    metadata = {"keras_version": KERAS_VERSION, "date_saved": datetime.now().strftime("%Y-%m-%d@%H:%M:%S")}
    return {METADATA: json.dumps(metadata).encode(), CONFIG: json.dumps(config).encode(), WEIGHTS: weights, **assets}
