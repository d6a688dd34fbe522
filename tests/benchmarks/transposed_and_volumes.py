"""Transposed convolutions, convolutions of volumes and a U-Net beside PyTorch's, on one thread, in CPU time: a table in Markdown.

    python -m tests.benchmarks.transposed_and_volumes

Needs torch. All contenders take turns in one process; a ratio is the better of torch's two layouts over ours, of medians. That the
numbers are right is held in tests/kernels and tests/layers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

import tinyseq as keras
from tests.model.test_unet import unet
from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import direct, strided_winograd, volume
from tinyseq.kernels.convolution.volume_geometry import Volume
from tinyseq.layers.windows import geometry

Runs = dict[str, Callable[[], Any]]
FORMATS = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}
FORMATS_3D = {"NCDHW": torch.contiguous_format, "channels_last": torch.channels_last_3d}
BATCH = 8


def numbers(*shape: int) -> Any:
    return np.random.default_rng(len(shape)).standard_normal(shape, dtype=np.float32)


def transposed(size: int = 32, channels: int = 64, filters: int = 32) -> dict[str, Runs]:
    """4x4 by 2, padding="same"."""
    x, w, dy = numbers(BATCH, size, size, channels), numbers(4, 4, filters, channels), numbers(BATCH, 2 * size, 2 * size, filters)
    g = geometry(dy.shape, channels, (4, 4), (2, 2), "same", (1, 1), 1)
    y, dx, dw = np.empty_like(dy), np.empty_like(x), np.zeros_like(w)
    packed, folded = direct.pack_backward(w, (2, 2), (1, 1), 1), strided_winograd.pack_forward(w, (2, 2))
    scratch = aligned(max(direct.input_gradient_scratch(g), strided_winograd.weight_gradient_scratch(g)))
    name, bias = f"Conv2DTranspose 4x4 by 2, {channels} -> {filters} on {size}x{size}", np.zeros(filters, np.float32)
    fast = strided_winograd
    found: dict[str, Runs] = {
        f"{name}, forward": {"": lambda: direct.transposed(x, packed, bias, y, g, False, scratch, 0, direct.transposed_units(g, BATCH))},
        f"{name}, weight gradient": {"": lambda: fast.weight_gradient(dy, x, dw, g, scratch)},
        f"{name}, input gradient": {"": lambda: fast.forward(dy, folded, w, None, dx, g, False, scratch, 0, fast.units(g, BATCH))},
    }
    for form, layout in FORMATS.items():
        tx, tdy = (torch.tensor(array).permute(0, 3, 1, 2).contiguous(memory_format=layout) for array in (x, dy))
        tw, tb = torch.tensor(w).permute(3, 2, 0, 1).contiguous(memory_format=layout), torch.zeros(filters)
        for run, other in zip(found.values(), by_torch(tx, tw, tb, tdy, functional.conv_transpose2d, [2, 2], [1, 1], True), strict=True):
            run[form] = other
    return found


def volumes(size: int = 32, channels: int = 16, filters: int = 32) -> dict[str, Runs]:
    """3x3x3, padding="same"."""
    x, w, dy = numbers(BATCH, size, size, size, channels), numbers(3, 3, 3, channels, filters), numbers(BATCH, size, size, size, filters)
    v = Volume(size, size, size, channels, 3, 3, 3, filters, size, size, size, front=1, top=1, left=1)
    y, dx, dw, bias = np.empty_like(dy), np.empty_like(x), np.zeros_like(w), np.zeros(filters, np.float32)
    straight, turned = volume.pack_forward(w, 1), volume.pack_backward(w, (1, 1, 1), (1, 1, 1), 1)
    scratch = aligned(max(volume.forward_scratch(v), volume.input_gradient_scratch(v), volume.weight_gradient_scratch(v)))
    name = f"Conv3D 3x3x3, {channels} -> {filters} on {size}^3"
    found: dict[str, Runs] = {
        f"{name}, forward": {"": lambda: volume.forward(x, straight, bias, y, v, False, scratch, 0, volume.units(v, BATCH))},
        f"{name}, weight gradient": {"": lambda: volume.weight_gradient(x, dy, dw, v, scratch)},
        f"{name}, input gradient": {"": lambda: volume.input_gradient(dy, turned, dx, v, scratch)},
    }
    for form, layout in FORMATS_3D.items():
        tx, tdy = (torch.tensor(array).permute(0, 4, 1, 2, 3).contiguous(memory_format=layout) for array in (x, dy))
        tw, tb = torch.tensor(w).permute(4, 3, 0, 1, 2).contiguous(memory_format=layout), torch.zeros(filters)
        for run, other in zip(found.values(), by_torch(tx, tw, tb, tdy, functional.conv3d, [1, 1, 1], [1, 1, 1], False), strict=True):
            run[form] = other
    return found


def by_torch(
    x: Any, w: Any, b: Any, dy: Any, function: Any, strides: list[int], padding: list[int], turned: bool
) -> list[Callable[[], Any]]:  # fmt: skip
    """Forward, the gradient of the weights, that of the input."""
    ones, zeros = [1] * len(strides), [0] * len(strides)

    def backward(*mask: bool) -> Any:
        return torch.ops.aten.convolution_backward(dy, x, w, [b.numel()], strides, padding, ones, turned, zeros, 1, [*mask, False])

    def forward() -> Any:
        with torch.no_grad():
            return function(x, w, b, stride=strides, padding=padding)

    return [forward, lambda: backward(False, True), lambda: backward(True, False)]


class TorchUNet(torch.nn.Module):  # type: ignore[misc]
    """The same net as tests/model/test_unet.py, for channels first."""

    def __init__(self, filters: tuple[int, ...]) -> None:
        super().__init__()
        given, nn = 1, torch.nn
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for count in filters:
            self.down.append(self.twice(given, count))
            given = count
        for count in reversed(filters[:-1]):
            self.up.append(nn.ModuleList([nn.ConvTranspose2d(given, count, 2, 2), self.twice(2 * count, count)]))
            given = count
        self.last = nn.Conv2d(given, 1, 1)

    @staticmethod
    def twice(given: int, count: int) -> Any:
        nn = torch.nn
        return nn.Sequential(nn.Conv2d(given, count, 3, padding=1), nn.ReLU(True), nn.Conv2d(count, count, 3, padding=1), nn.ReLU(True))

    def forward(self, x: Any) -> Any:
        skips = []
        for block in self.down[:-1]:
            skips.append(block(x))
            x = functional.max_pool2d(skips[-1], 2)
        x = self.down[-1](x)
        for (stretch, block), skip in zip(self.up, reversed(skips), strict=True):
            x = block(torch.cat([stretch(x), skip], 1))
        return self.last(x)


def training(size: int = 128, filters: tuple[int, ...] = (16, 32, 64, 128)) -> dict[str, Runs]:
    """A training step with Adam."""
    x, y = numbers(BATCH, size, size, 1), (numbers(BATCH, size, size, 1) > 0).astype(np.float32)
    model = unet(size, filters)
    model.compile("adam", "binary_crossentropy")
    runs: Runs = {"": lambda: model.train_on_batch(x, y)}
    for form, layout in FORMATS.items():
        net = TorchUNet(filters).to(memory_format=layout)
        assert sum(p.numel() for p in net.parameters()) == model.count_params()
        inputs, targets = (torch.tensor(array).permute(0, 3, 1, 2).contiguous(memory_format=layout) for array in (x, y))
        optimizer = torch.optim.Adam(net.parameters())

        def step(net: Any = net, inputs: Any = inputs, targets: Any = targets, optimizer: Any = optimizer) -> None:
            optimizer.zero_grad()
            functional.binary_cross_entropy_with_logits(net(inputs), targets).backward()
            optimizer.step()

        runs[form] = step
    return {f"U-Net {size}x{size}x1, {filters[0]} to {filters[-1]} filters, train step": runs}


def measured(runs: Runs, rounds: int = 9) -> dict[str, float]:
    """The median CPU time of each, in ms."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 2):
        for name, run in runs.items():
            begin = time.process_time()
            run()
            if turn > 1:
                times[name].append(1e3 * (time.process_time() - begin))
    return {name: float(np.median(found)) for name, found in times.items()}


def main() -> None:
    keras.set_num_threads(1)
    torch.set_num_threads(1)
    print("| work, batch 8 | tinyseq, ms | torch, ms | torch channels_last, ms | ratio |\n| --- | ---: | ---: | ---: | ---: |")
    for name, runs in {**transposed(), **volumes(), **training()}.items():
        ours, *others = measured(runs).values()
        print(f"| {name} | {ours:.3g} | {others[0]:.3g} | {others[1]:.3g} | {min(others) / ours:.2f} |", flush=True)


if __name__ == "__main__":
    main()
