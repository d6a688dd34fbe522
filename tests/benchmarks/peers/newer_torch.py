"""The nets and layers of newer.py in PyTorch, in its order of axes; of layers also the gradients, without forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.benchmarks.cases import Case, Contender
from tests.benchmarks.newer import DEPTH, FILTERS, HEADS
from tests.benchmarks.normalized import Built


def module(net: Built, weights: list[Any]) -> Any:
    """The net with our weights; images with channels first, attention's output (samples, steps, numbers)."""
    values = iter(weights)
    makers: dict[str, Callable[[Iterator[Any]], Any]] = {"unet": unet, "attention": attention, "transposed": layer, "volume": layer}
    return makers[net.kind](values)


def kernel_first(kernel: Any) -> Any:
    """(..., in, out) -> (out, in, ...); of a transposed convolution (..., out, in) -> (in, out, ...)."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(kernel, (-1, -2), (0, 1))))


def layer(values: Iterator[Any]) -> Any:
    """Conv2D or Conv3D with padding="same", or Conv2DTranspose, whose kernels have an even size here."""
    import torch
    from torch import nn

    kernel, bias = next(values), torch.from_numpy(next(values).copy())
    size, turned = kernel.shape[0], kernel.shape[0] % 2 == 0
    axes = kernel.ndim - 2
    first, second = kernel.shape[-2:][::-1] if turned else kernel.shape[-2:]
    kinds = {(2, True): nn.ConvTranspose2d, (2, False): nn.Conv2d, (3, False): nn.Conv3d}
    made: Any = kinds[axes, turned](first, second, size, 2 if turned else 1, (size - 2) // 2 if turned else size // 2)
    made.weight.data, made.bias.data = kernel_first(kernel), bias
    return made


def unet(values: Iterator[Any]) -> Any:
    """In the order of the weights: the way down, then the way up."""
    import torch
    from torch import nn

    def twice() -> Any:
        return nn.Sequential(layer(values), nn.ReLU(inplace=True), layer(values), nn.ReLU(inplace=True))

    class UNet(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.down = nn.ModuleList([twice() for _ in FILTERS])
            self.up = nn.ModuleList([nn.ModuleList([layer(values), twice()]) for _ in FILTERS[1:]])
            self.last = layer(values)

        def forward(self, x: Any) -> Any:
            skips: list[Any] = []
            for block in self.down[:-1]:
                skips.append(block(x))
                x = nn.functional.max_pool2d(skips[-1], 2)
            x = self.down[-1](x)
            for (stretch, block), skip in zip(self.up, reversed(skips), strict=True):  # type: ignore[misc, unused-ignore]
                x = block(torch.cat([stretch(x), skip], 1))
            return self.last(x)

    return UNet()


def attention(values: Iterator[Any]) -> Any:
    """Four projections, and PyTorch's own product of the heads."""
    import torch
    from torch import nn

    def linear(inputs: int) -> Any:
        kernel, bias = next(values).reshape(inputs, -1), next(values).reshape(-1)
        made = nn.Linear(*kernel.shape)
        made.weight.data, made.bias.data = torch.from_numpy(kernel.T.copy()), torch.from_numpy(bias.copy())
        return made

    class Attention(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.query, self.key, self.value, self.output = (linear(HEADS * DEPTH) for _ in range(4))

        def forward(self, x: Any) -> Any:
            samples, steps, _ = x.shape
            heads = [one(x).view(samples, steps, HEADS, DEPTH).transpose(1, 2) for one in (self.query, self.key, self.value)]
            mixed = nn.functional.scaled_dot_product_attention(*heads)
            return self.output(mixed.transpose(1, 2).reshape(samples, steps, HEADS * DEPTH))

    return Attention()


def memory_format(axes: int, last: bool) -> Any:
    """Of images or volumes."""
    import torch

    return {4: torch.channels_last, 5: torch.channels_last_3d}[axes] if last else torch.contiguous_format


def tensor(array: Any, last: bool) -> Any:
    """(samples, ..., channels) -> (samples, channels, ...), stored so, or with channels last."""
    import torch

    return torch.from_numpy(np.moveaxis(array, -1, 1)).contiguous(memory_format=memory_format(array.ndim, last))


def array(found: Any) -> Any:
    """Back."""
    return np.ascontiguousarray(np.moveaxis(found.detach().contiguous().numpy(), 1, -1))


def alone(case: Case, last: bool) -> Contender:
    """Forward of a single layer, or one of its gradients."""
    import torch

    torch.set_num_threads(case.threads)
    net, x, dy = module(case.net, case.weights), tensor(case.x, last), tensor(case.dy, last)  # type: ignore[arg-type]
    kernel = net.weight.data.contiguous(memory_format=memory_format(x.ndim, last))
    ones, zeros = [1] * (x.ndim - 2), [0] * (x.ndim - 2)
    turned, of_weights = isinstance(net, torch.nn.ConvTranspose2d), case.task == "weight gradient"
    backward = torch.ops.aten.convolution_backward

    def run() -> Any:
        with torch.inference_mode():
            if case.task == "predict":
                return net(x)
            more = net.stride, net.padding, ones, turned, zeros, 1, [not of_weights, of_weights, False]
            return backward(dy, x, kernel, None, *more)[int(of_weights)]

    def result() -> Any:
        return np.moveaxis(run().contiguous().numpy(), (0, 1), (-1, -2)) if of_weights else array(run())

    return Contender(run, result)
