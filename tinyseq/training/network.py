"""Network: the interface of a model for training, saving, the summary and the memory estimate, which never import one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from shapecheck.table import ShapeTable
from tinyseq.engine.engine import Engine
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from tinyseq.training.optimizer import Optimizer

Array = NDArray[Any]


class Network(Protocol):
    """A model: layers between inputs and outputs, their weights, and an engine that runs them."""

    name: str | None
    _functional: bool
    """Its summary has rows for inputs, and lists the connections of each layer."""

    @property
    def built(self) -> bool: ...
    @property
    def layers(self) -> list[Any]: ...
    @property
    def graph(self) -> Graph | None: ...
    @property
    def inputs(self) -> list[SymbolicTensor]: ...
    @property
    def outputs(self) -> list[SymbolicTensor]: ...
    @property
    def output_names(self) -> list[str]: ...
    @property
    def weights(self) -> list[Weight]: ...
    @property
    def trainable_weights(self) -> list[Weight]: ...
    @property
    def table(self) -> ShapeTable: ...
    @property
    def optimizer(self) -> Optimizer | None: ...

    def _require_built(self) -> None:
        """Raises ValueError while there are no weights."""

    def _built_graph(self, what: str) -> Graph:
        """The graph; while the input shape is unknown, raises an AttributeError that names `what` needs it."""

    def _packed(self, outputs: list[Any]) -> Any:
        """As predict returns them: one, a list, or a dictionary."""

    def _nested_outputs(self) -> Any:
        """The structure of nested outputs; None for one, a list or a dictionary."""

    def _loss_names(self) -> list[str]:
        """What names targets, losses and metrics of each output."""

    def _whole_or_not_built(self) -> AbstractContextManager[None]:
        """A block that restores a model if building it fails."""

    def _take(self, value: Any) -> list[Array]:
        """Checked, contiguous arrays, one for each input."""

    def _look(self, value: Any) -> list[Array]:
        """Checked arrays as they came, one for each input."""

    def _input_dtypes(self) -> list[np.dtype[Any]]:
        """The dtype of each input."""

    def _ready_engine(self) -> Engine:
        """The engine that runs it."""
