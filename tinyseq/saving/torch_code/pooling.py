"""Pooling: torch's functions on channels first; means and maxima of whole pictures in either order."""

from __future__ import annotations

from tinyseq.saving.padding import sizes
from tinyseq.saving.torch_code.convolution import is_first, made, padded, same, short, spatial, taken
from tinyseq.saving.torch_code.use import Use, Value, writes

POOLS = ("MaxPooling", "AveragePooling")


@writes(*(f"{kind}{axes}D" for kind in POOLS for axes in (1, 2, 3)))
def pooling(use: Use) -> Value:
    """F.max_pool2d and the like; "same" by ceil_mode where that is equal."""
    axes = int(type(use.layer).__name__[-2])
    window = sizes(use.config["pool_size"], axes)
    strides = sizes(use.config["strides"] or window, axes)
    x = taken(use, use.x)
    most = type(use.layer).__name__.startswith("Max")
    function = f"F.{'max' if most else 'avg'}_pool{axes}d"
    step = "" if strides == window else f", {short(strides)}"
    if use.config["padding"].lower() == "valid":
        return made(use, f"{function}({x}, {short(window)}{step})", use.outputs[0])
    pads = same(use, window, strides, (1,) * axes)
    before = [start for start, _ in pads]
    if not any(map(any, pads)):
        return made(use, f"{function}({x}, {short(window)}{step})", use.outputs[0])
    counted = all(
        size is not None and -(-(size + 2 * start - k) // s) + 1 == out and (out - 1) * s < size + start
        for size, start, k, s, out in zip(spatial(use, use.x.shape), before, window, strides, spatial(use, use.outputs[0]), strict=True)
    )
    if counted:
        padding = f", padding={short(before)}" if any(before) else ""
        beside = "" if most else ", count_include_pad=False"
        return made(use, f"{function}({x}, {short(window)}{step}{padding}, ceil_mode=True{beside})", use.outputs[0])
    if most:
        use.line(f'x = {padded(x, pads, ", value=-torch.inf")}  # padding="same" of Keras: more at the end')
        return made(use, f"{function}(x, {short(window)}{step})", use.outputs[0])
    use.helper(
        f"def average_of_what_is_there(x, window, strides, pads):\n"
        f"    ones = F.pad(torch.ones_like(x), pads)  # Keras does not count padding\n"
        f"    return {function}(F.pad(x, pads), window, strides) / {function}(ones, window, strides)"
    )
    flat = ", ".join(f"{start}, {stop}" for start, stop in reversed(pads))
    return made(use, f"average_of_what_is_there({x}, {short(window)}, {short(strides)}, ({flat}))", use.outputs[0])


@writes(*(f"Global{kind}{axes}D" for kind in POOLS for axes in (1, 2, 3)))
def whole(use: Use) -> Value:
    """Over all places of a channel, in whatever order they are."""
    count = use.x.axes
    axes = range(2, 2 + count) if use.x.first or is_first(use) else range(1, 1 + count)
    name = "amax" if "Max" in type(use.layer).__name__ else "mean"
    keep = ", keepdim=True" if use.config.get("keepdims") else ""
    shown = f"({', '.join(map(str, axes))})" if count > 1 else str(axes[0])
    first = bool(keep) and use.x.first
    return Value(f"{use.x.text}.{name}({shown}{keep})", use.outputs[0], first)


@writes(*(f"Adaptive{kind}{axes}D" for kind in POOLS for axes in (1, 2, 3)))
def adaptive(use: Use) -> Value:
    """F.adaptive_max_pool2d, of the same windows."""
    kind = type(use.layer).__name__
    axes = int(kind[-2])
    size = short(sizes(use.config["output_size"], axes))
    return made(use, f"F.adaptive_{'max' if 'Max' in kind else 'avg'}_pool{axes}d({taken(use, use.x)}, {size})", use.outputs[0])
