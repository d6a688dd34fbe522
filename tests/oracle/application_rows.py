"""Checksums of a model's rows: small enough to store, fine enough to say where two models differ first."""

from __future__ import annotations

import hashlib
import json
from typing import Any

ARGUMENTS = (
    "activation", "center", "cropping", "depth_multiplier", "dilation_rate", "epsilon", "filters", "groups",
    "init_values", "invert", "keepdims", "kernel_size", "max_value", "mean", "momentum", "negative_slope", "noise_shape", "offset",
    "padding", "pool_size", "projection_dim", "rate", "rms_scaling", "scale", "strides", "target_shape", "threshold", "units",
    "use_bias", "variance", "kernel_initializer", "depthwise_initializer", "pointwise_initializer", "bias_initializer",
)  # fmt: skip
"""What a layer may have been told on which its numbers depend."""
SCALING = ("scale", "mode", "distribution")
"""What an initializer may have been told."""
ROWS = 16
"""Rows under one checksum."""


def checksums(rows: list[list[Any]]) -> str:
    """Eight hexadecimal digits for every 16 rows."""
    parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return " ".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:8] for part in parts)
