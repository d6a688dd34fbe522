"""PyTorch: eager in both memory layouts, and torch.compile (which chooses the layouts inside by itself)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks import channels_first
from tests.benchmarks.cases import BETA1, BETA2, EPSILON, RATE, Case, Contender, Make, losses
from tests.benchmarks.models import Conv, Dense, Flatten, GlobalMax, Net, Pool, Recurrent, Words
from tests.benchmarks.normalized import Built
from tests.benchmarks.peers import newer_torch


def variants(case: Case) -> dict[str, Make]:
    """Two layouts where there are images; the compiler where there is a whole graph to compile."""
    if isinstance(case.net, Built) and case.net.kind in ("transposed", "volume"):
        return {"torch NCHW": partial(newer_torch.alone, last=False), "torch channels_last": partial(newer_torch.alone, last=True)}
    images = len(case.net.shape) == 3
    makers = {"predict": predict, "train": train}
    make: Callable[..., Contender] = makers.get(case.task, gradient)
    found: dict[str, Make] = {"torch NCHW" if images else "torch": partial(make, last=False)}
    if images:
        found["torch channels_last"] = partial(make, last=True)
    if case.task in makers and len(case.net.parts) != 1:
        found["torch.compile"] = partial(make, last=images, compiled=True)
    return found


def module(net: Net | Built, weights: list[Any], last: bool) -> Any:
    """The net with our weights."""
    import torch
    from torch import nn

    if isinstance(net, Built):
        from tests.benchmarks.peers.normalized_torch import graph

        made = graph(net, weights) if net.kind == "normalized" else newer_torch.module(net, weights)
        return made.to(memory_format=torch.channels_last) if last else made
    values = iter(channels_first.weights(net, weights))
    parts: list[Any] = []
    for part, given, _ in net.steps():
        match part:
            case Conv(filters, window, stride, relu):
                parts.append(_with(nn.Conv2d(given[-1], filters, window, stride), next(values), next(values)))
                parts += [nn.ReLU(inplace=True)] * relu
            case Dense(units, relu):
                parts.append(_with(nn.Linear(given[0], units), next(values).T, next(values)))
                parts += [nn.ReLU(inplace=True)] * relu
            case Pool(window):
                parts.append(nn.MaxPool2d(window))
            case GlobalMax():
                parts += [nn.AdaptiveMaxPool2d(1), nn.Flatten()]
            case Flatten():
                parts.append(nn.Flatten())
            case Words(size, width):
                parts.append(nn.Embedding.from_pretrained(torch.from_numpy(next(values).copy()).reshape(size, width), freeze=False))
            case Recurrent():
                parts.append(_recurrent(part, given[-1], [next(values) for _ in range(6 if part.both else 3)]))
    made = nn.Sequential(*parts)
    return made.to(memory_format=torch.channels_last) if last else made


def _seen(case: Case) -> Any:
    """The inputs as the net sees them: see normalized_torch.py."""
    turned = isinstance(case.net, Built) and case.net.kind == "normalized" and case.x.ndim == 4
    return case.x[:, ::-1, ::-1] if turned else case.x


def _with(layer: Any, kernel: Any, bias: Any) -> Any:
    import torch

    layer.weight.data = torch.from_numpy(np.ascontiguousarray(kernel))
    layer.bias.data = torch.from_numpy(bias.copy())
    return layer


def _recurrent(part: Recurrent, features: int, weights: list[Any]) -> Any:
    """With Keras's weights: an LSTM of Keras has one bias, so the other of torch's two stays 0; GRU's gates come in another order."""
    import torch
    from torch import nn

    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = getattr(nn, part.kind)(features, part.units, batch_first=True, bidirectional=part.both)

        def forward(self, x: Any) -> Any:
            steps = self.layer(x)[0]
            if part.sequences:
                return steps
            if not part.both:
                return steps[:, -1]
            return torch.cat([steps[:, -1, : part.units], steps[:, 0, part.units :]], 1)

    made = Last()
    for number in range(2 if part.both else 1):
        kernel, state, bias = weights[3 * number : 3 * number + 3]
        biases = (bias, np.zeros_like(bias)) if part.kind == "LSTM" else tuple(bias)
        for stem, values in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), (kernel.T, state.T, *biases), strict=True):
            if part.kind == "GRU":
                z, r, h = np.split(values, 3)
                values = np.concatenate([r, z, h])
            getattr(made.layer, f"{stem}_l0{'_reverse' * number}").data = torch.from_numpy(np.ascontiguousarray(values).copy())
        if part.kind == "LSTM":
            getattr(made.layer, f"bias_hh_l0{'_reverse' * number}").requires_grad = False
    made.layer.flatten_parameters()
    return made


def _tensor(array: Any, last: bool) -> Any:
    import torch

    tensor = torch.from_numpy(channels_first.images(array))
    return tensor.contiguous(memory_format=torch.channels_last) if last else tensor


def _array(tensor: Any) -> Any:
    return channels_first.channels_last(tensor.detach().contiguous().numpy())


def _compiled(what: Any, inference: bool) -> Any:
    """Shapes fixed; for prediction also the weights (freezing), so that they are packed once."""
    import torch

    torch._dynamo.reset()
    return torch.compile(what, dynamic=False, options={"freezing": True} if inference else None)


def predict(case: Case, last: bool, compiled: bool = False) -> Contender:
    """Under inference_mode."""
    import torch

    torch.set_num_threads(case.threads)
    net, fed = module(case.net, case.weights, last).eval(), _tensor(_seen(case), last)
    if compiled:
        net = _compiled(net, inference=True)

    def run() -> Any:
        with torch.inference_mode():
            return net(fed)

    return Contender(run, lambda: _array(run()))


def train(case: Case, last: bool, compiled: bool = False) -> Contender:
    """Forward, cross-entropy, backward and the fused Adam."""
    step, same = _step(case, last, compiled), replace(case, net=case.net.comparable)
    return Contender(step, lambda: losses(step if same.net is case.net else _step(same, last, compiled)))


def _step(case: Case, last: bool, compiled: bool) -> Callable[[], float]:
    import torch

    torch.set_num_threads(case.threads)
    net, fed, labels = module(case.net, case.weights, last), _tensor(_seen(case), last), torch.from_numpy(case.y)
    adam = torch.optim.Adam(net.parameters(), RATE, (BETA1, BETA2), EPSILON, fused=True)

    def loss_of(x: Any, y: Any) -> Any:
        scores = net(x)
        return torch.nn.functional.cross_entropy(scores.transpose(1, 2) if scores.ndim == 3 else scores, y)

    forward = _compiled(loss_of, inference=False) if compiled else loss_of

    def step() -> float:
        adam.zero_grad(set_to_none=True)
        loss = forward(fed, labels)
        loss.backward()
        adam.step()
        return float(loss.detach())

    return step


def gradient(case: Case, last: bool) -> Contender:
    """One of the two gradients of one layer, without its forward."""
    import torch

    torch.set_num_threads(case.threads)
    x, dy = _tensor(case.x, last), _tensor(case.dy, last)
    of_weights = case.task == "weight gradient"
    (part,) = case.net.parts
    if isinstance(part, Pool):
        window = [part.window] * 2
        _, index = torch.nn.functional.max_pool2d(x, part.window, return_indices=True)
        pool = torch.ops.aten.max_pool2d_with_indices_backward
        return _contender(lambda: pool(dy, x, window, window, [0, 0], [1, 1], False, index), _array)
    assert isinstance(part, Conv)
    kernel = _tensor(np.ascontiguousarray(case.weights[0].transpose(3, 0, 1, 2)), last)  # (out, h, w, in), as images
    mask = [not of_weights, of_weights, False]
    backward = torch.ops.aten.convolution_backward
    stride, none = [part.stride] * 2, [0, 0]

    def run() -> Any:
        return backward(dy, x, kernel, None, stride, none, [1, 1], False, none, 1, mask)[int(of_weights)]

    return _contender(run, _kernel if of_weights else _array)


def _contender(run: Callable[[], Any], to_array: Callable[[Any], Any]) -> Contender:
    import torch

    def without_graph() -> Any:
        with torch.inference_mode():
            return run()

    return Contender(without_graph, lambda: to_array(without_graph()))


def _kernel(tensor: Any) -> Any:
    return channels_first.kernel_back(tensor.contiguous().numpy())
