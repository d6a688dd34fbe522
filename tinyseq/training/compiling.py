"""compile(): the optimizer, the loss and the metrics of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinyseq.did_you_mean import spelled
from tinyseq.training import arguments, overrides
from tinyseq.training.data_adapter import DataAdapter

if TYPE_CHECKING:
    from tinyseq.training.compiled import Compiled
    from tinyseq.training.loss import Loss
    from tinyseq.training.optimizer import Optimizer
    from tinyseq.training.step_state import StepState


class Compiling(DataAdapter):
    """The part of a Trainer that compile() fixes. `_compilation` is None before it."""

    def __init__(self) -> None:
        self._compilation: Compiled | None = None
        self._step_state: StepState | None = None

    @spelled
    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: Any = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Fixes optimizer, loss and metrics for fit and evaluate.

        Arguments:
            optimizer: the update rule of the weights: a name such as "adam", or an optimizer of tinyseq.optimizers
            loss: the value that training minimises: a name such as "mse", a loss of tinyseq.losses, or a function
                (y_true, y_pred); for several outputs a list, or a dictionary by output name
            loss_weights: the factor of each output's loss in the sum; None: 1 for all
            metrics: values measured besides the loss: names such as "accuracy", metrics of tinyseq.metrics, or
                functions; for several outputs lists of them
            weighted_metrics: metrics in which sample_weight and class_weight count
            run_eagerly: True has no effect, and a warning says so: kernels are always compiled
            steps_per_execution: callbacks are called before and after so many batches; "auto": 1
            jit_compile: False has no effect, and a warning says so: kernels are always compiled
            auto_scale_loss: accepted for compatibility with Keras, no effect there either, as numbers are float32
        """
        from tinyseq.training.compiled import Compiled

        model = self._network()
        arguments.about_compilation(run_eagerly, jit_compile)
        every = arguments.steps_at_once(steps_per_execution)
        overrides.check(self)
        names = model._loss_names() if model.built else None
        nested = (model._nested_outputs(), model.output_names) if model.built else (None, ())
        self._compilation = Compiled(optimizer, loss, loss_weights, metrics, weighted_metrics, names, *nested)
        self._compilation.arguments = {"loss": loss, "loss_weights": loss_weights, "metrics": metrics, "weighted_metrics": weighted_metrics}
        self._compilation.steps_per_execution = every
        self._compilation.own_steps = overrides.own(self, "train_step") or overrides.own(self, "test_step")
        self._step_state = None

    @property
    def compiled(self) -> bool:
        """Whether compile() was called."""
        return self._compilation is not None

    @property
    def optimizer(self) -> Optimizer | None:
        """The optimizer that compile() fixed. None before compile()."""
        return self._compilation.optimizer if self._compilation else None

    @property
    def loss(self) -> Loss | str | None:
        """The loss that compile() fixed."""
        return self._compilation.losses[0] if self._compilation and self._compilation.losses else None

    @property
    def metrics_names(self) -> list[str]:
        """The names of the values that evaluate() lists, in its order."""
        state = self._step_state
        return ["loss"] if state is None else state.measured.names

    def _compiled(self) -> Compiled:
        if self._compilation is None:
            raise ValueError("You must call `compile()` before using the model, for example model.compile(loss='mse')")
        if all(loss is None for loss in self._compilation.losses) and not self._compilation.own_steps:
            raise ValueError("compile() needs a loss to minimise, for example compile(loss='mse')")
        return self._compilation

    def _forget_training(self) -> None:
        self._step_state = None

    def _training_state(self) -> dict[str, Any]:
        return {"_step_state": None, "history": None, "_fitting": None, "_base": None}
