"""Saving: models and weights in files, configurations as plain dictionaries, and which classes of the user's own files may name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tinyseq.did_you_mean import no_such_name

if TYPE_CHECKING:
    from tinyseq.registered import (
        CustomObjectScope,
        custom_object_scope,
        get_custom_objects,
        get_registered_name,
        get_registered_object,
        register_keras_serializable,
    )
    from tinyseq.saving.face import load_model, load_weights, save_model, save_weights
    from tinyseq.saving.objects import deserialize_keras_object, serialize_keras_object

_HOMES = {
    **dict.fromkeys(("load_model", "load_weights", "save_model", "save_weights"), "tinyseq.saving.face"),
    **dict.fromkeys(("deserialize_keras_object", "serialize_keras_object"), "tinyseq.saving.objects"),
}
__all__ = [
    "CustomObjectScope", "custom_object_scope", "deserialize_keras_object", "get_custom_objects", "get_registered_name",
    "get_registered_object", "load_model", "load_weights", "register_keras_serializable", "save_model", "save_weights",
    "serialize_keras_object",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise no_such_name(f"module {__name__!r}", name, __all__, {})
    return getattr(import_module(_HOMES.get(name, "tinyseq.registered")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
