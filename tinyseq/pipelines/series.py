"""Windows of a series as batches: timeseries_dataset_from_array; and data cut in two parts: split_dataset."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.pipelines.dataset import Dataset, batches_of


def timeseries_dataset_from_array(
    data: Any, targets: Any, sequence_length: int, sequence_stride: int = 1, sampling_rate: int = 1, batch_size: int | None = 128,
    shuffle: bool = False, seed: int | None = None, start_index: int | None = None, end_index: int | None = None,
) -> Dataset:  # fmt: skip
    """Windows of a series, with the target at the number of their first row: batches (x, y) of (samples, sequence_length, ...).

    Arguments:
        data: (rows, ...), an array or a frame
        targets: a target for each row at which a window may begin; None: batches x alone
        sequence_length: rows of a window
        sequence_stride: rows between the beginnings of windows
        sampling_rate: rows between those of a window
        batch_size: windows in a batch; None: one by one
        shuffle: True: windows in another order in each pass
        seed: an integer for the same orders in each run
        start_index: the first row that is used; None: 0
        end_index: behind the last row that is used; None: all
    """
    what = "timeseries_dataset_from_array"
    rows, wanted = np.asarray(data), None if targets is None else np.asarray(targets)
    for name, value in (("sequence_length", sequence_length), ("sequence_stride", sequence_stride), ("sampling_rate", sampling_rate)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{what}: {name}={value!r}: expected a positive integer, for example {name}=1")
    if sequence_length > len(rows):
        raise ValueError(f"{what}: sequence_length={sequence_length} of {len(rows)} rows: choose a shorter one")
    first, last = start_index or 0, len(rows) if end_index is None else end_index
    if not 0 <= first < last <= len(rows):
        given = f"start_index={start_index}, end_index={end_index}"
        raise ValueError(f"{what}: {given} of {len(rows)} rows: write 0 <= start_index < end_index <= {len(rows)}")
    rows = rows[first:last]
    needed = (sequence_length - 1) * sampling_rate + 1
    beginnings = len(rows) - needed + 1
    if wanted is not None:
        wanted = wanted[first:last]
        beginnings = min(beginnings, len(wanted))
    if beginnings < 1:
        raise ValueError(
            f"{what}: a window of {sequence_length} rows, one in {sampling_rate}, reaches over {needed} rows, there are {len(rows)}: "
            f"choose a smaller sequence_length or sampling_rate"
        )
    starts = np.arange(0, beginnings, sequence_stride)
    steps = sampling_rate * np.arange(sequence_length)

    def read(numbers: Any) -> Any:
        begin = starts[numbers]
        x = rows[begin[:, None] + steps]
        return x if wanted is None else (x, wanted[begin])

    return batches_of(read, len(starts), batch_size, shuffle, seed)


def split_dataset(
    dataset: Any, left_size: Any = None, right_size: Any = None, shuffle: bool = False, seed: int | None = None,
    preferred_backend: Any = None,
) -> tuple[Dataset, Dataset]:  # fmt: skip
    """Samples in two parts, each a Dataset of single samples; of batches that Dataset.batch() made, each in batches of that size.

    Arguments:
        dataset: an array, a list or tuple of arrays of equally many samples, or a Dataset
        left_size: a share (0.8) or a number of samples; None: what right_size leaves
        right_size: the same of the other part; None: what left_size leaves
        shuffle: True: mix the samples before
        seed: an integer for the same order in each run
        preferred_backend: of Keras, changes nothing
    """
    if any(isinstance(one, dict) for one in (dataset, *(dataset if isinstance(dataset, (list, tuple)) else ()))):
        raise TypeError("split_dataset: a dictionary is not split: pass a tuple of its arrays")
    batched_by = dataset.batched_by if isinstance(dataset, Dataset) else None
    if isinstance(dataset, Dataset):
        samples = list(dataset if batched_by is None else dataset.unbatch())
    elif isinstance(dataset, tuple) or (isinstance(dataset, list) and hasattr(dataset[0], "shape")):
        samples = list(zip(*(np.asarray(part) for part in dataset), strict=True))
    else:
        samples = list(np.asarray(dataset))
    if left_size is None and right_size is None:
        raise ValueError("split_dataset: pass left_size or right_size, for example left_size=0.8")
    left, right = (_size(name, value, len(samples)) for name, value in (("left_size", left_size), ("right_size", right_size)))
    cut = left if left is not None else len(samples) - (right or 0)
    begin = cut if right is None else len(samples) - right
    if not 0 < cut <= begin < len(samples):
        given = f"left_size={left_size}, right_size={right_size}"
        raise ValueError(f"split_dataset: {given} of {len(samples)} samples: both parts need some, and have none in common")
    order = np.random.default_rng(seed).permutation(len(samples)) if shuffle else np.arange(len(samples))
    parts = [[samples[number] for number in order[place]] for place in (slice(cut), slice(begin, None))]
    one, other = Dataset(lambda: iter(parts[0]), len(parts[0])), Dataset(lambda: iter(parts[1]), len(parts[1]))
    return (one, other) if batched_by is None else (one.batch(batched_by), other.batch(batched_by))


def _size(name: str, value: Any, count: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, float):
        if not 0 < value < 1:
            raise ValueError(f"split_dataset: {name}={value}: a share is between 0 and 1, for example 0.8")
        return round(value * count)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"split_dataset: {name}={value!r}: expected a share like 0.8 or a positive number of samples")
    return int(value)
