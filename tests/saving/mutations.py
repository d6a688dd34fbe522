"""Model files with something changed: bytes, numbers of a binary structure, parts of a JSON text. Containers are packed anew, rightly."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
from copy import deepcopy
from typing import Any

VALUES = (
    None, True, -1, 0, 7, 10**10, 10**400, 1.5, float("inf"), "", "relu", "x" * 300, [], {}, [[]], [None], ["a", 0, 0],
    {"class_name": "__keras_tensor__", "config": {"keras_history": ["dense", 0, 0]}}, {"class_name": "Dense"},
    {"class_name": "Sequential", "config": {"layers": []}},
)  # fmt: skip
NUMBERS = (0, 1, 2, 127, 128, 255, 256, 2**16 - 1, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1)
"""Sizes and offsets at which a reader of binary structures may err."""


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        pairs = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        found += [(one, key) for key, _ in pairs]
        waiting += [inner for _, inner in pairs]
    return found


def changed(config: Any, dice: random.Random) -> Any:
    """The configuration with one to three parts replaced, removed, repeated or exchanged."""
    for _ in range(dice.randint(1, 3)):
        every = places(config)
        if not every:
            return config
        (holder, key), (other, name) = dice.choice(every), dice.choice(every)
        kind = dice.randrange(5)
        if kind == 0:
            holder[key] = deepcopy(dice.choice(VALUES))
        elif kind == 1:
            del holder[key]
        elif kind == 2:
            holder[key] = json.loads(json.dumps(other[name]))
        elif kind == 3 and isinstance(holder, list):
            holder.insert(key, json.loads(json.dumps(holder[key])))
        elif isinstance(holder[key], (int, str)):
            holder[key] = deepcopy(dice.choice(VALUES))
    return config


def flipped(data: bytes, dice: random.Random) -> bytes:
    """The bytes with some changed, and perhaps cut short."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        found[dice.randrange(len(found))] = dice.randrange(256)
    return bytes(found[: dice.randrange(len(found))] if dice.random() < 0.1 else found)


def shifted(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a piece cut out, doubled or copied to another place."""
    found = bytearray(data)
    at, size = dice.randrange(len(found)), dice.randint(1, 64)
    kind = dice.randrange(3)
    if kind == 0:
        del found[at : at + size]
    elif kind == 1:
        found[at:at] = found[at : at + size]
    else:
        to = dice.randrange(len(found))
        piece = found[at : at + size][: len(found) - to]
        found[to : to + len(piece)] = piece
    return bytes(found)


def renumbered(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to three little-endian numbers replaced by one that is easily misread, or by another number of the file."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        size = dice.choice((1, 2, 4, 8))
        if len(found) <= 16:
            break
        at = dice.randrange(0, len(found) - 8, dice.choice((1, 2, 4, 8)))
        other = dice.randrange(len(found) - 8)
        old = int.from_bytes(found[at : at + size], "little")
        number = dice.choice((*NUMBERS, len(data), old + 1, old - 1, old * 2, int.from_bytes(found[other : other + size], "little")))
        found[at : at + size] = (number % 256**size).to_bytes(size, "little")
    return bytes(found)


def binary(data: bytes, dice: random.Random) -> bytes:
    """One of the three ways to change bytes."""
    return dice.choice((flipped, shifted, renumbered, renumbered))(data, dice) if data else b"\0"


def text_of(data: bytes, dice: random.Random) -> bytes:
    """A JSON text: three times in four a part of it replaced, else bytes."""
    if dice.random() < 0.25:
        return binary(data, dice)
    return json.dumps(changed(json.loads(data), dice)).encode()


# ---------------------------------------------------------------------- the formats


def of_zip(data: bytes, dice: random.Random) -> bytes:
    """A zip with one member changed, packed with right checksums; one time in ten the zip itself."""
    if dice.random() < 0.1:
        return binary(data, dice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice([*content, *(["config.json"] * 3 if "config.json" in content else [])])
    if name.endswith(".json"):
        content[name] = text_of(content[name], dice)
    elif name.endswith(".npy") and dice.random() < 0.5:
        content[name] = header_of_npy(content[name], dice)
    else:
        content[name] = binary(content[name], dice)
    if dice.random() < 0.05:
        content.pop(dice.choice([*content]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, member in content.items():
            archive.writestr(name, member)
    return packed.getvalue()


def header_of_npy(data: bytes, dice: random.Random) -> bytes:
    """An array with another text in its header, of the right length."""
    if data[:6] != b"\x93NUMPY":
        return binary(data, dice)
    end = 10 + struct.unpack("<H", data[8:10])[0]
    text = data[10:end].decode("latin-1")
    others = ("'|O'", "'<f8'", "'>f4'", "'|V4'", "[('a', '<f4')]", "True", "(-1,)", "(2**70,)", "(99999999999,)", "()", "None", "1.5")
    words = re.findall(r"'[^']*'|\w+|\([^)]*\)", text)
    text = text.replace(dice.choice(words), dice.choice((*others, *words)), 1)
    return data[:8] + struct.pack("<H", len(text)) + text.encode("latin-1") + data[end:]


def of_safetensors(data: bytes, dice: random.Random) -> bytes:
    """A safetensors file with another header, of the right length; one time in five with other bytes."""
    if dice.random() < 0.2:
        return binary(data, dice)
    end = 8 + struct.unpack("<Q", data[:8])[0]
    header = text_of(data[8:end], dice)
    return struct.pack("<Q", len(header)) + header + data[end:]


MUTATE = {"keras": of_zip, "npz": of_zip, "safetensors": of_safetensors, "h5": binary, "weights.h5": binary, "json": text_of}
"""Ending of the name -> the function that changes such a file."""
