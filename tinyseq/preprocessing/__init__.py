"""tinyseq.preprocessing: names that Keras has in keras.preprocessing; they are those of tinyseq.utils."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tinyseq.did_you_mean import no_such_name
from tinyseq.pipelines.folders import image_dataset_from_directory, text_dataset_from_directory
from tinyseq.pipelines.series import timeseries_dataset_from_array

__all__ = ["image_dataset_from_directory", "text_dataset_from_directory", "timeseries_dataset_from_array"]
GROUPS = ("image", "sequence")
"""Modules with the others."""
NOT_THERE = {"text": "a tokenizer is not there: write layers.TextVectorization, and adapt it to the texts"}


def __getattr__(name: str) -> Any:
    if name in GROUPS:
        return import_module(f"tinyseq.preprocessing.{name}")
    raise no_such_name(f"module {__name__!r}", name, [*__all__, *GROUPS], NOT_THERE)
