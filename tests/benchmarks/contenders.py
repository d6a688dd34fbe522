"""tinyseq and its peers as callables: predict(x) -> logits and train() -> loss, from the same weights."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.models import Array, Net

Call = Callable[[], Any]


def installed(name: str) -> bool:
    """Whether a peer can be measured here."""
    return importlib.util.find_spec(name) is not None


def stacked(keras: Any, net: Net) -> Any:
    """The net in Keras's spelling: for tinyseq and for Keras itself."""
    layers = keras.layers
    made = [keras.Input(shape=net.shape)]
    for kind, *numbers in net.stack:
        if kind == "conv":
            made.append(layers.Conv2D(numbers[0], numbers[1], strides=numbers[2], activation="relu"))
        elif kind == "pool":
            made.append(layers.MaxPooling2D(numbers[0]))
        elif kind == "dense":
            made.append(layers.Dense(numbers[0], activation="relu" if numbers[1] else None))
        else:
            made.append({"gmp": layers.GlobalMaxPooling2D, "flatten": layers.Flatten}[kind]())
    return keras.Sequential(made)


def compiled(keras: Any, net: Net, **options: Any) -> Any:
    """With Adam and cross-entropy on logits."""
    model = stacked(keras, net)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss, **options)
    return model


def of_keras(net: Net, weights: list[Array], x: Array, y: Any, threads: int, train: bool) -> dict[str, Call]:
    """Keras on TensorFlow: *_on_batch, tf.function and XLA."""
    import keras  # type: ignore[import-not-found]
    import tensorflow as tf  # type: ignore[import-not-found]

    if threads != tf.config.threading.get_intra_op_parallelism_threads():
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    model = compiled(keras, net)
    model.set_weights(weights)
    if train:
        return {"keras-tf train_on_batch": lambda: model.train_on_batch(x, y)}
    fed = tf.constant(x)
    graph = tf.function(lambda batch: model(batch, training=False))
    xla = tf.function(lambda batch: model(batch, training=False), jit_compile=True)
    return {
        "keras-tf predict_on_batch": lambda: model.predict_on_batch(x),
        "tf.function": lambda: graph(fed).numpy(),
        "tf.function XLA": lambda: xla(fed).numpy(),
    }


def torch_module(net: Net, weights: list[Array]) -> Any:
    """The net in PyTorch, with our weights: kernels HWIO -> OIHW, the first Dense after Flatten from HWC to CHW order."""
    import torch  # type: ignore[import-not-found]
    from torch import nn

    parts: list[Any] = []
    values = iter(weights)
    channels, size, flat = net.shape[-1], net.shape[0], None
    for kind, *numbers in net.stack:
        if kind == "conv":
            conv = nn.Conv2d(channels, numbers[0], numbers[1], numbers[2])
            conv.weight.data = torch.from_numpy(np.ascontiguousarray(next(values).transpose(3, 2, 0, 1)))
            conv.bias.data = torch.from_numpy(next(values).copy())
            parts += [conv, nn.ReLU(inplace=True)]
            channels, size = numbers[0], (size - numbers[1]) // numbers[2] + 1
        elif kind == "pool":
            parts.append(nn.MaxPool2d(numbers[0]))
            size //= numbers[0]
        elif kind == "gmp":
            parts += [nn.AdaptiveMaxPool2d(1), nn.Flatten()]
        elif kind == "flatten":
            parts.append(nn.Flatten())
            flat = (size, size, channels)
        else:
            kernel = next(values)
            if flat is not None:
                kernel = kernel.reshape(*flat, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
                flat = None
            dense = nn.Linear(kernel.shape[0], numbers[0])
            dense.weight.data = torch.from_numpy(np.ascontiguousarray(kernel.T))
            dense.bias.data = torch.from_numpy(next(values).copy())
            parts += [dense] + [nn.ReLU(inplace=True)] * numbers[1]
    return nn.Sequential(*parts)


def of_torch(net: Net, weights: list[Array], x: Array, y: Any, threads: int, train: bool) -> dict[str, Call]:
    """PyTorch in both memory layouts, eager; torch.compile for prediction if BENCH_COMPILE is set."""
    import torch

    torch.set_num_threads(threads)
    calls: dict[str, Call] = {}
    for layout in ("nchw", "channels_last") if len(net.shape) == 3 else ("",):
        module = torch_module(net, weights)
        fed = torch.from_numpy(x) if len(net.shape) == 1 else torch.from_numpy(x).permute(0, 3, 1, 2)
        if layout == "nchw":
            fed = fed.contiguous()
        if layout == "channels_last":
            module = module.to(memory_format=torch.channels_last)
        name = f"torch {layout}".strip()
        calls[name] = _torch_step(module, fed, torch.from_numpy(y)) if train else _torch_predict(module, fed)
        if not train and os.environ.get("BENCH_COMPILE"):
            calls[f"torch.compile {layout}".strip()] = _torch_predict(torch.compile(module), fed)
    return calls


def _torch_predict(module: Any, fed: Any) -> Call:
    import torch

    def predict() -> Any:
        with torch.inference_mode():
            return module(fed).numpy()

    return predict


def _torch_step(module: Any, fed: Any, labels: Any) -> Call:
    import torch

    adam = torch.optim.Adam(module.parameters(), fused=True)

    def step() -> float:
        adam.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(module(fed), labels)
        loss.backward()
        adam.step()
        return float(loss.detach())

    return step


def of_onnx(net: Net, weights: list[Array], x: Array, y: Any, threads: int, train: bool) -> dict[str, Call]:
    """ONNX Runtime on the net exported by PyTorch; prediction only."""
    if train:
        return {}
    import io

    import onnxruntime  # type: ignore[import-not-found]
    import torch

    fed = x if x.ndim == 2 else np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    file = io.BytesIO()
    torch.onnx.export(torch_module(net, weights).eval(), (torch.from_numpy(fed),), file, dynamo=False, input_names=["x"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    return {"onnxruntime": lambda: session.run(None, {"x": fed})[0]}


PEERS: tuple[tuple[tuple[str, ...], Callable[..., dict[str, Call]]], ...] = (
    (("torch",), of_torch),
    (("tensorflow", "keras"), of_keras),
    (("onnxruntime", "onnx", "torch"), of_onnx),
)
"""(packages that it needs, what makes its callables)."""
