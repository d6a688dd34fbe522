"""help() of a rule: what comes out, an example, and every argument with what it does and its default."""

from __future__ import annotations

import inspect
import pydoc

import pytest

from shapecheck import layers
from shapecheck.layers.base import OPTIONS
from shapecheck.layers.descriptions import ARGUMENTS, OF_ALL, OF_ONE, description


@pytest.mark.parametrize("name", sorted(layers.PLACES))
def test_help_describes_every_argument_with_its_default(name: str) -> None:
    rule = layers.find(name)
    assert rule is not None
    text = pydoc.plain(pydoc.render_doc(rule))
    for parameter in list(inspect.signature(rule).parameters.values()):
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        said = description(name, parameter.name)
        assert said, f"describe {parameter.name} of {name} in shapecheck/layers/descriptions.py"
        usual = f" (default {parameter.default!r})" if parameter.default is not parameter.empty else ""
        assert f"{parameter.name}: {said}{usual}" in text
    assert all(f"    {option}: " in text for option in OPTIONS)


def test_no_description_is_for_nothing() -> None:
    """Each text belongs to an argument of a layer, or to one that every layer takes."""
    taken = {(name, argument) for name in layers.PLACES for argument in inspect.signature(getattr(layers, name)).parameters}
    of_tinyseq = {"seed", "optional", "sparse", "ragged", "input_tensor", "shape", "batch_shape"}
    assert ARGUMENTS.keys() <= {argument for _, argument in taken} | {*OPTIONS} | of_tinyseq
    assert {tuple(key.split(".")) for key in OF_ONE} <= taken
    assert OF_ALL.keys() <= set(OPTIONS)
