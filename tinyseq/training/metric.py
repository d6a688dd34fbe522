"""Common base of all metrics: state that adds up over the batches of an epoch, and which targets fit which output."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.did_you_mean import Spelled
from tinyseq.documented import arguments
from tinyseq.training.formulas import same_ranks, snake_case
from tinyseq.weights import initializers
from tinyseq.weights.variable import Variable

Array = Any  # a numpy array: its operators have no useful types
Sizes = tuple[int, ...]


class Metric(Spelled):
    """update_state(y_true, y_pred, sample_weight) for each batch, result() at any time, reset_state() before an epoch.

    A metric of your own makes its state in __init__ with add_weight, as in Keras:

    >>> class Largest(Metric):
    ...     def __init__(self, name="largest", **options):
    ...         super().__init__(name=name, **options)
    ...         self.most = self.add_weight(name="most", initializer="zeros")
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.most.assign(max(self.most, y_pred.max()))
    ...     def result(self):
    ...         return self.most
    >>> float(Largest()(None, np.array([1.0, 7.0])))
    7.0

    Arguments:
        name: its key in the logs; None: derived from the class name
        dtype: of the numbers that add_weight makes; None: float64
    """

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self._variables: list[Variable] = []
        self.name = name or snake_case(type(self).__name__)
        self._dtype = str(np.dtype(dtype or "float64" if dtype != "int" else "int64"))

    @property
    def dtype(self) -> str:
        """The type of its numbers."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """Its state, and that of metrics that it keeps as attributes."""
        inside = [value for value in self.__dict__.values() if isinstance(value, Metric)]
        return [*self._variables, *(variable for metric in inside for variable in metric.variables)]

    def add_variable(
        self, shape: Any = (), initializer: Any = "zeros", dtype: Any = None, aggregation: str = "sum", name: str | None = None
    ) -> Variable:
        """A named array of its state, which reset_state sets to zero.

        Arguments:
            shape: sizes; () for one number
            initializer: how it starts: a name, an initializer of tinyseq.initializers, or an array
            dtype: of its numbers; None: the metric's
            aggregation: of Keras's distribution over machines; without effect here
            name: its name
        """
        self._check_begun()
        start = np.zeros(shape, dtype or self._dtype)
        if initializer is not None:
            start[...] = initializer if isinstance(initializer, np.ndarray) else initializers.get(initializer)(shape)
        variable = Variable(start, name=name or f"variable_{len(self._variables)}")
        self._variables.append(variable)
        return variable

    def add_weight(self, shape: Any = (), initializer: Any = "zeros", dtype: Any = None, name: str | None = None) -> Variable:
        """Like add_variable.

        Arguments:
            shape: sizes; () for one number
            initializer: how it starts: a name, or an initializer of tinyseq.initializers
            dtype: of its numbers; None: the metric's
            name: its name
        """
        return self.add_variable(shape, initializer, dtype, name=name)

    def _check_begun(self) -> None:
        if "_variables" not in self.__dict__:
            raise RuntimeError(f"{type(self).__name__}: __init__ must begin with super().__init__(): add that line")

    def reset_state(self) -> None:
        """Forgets everything seen: all state becomes zero."""
        for variable in self.variables:
            variable.value.fill(0)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Adds one batch."""
        raise NotImplementedError(f"{type(self).__name__} has no update_state(y_true, y_pred, sample_weight): write it")

    def result(self) -> Any:
        """The value over all batches since the last reset."""
        raise NotImplementedError(f"{type(self).__name__} has no result(): write it")

    def check(self, target: Sizes, output: Sizes) -> None:
        """Raises ValueError if targets of that shape cannot be compared with an output of that one."""

    def __call__(self, *values: Any, **options: Any) -> Any:
        """Adds one batch and returns the result so far."""
        self._check_begun()
        self.update_state(*values, **options)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return {name: getattr(self, name) for name in arguments(type(self)) if hasattr(self, name)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new metric with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def weighted(name: str, values: Any, sample_weight: Any) -> tuple[Array, Array | None]:
    """Values and their weights, of one shape: one number for each sample, or for as many axes as weights have."""
    values = np.asarray(values, np.float64)
    if sample_weight is None:
        return values, None
    values, weight = same_ranks(values, np.asarray(sample_weight, np.float64))
    if values.ndim > weight.ndim:
        values = values.mean(tuple(range(weight.ndim, values.ndim)))
    try:
        return values, np.broadcast_to(weight, values.shape)
    except ValueError:
        expected = values.shape[:1] or "()"
        raise ValueError(
            f"metric {name!r}: sample_weight of shape {weight.shape} does not fit values of shape {values.shape}: pass one weight for "
            f"each sample, shape {expected}"
        ) from None


def _over_samples(values: Array) -> Array:
    """The mean of what each sample has."""
    return values.reshape(len(values), -1).mean(1) if values.ndim > 1 else values


class Sum(Metric):
    """The weighted sum of the values."""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.total = self.add_weight(name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Adds values."""
        array = np.asarray(values, np.float64)
        if sample_weight is not None:
            array, weight = same_ranks(array, np.asarray(sample_weight, np.float64))
            array = array.sum(tuple(range(weight.ndim, array.ndim))) if array.ndim > weight.ndim else array
            array, weight = weighted(self.name, array, weight)
            array = array * weight
        self.total.value[...] += array.sum()

    def result(self) -> float:
        return float(self.total)


class Mean(Metric):
    """The weighted mean of the values."""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.total = self.add_weight(name="total")
        self.count = self.add_weight(name="count")

    def add(self, value: float, weight: float = 1.0) -> None:
        """Adds one value."""
        self.total.value[...] += value * weight
        self.count.value[...] += weight

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Adds values: one for each sample, or several for each, whose mean counts."""
        self._add(*weighted(self.name, values, sample_weight))

    def _add(self, values: Array, weight: Array | None) -> None:
        if weight is None:
            self.total.value[...] += _over_samples(values).sum()
            self.count.value[...] += len(values) if values.ndim else 1
            return
        self.total.value[...] += _over_samples(values * weight).sum()
        self.count.value[...] += _over_samples(weight).sum()

    def result(self) -> float:
        count = float(self.count)
        return float(self.total) / count if count else 0.0


class MeanOverRows(Mean):
    """The mean of one number for each row; subclasses define `rows(y_true, p)`, with p of shape (..., size)."""

    def rows(self, y_true: Array, p: Array) -> Array:
        """One number for each row: shape p.shape[:-1], or any shape that begins with the samples."""
        raise NotImplementedError

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        p = np.asarray(y_pred, np.float32)
        t = np.asarray(y_true)
        self.check(t.shape, p.shape)
        self._add(*weighted(self.name, self.rows(t, p), sample_weight))


class MeanMetricWrapper(MeanOverRows):
    """The mean of what a function returns for each sample.

    Arguments:
        fn: function(y_true, y_pred) -> numbers, the first axis the samples
        kwargs: further arguments of the function
    """

    def __init__(self, fn: Any, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name or getattr(fn, "__name__", None), dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def rows(self, y_true: Array, p: Array) -> Array:
        return np.asarray(self.fn(y_true, p, **self._fn_kwargs))

    def get_config(self) -> dict[str, Any]:
        return {"fn": self.fn, "name": self.name, "dtype": self.dtype, **self._fn_kwargs}


class OfNumbers(Metric):
    """A metric of targets that are shaped like the output: 0 or 1, or one-hot."""

    def check(self, target: Sizes, output: Sizes) -> None:
        if target == output or (*target, 1) == output or target == (*output, 1):
            return
        edit = f"pass targets of shape {output}"
        if output and target in (output[:-1], (*output[:-1], 1)):
            edit = f"make them one-hot, tinyseq.utils.to_categorical(y, {output[-1]}), or write metrics=['sparse_categorical_accuracy']"
        raise ValueError(f"metric {self.name!r}: targets of shape {target} cannot be compared with the output {output}: {edit}")


class OfLabels(Metric):
    """A metric of targets that are numbers of classes."""

    def check(self, target: Sizes, output: Sizes) -> None:
        if target in (output[:-1], (*output[:-1], 1)):
            return
        edit = "write metrics=['categorical_accuracy']" if target == output else f"pass class numbers, of shape {output[:-1]}"
        raise ValueError(f"metric {self.name!r}: targets of shape {target} are not classes of the output {output}: {edit}")
