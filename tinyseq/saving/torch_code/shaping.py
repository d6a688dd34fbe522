"""Layers that move numbers: shapes in Keras's order, slices and padding in either."""

from __future__ import annotations

from tinyseq.saving.padding import pairs, sizes
from tinyseq.saving.torch_code.convolution import is_first, made, padded, spatial, taken
from tinyseq.saving.torch_code.use import Use, Value, write, writes


@writes("Flatten")
def flatten(use: Use) -> Value:
    """torch.flatten, in Keras's order: the Dense layer after it was trained on that."""
    x = use.as_keras(use.x, " for Flatten")
    if is_first(use) and use.x.axes > 0:
        order = (0, *range(2, use.x.axes + 2), 1)
        x = f"{x}.permute({', '.join(map(str, order))})"
    return Value(f"torch.flatten({x}, 1)" if len(use.x.shape) > 1 else f"{x}.reshape(-1, 1)", use.outputs[0])


@writes("Reshape")
def reshape(use: Use) -> Value:
    """x.reshape"""
    target = list(use.outputs[0][1:])
    if target.count(None) > 1:
        raise use.refuse("more than one size is None")
    shown = ", ".join("-1" if size is None else str(size) for size in target)
    x = use.as_keras(use.x)
    return Value(f"{x}.reshape({'len(' + x + ')' if None in target else '-1'}, {shown})", use.outputs[0])


@writes("Permute")
def permute(use: Use) -> Value:
    """x.permute"""
    return Value(f"{use.as_keras(use.x)}.permute(0, {', '.join(map(str, use.config['dims']))})", use.outputs[0])


@writes("RepeatVector")
def repeat_vector(use: Use) -> Value:
    """x.unsqueeze(1).repeat"""
    return Value(f"{use.as_keras(use.x)}.unsqueeze(1).repeat(1, {use.config['n']}, 1)", use.outputs[0])


@writes("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
def zero_padding(use: Use) -> Value:
    """F.pad"""
    amounts = pairs(use.config["padding"], use.x.axes)
    last = not use.x.first and not is_first(use)
    return Value(padded(use.x.text, [*amounts, (0, 0)] if last else amounts), use.outputs[0], use.x.first)


@writes("Cropping1D", "Cropping2D", "Cropping3D")
def cropping(use: Use) -> Value:
    """Slices."""
    amounts = pairs(use.config["cropping"], use.x.axes)
    slices = ", ".join(f"{before or ''}:{-after if after else ''}" for before, after in amounts)
    return Value(f"{use.x.text}[:, {':, ' if use.x.first or is_first(use) else ''}{slices}]", use.outputs[0], use.x.first)


@writes("CenterCrop")
def center_crop(use: Use) -> Value:
    """Slices around the middle."""
    target = (use.config["height"], use.config["width"])
    slices = []
    for size, wanted in zip(spatial(use, use.x.shape), target, strict=True):
        if size is None or size < wanted:
            raise use.refuse("where the picture is smaller than the crop, Keras resizes: torchvision.transforms does")
        start = (size - wanted) // 2
        slices.append(f"{start}:{start + wanted}")
    first = use.x.first or is_first(use)
    return Value(f"{use.x.text}[:, {':, ' if first else ''}{', '.join(slices)}]", use.outputs[0], use.x.first)


@writes("UpSampling1D", "UpSampling3D")
def repeat(use: Use) -> Value:
    """Each step again and again."""
    amounts = sizes(use.config["size"], use.x.axes)
    start = 2 if use.x.first or is_first(use) else 1
    text = use.x.text
    for axis, amount in enumerate(amounts, start):
        text = f"{text}.repeat_interleave({amount}, {axis})" if amount > 1 else text
    return Value(text, use.outputs[0], use.x.first)


MODES = {"nearest": '"nearest"', "bilinear": '"bilinear", align_corners=False'}


@writes("UpSampling2D")
def upsampling(use: Use) -> Value:
    """F.interpolate"""
    mode = use.config.get("interpolation", "nearest")
    if mode not in MODES:
        raise use.refuse(f"torch's interpolation has no {mode} with Keras's coefficients")
    amounts = ", ".join(map(str, sizes(use.config["size"], 2)))
    text = f"F.interpolate({taken(use, use.x)}, scale_factor=({amounts}), mode={MODES[mode]})"
    return made(use, text, use.outputs[0])


@writes("Resizing")
def resizing(use: Use) -> Value:
    """F.interpolate to a size."""
    mode = use.config["interpolation"]
    if use.config.get("crop_to_aspect_ratio") or use.config.get("pad_to_aspect_ratio") or use.config.get("antialias"):
        raise use.refuse("torch's interpolation neither crops nor pads to the aspect ratio, nor filters as Keras does")
    if mode not in MODES:
        raise use.refuse(f"torch's interpolation has no {mode} with Keras's coefficients")
    shown = MODES[mode].replace('"nearest"', '"nearest-exact"')
    text = f"F.interpolate({taken(use, use.x)}, ({use.config['height']}, {use.config['width']}), mode={shown})"
    return made(use, text, use.outputs[0])


@writes("TimeDistributed")
def time_distributed(use: Use) -> Value:
    """The steps of all samples at once."""
    inner, x = use.layer.layer, use.as_keras(use.x)
    if type(inner).__name__ == "Dense":
        return write(use.again(inner, [Value(x, use.x.shape)], use.outputs))[0]
    shape, out = use.x.shape, use.outputs[0]
    use.line(f"x = {x}.flatten(0, 1)  # the steps of all samples in a row")
    value = write(use.again(inner, [Value("x", (None, *shape[2:]))], [(None, *out[2:])]))[0]
    if shape[1] is None:
        raise use.refuse("the number of steps is None: define it in Input(shape=...)")
    if " " in value.text:  # perhaps a sum, of which .unflatten would take the last part only
        use.line(f"x = {value.text}")
        value = Value("x", value.shape, value.first)
    return Value(f"{use.as_keras(value)}.unflatten(0, (-1, {shape[1]}))", out)
