"""save_onnx: the file. Needs the onnx package (pip install "tinyseq[onnx]")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import numpy as np

from tinyseq.saving.model_files import text
from tinyseq.saving.onnx_export import (  # the writers register themselves
    activations,
    attention,
    convolution,
    dense,
    normalization,
    operations,
    recurrent,
    shaping,
)
from tinyseq.saving.onnx_export.graph import OnnxGraph, Op, Value, add_model
from tinyseq.saving.whole_file import check_target, write_whole

WRITERS = (activations, attention, convolution, dense, normalization, operations, recurrent, shaping)
OPSET = 20
"""Of the operators: ONNX 1.15 and ONNX Runtime 1.17 (2024) read it, and all later ones."""
FORMAT = 9
"""The version of the file's form that came with that opset."""


def onnx_graph(model: Any) -> tuple[OnnxGraph, list[Value], list[Value]]:
    """The graph of a model with its inputs and outputs, which have the model's names. CannotSave names a layer that ONNX lacks."""
    model._require_built()
    graph = OnnxGraph()
    inputs = [
        Value(graph.name(str(name)), tensor.shape, dtype=str(tensor.dtype or "float32"))
        for name, tensor in zip(model.input_names, model.inputs, strict=True)
    ]
    outputs = []
    for name, value in zip(model._loss_names(), add_model(graph, model, inputs), strict=True):
        named = graph.name(str(name))
        graph.ops.append(Op("Identity", [graph.as_keras(value)], [named], {}))
        outputs.append(Value(named, value.shape, dtype=value.dtype))
    graph.used([value.name for value in outputs])
    return graph, inputs, outputs


def save_onnx(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Writes a model as an ONNX file; see Files.to_onnx."""
    path = text(filepath)
    if not path.endswith(".onnx"):
        raise ValueError(f"{path}: a model is written to ONNX as .onnx: for example model.to_onnx('model.onnx')")
    graph, inputs, outputs = onnx_graph(model)
    target = check_target(path, overwrite)
    data = _bytes(graph, inputs, outputs, str(model.name))

    def fill(file: IO[bytes]) -> None:
        file.write(data)

    write_whole(target, fill)


def _bytes(graph: OnnxGraph, inputs: Sequence[Value], outputs: Sequence[Value], name: str) -> bytes:
    try:
        from onnx import checker, helper, numpy_helper
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            'to_onnx() needs the onnx package, which is not installed: python -m pip install "tinyseq[onnx]"'
        ) from error
    kinds = {kind: helper.np_dtype_to_tensor_dtype(np.dtype(kind)) for kind in ("float32", "int32", "int64", "uint8", "bool")}
    nodes = [
        helper.make_node(
            op.kind, op.inputs, op.outputs, name=f"{op.kind}_{number}",
            **{key: kinds[one] if key == "to" else one for key, one in op.attributes.items()},
        )
        for number, op in enumerate(graph.ops)
    ]  # fmt: skip
    ends = []
    for values in (inputs, outputs):
        shapes = [["batch" if not axis else size for axis, size in enumerate(value.shape)] for value in values]
        pairs = zip(values, shapes, strict=True)
        ends.append([helper.make_tensor_value_info(value.name, kinds[value.dtype], shape) for value, shape in pairs])
    constants = [numpy_helper.from_array(array, key) for key, array in graph.constants.items()]
    made = helper.make_graph(nodes, name, *ends, constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=FORMAT, producer_name="tinyseq")
    checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString()
    return data
