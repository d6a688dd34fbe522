"""Which weights a model's output depends on: a layer of the user's own may create weights that its call() does not use."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.graph import Graph
from tinyseq.training.network import Network
from tinyseq.training.user_warning import say
from tinyseq.weights.weight import Weight


def reached(model: Network, weights: Sequence[Weight]) -> list[Weight]:
    """Those of the weights that the model computes with. A warning names the others, which have no gradient and stay as they are."""
    graph = model.graph
    used = _used(graph) if isinstance(graph, Graph) else {id(weight) for weight in weights}
    others = [weight.path for weight in weights if id(weight) not in used]
    if others:
        them = "them" if len(others) > 1 else "it"
        say(
            f"{model.name}: Gradients do not exist for {', '.join(others[:5])}{' ...' if len(others) > 5 else ''}: call() does not use "
            f"{them}, so fit leaves {them} as before"
        )
    return [weight for weight in weights if id(weight) in used]


def _used(graph: Graph) -> set[int]:
    """The ids of all weights between the inputs and the outputs."""
    found: set[int] = set()
    for node in graph.nodes:
        inner = getattr(node.rule, "graph", None)
        found |= _used(inner) if isinstance(inner, Graph) else {id(weight) for weight in getattr(node.rule, "weights", ())}
    return found
