"""Dataset: batches that are made while they are read, with the methods of tf.data that scripts call: map, take, cache, prefetch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from tinyseq.did_you_mean import MissingName


class Values(np.ndarray):
    """An array that also has numpy(), as scripts call it on what a tf.data.Dataset yields."""

    def numpy(self) -> Any:
        """The same numbers as a plain array."""
        return self.view(np.ndarray)


def values(item: Any) -> Any:
    """An element with its arrays as Values."""
    if isinstance(item, (tuple, list)):
        return type(item)(values(one) for one in item)
    if isinstance(item, dict):
        return {key: values(one) for key, one in item.items()}
    return item.view(Values) if isinstance(item, np.ndarray) and type(item) is np.ndarray else item


def stacked(elements: list[Any]) -> Any:
    """Elements put together along a new first axis, each part of them: of a tuple, of a dictionary, of both in one another."""
    first = elements[0]
    if isinstance(first, tuple):
        return tuple(stacked(list(part)) for part in zip(*elements, strict=True))
    if isinstance(first, dict):
        return {key: stacked([element[key] for element in elements]) for key in first}
    return np.stack([np.asarray(element) for element in elements])


def rows_of(element: Any) -> Iterator[Any]:
    """The samples of a batch, one by one."""
    if isinstance(element, tuple):
        yield from zip(*map(rows_of, element), strict=True)
    elif isinstance(element, dict):
        for row in zip(*map(rows_of, element.values()), strict=True):
            yield dict(zip(element, row, strict=True))
    else:
        yield from map(np.asarray, element)


class Dataset:
    """Elements, most often batches (x, y), computed again in each pass.

    Arguments:
        make: a function without arguments that returns an iterator over the elements
        count: how many elements there are; None: not known
    """

    def __init__(self, make: Callable[[], Iterator[Any]], count: int | None) -> None:
        self._make = make
        self._count = count
        self.batched_by: int | None = None
        """The size of its batches, if batch() made them."""

    def __iter__(self) -> Iterator[Any]:
        return (values(item) for item in self._make())

    def __len__(self) -> int:
        if self._count is None:
            raise TypeError("this Dataset has no known length: count its elements, or give fit(steps_per_epoch=...)")
        return self._count

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        known = [one for one in dir(type(self)) if not one.startswith("_")]
        raise MissingName("Dataset", name, lambda: known, lambda: {"interleave": "write a generator in Python, and pass it to fit"})

    def _new(self, make: Callable[[], Iterator[Any]], count: int | None) -> Dataset:
        found = Dataset(make, count)
        for name in ("class_names", "file_paths"):
            if name in vars(self):
                setattr(found, name, vars(self)[name])
        return found

    def cardinality(self) -> int:
        """How many elements there are; -2: not known, as in tf.data."""
        return -2 if self._count is None else self._count

    def as_numpy_iterator(self) -> Iterator[Any]:
        """The elements."""
        return iter(self)

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None, deterministic: Any = None) -> Dataset:
        """The elements as a function returns them.

        Arguments:
            map_func: of the parts of an element: (x, y) -> (x, y)
            num_parallel_calls: of tf.data, changes nothing
            deterministic: of tf.data, changes nothing: the order stays
        """

        def make() -> Iterator[Any]:
            return (map_func(*item) if isinstance(item, tuple) else map_func(item) for item in self)

        return self._new(make, self._count)

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """The elements for which a function is true.

        Arguments:
            predicate: of the parts of an element
        """

        def make() -> Iterator[Any]:
            return (item for item in self if bool(predicate(*item) if isinstance(item, tuple) else predicate(item)))

        return self._new(make, None)

    def take(self, count: int) -> Dataset:
        """The first elements.

        Arguments:
            count: how many; -1: all
        """
        most = None if count < 0 else count
        return self._new(lambda: islice(iter(self), most), self._count if most is None or self._count is None else min(most, self._count))

    def skip(self, count: int) -> Dataset:
        """All but the first elements.

        Arguments:
            count: how many are left out
        """
        return self._new(lambda: islice(iter(self), count, None), None if self._count is None else max(self._count - count, 0))

    def repeat(self, count: int | None = None) -> Dataset:
        """The elements again and again.

        Arguments:
            count: how often; None: without end
        """

        def make() -> Iterator[Any]:
            times = 0
            while count is None or times < count:
                yield from self
                times += 1

        return self._new(make, None if count is None or self._count is None else count * self._count)

    def cache(self, filename: str = "") -> Dataset:
        """The elements, kept in memory from the first whole pass on.

        Arguments:
            filename: of tf.data; "": in memory
        """
        if filename:
            raise NotImplementedError(f"Dataset.cache: filename={filename!r} is not supported: leave it out")
        kept: list[Any] = []
        whole = [False]

        def make() -> Iterator[Any]:
            if whole[0]:
                yield from list(kept)
                return
            fresh = []
            for item in self:
                fresh.append(item)
                yield item
            kept[:], whole[0] = fresh, True

        return self._new(make, self._count)

    def prefetch(self, buffer_size: Any) -> Dataset:
        """The same elements: they are made one after the other.

        Arguments:
            buffer_size: of tf.data, changes nothing
        """
        return self._new(self._make, self._count)

    def shuffle(self, buffer_size: int, seed: int | None = None, reshuffle_each_iteration: bool | None = None) -> Dataset:
        """The elements in another order in each pass.

        Arguments:
            buffer_size: among how many elements the next one is drawn
            seed: an integer for the same orders in each run
            reshuffle_each_iteration: False: the same order in each pass
        """
        random = np.random.default_rng(seed)
        first = int(np.random.default_rng(seed).integers(1 << 30))

        def make() -> Iterator[Any]:
            draw = np.random.default_rng(first) if reshuffle_each_iteration is False else random
            waiting: list[Any] = []
            for item in self:
                waiting.append(item)
                if len(waiting) > buffer_size:
                    yield waiting.pop(int(draw.integers(len(waiting))))
            while waiting:
                yield waiting.pop(int(draw.integers(len(waiting))))

        return self._new(make, self._count)

    def unbatch(self) -> Dataset:
        """The samples of all batches, one by one."""

        def make() -> Iterator[Any]:
            for item in self:
                yield from rows_of(item)

        return self._new(make, None)

    def batch(self, batch_size: int, drop_remainder: bool = False, num_parallel_calls: Any = None, deterministic: Any = None) -> Dataset:
        """Several elements put together along a new first axis.

        Arguments:
            batch_size: how many
            drop_remainder: True: leave out a last batch that is smaller
            num_parallel_calls: of tf.data, changes nothing
            deterministic: of tf.data, changes nothing: the order stays
        """

        def make() -> Iterator[Any]:
            elements = iter(self)
            while waiting := list(islice(elements, batch_size)):
                if len(waiting) < batch_size and drop_remainder:
                    return
                yield stacked(waiting)

        count = None if self._count is None else self._count // batch_size if drop_remainder else -(-self._count // batch_size)
        found = self._new(make, count)
        found.batched_by = batch_size
        return found


def batches_of(read: Callable[[Any], Any], count: int, batch_size: int | None, shuffle: bool, seed: int | None) -> Dataset:
    """Batches of samples that `read(numbers)` makes of their numbers; batch_size None: the samples one by one.

    In each pass the numbers are in another order, if `shuffle`.
    """
    random = np.random.default_rng(seed)

    def make() -> Iterator[Any]:
        order = random.permutation(count) if shuffle else np.arange(count)
        if batch_size is None:
            for number in order:
                found = read(np.array([number]))
                yield tuple(one[0] for one in found) if isinstance(found, tuple) else found[0]
            return
        for start in range(0, count, batch_size):
            yield read(order[start : start + batch_size])

    return Dataset(make, count if batch_size is None else -(-count // batch_size))
