"""What lookup layers learnt from adapt(), put into a configuration before a model is made of it: Keras keeps it apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from shapecheck.model_files.bounded_json import short
from tinyseq.saving.names import numbered

Json = Any
Learnt = Callable[[str, str, Json], Mapping[str, Json]]
"""(place, name, configuration of a lookup) -> vocabulary, and idf_weights, if it has them."""

LOOKUPS = ("IntegerLookup", "StringLookup", "TextVectorization")


def fill(config: Json, learnt: Learnt, prefix: str = "layers/") -> None:
    """Sets `vocabulary` in every lookup of a model's configuration that has none.

    Arguments:
        config: the "config" of a Sequential or functional model; changed in place
        learnt: what a lookup learnt, by its place (layers/string_lookup_1), its name and its configuration
        prefix: the place of the layers
    """
    entries = config.get("layers") if isinstance(config, dict) else None
    given = entries if isinstance(entries, list) else []
    layers = [one for one in given if isinstance(one, dict) and isinstance(one.get("config"), dict)]
    stack = isinstance(config, dict) and "input_layers" not in config
    counted = [one for one in layers if not (stack and one.get("class_name") == "InputLayer")]
    for group, entry in zip(numbered(str(one.get("class_name")) for one in counted), counted, strict=True):
        inner = entry["config"]
        if "layers" in inner:
            fill(inner, learnt, f"{prefix}{group}/layers/")
        elif entry.get("class_name") in LOOKUPS and not inner.get("vocabulary"):
            inner.update(learnt(f"{prefix}{group}", str(inner.get("name")), inner))


def special_tokens(config: Json) -> int:
    """How many tokens of a vocabulary are not learnt: the mask, of indices only, and those for unknown tokens."""
    has_mask = config.get("mask_token") is not None or "standardize" in config  # TextVectorization's is "", an argument of none
    masked = has_mask and config.get("output_mode", "int") == "int"
    unknown = config.get("num_oov_indices", 1)
    if not isinstance(unknown, int):
        raise ValueError(f"a lookup of the file has num_oov_indices={short(unknown)}, expected a number: the file is damaged")
    return int(masked) + unknown


def all_factors(layer: Any) -> Any:
    """The idf_weights of a lookup with those of unknown tokens before them: their mean, as in Keras."""
    factors = np.asarray(layer.idf_weights, np.float32).reshape(-1)
    before = max(int(layer.vocabulary_size()) - factors.size, 0)
    return np.concatenate([np.full(before, factors.mean(), np.float32), factors])
