"""ncnn: layers and weights in its own two formats, float32 like everybody else. It has no batch: samples run one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.benchmarks import channels_first
from tests.benchmarks.cases import Case, Contender, Make
from tests.benchmarks.models import Array, Conv, Dense, Flatten, GlobalMax, Part, Pool

MAGIC = 7767517
"""The first line of a file of layers."""


def variants(case: Case) -> dict[str, Make]:
    """One way."""
    return {} if case.net.over_steps else {"ncnn": predict}


def layer(part: Part, arrays: Iterator[Array]) -> tuple[str, list[Array]]:
    """Its kind with numbered arguments, and its arrays in the order of the file of weights: the first begins with 0, "float32"."""
    match part:
        case Conv(filters, window, stride, relu):
            kernel = next(arrays)
            words = f"0={filters} 1={window} 3={stride} 5=1 6={kernel.size} 9={int(relu)}"
            return f"Convolution {words}", [kernel, next(arrays)]
        case Dense(units, relu):
            kernel = next(arrays).T
            return f"InnerProduct 0={units} 1=1 2={kernel.size} 9={int(relu)}", [kernel, next(arrays)]
        case Pool(window):
            return f"Pooling 0=0 1={window} 2={window} 5=1", []
        case GlobalMax():
            return "Pooling 0=0 4=1", []
        case Flatten():
            return "Flatten", []
    raise ValueError(f"ncnn is not described for {part}")


def files(case: Case) -> tuple[str, bytes]:
    """The layers, one a line, and the weights."""
    arrays = iter(channels_first.weights(case.net, case.weights))  # type: ignore[arg-type]
    lines, contents, last = ["Input x 0 1 x"], b"", "x"
    for place, part in enumerate(case.net.parts):
        words, found = layer(part, arrays)
        kind, _, options = words.partition(" ")
        lines.append(f"{kind} v{place} 1 1 {last} v{place} {options}")
        last = f"v{place}"
        contents += b"\0\0\0\0" * bool(found) + b"".join(np.ascontiguousarray(array, np.float32).tobytes() for array in found)
    return "\n".join([str(MAGIC), f"{len(lines)} {len(lines)}", *lines]) + "\n", contents


def predict(case: Case) -> Contender:
    """The output."""
    import ncnn

    net = ncnn.Net()
    net.opt.num_threads = case.threads
    for name in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage", "use_vulkan_compute"):
        setattr(net.opt, name, False)
    layers, weights = files(case)
    if net.load_param_mem(layers) != 0:
        raise ValueError("ncnn does not read these layers")
    net.load_model_mem(weights)
    x = channels_first.images(case.x)
    last = f"v{len(case.net.parts) - 1}"

    def one(sample: Array) -> Any:
        extractor = net.create_extractor()
        extractor.input("x", ncnn.Mat(sample))
        return extractor.extract(last)[1]

    def run() -> Any:
        return [one(sample) for sample in x]

    def result() -> Any:
        return channels_first.channels_last(np.stack([np.array(found) for found in run()]))

    return Contender(run, result)
