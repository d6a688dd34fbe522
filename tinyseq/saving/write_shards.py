"""Spreads weights over several files, as Keras 3 does: net.weights.json lists which of net_00000.weights.h5 ... hold each group."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from itertools import count
from typing import Any

from shapecheck.model_files.bounded_json import DamagedFile
from tinyseq.saving.hdf5_weights import Section, sections, write_sections
from tinyseq.saving.sharded_weights import names_in
from tinyseq.saving.whole_file import check_target, write_whole

GIGABYTE = 1 << 30
"""Bytes of the unit of max_shard_size."""


def write_shards(model: Any, path: str, overwrite: bool, max_shard_size: Any, skip: Collection[int] = ()) -> None:
    """Writes the files, then the list. New files never take the place of those that an old list names, so that a failure leaves the old
    weights whole; they are removed, or emptied if Keras needs them, once the new list is there.

    Arguments:
        model: a built model
        path: of the list, which ends in .weights.json
        overwrite: False: raise FileExistsError if the list exists
        max_shard_size: gigabytes (of 2**30 bytes) of numbers in a file. ValueError if one weight alone is larger
        skip: weights that are left out, by id
    """
    target = check_target(path, overwrite)
    shards = spread(sections(model, skip=skip), _bytes(max_shard_size))
    folder, stem = os.path.split(target.removesuffix(".weights.json"))
    old = _listed(target)
    places = (range(start, start + len(shards)) for start in count())
    numbers = next(place for place in places if not any(os.path.exists(os.path.join(folder, _name(stem, one))) for one in place))
    weight_map: dict[str, Any] = {}
    total = 0
    for number, shard in zip(numbers, shards, strict=True):
        name = _name(stem, number)
        check_target(os.path.join(folder, name), overwrite)
        write_whole(os.path.join(folder, name), lambda file, shard=shard: write_sections(file, shard))  # type: ignore[misc]
        for group, _, arrays in shard:
            total += sum(array.nbytes for array in arrays.values())
            if arrays:
                weight_map.setdefault(f"/{group}/vars" if group else "/vars", []).append(name)
    listed = {key: names[0] if len(names) == 1 else names for key, names in weight_map.items()}
    text = json.dumps({"metadata": {"total_size": total}, "weight_map": listed}, indent=4)
    write_whole(target, lambda file: _write_text(file, text))
    first = _name(stem, 0)
    for name in old - {_name(stem, number) for number in numbers}:
        if name.startswith(f"{stem}_") and name != first and os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    if 0 not in numbers and os.path.exists(os.path.join(folder, first)):  # Keras opens it whatever the list says
        write_whole(os.path.join(folder, first), lambda file: write_sections(file, ()))


def spread(found: Iterable[Section], most: float) -> list[list[Section]]:
    """The groups in their order, cut where the numbers of a file would take more than `most` bytes.

    >>> import numpy as np
    >>> both = {"0": np.zeros(3, np.float32), "1": np.zeros(2, np.float32)}
    >>> [[(group, list(arrays)) for group, _, arrays in shard] for shard in spread([("a", "", both), ("b", "", both)], 20)]
    [[('a', ['0', '1'])], [('b', ['0', '1'])]]
    >>> [[(group, list(arrays)) for group, _, arrays in shard] for shard in spread([("a", "", both), ("b", "", both)], 12)]
    [[('a', ['0'])], [('a', ['1'])], [('b', ['0'])], [('b', ['1'])]]
    """
    shards: list[list[Section]] = [[]]
    room = most
    for group, name, arrays in found:
        part: dict[str, Any] = {}
        shards[-1].append((group, name, part))
        for key, array in arrays.items():
            if array.nbytes > most:
                gigabytes = array.nbytes / GIGABYTE
                raise ValueError(f"max_shard_size={most / GIGABYTE:g}: {group}/{key} alone takes {gigabytes:.3g} GB: pass a larger one")
            if array.nbytes > room:
                if not part:
                    shards[-1].pop()
                part = {}
                shards.append([(group, name, part)])
                room = most
            part[key] = array
            room -= array.nbytes
    return shards


def _bytes(max_shard_size: Any) -> float:
    if isinstance(max_shard_size, bool) or not isinstance(max_shard_size, (int, float)) or not max_shard_size > 0:
        raise ValueError(f"max_shard_size={max_shard_size!r}: expected gigabytes, a number above 0: for example max_shard_size=5")
    return float(max_shard_size) * GIGABYTE


def _name(stem: str, number: int) -> str:
    return f"{stem}_{number:05}.weights.h5"


def _listed(path: str) -> set[str]:
    """The files of an older list of that name: none if it is not one."""
    if not os.path.exists(path):
        return set()
    try:
        return {name for name in names_in(path) if isinstance(name, str)}
    except DamagedFile:
        return set()


def _write_text(file: Any, text: str) -> None:
    file.write(text.encode())
