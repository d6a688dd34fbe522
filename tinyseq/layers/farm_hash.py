"""FarmHash Fingerprint64 and SipHash-2-4 of bytes: the hashes by which Keras puts words into bins.

Sources: FarmHash 1.1 (Geoff Pike), whose Fingerprint64 is fixed for all time; Aumasson and Bernstein, SipHash (2012).
"""

from __future__ import annotations

from typing import Any

WORD = (1 << 64) - 1
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _read(data: bytes, start: int, size: int = 8) -> int:
    return int.from_bytes(data[start : start + size], "little")


def _rotated(value: int, shift: int) -> int:
    """To the right."""
    value &= WORD
    return (value >> shift | value << (64 - shift)) & WORD


def _mixed(value: int) -> int:
    value &= WORD
    return value ^ value >> 47


def _hash_16(u: int, v: int, factor: int) -> int:
    """Two words to one (Murmur)."""
    a = _mixed((u ^ v) * factor)
    return _mixed((v ^ a) * factor) * factor & WORD


def _to_16(data: bytes) -> int:
    size = len(data)
    if size >= 8:
        factor = K2 + size * 2
        a, b = _read(data, 0) + K2, _read(data, size - 8)
        return _hash_16((_rotated(b, 37) * factor + a) & WORD, (_rotated(a, 25) + b) * factor & WORD, factor)
    if size >= 4:
        return _hash_16(size + (_read(data, 0, 4) << 3), _read(data, size - 4, 4), K2 + size * 2)
    if size:
        y = data[0] + (data[size >> 1] << 8)
        z = size + (data[-1] << 2)
        return _mixed(y * K2 ^ z * K0) * K2 & WORD
    return K2


def _to_32(data: bytes) -> int:
    size = len(data)
    factor = K2 + size * 2
    a, b = _read(data, 0) * K1, _read(data, 8)
    c, d = _read(data, size - 8) * factor, _read(data, size - 16) * K2
    first = _rotated(a + b, 43) + _rotated(c, 30) + d
    return _hash_16(first & WORD, (a + _rotated(b + K2, 18) + c) & WORD, factor)


def _swapped(value: int) -> int:
    return int.from_bytes((value & WORD).to_bytes(8, "little"), "big")


def _to_64(data: bytes) -> int:
    size = len(data)
    factor = K2 + size * 2
    a, b = _read(data, 0) * K2, _read(data, 8)
    c, d = _read(data, size - 8) * factor, _read(data, size - 16) * K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d & WORD
    z = _hash_16(y, a + _rotated(b + K2, 18) + c & WORD, factor)
    e, f = _read(data, 16) * factor, _read(data, 24)
    g, h = (y + _read(data, size - 32)) * factor, (z + _read(data, size - 24)) * factor
    first = _rotated(e + f, 43) + _rotated(g, 30) + h
    return _hash_16(first & WORD, e + _rotated(f + a, 18) + g & WORD, factor)


def _weak(data: bytes, start: int, a: int, b: int) -> tuple[int, int]:
    """32 bytes and two seeds to two words."""
    w, x, y, z = (_read(data, start + 8 * i) for i in range(4))
    a += w
    b = _rotated(b + a + z, 21)
    before = a
    a += x + y
    b += _rotated(a, 44)
    return a + z & WORD, b + before & WORD


def fingerprint(data: bytes) -> int:
    """64 bits of any number of bytes."""
    size = len(data)
    if size <= 16:
        return _to_16(data)
    if size <= 32:
        return _to_32(data)
    return _to_64(data) if size <= 64 else _long(data)


def _long(data: bytes) -> int:
    """More than 64 bytes, by blocks of 64; the last block overlaps the one before."""
    x, y = 81, (81 * K1 + 113) & WORD
    z = _mixed(y * K2 + 113) * K2 & WORD
    v, w = (0, 0), (0, 0)
    x = (x * K2 + _read(data, 0)) & WORD
    end = (len(data) - 1) // 64 * 64
    for start in range(0, end, 64):
        x = _rotated(x + y + v[0] + _read(data, start + 8), 37) * K1 & WORD
        y = _rotated(y + v[1] + _read(data, start + 48), 42) * K1 & WORD
        x ^= w[1]
        y = y + v[0] + _read(data, start + 40) & WORD
        z = _rotated(z + w[0], 33) * K1 & WORD
        v = _weak(data, start, v[1] * K1 & WORD, x + w[0] & WORD)
        w = _weak(data, start + 32, z + w[1] & WORD, y + _read(data, start + 16) & WORD)
        z, x = x, z
    factor = K1 + ((z & 0xFF) << 1)
    start = len(data) - 64
    w = (w[0] + (len(data) - 1 & 63) & WORD, w[1])
    v = (v[0] + w[0] & WORD, v[1])
    w = (w[0] + v[0] & WORD, w[1])
    x = _rotated(x + y + v[0] + _read(data, start + 8), 37) * factor & WORD
    y = _rotated(y + v[1] + _read(data, start + 48), 42) * factor & WORD
    x ^= w[1] * 9 & WORD
    y = y + v[0] * 9 + _read(data, start + 40) & WORD
    z = _rotated(z + w[0], 33) * factor & WORD
    v = _weak(data, start, v[1] * factor & WORD, x + w[0] & WORD)
    w = _weak(data, start + 32, z + w[1] & WORD, y + _read(data, start + 16) & WORD)
    z, x = x, z
    one = _hash_16(v[0], w[0], factor) + _mixed(y) * K0 + z
    return _hash_16(one & WORD, _hash_16(v[1], w[1], factor) + x & WORD, factor)


def _sip_round(v: list[int]) -> None:
    for one, two, shift in ((0, 1, 13), (2, 3, 16)):
        v[one] = v[one] + v[two] & WORD
        v[two] = _rotated(v[two], 64 - shift) ^ v[one]
    v[0] = _rotated(v[0], 32)
    for one, two, shift in ((2, 1, 17), (0, 3, 21)):
        v[one] = v[one] + v[two] & WORD
        v[two] = _rotated(v[two], 64 - shift) ^ v[one]
    v[2] = _rotated(v[2], 32)


def siphash(data: bytes, key: tuple[int, int]) -> int:
    """64 bits that depend on a key of two words."""
    k0, k1 = key
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]
    whole = len(data) // 8 * 8
    words = [_read(data, start) for start in range(0, whole, 8)]
    words.append(_read(data, whole) | (len(data) & 0xFF) << 56)
    for word in words:
        v[3] ^= word
        _sip_round(v)
        _sip_round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(4):
        _sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


CROSSING_KEY, CROSSING_FACTOR = 956888297470, 0xC6A4A7935BD1E995


def joined(values: tuple[Any, ...]) -> int:
    """One hash of several words or whole numbers, as TensorFlow's cross_hashed joins them (FingerprintCat64)."""
    total = CROSSING_KEY
    for value in values:
        number = fingerprint(value.encode()) if isinstance(value, str) else int(value) & WORD
        total ^= CROSSING_FACTOR
        total ^= _mixed(number * CROSSING_FACTOR) * CROSSING_FACTOR & WORD
        total = _mixed(total * CROSSING_FACTOR) * CROSSING_FACTOR & WORD
        total = _mixed(total)
    return total


def bucket(text: str, buckets: int, salt: Any = None) -> int:
    """The bin of a text: by FarmHash, or with a salt (a number, or two) by SipHash."""
    data = text.encode()
    if salt is None:
        return fingerprint(data) % buckets
    first, second = salt if isinstance(salt, (tuple, list)) else (salt, salt)
    return siphash(data, (int(first), int(second))) % buckets
