"""Layers of several inputs: all of them in one order."""

from __future__ import annotations

from functools import reduce

from tinyseq.saving.torch_code.use import Use, Value, writes

SIGNS = {"Add": " + ", "Multiply": " * ", "Subtract": " - "}
CHOICES = {"Maximum": "torch.maximum", "Minimum": "torch.minimum"}


def together(use: Use) -> tuple[list[str], bool]:
    """The inputs, and whether their channels are first: as they are if they agree, else as in Keras."""
    ranks = {len(value.shape) for value in use.inputs}
    firsts = {value.first for value in use.inputs}
    if len(ranks) == 1 and firsts == {True}:
        return [value.text for value in use.inputs], True
    return [use.as_keras(value) for value in use.inputs], False


@writes("Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum")
def number_by_number(use: Use) -> Value:
    """a + b"""
    kind = type(use.layer).__name__
    ranks = {len(value.shape) for value in use.inputs}
    if len(ranks) > 1:
        raise use.refuse("inputs with different numbers of axes: reshape them first")
    texts, first = together(use)
    if kind in SIGNS:
        return Value(SIGNS[kind].join(texts), use.outputs[0], first)
    if kind == "Average":
        return Value(f"({' + '.join(texts)}) / {len(texts)}", use.outputs[0], first)
    return Value(reduce(lambda a, b: f"{CHOICES[kind]}({a}, {b})", texts), use.outputs[0], first)


@writes("Concatenate")
def concatenate(use: Use) -> Value:
    """torch.cat"""
    rank = len(use.x.shape)
    axis = int(use.config["axis"]) % rank
    texts, first = together(use)
    place = (1 if axis == rank - 1 else axis + 1) if first and axis else axis
    return Value(f"torch.cat(({', '.join(texts)}), {place})", use.outputs[0], first)


@writes("Dot")
def dot(use: Use) -> Value:
    """torch.einsum: the axes that are summed have one letter."""
    ranks = [len(value.shape) for value in use.inputs]
    axes = use.config["axes"]
    pair = [one % rank for one, rank in zip((axes, axes) if isinstance(axes, int) else axes, ranks, strict=True)]
    texts = [use.as_keras(value) for value in use.inputs]
    if use.config.get("normalize"):
        texts = [f"F.normalize({text}, dim={axis})" for text, axis in zip(texts, pair, strict=True)]
    letters = iter("acdefghij")
    terms = []
    for rank, axis in zip(ranks, pair, strict=True):
        terms.append("b" + "".join("k" if place == axis else next(letters) for place in range(1, rank)))
    result = "b" + "".join(letter for term in terms for letter in term[1:] if letter != "k")
    text = f'torch.einsum("{terms[0]},{terms[1]}->{result}", {texts[0]}, {texts[1]})'
    return Value(f"{text}.unsqueeze(1)" if len(use.outputs[0]) > len(result) else text, use.outputs[0])
