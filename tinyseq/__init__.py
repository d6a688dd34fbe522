"""tinyseq: Keras's Sequential and functional models, computed by kernels written in Python.

>>> import tinyseq as keras
>>> from tinyseq import layers
>>> keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)]).count_params()
15
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from shapecheck.version import __version__
from tinyseq import registered
from tinyseq.did_you_mean import AT_THE_TOP, no_such_name, says_when_called

if TYPE_CHECKING:
    from tinyseq import layers
    from tinyseq.engine.threads import get_num_threads, set_num_threads
    from tinyseq.layers import Layer
    from tinyseq.layers.core import Input
    from tinyseq.models import Model, Sequential
    from tinyseq.training import callbacks, losses, metrics, optimizers
    from tinyseq.training.losses import Loss
    from tinyseq.training.metrics import Metric
    from tinyseq.training.optimizers import Optimizer
    from tinyseq.weights import initializers
    from tinyseq.weights.names import clear_session
    from tinyseq.weights.seeds import set_random_seed

_HOMES = {
    "Input": "tinyseq.layers.core",
    "Layer": "tinyseq.layers",
    "Loss": "tinyseq.training.losses",
    "Metric": "tinyseq.training.metrics",
    "Optimizer": "tinyseq.training.optimizers",
    "Initializer": "tinyseq.weights.initializers",
    "Regularizer": "tinyseq.weights.regularizers",
    "KerasTensor": "tinyseq.layers.symbolic",
    "Model": "tinyseq.models",
    "Sequential": "tinyseq.models",
    "from_keras": "tinyseq.models",
    "gradients": "tinyseq.inspection.gradients",
    "clear_session": "tinyseq.weights.names",
    "set_random_seed": "tinyseq.weights.seeds",
    "get_num_threads": "tinyseq.engine.threads",
    "set_num_threads": "tinyseq.engine.threads",
}
_OTHER_NAMES = {"KerasTensor": "SymbolicTensor"}
"""Keras's names of classes that have another name here."""
_CALLED = {"Model": "tinyseq.model", "Sequential": "tinyseq.sequential"}
"""Modules whose name differs from a class only by case."""
_MODULES = {
    "activations": "tinyseq.activations",
    "applications": "tinyseq.applications",
    "layers": "tinyseq.layers",
    "models": "tinyseq.models",
    "ops": "tinyseq.ops",
    "utils": "tinyseq.utils",
    "backend": "tinyseq.backend",
    "config": "tinyseq.config",
    "random": "tinyseq.random",
    "initializers": "tinyseq.weights.initializers",
    "regularizers": "tinyseq.weights.regularizers",
    "constraints": "tinyseq.weights.constraints",
    "callbacks": "tinyseq.training.callbacks",
    "losses": "tinyseq.training.losses",
    "metrics": "tinyseq.training.metrics",
    "optimizers": "tinyseq.training.optimizers",
    "datasets": "tinyseq.datasets",
    "distribution": "tinyseq.distribution",
    "plotting": "tinyseq.plotting",
    "preprocessing": "tinyseq.preprocessing",
    "saving": "tinyseq.saving",
}

__all__ = [
    "Input", "Layer", "Loss", "Metric", "Model", "Optimizer", "Sequential", "__version__", "callbacks", "clear_session",
    "get_num_threads", "initializers", "layers", "losses", "metrics", "optimizers", "set_num_threads", "set_random_seed",
]  # fmt: skip


registered.LOADERS.append(lambda: import_module("tinyseq.models"))
registered.FORMULAS.append(lambda: import_module("tinyseq.layers.formula").Formula)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        module = import_module(_HOMES[name])
        value = getattr(module, _OTHER_NAMES.get(name, name))
        if name in _CALLED:  # keras.sequential() finds the module from now on
            says_when_called(import_module(_CALLED[name]), name)
    elif name in _MODULES:
        value = import_module(_MODULES[name])
    else:
        raise no_such_name("module 'tinyseq'", name, __dir__(), AT_THE_TOP, _inside)
    globals()[name] = value
    return value


def _inside() -> Iterator[tuple[str, list[str]]]:
    """The modules that users know, and the names in them."""
    for short, home in _MODULES.items():
        module = import_module(home)
        yield short, dir(module) if "__dir__" in vars(module) else list(module.__all__)


def __dir__() -> list[str]:
    return sorted({*_HOMES, *_MODULES, *__all__})
