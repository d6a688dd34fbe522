"""The ways to pass one input and one output to Model, by name. Used by the recording script and the test."""

from __future__ import annotations

from typing import Any

FORMS = ("tensor, tensor", "list, list", "tensor, list", "list, tensor", "dictionary, dictionary")


def ends(form: str, input_tensor: Any, output_tensor: Any) -> tuple[Any, Any]:
    """The arguments inputs and outputs of Model."""
    first, last = form.split(", ")
    made = {"tensor": lambda one, _: one, "list": lambda one, _: [one], "dictionary": lambda one, key: {key: one}}
    return made[first](input_tensor, "i"), made[last](output_tensor, "d")
