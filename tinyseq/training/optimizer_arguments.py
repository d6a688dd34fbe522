"""The arguments that all optimizers share, checked: an error names the argument, its value, and one that works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tinyseq.argument_types import is_integer, is_number
from tinyseq.did_you_mean import meant

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def check(kind: str, given: Mapping[str, Any]) -> None:
    """ValueError for a value that means nothing. `given`: all of them by name; `kind`: the optimizer's."""
    if sum(given[name] is not None for name in CLIPS) > 1:
        raise ValueError(
            "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
            + ", ".join(f"{name}={given[name]}" for name in CLIPS)
        )
    for name in ("weight_decay", *CLIPS, "loss_scale_factor"):
        value = given[name]
        if value is not None and (not is_number(value) or not float(value) >= 0):
            raise ValueError(f"{kind}: {name}={value!r}: expected a number from 0 on, for example {name}=0.01")
    steps = given["gradient_accumulation_steps"]
    if steps and (not is_integer(steps) or steps < 2):
        raise ValueError(f"{kind}: `gradient_accumulation_steps` must be an integer >= 2, got {steps!r}: for example 4")
    if given["use_ema"]:
        _check_average(given["ema_momentum"], given["ema_overwrite_frequency"])


def _check_average(momentum: Any, every: Any) -> None:
    if not is_number(momentum) or not 0 <= momentum <= 1:
        raise ValueError(f"`ema_momentum` must be in the range [0, 1], got {momentum!r}: for example ema_momentum=0.99")
    if every and (not is_integer(every) or every < 1):
        raise ValueError(f"`ema_overwrite_frequency` must be an integer >= 1 or None, got {every!r}: for example 100")


def check_share(kind: str, **shares: Any) -> None:
    """ValueError for a share of a running mean that is not kept from 0 to below 1: the formulas divide by 1 - share."""
    for name, value in shares.items():
        if not 0 <= value < 1:
            raise ValueError(f"{kind}: {name}={value}: expected a number from 0 to below 1, for example {name}=0.9")


def check_portion(kind: str, **portions: Any) -> None:
    """ValueError for a share of what was before that is not from 0 to 1."""
    for name, value in portions.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{kind}: {name}={value}: expected a number from 0 to 1, for example {name}=0.9")


def check_epsilon(kind: str, **given: Any) -> None:
    """ValueError for a number below 0 that is added to what is divided by."""
    for name, value in given.items():
        if value is not None and not value >= 0:
            raise ValueError(f"{kind}: {name}={value}: expected a number of at least 0, for example {name}=1e-7")


def refuse_unknown(kind: str, learning_rate: Any, options: Mapping[str, Any], known: Callable[[], list[str]]) -> None:
    """ValueError for arguments that no optimizer has: Keras 2's by what replaces them, others by the nearest one."""
    if "lr" in options:
        raise ValueError(f"{kind}: lr= is the old name: write learning_rate={options['lr']!r}")
    if "decay" in options:
        raise ValueError(
            f"{kind}: decay= is of Keras 2, where the rate fell to learning_rate / (1 + decay * step): write "
            f"{kind}(optimizers.schedules.InverseTimeDecay({learning_rate!r}, 1, {options['decay']!r}))"
        )
    for unknown in options:
        raise ValueError(f"{kind}: has no argument {unknown!r}: {meant(unknown, known())}")
