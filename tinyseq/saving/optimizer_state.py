"""The state of an optimizer, as the numbered arrays that Keras 3 writes: iteration, learning rate, then its arrays for each weight.

Source: keras 3.15, build() of each class in keras/src/optimizers.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.training.optimizer import Optimizer
from tinyseq.training.rare_optimizers import Nadam
from tinyseq.weights.weight import Weight

Array = NDArray[Any]

ORDER: dict[str, tuple[tuple[str, ...], ...]] = {
    "Adadelta": (("gradient", "step"),),
    "Adagrad": (("a",),),
    "Adam": (("m", "v"), ("most",)),
    "AdamW": (("m", "v"), ("most",)),
    "Adamax": (("m", "u"),),
    "Ftrl": (("a", "linear"),),
    "Lion": (("m",),),
    "Nadam": (("m", "v"),),
    "RMSprop": (("v",), ("momentum",), ("mean",)),
    "SGD": (("momentum",),),
}
"""Slots that alternate from weight to weight form one group; groups follow each other."""


def known(optimizer: Optimizer) -> bool:
    """True if Keras has this optimizer, in this order. Accumulated gradients are not written."""
    ours = type(optimizer).__name__ in ORDER and type(optimizer).__module__.startswith("tinyseq.")
    return ours and not optimizer.gradient_accumulation_steps


def arrays(optimizer: Optimizer, weights: Sequence[Weight]) -> list[Array]:
    """Everything that training needs to go on, in Keras's order."""
    found: list[Array] = [np.int64(optimizer.iterations)]  # type: ignore[list-item]
    if optimizer._schedule is None:
        found.append(np.float32(optimizer.learning_rate))  # type: ignore[arg-type]
    if optimizer.use_ema:
        found += [_average(optimizer, weight) for weight in weights]
    found += [array.reshape(weight.shape) for weight, array in _slots(optimizer, weights)]
    if hasattr(optimizer, "_product"):
        found.append(np.float32(optimizer._product))  # type: ignore[arg-type]
    return found


def can_be_saved(optimizer: Optimizer) -> bool:
    """Whether there is a state that Keras could read. Warns if there is one that it could not."""
    if not optimizer.iterations:
        return False
    if not known(optimizer):
        warnings.warn(
            f"what {type(optimizer).__name__} remembers is not saved: after loading, its averages start anew. "
            f"callbacks.BackupAndRestore keeps it",
            stacklevel=8,
        )
        return False
    if isinstance(optimizer, Nadam) and optimizer._schedule_decay != 1:
        warnings.warn("Nadam comes from a file of Keras 1 or 2: after loading, its momentum grows as in Keras 3, faster", stacklevel=8)
    return True


def restore(optimizer: Optimizer, weights: Sequence[Weight], read: Sequence[Array]) -> bool:
    """The reverse of `arrays`. False, with nothing changed, if there are more or fewer, or of other shapes."""
    fixed = optimizer._schedule is None
    targets = [array for _, array in _slots(optimizer, weights)]
    shapes = [weight.shape for weight, _ in _slots(optimizer, weights)]
    averages = [weight.shape for weight in weights] if optimizer.use_ema else []
    product = [()] if hasattr(optimizer, "_product") else []
    expected = [(), *([()] if fixed else []), *averages, *shapes, *product]
    if [array.shape for array in read] != expected:
        return False
    rest = list(read)
    optimizer.iterations = int(rest.pop(0))
    if fixed:
        rate = rest.pop(0)
        if np.float32(optimizer.learning_rate) != rate:  # else the setting has more digits than the file
            optimizer.learning_rate = float(rate)
    for weight in weights if optimizer.use_ema else ():
        optimizer._averages[id(weight)] = np.array(rest.pop(0), np.float32)
    for target in targets:
        target[...] = rest.pop(0).reshape(-1)
    if product:
        optimizer._product = float(rest.pop(0))  # type: ignore[attr-defined]
    return True


SLOTS_OF_KERAS_2 = {
    "accum_grad": "gradient", "accum_var": "step", "accumulated_delta_var": "step", "accumulated_grad": "gradient", "accumulator": "a",
    "average_gradient": "mean", "linear": "linear", "m": "m", "mg": "mean", "momentum": "momentum", "rms": "v", "u": "u", "v": "v",
    "velocity": "v", "velocity_hat": "most", "vhat": "most",
}  # fmt: skip
"""What Keras 2 calls the arrays kept for a weight, and which slot of ours that is."""


def restore_by_name(optimizer: Optimizer, weights: Sequence[Weight], read: Sequence[tuple[str, Array]]) -> bool:
    """The state that Keras 2 wrote: Adam/conv2d/kernel/m:0 or Adam/m/conv2d/kernel:0. False, with nothing changed, if some is missing."""
    slots: dict[str, list[Array]] = {name: [] for name in optimizer.slots}
    iterations = product = None
    for name, array in read:
        words = name.rpartition(":")[0].split("/") if ":" in name else name.split("/")
        if words[-1] in ("iter", "iteration", "iterations") or words[0] == "iteration":
            iterations = int(array)
            continue
        if words[-1] == "momentum_cache":
            product = float(array) if array.shape == () else None
            continue
        known = [slot for word in (words[-1], *words[1:2]) if (slot := _slot(optimizer, word)) is not None]
        if known:
            slots[known[0]].append(array)
    shapes = [weight.shape for weight in weights]
    if iterations is None or any([array.shape for array in arrays] != shapes for arrays in slots.values()):
        return False
    optimizer.iterations = iterations
    _restore_product(optimizer, product)
    for weight, *arrays in zip(weights, *slots.values(), strict=True):
        for target, array in zip(optimizer._arrays(weight), arrays, strict=True):
            target[...] = array.reshape(-1)
    return True


OLD_ORDER: dict[str, tuple[str, ...]] = {
    "Adadelta": ("gradient", "step"), "Adagrad": ("a",), "Adam": ("m", "v", "most"), "Adamax": ("m", "u"),
    "Nadam": ("m", "v"), "RMSprop": ("v",), "SGD": ("momentum",),
}  # fmt: skip
"""The arrays of Keras 1 to 2.3: first those of one kind for all weights, then those of the next. Source: keras 2.3.1, optimizers.py."""


MOST_STEPS = 100_000
"""Factors of Nadam's product that are multiplied: it is 0 long before."""


def restore_by_position(optimizer: Optimizer, weights: Sequence[Weight], read: Sequence[Array]) -> bool:
    """The state that Keras 1 to 2.3 wrote, whose names say nothing. False, with nothing changed, if it is not that of these weights.

    RMSprop and similar ones had no count of steps before 2.3, and SGD of Keras 1 counted only with decay=: then it is 1, unless a
    schedule needs it.
    """
    names = OLD_ORDER.get(type(optimizer).__name__)
    rest = list(read)
    counted = bool(rest) and rest[0].shape == ()
    iterations = max(int(rest.pop(0)), 1) if counted else 1
    product = float(rest.pop(0)) if isinstance(optimizer, Nadam) and rest and rest[0].shape == () else None
    if names is None or not weights or len(rest) % len(weights):
        return False
    if not counted and optimizer._schedule is not None:
        return False
    groups = [rest[start : start + len(weights)] for start in range(0, len(rest), len(weights))]
    kept = {name: group for name, group in zip(names, groups, strict=False) if name in optimizer.slots}
    shapes = [weight.shape for weight in weights]
    fits = all([one.shape for one in group] == shapes for group in kept.values())
    if len(groups) > len(names) or set(kept) != set(optimizer.slots) or not fits:
        return False
    optimizer.iterations = iterations
    _restore_product(optimizer, product)
    for number, weight in enumerate(weights):
        for name, target in zip(optimizer.slots, optimizer._arrays(weight), strict=True):
            target[...] = kept[name][number].reshape(-1)
    return True


def _restore_product(optimizer: Optimizer, product: float | None) -> None:
    """Nadam's product of momenta, which Keras 1 to 2.2 did not write: it follows from the number of steps."""
    if isinstance(optimizer, Nadam):
        steps = range(1, min(optimizer.iterations, MOST_STEPS) + 1)
        optimizer._product = math.prod(map(optimizer._momentum, steps)) if product is None else product


def _slot(optimizer: Optimizer, word: str) -> str | None:
    """SGD's and RMSprop's momentum, Adam's m: the word depends on the optimizer."""
    name = SLOTS_OF_KERAS_2.get(word)
    if name not in optimizer.slots and word in ("momentum", "momentums"):
        name = "m"
    if name not in optimizer.slots and word == "velocity":
        name = "v"
    return name if name in optimizer.slots else None


def _slots(optimizer: Optimizer, weights: Sequence[Weight]) -> Iterator[tuple[Weight, Array]]:
    for group in ORDER[type(optimizer).__name__]:
        names = [name for name in group if name in optimizer.slots]
        for weight in weights:
            kept = dict(zip(optimizer.slots, optimizer._arrays(weight), strict=True))
            for name in names:
                yield weight, kept[name]


def _average(optimizer: Optimizer, weight: Weight) -> Array:
    found = optimizer._averages.get(id(weight))
    return weight.value if found is None else found
