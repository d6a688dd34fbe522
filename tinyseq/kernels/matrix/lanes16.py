"""Sixteen channels at a time: the few vector operations that pooling needs, as functions over values in registers.

    best = load(x, i)                  # x[i : i + 16]
    best = choose(greater_or_nan(load(x, j), best), load(x, j), best)
    store(y, k, best)

LLVM vectorises simple loops by itself, but not one that keeps a running maximum of many channels in registers while it
walks over a window: it would access memory at each step. So these are LLVM vector instructions, one each. Sixteen
lanes become one AVX-512, two AVX or four SSE and NEON registers; no specific processor is required.
They check no bounds and run only compiled: the kernels that use them have plain twins.
"""

from collections.abc import Callable
from typing import Any, cast

import numba
from numba import types
from numba.extending import intrinsic, models, register_model

from tinyseq.kernels.jit.numba_internals import array_data, cgutils, ir, no_value

LANES = 16


class Lanes(numba.types.Type):
    """Sixteen values of one element type, as numba sees them."""

    def __init__(self, name: str, element: ir.Type) -> None:
        self.vector = ir.VectorType(element, LANES)
        super().__init__(name=f"{name}x{LANES}")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, lanes.vector)


FLOATS = Lanes("float32", ir.FloatType())
DOUBLES = Lanes("float64", ir.DoubleType())
INTS = Lanes("int32", ir.IntType(32))
MASK = Lanes("bit", ir.IntType(1))


def operation(make: Callable[..., Any]) -> Callable[..., Any]:
    """A function for kernels: `make(typing context, *argument types)` returns signature and instructions."""
    return cast(Callable[..., Any], intrinsic(make))


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any, element: ir.Type) -> Any:
    """Pointer to LANES elements from array[index] on."""
    data = array_data(context, builder, array_type, array)
    return builder.bitcast(builder.gep(data, [index]), ir.VectorType(element, LANES).as_pointer())


REALS = {types.float32: FLOATS, types.float64: DOUBLES}


def _element(array_type: Any) -> ir.Type:
    lanes = REALS.get(array_type.dtype)
    return lanes.vector.element if lanes else ir.IntType(array_type.dtype.bitwidth)


@operation
def load(typing: Any, array: Any, index: Any) -> Any:
    """array[index : index + 16], counted through all axes of a C-contiguous array: floats as they are, uint8 and int32 as int32."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        element = _element(array)
        address = _address(context, builder, array, values[0], values[1], element)
        vector = builder.load(address, align=array.dtype.bitwidth // 8)
        return builder.zext(vector, INTS.vector) if element == ir.IntType(8) else vector

    return REALS.get(array.dtype, INTS)(array, types.intp), generate


@operation
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """array[index : index + 16] = value, counted as for load; int32 lanes are cut to uint8 if the array is."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        element = _element(array)
        vector = values[2]
        if element == ir.IntType(8):
            vector = builder.trunc(vector, ir.VectorType(element, LANES))
        address = _address(context, builder, array, values[0], values[1], element)
        builder.store(vector, address, align=array.dtype.bitwidth // 8)
        return no_value(context)

    return types.void(array, types.intp, value), generate


@operation
def splat(typing: Any, number: Any) -> Any:
    """The same number in every lane: float32, or an integer as int32."""
    scalar, lanes = (types.float32, FLOATS) if isinstance(number, types.Float) else (types.int32, INTS)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        nothing = ir.Constant(lanes.vector, ir.Undefined)
        first = builder.insert_element(nothing, values[0], ir.Constant(ir.IntType(32), 0))
        return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))

    return lanes(scalar), generate


@operation
def greater_or_nan(typing: Any, new: Any, old: Any) -> Any:
    """Where new > old or new is NaN: a maximum that selects these keeps every NaN."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        greater = builder.fcmp_ordered(">", values[0], values[1])
        return builder.or_(greater, builder.fcmp_unordered("uno", values[0], values[0]))

    return MASK(FLOATS, FLOATS), generate


@operation
def equal(typing: Any, first: Any, second: Any) -> Any:
    """Where two vectors of integers are equal."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.icmp_signed("==", values[0], values[1])

    return MASK(INTS, INTS), generate


@operation
def within(typing: Any, value: Any, low: Any, high: Any) -> Any:
    """Where low < value < high, which NaN is not."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        value, low, high = values
        return builder.and_(builder.fcmp_ordered(">", value, low), builder.fcmp_ordered("<", value, high))

    return MASK(FLOATS, FLOATS, FLOATS), generate


@operation
def bounded(typing: Any, value: Any, low: Any, high: Any) -> Any:
    """min(max(value, low), high); NaN stays."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        value, low, high = values
        raised = builder.select(builder.fcmp_ordered(">", low, value), low, value)
        return builder.select(builder.fcmp_ordered("<", high, raised), high, raised)

    return FLOATS(FLOATS, FLOATS, FLOATS), generate


@operation
def choose(typing: Any, mask: Any, yes: Any, no: Any) -> Any:
    """`yes` where the mask is set, else `no`."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.select(*values)

    return yes(MASK, yes, yes), generate


@operation
def widen(typing: Any, value: Any) -> Any:
    """float32 lanes as float64, which is exact."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fpext(values[0], DOUBLES.vector)

    return DOUBLES(FLOATS), generate


@operation
def add(typing: Any, first: Any, second: Any) -> Any:
    """first + second, of floats or of doubles."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fadd(*values)

    return first(first, first), generate


@operation
def subtract(typing: Any, first: Any, second: Any) -> Any:
    """first - second, of floats or of doubles."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fsub(*values)

    return first(first, first), generate


@operation
def multiply(typing: Any, first: Any, second: Any) -> Any:
    """first * second, of floats or of doubles."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fmul(*values)

    return first(first, first), generate


@operation
def multiply_add(typing: Any, first: Any, second: Any, third: Any) -> Any:
    """first * second + third, of floats: one instruction where the processor has it, with one rounding then."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind = ir.FunctionType(FLOATS.vector, [FLOATS.vector] * 3)
        fused = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.v{LANES}f32")
        return builder.call(fused, values)

    return FLOATS(FLOATS, FLOATS, FLOATS), generate


@operation
def divide(typing: Any, first: Any, second: Any) -> Any:
    """first / second, of floats."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fdiv(*values)

    return FLOATS(FLOATS, FLOATS), generate


@operation
def power_of_two(typing: Any, shifted: Any) -> Any:
    """2**(n-1) of lanes n + 1.5 * 2**23, as kernels/elementwise/math.py has it of one number."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        def each(number: int) -> Any:
            return ir.Constant(INTS.vector, [number] * LANES)

        bits = builder.bitcast(values[0], INTS.vector)
        return builder.bitcast(builder.shl(builder.add(bits, each(126)), each(23)), FLOATS.vector)

    return FLOATS(FLOATS), generate


@operation
def first_lane(typing: Any, value: Any) -> Any:
    """Lane 0 of floats as a number."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.extract_element(values[0], ir.Constant(ir.IntType(32), 0))

    return types.float32(FLOATS), generate


def exchange(distance: int) -> Callable[..., Any]:
    """The operation on floats whose lane i is lane i ^ distance of its argument."""

    @operation
    def apply(typing: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [lane ^ distance for lane in range(LANES)])
            return builder.shuffle_vector(values[0], ir.Constant(FLOATS.vector, ir.Undefined), order)

        return FLOATS(FLOATS), generate

    return apply


exchange_8, exchange_4, exchange_2, exchange_1 = map(exchange, (8, 4, 2, 1))
"""Four of them in turn bring every lane to every place: a sum of all lanes is four exchanges and four additions."""
