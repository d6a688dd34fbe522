"""A net as an ONNX model, for the runtimes that read such files: built node by node, no framework in between."""

from __future__ import annotations

from typing import Any

from tests.benchmarks import channels_first
from tests.benchmarks.cases import Case
from tests.benchmarks.models import Array, Conv, Dense, Flatten, GlobalMax, Net, Pool

OPSET, FORMAT = 17, 8
"""Read by every version of the last years."""


def model_bytes(case: Case) -> bytes:
    """The file's contents: the given one's, else made anew. Input "x" (n, c, h, w), output "y", the batch fixed."""
    if case.model_file is not None:
        return case.model_file.read_bytes()
    return build(case.net, case.weights, case.batch)


def build(net: Net, weights: list[Array], batch: int) -> bytes:
    """As model_bytes."""
    from onnx import TensorProto, checker, helper

    graph = Graph(helper)
    values = iter(channels_first.weights(net, weights))
    for part in net.parts:
        match part:
            case Conv(_, window, stride, relu):
                arrays = {"kernel": next(values), "bias": next(values)}
                graph.add("Conv", arrays, relu, kernel_shape=[window] * 2, strides=[stride] * 2)
            case Dense(_, relu):
                graph.add("Gemm", {"kernel": next(values), "bias": next(values)}, relu)
            case Pool(window):
                graph.add("MaxPool", kernel_shape=[window] * 2, strides=[window] * 2)
            case GlobalMax():
                graph.add("GlobalMaxPool")
                graph.add("Flatten")
            case Flatten():
                graph.add("Flatten")
    graph.nodes[-1].output[0] = "y"
    shapes = [(batch, *(shape[-1:] + shape[:-1])) for shape in (net.shapes[0], net.shapes[-1])]  # channels come first
    given, out = (helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in zip("xy", shapes, strict=True))
    made = helper.make_graph(graph.nodes, "net", [given], [out], graph.tensors)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=FORMAT)
    checker.check_model(model)
    contents: bytes = model.SerializeToString()
    return contents


class Graph:
    """Nodes one after the other, each on the output of the one before."""

    def __init__(self, helper: Any) -> None:
        self.helper = helper
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []
        self.last = "x"

    def add(self, operation: str, arrays: dict[str, Array] | None = None, relu: bool = False, **attributes: Any) -> None:
        """A node with its weights, and a Relu behind it if wanted."""
        from onnx import numpy_helper

        place = len(self.nodes)
        named = {f"{name}{place}": array for name, array in (arrays or {}).items()}
        self.tensors += [numpy_helper.from_array(array, name) for name, array in named.items()]
        self._node(operation, [self.last, *named], **attributes)
        if relu:
            self._node("Relu", [self.last])

    def _node(self, operation: str, inputs: list[str], **attributes: Any) -> None:
        out = f"v{len(self.nodes)}"
        self.nodes.append(self.helper.make_node(operation, inputs, [out], **attributes))
        self.last = out
