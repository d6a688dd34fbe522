"""The nets of normalized.py in PyTorch.

Where a stride is 2, Keras pads below and on the right, and PyTorch's layers on all sides. So these nets see pictures, and have
kernels, turned by half a turn: then padding on all sides gives Keras's numbers, turned, and the mean over the picture is the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.normalized import Built, operations


def graph(net: Built, weights: list[Any]) -> Any:
    """The net with our weights, as a module."""
    from torch import nn

    steps = list(operations(net))

    class Graph(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList([_layer(kind, options, weights) for kind, _, _, options in steps])

        def forward(self, x: Any) -> Any:
            values = [x]
            for layer, (kind, inputs, _, _) in zip(self.layers, steps, strict=True):
                a = values[inputs[0]]
                if kind == "Add":
                    a = a + values[inputs[1]]
                elif kind == "GlobalAveragePooling2D":
                    a = a.mean((2, 3))
                elif getattr(layer, "thins", False):  # Keras's 1x1 convolution of stride 2 reads other pixels than PyTorch's, turned
                    a = layer(a[:, :, 1::2, 1::2])
                else:
                    a = layer(a)
                values.append(a)
            return values[-1]

    return Graph()


def _layer(kind: str, options: dict[str, Any], weights: list[Any]) -> Any:
    import torch
    from torch import nn

    arrays = [torch.from_numpy(np.array(weights[place])) for place in options["weights"]]
    if kind in ("Conv2D", "DepthwiseConv2D"):
        return _convolution(arrays[0], options["strides"][0], kind == "DepthwiseConv2D")
    if kind == "Dense":
        dense = nn.Linear(*arrays[0].shape)
        dense.weight.data, dense.bias.data = arrays[0].T.contiguous(), arrays[1]
        return dense
    if kind == "BatchNormalization":
        gamma, beta, mean, variance = arrays
        normalization: Any = nn.BatchNorm2d(len(gamma), options["epsilon"], 0.01)
        normalization._check_input_dim = lambda x: None  # (samples, features) too
        normalization.weight.data, normalization.bias.data = gamma, beta
        normalization.running_mean, normalization.running_var = mean, variance
        return normalization
    return {"ReLU": nn.ReLU, "Dropout": lambda: nn.Dropout(options["rate"])}.get(kind, nn.Identity)()


def _convolution(kernel: Any, stride: int, depthwise: bool) -> Any:
    from torch import nn

    rows, _, channels, filters = kernel.shape
    groups = channels if depthwise else 1
    thins = rows == 1 and stride > 1
    made: Any = nn.Conv2d(channels, filters * groups, rows, 1 if thins else stride, rows // 2, groups=groups, bias=False)
    made.weight.data = kernel.flip(0, 1).permute((2, 3, 0, 1) if depthwise else (3, 2, 0, 1)).contiguous()
    made.thins = thins
    return made
