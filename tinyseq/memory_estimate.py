"""The memory that a model will need, from the engine's own plans."""

from __future__ import annotations

from shapecheck.memory import place
from tinyseq.engine.packed_weights import derived_sizes
from tinyseq.engine.partition import Schedule
from tinyseq.engine.plan import PREDICT, Mode
from tinyseq.training.network import Network


def forecast(model: Network, batch_size: int, training: bool) -> dict[str, int]:
    """Bytes for weights, gradients, optimizer, values between layers, kernel scratch, outputs. Needs a size on every axis."""
    graph = model._built_graph("memory")
    shapes = []
    for tensor in model.inputs:
        sizes = tuple(tensor.shape)[1:]
        if not all(isinstance(size, int) for size in sizes):
            raise ValueError(f"{model.name}: the memory estimate needs fixed sizes, the input is {tensor.shape}")
        shapes.append((batch_size, *sizes))
    mode = Mode(training=True, backward=True, trained=model.trainable_weights) if training else PREDICT
    schedule = Schedule(graph, tuple(shapes), mode)
    whole = schedule.whole
    at_once = schedule.blocks
    largest = max((shard.plan for shard in schedule.shards), key=lambda plan: plan.placement.total)
    values = place({k: i for k, i in largest.lifetimes.intervals.items() if k[0] not in ("forward", "backward")}).total
    trained = sum(weight.nbytes for weight in schedule.trained)
    late = sum(weight.nbytes for weight in schedule.slots.late)
    kept = sum(whole.bytes_of(t) for i in schedule.late_indices for t in (whole.ops[i].inputs[0], whole.ops[i].outputs[0]))
    optimizer = model.optimizer
    slots = len(optimizer.slots) if optimizer is not None else 1
    return {
        "weights": sum(weight.nbytes for weight in schedule.weights),
        "gradients": schedule.groups * (trained - late) + late,
        "kept for late gradients": kept,
        "optimizer": slots * trained if training else 0,
        "values": values * at_once,
        "kernel scratch": (largest.placement.total - values) * at_once,
        "prepared weights": prepared_bytes(schedule),
        "outputs": sum(whole.bytes_of(tensor) for tensor in whole.outputs),
    }


def prepared_bytes(schedule: Schedule) -> int:
    """Bytes of derived weights."""
    return 4 * sum(sum(derived_sizes(layer, backward).values()) for layer, backward in schedule.uses)
