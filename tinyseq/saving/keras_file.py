"""Writing the .keras file of Keras 3: a zip of metadata.json, config.json and model.weights.h5. It is read by shapecheck.model_files."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from typing import IO, Any

from shapecheck.model_files.keras_archive import CONFIG, METADATA, WEIGHTS

Json = Any

KERAS_VERSION = "3.15.1"
"""Whose form the files have that we write."""


def write(file: IO[bytes], config: Json, weights: Any) -> None:
    """The three members, stored."""
    metadata = {"keras_version": KERAS_VERSION, "date_saved": datetime.now().strftime("%Y-%m-%d@%H:%M:%S")}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(METADATA, json.dumps(metadata))
        archive.writestr(CONFIG, json.dumps(config))
        archive.writestr(WEIGHTS, weights)
