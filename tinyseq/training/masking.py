"""Masks of outputs: steps that are left out count neither in the loss nor in metrics that are means, as in Keras."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  # a numpy array: its operators have no useful types


def with_mask(weight: Any, mask: Array | None, reduction: str) -> Any:
    """The weight of each sample or step, 0 where the mask leaves it out; None: 1 everywhere.

    With sum_over_batch_size the others weigh more, so that the mean is over what is left.
    """
    if mask is None:
        return weight
    factor = (mask != 0).astype(np.float32)
    if reduction == "sum_over_batch_size":
        factor *= np.float32(mask.size / max(float(factor.sum()), 1.0))
    if weight is None:
        return factor
    given = np.asarray(weight, np.float32)
    given = given[..., 0] if given.ndim == factor.ndim + 1 else given
    return given.reshape(given.shape + (1,) * (factor.ndim - given.ndim)) * factor
