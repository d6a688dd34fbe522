"""tinyseq.preprocessing.sequence: sequences of different lengths as one array."""

from __future__ import annotations

from typing import Any

from tinyseq.did_you_mean import no_such_name
from tinyseq.utils import pad_sequences

__all__ = ["pad_sequences"]
NOT_THERE = {"TimeseriesGenerator": "Keras 3 has it no more: write utils.timeseries_dataset_from_array(data, targets, sequence_length)"}


def __getattr__(name: str) -> Any:
    raise no_such_name(f"module {__name__!r}", name, __all__, NOT_THERE)
