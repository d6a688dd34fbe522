"""What an optimizer keeps from step to step: the arrays of each weight, moving averages, gathered gradients; and copies of all that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.argument_types import is_number
from tinyseq.training.learning_rate import Paced
from tinyseq.training.optimizer_state import Kept, Linked

Array = NDArray[Any]
F32 = np.float32


class Remembering(Paced):
    """The part of an optimizer that keeps state of weights. `slots` are the names of the arrays kept for a weight."""

    slots: tuple[str, ...] = ()
    shaped: bool = False
    """The formula needs a weight as a whole, in its shape: `update_weight` takes the place of `update`."""
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    _kept: dict[int, Kept]
    _averages: dict[int, Array]
    """Moving averages, by the weights' ids."""
    _built_for: list[Any]

    def build(self, variables: Sequence[Any]) -> None:
        """Makes what it keeps for these weights, and the weights those of apply(gradients).

        Arguments:
            variables: weights
        """
        self._built_for = list(variables)
        for variable in self._built_for:
            self._kept_of(variable)

    def keep(self, variables: Sequence[Any]) -> None:
        """Makes what it keeps for these weights, in their order, also for those that have no gradient.

        Arguments:
            variables: weights
        """
        for variable in () if self._inner(variables) else variables:
            self._kept_of(variable)

    @property
    def built(self) -> bool:
        """True once it keeps something of weights."""
        return bool(self._kept)

    def _kept_of(self, variable: Any) -> Kept:
        found = self._kept.get(id(variable))
        if found is None or found.variable is not variable:
            p = variable.value if self.shaped else variable.value.reshape(-1)
            found = self._kept[id(variable)] = Kept(variable, self._start_of(variable, p))
        return found

    def _start_of(self, variable: Any, p: Array) -> list[Array]:
        return [self.start(slot, p) for slot in self.slots]

    def _arrays(self, variable: Any) -> list[Array]:
        return self._kept_of(variable).arrays

    def start(self, slot: str, p: Array) -> Array:
        """The first value of a slot."""
        return np.zeros_like(p)

    @property
    def variables(self) -> list[Any]:
        """All its state: the steps made, the learning rate, and what it keeps of each weight, in its shape."""
        found = [Linked("iteration", lambda: np.int64(self._made), lambda value: setattr(self, "_made", int(value)))]
        if self._schedule is None:
            found.append(Linked("learning_rate", lambda: F32(self._rate), lambda value: setattr(self, "_rate", float(value))))
        for kept in self._kept.values():
            slots = dict(zip(self.slots, kept.arrays, strict=False))
            more = {"average": self._averages.get(id(kept.variable)), "gradient_accumulator": kept.accumulated}
            for name, array in {**slots, **more}.items():
                if array is not None:
                    shape = kept.variable.shape if array.size == kept.variable.size else array.shape
                    view = array.reshape(shape)
                    label = f"{kept.variable.path.replace('/', '_')}_{name}"
                    found.append(Linked(label, lambda view=view: view, lambda value, view=view: np.copyto(view, value)))  # type: ignore[misc]
        return found

    def state(self, variables: Sequence[Any]) -> dict[str, Any]:
        """All that the next step depends on besides weights: numbers and arrays, for `restore_state`.

        Arguments:
            variables: the model's weights
        """
        numbers = {name: value for name, value in self.__dict__.items() if _is_plain(value) and name not in ("_rate_written",)}
        kept = [self._kept.get(id(variable)) for variable in variables]
        arrays = [None if one is None else [one.arrays, one.accumulated, self._averages.get(id(one.variable))] for one in kept]
        return {"numbers": numbers, "kept": arrays, "inner": [one.state(variables) for one in self._inner(variables)]}

    def restore_state(self, variables: Sequence[Any], state: dict[str, Any]) -> None:
        """Goes on from a `state`.

        Arguments:
            variables: the model's weights, in the same order
            state: what `state` returned
        """
        self.__dict__.update(state["numbers"])
        for variable, found in zip(variables, state["kept"], strict=True):
            if found is not None:
                kept = self._kept_of(variable)
                for mine, array in zip(kept.arrays, found[0], strict=True):
                    mine[...] = array
                kept.accumulated = found[1]
                if found[2] is not None:
                    self._averages[id(variable)] = found[2]
        for inner, one in zip(self._inner(variables), state["inner"], strict=True):
            inner.restore_state(variables, one)

    def _inner(self, variables: Sequence[Any]) -> list[Any]:
        """Optimizers inside."""
        return []

    # ------------------------------------------------------------------ gathered gradients, moving averages

    def _accumulated(self, gradients: list[Array], variables: Sequence[Any]) -> list[Array] | None:
        """The means of so many steps' gradients, or None while they are gathered."""
        steps = self.gradient_accumulation_steps
        if not steps:
            return gradients
        last = (self._made + 1) % steps == 0
        found = []
        for gradient, variable in zip(gradients, variables, strict=True):
            kept = self._kept_of(variable)
            if kept.accumulated is None:
                kept.accumulated = np.zeros(gradient.size, np.float32)
            kept.accumulated += gradient
            if last:
                found.append(kept.accumulated / F32(steps))
                kept.accumulated[...] = 0
        return found if last else None

    def _average(self, variable: Any) -> None:
        """Updates the moving average of a weight, and at times sets the weight to it."""
        average = self._averages.setdefault(id(self._kept_of(variable).variable), variable.value.copy())
        keep = F32(self.ema_momentum if self.step > 1 else 0)
        average *= keep
        average += (1 - keep) * variable.value
        every = self.ema_overwrite_frequency
        if every and self.step % every == 0:
            variable.assign(average)

    def finalize(self, variables: Sequence[Any]) -> None:
        """After training: weights become their moving averages, if use_ema is set."""
        for variable in variables if self.use_ema else ():
            if id(variable) in self._averages:
                variable.assign(self._averages[id(variable)])

    def finalize_variable_values(self, var_list: Sequence[Any]) -> None:
        """Like finalize.

        Arguments:
            var_list: weights
        """
        self.finalize(var_list)

    # ------------------------------------------------------------------ copies

    def _make_room(self) -> None:
        """Makes the attributes that are not copied with an optimizer."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        averages = [(kept.variable, self._averages[name]) for name, kept in self._kept.items() if name in self._averages]
        state = {**self.__dict__, "_kept": list(self._kept.values()), "_averages": averages}
        del state["_rates"], state["_rate_written"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        kept, averages = state.pop("_kept"), state.pop("_averages")
        self.__dict__.update(state, _kept={id(one.variable): one for one in kept}, _averages={id(v): array for v, array in averages})
        self._make_room()


def _is_plain(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str)) or (isinstance(value, tuple) and all(is_number(one) for one in value))
