"""Record what Keras computes on PyTorch for the lines of tests/cases.py with channels first -> channels_first.npz.

    python -m tests.oracle.record_channels_first

The answers are those of record_compute.py: output and all gradients.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import torch

from tests.cases import CASES, Case
from tests.data import arrays
from tests.oracle.keras_side import HERE, layer_of


def answered(case: Case) -> dict[str, np.ndarray]:
    """Output, gradients of the inputs and of the weights that train."""
    inputs = [torch.tensor(array, requires_grad=True) for array in arrays.inputs(case)]
    layer = layer_of(case)
    layer(inputs[0].detach())
    names, shapes = [variable.name for variable in layer.weights], [tuple(variable.shape) for variable in layer.weights]
    layer.set_weights(arrays.weights(case, names, shapes))
    output = layer(inputs[0], training=False)
    torch.sum(output * torch.tensor(arrays.output_gradient(case, tuple(output.shape)))).backward()
    answers = {"output": output.detach().numpy()}
    answers |= {f"input {index}": tensor.grad.numpy() for index, tensor in enumerate(inputs)}
    return answers | {variable.name: variable.value.grad.numpy() for variable in layer.trainable_weights}


def main() -> None:
    everything = {}
    for case in CASES:
        if case.computed and case.by_torch:
            for name, array in answered(case).items():
                assert np.isfinite(array).all(), (case.key, name)
                everything[f"{case.key}: inference: {name}"] = np.ascontiguousarray(array, np.float32)
    np.savez_compressed(HERE / "channels_first.npz", **everything)


if __name__ == "__main__":
    main()
