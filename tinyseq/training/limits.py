"""The greatest number of epochs and of steps in an epoch for every fit of this process: to try a long program quickly."""

from __future__ import annotations

import os

from tinyseq.argument_types import is_integer
from tinyseq.training.user_warning import say

_most: dict[str, int | None] = {}


def _read(name: str) -> int | None:
    if name not in _most:
        text = os.environ.get(name, "").strip()
        if text and not text.isdecimal():
            raise ValueError(f"{name} must be an integer, got {text!r}: for example 2, or 0 for no limit")
        _most[name] = int(text or 0) or None
    return _most[name]


def _set(argument: str, name: str, value: int | None) -> None:
    if value is not None and not (is_integer(value) and int(value) > 0):
        raise ValueError(f"{argument}={value!r}: expected an integer of at least 1, or None for no limit, for example {argument}=2")
    _most[name] = None if value is None else int(value)


def max_epochs() -> int | None:
    """At most so many epochs; None: as fit says. At first the environment's KERAS_MAX_EPOCHS."""
    return _read("KERAS_MAX_EPOCHS")


def set_max_epochs(max_epochs: int | None) -> None:
    """No fit runs more epochs from now on.

    Arguments:
        max_epochs: the limit; None: none
    """
    _set("max_epochs", "KERAS_MAX_EPOCHS", max_epochs)


def max_steps_per_epoch() -> int | None:
    """At most so many batches in an epoch; None: as fit says. At first the environment's KERAS_MAX_STEPS_PER_EPOCH."""
    return _read("KERAS_MAX_STEPS_PER_EPOCH")


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """No epoch, evaluate or predict has more batches from now on.

    Arguments:
        max_steps_per_epoch: the limit; None: none
    """
    _set("max_steps_per_epoch", "KERAS_MAX_STEPS_PER_EPOCH", max_steps_per_epoch)


def limited_epochs(epochs: int) -> int:
    """The epochs of a fit."""
    most = max_epochs()
    if most is not None and most < epochs:
        say(f"Limiting epochs to {most}: set_max_epochs(None) takes the limit away")
        return most
    return epochs


def limited_steps(steps: int | None, known: int | None) -> int | None:
    """The batches of an epoch: those that the call names, at most the limit. `known`: how many the data have, if that is known."""
    most = max_steps_per_epoch()
    if most is None or most >= (steps or known or most + 1):
        return steps
    say(f"Limiting steps_per_epoch to {most}: set_max_steps_per_epoch(None) takes the limit away")
    return most
