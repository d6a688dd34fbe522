"""TensorFlow itself: its own operations in a tf.function, with XLA and without. Channels last, as its CPU kernels want it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.benchmarks.cases import BETA1, BETA2, EPSILON, RATE, Case, Contender, Make, losses
from tests.benchmarks.models import Conv, Dense, Flatten, GlobalMax, Net, Pool


def tensorflow(threads: int) -> Any:
    """The module, using so many threads. They can be set only before its first operation: one process, one setting.

    Operations run one after the other, each on all threads. Side by side (TF_NUM_INTEROP_THREADS=2 in the environment) made
    no difference beyond the noise: medians 0.96 to 1.02 of these on the guide's and the MNIST net, two threads, a busy machine.
    """
    import tensorflow as tf

    if tf.config.threading.get_intra_op_parallelism_threads() != threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(int(os.environ.get("TF_NUM_INTEROP_THREADS", "1")))
    return tf


def variants(case: Case) -> dict[str, Make]:
    """The graph as TensorFlow runs it, and as XLA compiles it."""
    if case.net.over_steps:
        return {}
    make: Callable[..., Contender] = {"predict": predict, "train": train}.get(case.task, gradient)
    return {"tf.function": partial(make, jit=False), "XLA": partial(make, jit=True)}


def forward(tf: Any, net: Net, weights: list[Any], x: Any) -> Any:
    """The net's output."""
    values = iter(weights)
    for part in net.parts:
        match part:
            case Conv(_, _, stride, relu):
                x = tf.nn.bias_add(tf.nn.conv2d(x, next(values), stride, "VALID"), next(values))
                x = tf.nn.relu(x) if relu else x
            case Dense(_, relu):
                x = tf.nn.bias_add(tf.matmul(x, next(values)), next(values))
                x = tf.nn.relu(x) if relu else x
            case Pool(window):
                x = tf.nn.max_pool2d(x, window, window, "VALID")
            case GlobalMax():
                x = tf.reduce_max(x, (1, 2))
            case Flatten():
                x = tf.reshape(x, (x.shape[0], -1))
    return x


def predict(case: Case, jit: bool) -> Contender:
    """Weights are constants of the graph, so that they can be folded and packed."""
    tf = tensorflow(case.threads)
    weights, x = [tf.constant(weight) for weight in case.weights], tf.constant(case.x)
    graph = tf.function(lambda x: forward(tf, case.net, weights, x), jit_compile=jit, autograph=False)
    return Contender(lambda: graph(x), lambda: graph(x).numpy())


def train(case: Case, jit: bool) -> Contender:
    """Forward, cross-entropy, backward and TensorFlow's own Adam operation, all in one graph."""
    tf = tensorflow(case.threads)
    weights = [tf.Variable(weight) for weight in case.weights]
    first = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
    second = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
    powers = tf.Variable([1.0, 1.0])
    x, y = tf.constant(case.x), tf.constant(case.y)

    @tf.function(jit_compile=jit, autograph=False)  # type: ignore[untyped-decorator, unused-ignore]
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = forward(tf, case.net, weights, x)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
        gradients = tape.gradient(loss, weights)
        powers.assign(powers * [BETA1, BETA2])
        for weight, m, v, gradient in zip(weights, first, second, gradients, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=weight.handle, m=m.handle, v=v.handle, beta1_power=powers[0], beta2_power=powers[1], lr=RATE,
                beta1=BETA1, beta2=BETA2, epsilon=EPSILON, grad=gradient,
            )  # fmt: skip
        return loss

    return Contender(lambda: float(step(x, y)), lambda: losses(lambda: step(x, y)))


def gradient(case: Case, jit: bool) -> Contender:
    """One of the two gradients of one layer, without its forward."""
    tf = tensorflow(case.threads)
    (part,) = case.net.parts
    x, dy = tf.constant(case.x), tf.constant(case.dy)
    if isinstance(part, Pool):
        y = tf.nn.max_pool2d(x, part.window, part.window, "VALID")
        window = [1, part.window, part.window, 1]
        operation = partial(tf.raw_ops.MaxPoolGrad, ksize=window, strides=window, padding="VALID")
        graph = tf.function(lambda x, y, dy: operation(orig_input=x, orig_output=y, grad=dy), jit_compile=jit, autograph=False)
        return Contender(lambda: graph(x, y, dy), lambda: graph(x, y, dy).numpy())
    assert isinstance(part, Conv)
    kernel, strides = tf.constant(case.weights[0]), [1, part.stride, part.stride, 1]
    if case.task == "weight gradient":
        operation = partial(tf.raw_ops.Conv2DBackpropFilter, filter_sizes=kernel.shape, strides=strides, padding="VALID")
        graph = tf.function(lambda x, dy: operation(input=x, out_backprop=dy), jit_compile=jit, autograph=False)
        return Contender(lambda: graph(x, dy), lambda: graph(x, dy).numpy())
    operation = partial(tf.raw_ops.Conv2DBackpropInput, input_sizes=x.shape, strides=strides, padding="VALID")
    graph = tf.function(lambda kernel, dy: operation(filter=kernel, out_backprop=dy), jit_compile=jit, autograph=False)
    return Contender(lambda: graph(kernel, dy), lambda: graph(kernel, dy).numpy())
