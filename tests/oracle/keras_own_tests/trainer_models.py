"""Keras's tests of training mix a private Trainer with a layer: `class Net(Trainer, Dense)`. Here each becomes a model around the layer."""

from __future__ import annotations

from typing import Any

import tinyseq


class Around(tinyseq.Model):  # type: ignore[misc, unused-ignore]
    """A model that is one layer."""

    def call(self, x: Any) -> Any:
        return self.inner(x)


class Mixing(type):
    """Makes `class Net(Trainer, Layer)` a model."""

    def __new__(cls, name: str, bases: tuple[Any, ...], body: dict[str, Any]) -> Any:
        if not bases:
            return super().__new__(cls, name, bases, body)
        of_layers = [base for base in bases if base is not Trainer and base is not tinyseq.layers.Layer]
        base = Around if of_layers else tinyseq.Model
        return type(base)(name, (base,), body)


class Trainer(metaclass=Mixing):
    """Only derived from."""

    def __init__(self) -> None: ...


def _dense(self: Any, *arguments: Any, **options: Any) -> None:
    if isinstance(self, tinyseq.Model):
        tinyseq.Model.__init__(self)
        self.inner = tinyseq.layers.Dense(*arguments, **options)
    else:
        _dense_alone(self, *arguments, **options)


def _layer(self: Any, *arguments: Any, **options: Any) -> None:
    if isinstance(self, tinyseq.Model) and id(self) not in _begun:
        _begun.add(id(self))
        tinyseq.Model.__init__(self, *arguments, **options)
        _begun.discard(id(self))
    else:
        _layer_alone(self, *arguments, **options)


_begun: set[int] = set()
_dense_alone, _layer_alone = tinyseq.layers.Dense.__init__, tinyseq.layers.Layer.__init__
type.__setattr__(tinyseq.layers.Dense, "__init__", _dense)
type.__setattr__(tinyseq.layers.Layer, "__init__", _layer)
