"""The arrays that a model takes, checked against its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.shapes import Shape
from tinyseq.engine.plan import input_dtypes
from tinyseq.engine.strings import STRING
from tinyseq.following import Following
from tinyseq.inputs import Entry, each, same_length, split_inputs
from tinyseq.nests import Form, is_nested, spread

Array = NDArray[Any]


class ArrayInputs(Following):
    """Structure that takes arrays: one checked entry for each of its inputs."""

    _entries: list[Entry]
    _input_form: Form = None

    def _take(self, value: Any) -> list[Array]:
        """Checked, contiguous arrays, one for each input."""
        entries = self._ready_entries(value)
        values = self._split(value, entries)
        arrays = each(entries, values, Entry.take)
        if len(arrays) > 1:
            same_length(arrays, [entry.name for entry in entries])
        return arrays

    def _look(self, value: Any) -> list[Array]:
        """Checked arrays as they came, one for each input: big data is converted batch by batch."""
        entries = self._ready_entries(value, whole=False)
        return each(entries, self._split(value, entries), Entry.look_all)

    def _split(self, value: Any, entries: list[Entry]) -> list[Any]:
        """One value for each input."""
        flat = isinstance(value, list) and len(value) == len(entries) and not any(map(is_nested, value))
        if self._input_form is not None and is_nested(value) and not flat:
            return spread(f"{self.name}: x", self._input_form, value)
        return split_inputs(value, [entry.name for entry in entries], str(self.name))

    def _ready_entries(self, value: Any, whole: bool = True) -> list[Entry]:
        """The inputs. `whole`: the value is one batch, not all data; a stack that is built now has its batch size."""
        self._ready_to_follow(value)
        if not self._entries:
            graph = self._built_graph("inputs")
            kinds = input_dtypes(graph)
            self._entries = [self._entry(tensor, kind, graph) for tensor, kind in zip(graph.inputs, kinds, strict=True)]
        return self._entries

    def _entry(self, tensor: Any, kind: str, graph: Any) -> Entry:
        where = self._place(tensor, len(graph.inputs))
        return Entry(where, str(tensor.node.rule.name), _accepted(tensor), kind, graph, of_strings=tensor.dtype == STRING)

    def _input_dtypes(self) -> list[np.dtype[Any]]:
        return [entry.dtype for entry in self._entries]

    def _place(self, tensor: Any, count: int) -> str:
        return str(self.name) if count == 1 else f"{self.name}, input {tensor.node.rule.name}"


def _accepted(tensor: Any) -> Shape:
    shape: Shape = tensor.shape_accepted
    return shape
