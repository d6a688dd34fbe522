"""Checks the arguments of compile, fit, evaluate and predict besides data: an error names the argument, its value, and one that works."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from shapecheck.layers.arguments import edit
from shapecheck.shapes import is_size
from tinyseq import nests
from tinyseq.argument_types import fits, is_integer, is_number
from tinyseq.training.user_warning import say


def count(argument: str, value: Any, least: int, what: str, example: int) -> int:
    """An integer of at least `least`. TypeError for anything but an integer, ValueError for one that is too small."""
    advice = edit(argument, value, lambda meant: is_size(meant) and meant >= least, f"for example {argument}={example}")
    words = f"{argument}={value!r}: expected {what}, an integer of at least {least}: {advice}"
    if not is_integer(value):
        raise TypeError(words)
    if int(value) < least:
        raise ValueError(words)
    return int(value)


def optional_count(argument: str, value: Any, what: str, example: int) -> int | None:
    """Like `count` from 1 on; None stays None."""
    return None if value is None else count(argument, value, 1, what, example)


def epochs(value: Any) -> int:
    """The number of passes over the data. ValueError for anything else."""
    try:
        return count("epochs", value, 0, "the number of passes over the data", 3)
    except TypeError as error:
        raise ValueError(str(error)) from None


def steps_at_once(value: Any) -> int:
    """steps_per_execution: "auto" is 1."""
    if isinstance(value, str) and value == "auto":
        return 1
    return count("steps_per_execution", value, 1, "a number of batches", 1)


def about_compilation(run_eagerly: Any, jit_compile: Any) -> None:
    """Warns of the arguments of compile() that ask for what steps here do not do."""
    if not fits(run_eagerly, "bool"):
        raise TypeError(f"run_eagerly={run_eagerly!r}: expected True or False, for example run_eagerly=False")
    if run_eagerly:
        say("run_eagerly=True has no effect: kernels are always compiled; fit(debug=True) looks into each step")
    if jit_compile != "auto" and not fits(jit_compile, "bool"):
        raise TypeError(f"jit_compile={jit_compile!r}: expected True, False or 'auto', for example jit_compile='auto'")
    if not jit_compile:
        say("jit_compile=False has no effect: kernels are always compiled")


def verbosity(value: Any) -> int:
    """0 silent, 1 a bar, 2 lines; "auto" is 1."""
    if isinstance(value, str) and value == "auto":
        return 1
    if isinstance(value, str) or not hasattr(value, "__index__"):
        raise ValueError(f"verbose={value!r}: expected 0 (silent), 1 (a bar), 2 (one line for each epoch) or 'auto', for example verbose=2")
    return int(value)


def shuffled(value: Any) -> bool:
    """shuffle."""
    if not fits(value, "bool"):
        raise ValueError(f"shuffle={value!r}: expected True or False, for example shuffle=True")
    return bool(value)


def share(value: Any) -> float:
    """validation_split."""
    words = f"validation_split={value!r}: expected a share from 0 to 1, for example validation_split=0.2"
    if not is_number(value):
        raise TypeError(words)
    if not 0 <= float(value) <= 1:
        raise ValueError(words)
    return float(value)


def frequency(value: Any) -> frozenset[int] | int:
    """validation_freq: every so many epochs, or after the epochs listed (the first is 1)."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(count("validation_freq", one, 1, "the epochs after which to validate", 1) for one in value)
    return count("validation_freq", value, 1, "the number of epochs between validations", 1)


def falls_on(epoch: int, when: frozenset[int] | int) -> bool:
    """Whether the epoch (the first is 0) is one after which to validate."""
    return epoch + 1 in when if isinstance(when, frozenset) else (epoch + 1) % when == 0


def weights_of_classes(value: Any) -> dict[int, float] | None:
    """class_weight: {label: weight}, whole labels and finite weights of at least 0."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise TypeError(f"class_weight={value!r}: expected a dictionary label -> weight, for example class_weight={{0: 1.0, 1: 2.0}}")
    for label, weight in value.items():
        if not is_integer(label):
            raise TypeError(f"class_weight: the label {label!r} is not an integer, for example class_weight={{0: 1.0, 1: 2.0}}")
        if not is_number(weight) or not 0 <= float(weight) < math.inf:
            raise ValueError(f"class_weight: {label}: {weight!r}: expected a weight of at least 0, for example {{{label}: 1.0}}")
    return {int(label): float(weight) for label, weight in value.items()}


def per_output(what: str, value: Any, names: Sequence[str], form: Any = None) -> list[Any]:
    """One value for each output from one value, a list, or a dictionary by output name; or, of nested outputs, a structure like theirs."""
    if form is not None and nests.is_nested(value) and not (len(value) == len(names) and not any(map(nests.is_nested, value))):
        return nests.spread(what, form, value)
    if isinstance(value, Mapping) and not set(value) & {"class_name"}:
        unknown = [name for name in value if name not in names]
        if unknown:
            raise ValueError(f"{what}: unknown output {unknown[0]!r}: use {', '.join(names)}")
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)):
        if len(value) != len(names):
            raise ValueError(f"{what}: got {len(value)} values for {len(names)} outputs ({', '.join(names)}): pass one for each")
        return list(value)
    return [value] * len(names)
