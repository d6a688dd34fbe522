"""Names in Keras's files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


def snake(class_name: str) -> str:
    """Keras's name of a class in a file: Conv2D -> conv2d, ReLU -> re_lu, MaxPooling2D -> max_pooling2d.

    Source: keras 3.15, to_snake_case in keras/src/utils/naming.py.
    """
    text = re.sub(r"\W+", "", class_name)
    text = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", text)
    return re.sub("([a-z])([A-Z])", r"\1_\2", text).lower()


def numbered(class_names: Iterable[str]) -> list[str]:
    """conv2d, conv2d_1, dense, ...: each class is counted separately, in this order."""
    seen: dict[str, int] = {}
    found = []
    for name in map(snake, class_names):
        count = seen.get(name, 0)
        seen[name] = count + 1
        found.append(f"{name}_{count}" if count else name)
    return found


def automatic(layer: Any) -> str:
    """dense of a layer named dense_3 or dense; "" for a name that the user chose."""
    kind = getattr(layer, "function", "") if getattr(layer, "operation", False) else snake(type(layer).__name__)
    found = re.fullmatch(rf"({kind}|sequential|functional|model|input_layer)(_\d+)?", str(layer.name))
    return found[1] if found else ""


def base_name(layer: Any) -> str:
    """What a program calls a layer: its name, an automatic one without its number."""
    return automatic(layer) or str(layer.name)
