"""WithStates: a layer that begins with states that are given, layer(x, initial_state=[h, c])."""

from __future__ import annotations

from typing import Any

from tinyseq.layers.base import Layer


class WithStates(Layer):
    """A layer over steps."""

    def __call__(
        self, *inputs: Any, initial_state: Any = None, training: bool | None = None, mask: Any = None, **named: Any
    ) -> Any:  # fmt: skip
        """As Layer's, from given states on.

        Arguments:
            inputs: a tensor or array (samples, steps, features)
            initial_state: the states that the first step begins with: a tensor or array, or a list of them; None: zeros
            training: True: behave as in training (dropout drops)
            mask: (samples, steps), False for a step that is left out; None: that of the input, if it has one
            named: inputs=x in place of x
        """
        if initial_state is not None:
            states = initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
            inputs = ([*inputs, *states],)
        return super().__call__(*inputs, training=training, mask=mask, **named)

    def _gathered(self, inputs: tuple[Any, ...]) -> list[Any]:
        """layer([x, h, c]) too, with arrays or tensors of a model."""
        given = inputs[0] if len(inputs) == 1 else inputs
        if isinstance(given, (list, tuple)) and len(given) > 1:
            ranks = [len(getattr(one, "shape", ())) for one in given]
            if ranks[0] > 2 and set(ranks[1:]) == {ranks[0] - 1}:
                return list(given)
        return super()._gathered(inputs)
