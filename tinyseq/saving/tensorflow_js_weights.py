"""A model from TensorFlow.js's model.json: its layers, and raw numbers in the files beside it, by the names of the weights."""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.model_files.bounded_json import DamagedFile, parse
from shapecheck.model_files.keras_archive import LARGEST_CONFIG
from shapecheck.model_files.tensorflow_js import MOST_SHARDS, Topology, beside
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.saving.compile_config import compile_again
from tinyseq.saving.config import is_model
from tinyseq.saving.layout import places, saved_layers
from tinyseq.saving.legacy_weights import in_order
from tinyseq.saving.mismatch import side_by_side
from tinyseq.saving.old_forms import Dialect
from tinyseq.saving.read_config import model_from_json
from tinyseq.saving.whole_file import check_source
from tinyseq.weights.weight import Weight

Array = NDArray[Any]

KINDS = {"float32": "<f4", "float16": "<f2", "int32": "<i4", "uint8": "u1", "uint16": "<u2", "bool": "u1"}


class Entry:
    """A weight in the files: its name and shape, where it begins in its group of files, and how its numbers are packed."""

    def __init__(self, path: str, data: Any, files: Shards) -> None:
        found = data if isinstance(data, dict) else {}
        name, shape, packing = found.get("name"), found.get("shape"), found.get("quantization") or {}
        sizes = isinstance(shape, list) and len(shape) < 9 and all(type(size) is int and 0 <= size < 1 << 40 for size in shape)
        if not isinstance(name, str) or not sizes or not isinstance(packing, dict):
            raise DamagedFile(f"{path}: a weight in weightsManifest has no name or shape: the file is damaged")
        kind = packing.get("dtype", found.get("dtype"))
        if kind not in KINDS:
            raise DamagedFile(f"{path}, {name}: holds {kind!r}, expected one of {', '.join(KINDS)}")
        self.name = name
        self.shape = tuple(shape or ())
        self.dtype = np.dtype(KINDS[kind])
        self.packed = kind if "dtype" in packing and kind in ("uint8", "uint16") else ""
        self.scale, self.least = packing.get("scale", 1.0), packing.get("min", 0.0)
        if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (self.scale, self.least)):
            raise DamagedFile(f"{path}, {name}: scale and min are not numbers: the file is damaged")
        self.start = files.taken
        self.files = files
        files.taken += self.nbytes

    @property
    def nbytes(self) -> int:
        """How many bytes it takes in the files."""
        count: int = math.prod(self.shape)
        return count * int(self.dtype.itemsize)

    def read(self) -> Array:
        """Its numbers."""
        numbers = np.frombuffer(self.files.read(self.start, self.nbytes), self.dtype).reshape(self.shape).astype(np.float32)
        return numbers * np.float32(self.scale) + np.float32(self.least) if self.packed else numbers


class Shards:
    """Files whose bytes follow each other."""

    def __init__(self, path: str, names: Any) -> None:
        if not isinstance(names, list) or len(names) > MOST_SHARDS:
            raise DamagedFile(f"{path}: the paths in weightsManifest are not a list of files: the file is damaged")
        self.path = path
        self.taken = 0
        """Bytes that the entries so far take."""
        self._files = [self._open(beside(path, name)) for name in names]

    def _open(self, place: str) -> Any:
        check_source(place, f"{self.path} lists it: copy it to the same folder")
        with open(place, "rb") as file:
            file.seek(0, 2)
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.tell() else b""

    def check(self) -> None:
        """DamagedFile unless the files have exactly the bytes of the entries."""
        have = sum(map(len, self._files))
        if have != self.taken:
            told = f"its files have {have:,} bytes, the weights in weightsManifest {self.taken:,}"
            raise DamagedFile(f"{self.path}: {told}: the file is damaged")

    def read(self, start: int, count: int) -> bytes:
        """Bytes from one file, or from several."""
        pieces = []
        for file in self._files:
            size = len(file)
            if start < size and count:
                pieces.append(bytes(file[start : min(start + count, size)]))
                count -= len(pieces[-1])
            start = max(0, start - size)
        return b"".join(pieces)


def load(path: str, custom: dict[str, Any], compile: bool) -> Any:
    """The model with its weights. ValueError if they do not fit."""
    with open(path, "rb") as file:
        data = file.read(LARGEST_CONFIG + 1)
    if len(data) > LARGEST_CONFIG:
        raise DamagedFile(f"{path}: is larger than {LARGEST_CONFIG:,} bytes: it is not a model")
    topology = Topology(parse(data, path))
    if topology.config is None:
        raise ValueError(f"{path} contains weights without a model: pass the model.json that tf.js's model.save(...) wrote")
    model = model_from_json(topology.config, custom, Dialect(topology.version, topology.backend))
    if not model.built:
        raise ValueError(f"{path} contains a model without an input shape: it has no weights to load")
    pairs = list(_agreed(model, list(_entries(path, topology)), path))
    arrays = [(weight, entry.read()) for weight, entry in pairs]
    with defer_interrupt():  # Ctrl-C: all or none
        for weight, array in arrays:
            weight.assign(array)
    if compile:
        compile_again(model, topology.compiled, custom)
    return model


def _entries(path: str, topology: Topology) -> Iterator[Entry]:
    for group in topology.manifest:
        found = group if isinstance(group, dict) else {}
        weights = found.get("weights")
        files = Shards(path, found.get("paths"))
        entries = [Entry(path, one, files) for one in (weights if isinstance(weights, list) else [])]
        files.check()
        yield from entries


def _agreed(model: Any, entries: list[Entry], path: str) -> Iterator[tuple[Weight, Entry]]:
    """Each weight with its entry. DoesNotFit, with a table, if there are others, or shapes differ."""
    ours = places(model) if any("/vars/" in entry.name for entry in entries) else _by_layer(model, entries)
    theirs = {entry.name: entry for entry in entries}
    equal = ours.keys() == theirs.keys() and all(theirs[name].shape == weight.shape for name, weight in ours.items())
    if not equal or len(theirs) != len(entries) or len(ours) != len(model.weights):
        left = [(weight.path, weight.shape) for weight in model.weights]
        names = {id(weight): name for name, weight in ours.items()}
        order = [names.get(id(weight), "") for weight in model.weights]
        named = [theirs[name] for name in order if name in theirs]
        rest = [entry for entry in entries if entry.name not in order]
        raise side_by_side(left, [(entry.name, entry.shape) for entry in (*named, *rest)], str(model.name), path)
    for name, weight in ours.items():
        yield weight, theirs[name]


def _by_layer(model: Any, entries: list[Entry]) -> dict[str, Weight]:
    """Names of Keras 2, dense/kernel, sequential/dense/kernel: a word is the layer, whose weights follow in its order."""
    layers = {str(layer.name): layer for layer in _all_layers(model)}
    waiting = {name: in_order(layer) for name, layer in layers.items()}
    found: dict[str, Weight] = {}
    for entry in entries:
        name = next((word for word in entry.name.split("/") if word in waiting), "")
        if waiting.get(name):
            found[entry.name] = waiting[name].pop(0)
    return found


def _all_layers(model: Any) -> Iterator[Any]:
    """The layers of a model and of the models inside it."""
    for layer in saved_layers(model):
        if is_model(layer):
            yield from _all_layers(layer)
        else:
            yield layer
