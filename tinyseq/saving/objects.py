"""One object at a time as a dictionary that JSON can hold, and back: serialize_keras_object, deserialize_keras_object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinyseq.registered import known
from tinyseq.saving.read_config import value_of
from tinyseq.saving.write_config import to_json


def serialize_keras_object(obj: Any) -> Any:
    """A layer, loss, initializer, function ... as a dictionary for get_config(). CannotSave for what could not be read again.

    Arguments:
        obj: a number, a text, an array, an object of tinyseq, or of a registered class; lists and dictionaries of them
    """
    return to_json(obj, "serialize_keras_object")


def deserialize_keras_object(config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True) -> Any:
    """The object that serialize_keras_object wrote, new and without weights. What is an object already is returned as it is.

    Arguments:
        config: the dictionary
        custom_objects: classes and functions of yours by the name in the dictionary
        safe_mode: of Keras; False is refused: code in a file is never run
    """
    if not safe_mode:
        raise ValueError("safe_mode=False: code in a file is never run here: pass functions in custom_objects")
    custom = known(custom_objects)
    return custom.get(config, config) if isinstance(config, str) else value_of(config, custom)
