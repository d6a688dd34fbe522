"""How a batch is split: into groups, which threads take, and these into shards, which bound the memory.

In training the split depends only on the batch and the model, never on the number of threads, and gradients are summed in the order of
the groups: so results do not depend on the number of threads. At prediction every sample is computed for itself, however many are
beside it, so that the split may depend on threads too.
"""

from __future__ import annotations

import math

from shapecheck.graph import Graph
from tinyseq.engine.gradients import Slots, late_layers
from tinyseq.engine.operator import Operator, Sizes
from tinyseq.engine.plan import Mode, Plan
from tinyseq.engine.team import Team, groups_of
from tinyseq.engine.threads import get_num_threads

GROUPS = 8
"""Most groups: each one needs a set of gradients."""
WORK = 16_000_000
"""Multiply-adds for which one more group pays off (3x3 convolution of 32 channels on 40x40, 8 images: 470 us in 8
groups, 450 in 4) ..."""
SECOND_WORK = 2_000_000
"""... and the first two worth a hand-over to a thread that is awake (a microsecond, and ten of Python for both) ..."""
WAKING_WORK = 8_000_000
"""... while Python hands over only so many: a thread that sleeps is awake 26 to 120 us later."""
GRADIENT_BOUND = 0.1
"""All groups' own sets of gradients (Operator.gradient_cost) may take at most this share of a step ..."""
SECOND_BOUND = 0.5
"""... but the second one this much: it is what lets a second thread take part."""
FEW_ROWS = 16
"""A net of only Dense layers is split only if each group has at least so many samples ..."""
ROW_BYTES = 128 << 10
"""... and one for so many bytes of weights, which each group reads for itself (784-512-512-10: 128 samples in 4 groups on two
threads take 0.84 ms, in one whose layers are split 0.90; 64 samples 0.45 and 0.50)."""
SHARD_BYTES = 8 << 20
"""About as much memory as the values of one shard take, or as many bytes as its Dense layers have weights, if that is more:
small shards keep what one layer writes and the next one reads in the caches (guide's net, 32 pictures, a step: 61 ms with
64 MiB, 54 with 8; Zen 4), but each shard reads all weights again."""
MOST_BYTES = 64 << 20
"""Never much more than this; for a net with batch statistics, whose shards all stay in memory, this for all of them."""


class Shard:
    """Samples start..stop-1 of the batch; `group` is the gradient set that they add to."""

    __slots__ = ("group", "index", "plan", "start", "stop")

    def __init__(self, index: int, group: int, start: int, stop: int, plan: Plan) -> None:
        self.index = index
        self.group = group
        self.start = start
        self.stop = stop
        self.plan = plan


class Schedule:
    """The shards of a batch with their plans, in order. `team`: the processes that share it, each some of the groups."""

    def __init__(self, graph: Graph, shapes: tuple[Sizes, ...], mode: Mode, team: Team | None = None) -> None:
        whole = Plan(graph, shapes, mode)
        self.batch = shapes[0][0]
        self.whole = whole
        self.cut_as = Plan(graph, shapes, mode.of_part("")) if mode.part else whole
        """The plan of all operations: a part of a graph is cut into the same shards, so that gradients have the same bits."""
        self.output_shapes = whole.output_shapes
        self.output_dtypes = [whole.dtypes[tensor] for tensor in whole.outputs]
        self.groups = group_count(self.cut_as, self.batch) if self.cut_as.shardable and not mode.whole else 1
        self.shards = self._cut(graph, shapes, mode)
        self.team = team if self.groups > 1 else None
        """Of a batch that is not cut, every process computes all."""
        starts = [0, self.groups] if self.team is None else groups_of(self.team, self.groups)
        rank = 0 if self.team is None else self.team.rank
        self.own_groups = range(starts[rank], starts[rank + 1])
        """The groups that this process computes."""
        self.shard_bounds = [sum(shard.group < start for shard in self.shards) for start in starts]
        """Where the shards of each process begin, and the end; and so its samples:"""
        self.row_bounds = [self.batch * start // self.groups for start in starts]
        self.work = work_of(whole)
        layers = {id(op.layer): op.layer for op in whole.ops}.values()
        backward = whole.prepares_backward
        self.uses = [(x, backward[x]) for x in layers if type(x).prepare is not Operator.prepare and x._weights]
        """Layers whose weights are packed."""
        self.drawing = [layer for layer in layers if layer.random] if mode.training or any(op.forced for op in whole.ops) else []
        self.weights = list({id(weight): weight for op in whole.ops for weight in op.weights}.values())
        self.trained = list({id(weight): weight for op in whole.ops for weight in op.trained}.values())
        late = late_layers(whole, self.groups)
        self.late_indices = [i for i, op in enumerate(whole.ops) if op.layer in late and op.trained]
        """Operations whose weight gradients are computed for the whole batch."""
        self.slots = Slots(self.trained, [weight for weight in self.trained if any(weight is w for x in late for w in x._weights)])

    def meetings(self) -> list[tuple[int, str]]:
        """Where all shards synchronize for a statistic of the batch: operations, and their methods."""
        found = [(index, op) for index, op in enumerate(self.whole.ops) if op.synchronized]
        backward = [(index, "backward_combine") for index, op in reversed(found) if op.backward]
        return [*((index, "combine") for index, _ in found), *backward]

    @property
    def blocks(self) -> int:
        """How many blocks of memory a run needs: one for each shard if shards synchronize, else one for each thread."""
        return len(self.shards) if self.whole.synchronized else min(get_num_threads(), len(self.shards))

    def _cut(self, graph: Graph, shapes: tuple[Sizes, ...], mode: Mode) -> list[Shard]:
        batch, groups, as_in = self.batch, self.groups, self.cut_as
        wanted = shard_bytes(as_in) if groups > 1 else MOST_BYTES  # the layers of a single shard are split over threads
        room = max(1, wanted * batch // max(value_bytes(as_in), 1), together(as_in)) if as_in.shardable and not mode.whole else batch
        plans = {batch: self.whole}
        shards: list[Shard] = []
        for group in range(groups):
            start, stop = batch * group // groups, batch * (group + 1) // groups
            cuts = math.ceil((stop - start) / room)
            for cut in range(cuts):
                a = start + (stop - start) * cut // cuts
                b = start + (stop - start) * (cut + 1) // cuts
                if b - a not in plans:
                    plans[b - a] = Plan(graph, tuple((b - a, *shape[1:]) for shape in shapes), mode)
                shards.append(Shard(len(shards), group, a, b, plans[b - a]))
        return shards

    @property
    def own_rows(self) -> slice:
        """The samples that this process computes."""
        groups = self.own_groups
        return slice(self.batch * groups.start // self.groups, self.batch * groups.stop // self.groups)

    def by_group(self) -> list[list[Shard]]:
        """The shards of each group."""
        found: list[list[Shard]] = [[] for _ in range(self.groups)]
        for shard in self.shards:
            found[shard.group].append(shard)
        return found


def group_count(plan: Plan, batch: int) -> int:
    """A power of two, at most GROUPS and the batch size, for which each group pays for its thread and its gradients."""
    work = work_of(plan)
    dense = sum(op.multiply_adds for op in plan.ops if op.layer.late)
    most = min(GROUPS, batch, max(work // WORK, min(2, work // SECOND_WORK)))
    if dense > 0.9 * sum(op.multiply_adds for op in plan.ops):
        rows = max(FEW_ROWS, sum(weight.nbytes for op in plan.ops for weight in op.weights) // ROW_BYTES)
        most = min(most, batch // rows)  # products of few rows wait for their weights: splitting over threads is better
    most = min(most, batch // max((op.layer.least_samples for op in plan.ops), default=1))
    if together(plan) > 1:
        most = min(most, max(batch // together(plan), get_num_threads()))
    if plan.mode.backward:
        late = late_layers(plan, 2)
        costs = {
            id(weight): weight.size * op.layer.gradient_cost(plan.shapes[op.inputs[0]])
            for op in plan.ops if op.layer not in late for weight in op.trained
        }  # fmt: skip
        sets = work / max(sum(costs.values()), 1)
        most = min(most, 1 + max(int(GRADIENT_BOUND * sets), min(1, int(SECOND_BOUND * sets))))
    return 1 << (max(most, 1).bit_length() - 1)


def work_of(plan: Plan) -> int:
    """Multiply-adds of a run; backward counts twice."""
    return plan.multiply_adds * (3 if plan.mode.backward else 1)


def shard_bytes(plan: Plan) -> int:
    """The target for the memory of one shard's values."""
    if plan.synchronized:
        return MOST_BYTES
    return max(SHARD_BYTES, min(MOST_BYTES, sum(weight.nbytes for op in plan.ops if op.layer.late for weight in op.weights)))


def together(plan: Plan) -> int:
    """Samples that are predicted in one shard although they leave the nearest caches; 1 in training.

    A shard's arrays, which are used again and again, may take as much memory as the weights that each shard reads (those of Dense
    layers count in shard_bytes and group_count): Xception's 80 MB are
    more than a third-level cache of 32 MiB holds, and its products of 81 rows a sample wait for them (Zen 3, one thread: 81 x 728 x 728
    at 51 GFLOP/s in a prediction of one sample after the other, 800 x 728 x 728 at 71 alone).
    """
    if plan.mode.training or plan.mode.backward:
        return 1
    weights = sum({id(weight): weight.nbytes for op in plan.ops if not op.layer.late for weight in op.weights}.values())
    return max(1, min(MOST_BYTES, weights) * plan.shapes[plan.inputs[0]][0] // max(plan.placement.total, 1))


def value_bytes(plan: Plan) -> int:
    """Bytes of all values between layers, doubled for gradients."""
    tensors = {*plan.inputs, *(tensor for op in plan.ops for tensor in op.outputs)}
    values = sum(plan.bytes_of(tensor) for tensor in tensors)
    return values * (2 if plan.mode.backward else 1)
