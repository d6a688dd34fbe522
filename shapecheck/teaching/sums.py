"""The sums behind the answers: of output shapes and of parameters, layer by layer."""

from __future__ import annotations

from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shapecheck.table import Row
    from shapecheck.teaching.written import WrittenStack


def of_shapes(stack: WrittenStack) -> list[str]:
    """For each layer up to the first that breaks: its input and output, and the sum of each size."""
    return _by_layer(stack, _shape)


def of_parameters(stack: WrittenStack) -> list[str]:
    """For each layer that has any: its parameters, and the total."""
    return [*_by_layer(stack, _params), *_total([row.params for row in stack.rows()])]


def of_trained(stack: WrittenStack) -> list[str]:
    """For each layer that has parameters: how many of them training changes, and the total."""
    return [*_by_layer(stack, _trained), *_total([row.trainable_params for row in stack.rows()])]


def refusal(row: Row) -> str:
    """Why a layer breaks, in the current language: SC101 a window of 5 does not fit an input of height 3."""
    return f"{row.diagnostic.code} {row.diagnostic.message()}" if row.diagnostic is not None else row.reason


def _by_layer(stack: WrittenStack, line: Callable[[Row], str]) -> list[str]:
    codes = [layer.code() for layer in stack.layers]
    width = max(len(code) for code in codes)
    lines = [(code, line(row)) for code, row in zip(codes, stack.rows(), strict=True) if row.verdict in ("proved", "broken")]
    return [f"  {code:{width}}  {text}" for code, text in lines if text]


def _shape(row: Row) -> str:
    given = _without_batch(row.inputs[0])
    if row.inference is None:
        return f"{given} -> {refusal(row)}"
    sums = dict.fromkeys(str(step) for step in row.inference.arithmetic if step.axis != "params")
    return "   ".join([f"{given} -> {_without_batch(row.output)}", *sums])


def _params(row: Row) -> str:
    if row.inference is None or not isinstance(row.params, int) or not row.params:
        return ""
    step = next((step for step in row.inference.arithmetic if step.axis == "params"), None)
    if step is None or not isinstance(step.result, int):
        return " + ".join(str(spec.size) for spec in row.weights) + f" = {row.params}"
    times = row.params // step.result
    return str(step) if times == 1 else f"{step}, {times} * {step.result} = {row.params}"


def _trained(row: Row) -> str:
    return f"{row.trainable_params} / {row.params}   {_params(row)}" if row.params else ""


def _total(numbers: list[object]) -> list[str]:
    counts = [number for number in numbers if isinstance(number, int) and number]
    return [f"  {' + '.join(map(str, counts))} = {sum(counts)}"] if len(counts) > 1 else []


def _without_batch(shape: Shape) -> str:
    return str(Shape(shape.dims[1:])) if shape.dims else "?"
