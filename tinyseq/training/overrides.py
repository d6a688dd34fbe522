"""Methods of Keras that a subclass of a model may override: they are called instead of ours, or refused by name, but never ignored."""

from __future__ import annotations

from typing import Any

CALLED = ("train_step", "test_step", "predict_step")
"""The methods called for each batch."""
REFUSED = {
    "compute_loss": "give the loss to compile(loss=...): a function (y_true, y_pred), or a subclass of tinyseq.losses.Loss",
    "compute_metrics": "give the metrics to compile(metrics=[...]): functions (y_true, y_pred), or subclasses of tinyseq.metrics.Metric",
    "make_train_function": "write train_step(self, data), which is called for each batch",
    "make_test_function": "write test_step(self, data), which is called for each batch",
    "make_predict_function": "write predict_step(self, data), which is called for each batch",
    "stateless_compute_loss": "give the loss to compile(loss=...)",
}


def own(model: Any, name: str) -> bool:
    """Whether a class of the user's own defines the method."""
    for kind in type(model).__mro__:
        if name in vars(kind):
            return kind.__module__.partition(".")[0] != "tinyseq"
    return False


TAPES = {"GradientTape": "tf.GradientTape", "value_and_grad": "jax.value_and_grad", "stateless_call": "stateless_call"}
"""Names in a step that only work on tensors of another library."""


def _check_tapes(model: Any, name: str) -> None:
    code = getattr(getattr(type(model), name), "__code__", None)
    found = next((TAPES[word] for word in getattr(code, "co_names", ()) if word in TAPES), None)
    if found is not None:
        raise NotImplementedError(
            f"{model.name}: {type(model).__name__}.{name} uses {found}, which cannot follow what is computed here: write in train_step "
            f"found = self.gradients(x, y); self.optimizer.apply(found.weights, self.trainable_weights); return {{'loss': found.loss}}"
        )


def check(model: Any) -> None:
    """NotImplementedError for a method that would never be called, or that needs another library's gradients."""
    for name in CALLED:
        if own(model, name):
            _check_tapes(model, name)
    for name, advice in REFUSED.items():
        if own(model, name):
            raise NotImplementedError(f"{model.name}: {type(model).__name__}.{name} would never be called: {advice}")
