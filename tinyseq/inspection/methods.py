"""The methods of a model that look into it."""

from __future__ import annotations

from typing import Any


class Inspected:
    """gradients, check_gradients, diagnose."""

    def gradients(self, x: Any, y: Any = None, loss: Any = None, of: Any = (), sample_weight: Any = None, training: bool = False) -> Any:
        """The gradients of a loss with respect to weights, inputs and outputs of layers, as tinyseq.gradients(model, ...).

        Arguments:
            x: the inputs
            y: the targets; None: `loss` is a function of the outputs alone
            loss: a loss; None: the one of compile()
            of: a layer, a layer's name, or a list of them: whose outputs' gradients are wanted too
            sample_weight: a weight for each sample
            training: True: layers behave as in training
        """
        from tinyseq.inspection.gradients import gradients

        return gradients(self, x, y, loss, of, sample_weight, training)

    def check_gradients(self, x: Any, y: Any = None, tolerance: float = 0.02) -> list[Any]:
        """Compares every layer's backward with central differences; ValueError names the layers where they differ.

        Arguments:
            x: inputs, a few samples
            y: targets; None: the loss is not looked at
            tolerance: how far the two may be apart, as a share of the greater
        """
        from tinyseq.inspection.checking import check_gradients

        return check_gradients(self, x, y, tolerance)

    def diagnose(self, x: Any, y: Any = None) -> list[Any]:
        """What goes wrong on this batch: NaN, overflow, dead ReLUs, saturation, vanished gradients; [] if nothing does.

        Arguments:
            x: the inputs of one batch
            y: their targets; None: gradients are not looked at
        """
        from tinyseq.inspection.diagnosis import diagnose

        return diagnose(self, x, y)
