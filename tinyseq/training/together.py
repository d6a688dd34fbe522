"""fit by several processes: they begin equal, read the same batches, and what cannot be shared is refused before the first step."""

from __future__ import annotations

from typing import Any

from tinyseq.engine import team as teams
from tinyseq.engine.team import Team
from tinyseq.training import overrides
from tinyseq.training.data import Arrays, Streamed
from tinyseq.weights import seeds


def checked(model: Any) -> Team | None:
    """The processes that share this fit; None: this one is alone. NotImplementedError for steps of one's own."""
    team = teams.present()
    if team is None:
        return None
    for name in ("train_step", "test_step"):
        if overrides.own(model, name):
            raise NotImplementedError(
                f"{model.name}: {type(model).__name__}.{name} is your own, and data_parallel() cannot share it: leave it out, or do not "
                f"call data_parallel()"
            )
    return team


def share(model: Any, team: Team, *data: Arrays | Streamed | None) -> None:
    """Every process gets weights, optimizer state and seeds of the first one. `batch_size` arrays of each make one batch; batches of an
    iterable are read by the first process."""
    if not model.built:
        raise ValueError(f"{model.name}: data_parallel() needs a model that has weights: begin it with Input(shape=...)")
    if any(isinstance(tensor.shape[0], int) for tensor in model.inputs):
        raise ValueError(f"{model.name}: data_parallel() makes larger batches than Input has: leave the batch size out of Input")
    for number, one in enumerate(data):
        _require(team, f"{('training', 'validation')[number]} data", "none" if one is None else type(one).__name__)
        if isinstance(one, Arrays):
            _require_same(team, one)
            one.batch_size *= team.size
        if one is not None:
            one.seed = team.same(one.seed)
        if isinstance(one, Streamed):
            one.team = team
    _require(team, "weights", [weight.shape for weight in model.weights])
    layers = [layer for layer in _within(model) if hasattr(layer, "_draws")]
    kept = {
        "weights": [weight.value for weight in model.weights],
        "optimizer": model.optimizer.state(model.weights),
        "draws": [(layer._seed, layer._draws) for layer in layers],
        "seeds": seeds.state(),
    }
    kept = team.same(kept)
    if team.rank > 0:
        model.set_weights(kept["weights"])
        model.optimizer.restore_state(model.weights, kept["optimizer"])
        for layer, (seed, draws) in zip(layers, kept["draws"], strict=True):
            layer._seed, layer._draws = seed, draws
        seeds.restore(kept["seeds"])


def wait(team: Team | None) -> None:
    """Until all processes are here."""
    if team is not None:
        team.all_of(None)


def stops(model: Any, team: Team | None) -> bool:
    """Whether training was stopped, by a callback of any process."""
    if team is not None:
        model.stop_training = any(team.all_of(bool(model.stop_training)))
    return bool(model.stop_training)


def _require(team: Team, what: str, value: Any) -> None:
    """ValueError in every process if they do not all have the same."""
    for rank, other in enumerate(values := team.all_of(value)):
        if other != values[0]:
            raise ValueError(
                f"data_parallel(): process {rank} has {what} {other}, process 0 {values[0]}: run the same script in every process"
            )


def _require_same(team: Team, data: Arrays) -> None:
    arrays = [array for array in (*data.inputs, *data.targets, *data.weights) if array is not None]
    sums = team.all_of(teams.checksum(arrays))
    for rank, found in enumerate(sums):
        if found != sums[0]:
            shapes = [[shape for shape, *_ in one] for one in (found, sums[0])]
            detail = f"shapes {shapes[0]} and {shapes[1]}" if shapes[0] != shapes[1] else "the same shapes, other numbers"
            raise ValueError(
                f"data_parallel(): process {rank} has other data than process 0 ({detail}): pass the same arrays in every process; fit "
                f"shares out the rows of each batch"
            )


def _within(model: Any) -> list[Any]:
    """All layers, also those inside others."""
    found: list[Any] = []
    for layer in model.children:
        found += [layer, *_within(layer)]
    return found
