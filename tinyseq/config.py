"""tinyseq.config: Keras's settings of the whole process. What tinyseq does not compute otherwise is refused, not ignored.

>>> floatx(), image_data_format(), dtype_policy().compute_dtype
('float32', 'channels_last', 'float32')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinyseq.did_you_mean import attributes_of
from tinyseq.layers.image_data_format import image_data_format, set_image_data_format
from tinyseq.training.limits import max_epochs, max_steps_per_epoch, set_max_epochs, set_max_steps_per_epoch
from tinyseq.training.logging_switch import disable_interactive_logging, enable_interactive_logging, is_interactive_logging_enabled
from tinyseq.weights.dtype_policy import FLOATS, DTypePolicy

__all__ = [
    "DTypePolicy", "backend", "disable_flash_attention", "disable_interactive_logging", "disable_traceback_filtering", "dtype_policy",
    "enable_flash_attention", "enable_interactive_logging", "enable_traceback_filtering", "enable_unsafe_deserialization", "epsilon",
    "floatx", "image_data_format", "is_flash_attention_enabled", "is_interactive_logging_enabled", "is_nnx_enabled",
    "is_traceback_filtering_enabled", "max_epochs", "max_steps_per_epoch", "set_backend", "set_dtype_policy", "set_epsilon", "set_floatx",
    "set_image_data_format", "set_max_epochs", "set_max_steps_per_epoch",
]  # fmt: skip

EPSILON = 1e-7


def backend() -> str:
    """Who computes: "tinyseq"."""
    return "tinyseq"


def set_backend(backend: str) -> None:
    """Only "tinyseq".

    Arguments:
        backend: who computes
    """
    if backend != "tinyseq":
        raise NotImplementedError(f"set_backend({backend!r}): the kernels of tinyseq compute everything: leave it out")


def epsilon() -> float:
    """The small number that keeps logarithms and divisions finite."""
    return EPSILON


def set_epsilon(value: float) -> None:
    """Only 1e-7, which the kernels contain.

    Arguments:
        value: the small number
    """
    if value != EPSILON:
        raise NotImplementedError(f"set_epsilon({value!r}) is not computed: losses and metrics use {EPSILON}: leave it out")


def floatx() -> str:
    """The dtype of weights and values."""
    return "float32"


def set_floatx(value: str) -> None:
    """Only "float32".

    Arguments:
        value: the dtype of weights and values
    """
    if value not in FLOATS:
        raise ValueError(f"Unknown `floatx` value: {value}. Expected values are {', '.join(FLOATS)}: write set_floatx('float32')")
    if value != "float32":
        raise NotImplementedError(f"set_floatx({value!r}) is not computed: weights and values are float32: leave it out")


def dtype_policy() -> DTypePolicy:
    """The policy of every layer: float32."""
    return DTypePolicy()


def set_dtype_policy(policy: Any) -> None:
    """Only "float32".

    Arguments:
        policy: a DTypePolicy, or its name
    """
    DTypePolicy(str(getattr(policy, "name", policy)))


def is_flash_attention_enabled() -> bool:
    """False: attention computes all scores."""
    return False


def disable_flash_attention() -> None:
    """It is disabled already."""


def enable_flash_attention() -> None:
    """Refused: it does not exist here."""
    raise NotImplementedError("enable_flash_attention(): attention here computes all scores: leave it out")


def is_nnx_enabled() -> bool:
    """False."""
    return False


def is_traceback_filtering_enabled() -> bool:
    """False: an error shows all lines."""
    return False


def disable_traceback_filtering() -> None:
    """It is disabled already."""


def enable_traceback_filtering() -> None:
    """Refused: errors show all lines."""
    raise NotImplementedError("enable_traceback_filtering(): errors here show all lines: leave it out")


def enable_unsafe_deserialization() -> None:
    """Refused: code in a file is never run."""
    raise ValueError("enable_unsafe_deserialization(): code in a file is never run here: pass functions in custom_objects")


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
