"""Expressions of ops and of tensors, evaluated alike by Keras and by us. x, y: (3, 4, 5), positive p: the same, m: (3, 5, 2), v: (3, 4)."""

from typing import Any

import numpy as np

UNARY = "negative exp log sqrt square abs sin cos tan arctan sinh cosh tanh sigmoid relu softplus erf log1p expm1 reciprocal rsqrt"
ACTIVATIONS = "relu6 leaky_relu elu selu softsign silu log_sigmoid hard_sigmoid hard_silu gelu softmax log_softmax"
OF_ACTIVATIONS = (
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid log_softmax mish "
    "relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh tanh_shrink"
)
AXES = ("", ", axis=1", ", axis=(1, 2), keepdims=True")
LINES = [
    *(f"ops.{name}(p)" for name in UNARY.split()),
    *(f"ops.{name}(x)" for name in ACTIVATIONS.split()),
    *(f"ops.{name}(x, {other})" for name in ("add", "subtract", "multiply", "maximum", "minimum") for other in ("y", "2.5", "x[:1]")),
    *(f"activations.{name}(x * 2)" for name in OF_ACTIVATIONS.split()),
    "activations.relu(x, negative_slope=0.1)", "activations.relu(x, 0.2, 0.9, 0.3)", "activations.relu(x, max_value=0.8)",
    "activations.relu(x, threshold=0.4)", "activations.celu(x, 0.7)", "activations.elu(x, alpha=0.3)",
    "activations.gelu(x, approximate=True)", "activations.glu(x, axis=1)", "activations.hard_shrink(x, 0.8)",
    "activations.soft_shrink(x, 0.2)", "activations.squareplus(x, b=0.5)", "activations.threshold(x, 0.3, -1.5)",
    "activations.softmax(x, axis=1)", "activations.log_softmax(x, axis=1)", "activations.leaky_relu(x, 0.3)",
    "ops.divide(x, p)", "ops.divide(1.5, p)", "ops.power(p, y)", "ops.power(x, 3)", "ops.arctan2(x, p)", "ops.mod(x, 1.5)",
    *(f"ops.{name}(x{axis})" for name in ("sum", "mean", "max", "min", "var", "std", "logsumexp") for axis in AXES),
    "ops.prod(x, axis=2)", "ops.norm(x, axis=-1)", "ops.norm(x, ord=1, axis=1)", "ops.cumsum(x, axis=1)", "ops.sort(x, axis=1)",
    "ops.norm(x, ord=1, axis=(1, 2))", "ops.norm(x, ord=float('inf'), axis=(1, 2))", "ops.norm(x, ord='fro', axis=(1, 2))",
    "ops.slice(x, (0, 1, 2), (3, -1, 2))",
    "ops.argmax(x, axis=-1)", "ops.argmin(x, axis=1)", "ops.argsort(v)", "ops.any(x > 1, axis=1)", "ops.all(x > -1, axis=2)",
    "ops.greater(x, y)", "ops.less_equal(x, 0.2)", "ops.logical_and(x > 0, y > 0)", "ops.logical_not(x > 0)", "ops.equal(x, x)",
    "ops.where(x > 0, y, p)", "ops.where(x > 0, 1.0, y)", "ops.clip(x, -0.5, 0.7)", "ops.cast(x > 0, 'float32')", "ops.sign(x)",
    "ops.floor(x)", "ops.round(x)", "ops.stop_gradient(x) * x", "ops.zeros_like(x)", "ops.ones_like(x)", "ops.isnan(x)",
    "ops.matmul(x, m)",
    "ops.matmul(x, ops.transpose(y, (0, 2, 1)))", "ops.einsum('bij,bjk->bik', x, m)", "ops.einsum('bij,bik->bjk', x, y)",
    "ops.einsum('bij->bj', x)", "ops.dot(x, m[0])", "ops.tensordot(x, m[0], 1)", "ops.outer(v[0], v[1])",
    "ops.reshape(x, (-1, 20))", "ops.reshape(x, (ops.shape(x)[0], 10, 2))", "ops.transpose(x, (0, 2, 1))", "ops.swapaxes(x, 1, 2)",
    "ops.moveaxis(x, 2, 1)", "ops.expand_dims(x, 1)", "ops.squeeze(x[:, :1], 1)", "ops.concatenate([x, y], axis=-1)",
    "ops.concatenate([x, y * 2, x], axis=1)",
    "ops.stack([x, y], axis=1)", "ops.split(x, 2, axis=1)[1]", "ops.split(x, [1, 3], axis=2)[1]",
    "ops.unstack(x, axis=1)[2]",
    "ops.take(x, [2, 0, 2], axis=1)", "ops.take(x, 1, axis=2)", "ops.take_along_axis(v, ops.argsort(v), 1)",
    "ops.pad(x, ((0, 0), (1, 2), (0, 1)))",
    "ops.pad(x, ((0, 0), (1, 2), (0, 0)), mode='reflect')", "ops.repeat(x, 2, axis=1)",
    "ops.tile(x, (1, 2, 1))", "ops.flip(x, axis=1)", "ops.roll(x, 1, axis=2)", "ops.tril(x)", "ops.triu(x)",
    "ops.one_hot(ops.argmax(x, -1), 5)", "ops.normalize(x)", "ops.moments(x, axes=[1])[1]",
    "ops.binary_crossentropy(ops.cast(x > 0, 'float32'), ops.sigmoid(y))",
    "ops.binary_crossentropy(ops.cast(x > 0, 'float32'), y, from_logits=True)",
    "ops.categorical_crossentropy(ops.softmax(x), ops.softmax(y))", "ops.categorical_crossentropy(ops.softmax(x), y, from_logits=True)",
    "ops.sparse_categorical_crossentropy(ops.argmax(x, -1), y, from_logits=True)",
    "x + 1", "1 - x", "x * 2.0", "x / 4", "2 / p", "-x", "x + y", "x - y", "x * y", "x / p", "x ** 2", "2.0 ** x", "abs(x)", "x @ m",
    "x[:, -1]", "x[:, 1:3]", "x[..., ::2]", "x[:, None]", "x[:, ::-1, 0]", "x % 1.5", "x * v[:, :, None]",
    "ops.image.extract_patches(ops.reshape(x, (-1, 4, 5, 1)), 2)",
    "ops.image.extract_patches(ops.reshape(x, (-1, 4, 5, 1)), (2, 3), strides=1, padding='same')",
    "ops.image.extract_patches(ops.reshape(x, (-1, 2, 5, 2)), (2, 2), strides=1, dilation_rate=1)",
    "ops.image.rgb_to_grayscale(ops.reshape(x[:, :3], (-1, 5, 1, 3)))", "ops.image.resize(ops.reshape(x, (-1, 4, 5, 1)), (8, 5))",
    "ops.image.pad_images(ops.reshape(x, (-1, 4, 5, 1)), 1, 2, target_height=6, target_width=9)",
    "ops.image.crop_images(ops.reshape(x, (-1, 4, 5, 1)), 1, 0, target_height=2, target_width=3)",
    "ops.depth_to_space(ops.reshape(x[:, :, :4], (-1, 2, 2, 4)), 2)",
    "ops.nn.space_to_depth(ops.reshape(x[:, :, :4], (-1, 4, 4, 1)), 2)",
    "ops.top_k(x, 2)[0]", "ops.top_k(x, 2)[1]", "ops.in_top_k(ops.argmax(v, -1), v, 1)", "ops.multi_hot(ops.argmax(x, -1), 5)",
    "ops.batch_normalization(x, p[0, 0], p[0, 1], -1, p[0, 2], p[0, 3])", "ops.layer_normalization(x, p[0, 0], p[0, 1])",
    "ops.rms_normalization(x, p[0, 0])", "ops.psnr(x, y, 2.0)",
    "ops.dot_product_attention(x[:, :, None], y[:, :, None], p[:, :, None])",
    "ops.dot_product_attention(x[:, :, None], y[:, :, None], p[:, :, None], is_causal=True, scale=0.5)",
    "ops.transpose(ops.segment_sum(ops.transpose(x, (1, 0, 2)), ops.convert_to_tensor([0, 2, 0, 2]), 3), (1, 0, 2))",
    "ops.transpose(ops.segment_max(ops.transpose(x, (1, 0, 2)), ops.convert_to_tensor([0, 1, 0, 1]), 2), (1, 0, 2))",
    "ops.scatter(ops.convert_to_tensor([[0], [2]]), x[:2], (4, 4, 5))",
    "ops.scatter_update(x, ops.convert_to_tensor([[0], [2]]), y[:2])", "ops.cumprod(p, axis=1)",
    "ops.fft2((x, y))[0]", "ops.fft2((x, y))[1]", "ops.fft((x, y))[0]", "ops.ifft2((x, y))[1]",
    "ops.average(x, axis=1, weights=p)", "ops.average(x, axis=-1, weights=[1.0, 2.0, 0.5, 1.5, 3.0])", "ops.median(x, axis=1)",
    "ops.quantile(x, 0.3, axis=2)", "ops.ptp(x, axis=1)", "ops.diff(x, n=2, axis=1)",
    "ops.append(x, y, axis=2)", "ops.hstack([x, y])", "ops.vstack([x, y])", "ops.nan_to_num(ops.log(x))", "ops.logaddexp(x, y)",
    "ops.exp2(x)", "ops.hypot(x, y)", "ops.inner(x, m[0, :, 0])", "ops.trace(x[:, :, :4], axis1=1, axis2=2)", "ops.isclose(x, x + 1e-7)",
    "ops.select([x > 1, y > 0], [x, p], 0.5)",
    "ops.mean(ops.square(x - ops.mean(x, axis=0)), axis=1)", "x - ops.max(x)", "ops.softmax(x @ m * 0.5, axis=1) * 3 + 1",
]  # fmt: skip


def arrays() -> dict[str, Any]:
    """The tensors by name."""
    random = np.random.default_rng(3)
    given = {name: random.normal(0, 1, shape) for name, shape in (("x", (3, 4, 5)), ("y", (3, 4, 5)), ("m", (3, 5, 2)), ("v", (3, 4)))}
    given["p"] = random.uniform(0.3, 1.4, (3, 4, 5))
    return {name: array.astype(np.float32) for name, array in given.items()}


def used(line: str) -> list[str]:
    """Which of them a line names."""
    words = "".join(c if c.isalnum() or c == "_" else " " for c in line).split()
    return [name for name in "xymvp" if name in words]


def gradient(shape: tuple[int, ...]) -> Any:
    """g of sum(value * g)."""
    return np.random.default_rng(7).normal(0, 1, shape).astype(np.float32)
