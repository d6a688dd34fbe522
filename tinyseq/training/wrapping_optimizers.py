"""Optimizers around other optimizers: one that skips steps that are not finite, and one for several groups of weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from tinyseq.training.optimizer import Optimizer, Update
from tinyseq.training.optimizer_state import Linked


class LossScaleOptimizer(Optimizer):
    """Another optimizer, which skips a step whose gradients are not finite. Micikevicius et al. (2018), section 3.2.

    apply() takes the gradients of the loss times `dynamic_scale`; this scale doubles after many finite steps, and halves after one that
    is not. In fit, where numbers are float32, losses are not scaled.

    Arguments:
        inner_optimizer: makes the steps
        initial_scale: the first scale
        dynamic_growth_steps: finite steps after which the scale doubles
        name: its name
    """

    def __init__(
        self, inner_optimizer: Optimizer, initial_scale: float = 2.0**15, dynamic_growth_steps: int = 2000, name: str | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        if not isinstance(inner_optimizer, Optimizer):
            raise TypeError(f"LossScaleOptimizer: expected an optimizer, got {inner_optimizer!r}: for example optimizers.Adam()")
        if options.pop("dynamic", True) is not True:
            raise ValueError("LossScaleOptimizer does not support `dynamic=False`: set loss_scale_factor of the inner optimizer")
        for argument in options:
            raise ValueError(f"LossScaleOptimizer does not support `{argument}`: set it on the `inner_optimizer`")
        self.inner_optimizer = inner_optimizer
        super().__init__(0.0, name=name)
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps
        self.dynamic_scale = float(initial_scale)
        self.step_counter = 0
        inner_optimizer.loss_scale_factor = None

    def _current_rate(self) -> float:
        return self.inner_optimizer._current_rate()

    @property
    def learning_rate(self) -> Any:
        """That of the inner optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if "dynamic_scale" in self.__dict__:
            self.inner_optimizer.learning_rate = value

    @property
    def iterations(self) -> Any:
        """The steps of the inner optimizer; skipped steps do not count."""
        return self.inner_optimizer.iterations

    @iterations.setter
    def iterations(self, value: int) -> None:
        self.inner_optimizer.iterations = value

    def _scale(self) -> float:
        return self.dynamic_scale

    def update_of(self, variables: Sequence[Any]) -> Update | None:
        return None

    def apply(
        self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None, finish: Callable[[], None] | None = None,
        told: bool = False,
    ) -> None:  # fmt: skip
        variables = self._weights_for(grads, trainable_variables)
        if all(bool(np.isfinite(gradient).all()) for gradient in grads if gradient is not None):
            given = list(grads) if finish is not None else self._divided(grads)
            self.inner_optimizer.apply(given, variables, finish)
            self._built_for = self._built_for or variables
            self.step_counter += 1
            if self.step_counter == self.dynamic_growth_steps:
                self.step_counter, self.dynamic_scale = 0, self.dynamic_scale * 2
            return
        self.step_counter, self.dynamic_scale = 0, self.dynamic_scale / 2
        if finish is not None:
            finish()

    def _divided(self, grads: Sequence[Any]) -> list[Any]:
        return [None if gradient is None else np.asarray(gradient, np.float32) / np.float32(self.dynamic_scale) for gradient in grads]

    def build(self, variables: Sequence[Any]) -> None:
        super().build(variables)
        self.inner_optimizer.build(variables)

    @property
    def variables(self) -> list[Any]:
        """Its scale and count, and the variables of the inner optimizer."""
        own = [
            Linked("step_counter", lambda: np.int64(self.step_counter), lambda value: setattr(self, "step_counter", int(value))),
            Linked("dynamic_scale", lambda: np.float32(self.dynamic_scale), lambda value: setattr(self, "dynamic_scale", float(value))),
        ]
        return [*own, *self.inner_optimizer.variables]

    def finalize(self, variables: Sequence[Any]) -> None:
        self.inner_optimizer.finalize(variables)

    def _inner(self, variables: Sequence[Any]) -> list[Optimizer]:
        return [self.inner_optimizer]

    def get_config(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "inner_optimizer": serialize(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**{**config, "inner_optimizer": _made(config["inner_optimizer"])})


class OptimizerMap(MutableMapping[str, Optimizer]):
    """Which optimizer changes which weight: by the weight's path, or a pattern (re.fullmatch) of it.

    Arguments:
        default_optimizer: for all other weights
        optimizer_map: {path or pattern: optimizer}
    """

    def __init__(self, default_optimizer: Optimizer, optimizer_map: dict[str, Optimizer] | None = None) -> None:
        if not isinstance(default_optimizer, Optimizer):
            raise TypeError(f"default_optimizer: expected an optimizer, got {default_optimizer!r}: for example optimizers.Adam()")
        if optimizer_map is not None and not isinstance(optimizer_map, dict):
            raise TypeError(f"optimizer_map: expected a dictionary, got {optimizer_map!r}: for example {{'.*kernel': optimizers.Muon()}}")
        self.default_optimizer = default_optimizer
        self._map: dict[str, Optimizer] = {}
        for key, optimizer in (optimizer_map or {}).items():
            self[key] = optimizer

    def __getitem__(self, key: str) -> Optimizer:
        if key in self._map:
            return self._map[key]
        found = [pattern for pattern in self._map if re.fullmatch(pattern, key)]
        if len(found) > 1:
            raise ValueError(f"Multiple optimizers assigned to variable {key}: {', '.join(found)} fit it: make the patterns narrower")
        return self._map[found[0]] if found else self.default_optimizer

    def __setitem__(self, key: str, optimizer: Optimizer) -> None:
        if key in self._map:
            raise ValueError(f"'{key}' already exists in the OptimizerMap: delete it first")
        if not isinstance(key, str):
            raise ValueError(f"key must be a string, the path of a weight or a pattern of it, got {key!r}: for example '.*bias'")
        if not isinstance(optimizer, Optimizer):
            raise ValueError(f"{key}: expected an optimizer, got {optimizer!r}: for example optimizers.Adam()")
        if isinstance(optimizer, (LossScaleOptimizer, MultiOptimizer)):
            raise ValueError(f"{key}: optimizer cannot be {type(optimizer).__name__}: wrap the MultiOptimizer instead")
        self._map[key] = optimizer

    def __delitem__(self, key: str) -> None:
        del self._map[key]

    def __len__(self) -> int:
        return len(self._map)

    def __iter__(self) -> Iterator[str]:
        return iter(self._map)

    def __call__(self, variable: Any) -> Optimizer:
        """The optimizer of a weight."""
        return self[variable.path]

    def get_config(self) -> dict[str, Any]:
        """Its optimizers as dictionaries."""
        by_key = {key: serialize(one) for key, one in self._map.items()}
        return {"default_optimizer": serialize(self.default_optimizer), "optimizer_map": by_key}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new map of new optimizers.

        Arguments:
            config: what get_config returned
        """
        return cls(_made(config["default_optimizer"]), {key: _made(one) for key, one in config["optimizer_map"].items()})


class MultiOptimizer(Optimizer):
    """Several optimizers, each for some of the weights.

    Arguments:
        optimizer_map: an OptimizerMap, or a function(weight) -> optimizer
        loss_scale_factor: that of all optimizers
        name: its name
    """

    def __init__(self, optimizer_map: Any, loss_scale_factor: float | None = None, name: str | None = None) -> None:
        if (isinstance(optimizer_map, Mapping) and not isinstance(optimizer_map, OptimizerMap)) or not callable(optimizer_map):
            raise TypeError(
                f"MultiOptimizer: expected an OptimizerMap or a function, got {type(optimizer_map).__name__}: write "
                f"OptimizerMap(optimizers.Adam(), {{'.*kernel': optimizers.Muon()}})"
            )
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self.optimizer_map = optimizer_map
        self.optimizers: list[Optimizer] = []

    @property
    def learning_rate(self) -> Any:
        """Each of its optimizers has its own."""
        raise AttributeError(f"Learning rate cannot be accessed on {self.name}, a MultiOptimizer: use that of one of its optimizers")

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if "optimizers" in self.__dict__:
            raise AttributeError(f"Learning rate cannot be set on {self.name}, a MultiOptimizer: set that of one of its optimizers")

    def update_of(self, variables: Sequence[Any]) -> Update | None:
        return None

    def _of(self, variable: Any) -> Optimizer:
        found = self.optimizer_map(variable)
        if not isinstance(found, Optimizer) or isinstance(found, (LossScaleOptimizer, MultiOptimizer)):
            raise ValueError(f"{self.name}: {variable.path}: expected an optimizer, got {found!r}: for example optimizers.Adam()")
        self._note(found)
        return found

    def _note(self, optimizer: Any) -> None:
        """Lists an optimizer among `optimizers`, once."""
        if isinstance(optimizer, Optimizer) and not any(optimizer is one for one in self.optimizers):
            optimizer.loss_scale_factor = self.loss_scale_factor
            self.optimizers.append(optimizer)

    def _note_default(self) -> None:
        """Lists the optimizer of all other weights, last, as Keras does, also if there are none."""
        self._note(getattr(self.optimizer_map, "default_optimizer", None))

    def apply(
        self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None, finish: Callable[[], None] | None = None,
        told: bool = False,
    ) -> None:  # fmt: skip
        variables = self._weights_for(grads, trainable_variables)
        self._built_for = self._built_for or variables
        whose = [self._of(variable) for variable in variables]
        self._note_default()
        for optimizer in self.optimizers:
            mine = [(g, v) for g, v, one in zip(grads, variables, whose, strict=True) if one is optimizer]
            if mine:
                rest = (lambda: None) if finish is not None else None
                optimizer.apply([g for g, _ in mine], [v for _, v in mine], rest)
        if finish is not None:
            finish()
        self._made += 1

    def build(self, variables: Sequence[Any]) -> None:
        self._built_for = list(variables)
        for variable in variables:
            self._of(variable)._kept_of(variable)
        self._note_default()

    @property
    def variables(self) -> list[Any]:
        """The steps made, and the variables of all its optimizers."""
        own = Linked("iteration", lambda: np.int64(self._made), lambda value: setattr(self, "_made", int(value)))
        return [own, *(variable for optimizer in self.optimizers for variable in optimizer.variables)]

    def finalize(self, variables: Sequence[Any]) -> None:
        for optimizer in self.optimizers:
            optimizer.finalize(variables)

    def _inner(self, variables: Sequence[Any]) -> list[Optimizer]:
        for variable in variables:
            if variable.trainable:
                self._of(variable)
        self._note_default()
        return self.optimizers

    def get_config(self) -> dict[str, Any]:
        if not isinstance(self.optimizer_map, OptimizerMap):
            raise NotImplementedError(f"{self.name}: a function cannot be written to a configuration: use an OptimizerMap")
        return {"optimizer_map": self.optimizer_map.get_config(), "loss_scale_factor": self.loss_scale_factor, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**{**config, "optimizer_map": OptimizerMap.from_config(config["optimizer_map"])})

    def __repr__(self) -> str:
        return f"<MultiOptimizer of {len(self.optimizers)}>"


def serialize(optimizer: Any) -> Any:
    """An optimizer as {"class_name", "config"}.

    Arguments:
        optimizer: an optimizer
    """
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def _made(config: dict[str, Any]) -> Optimizer:
    """By its name among all optimizers that are loaded."""
    kinds = {cls.__name__: cls for cls in _below(Optimizer)}
    made: Optimizer = kinds[config["class_name"]].from_config(config["config"])
    return made


def _below(cls: type[Optimizer]) -> Iterator[type[Optimizer]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _below(sub)
