"""Chance is passed in: named streams of random numbers from our own counter bits.

Every draw is a pure function of (seed, name of the stream, particle, counter). Any subset of the particles, in any
order, on any number of threads and on both nodes, gets the same numbers; NumPy promises that only for one build on
one machine (docs/why/002-our-own-random-streams.md).

Source: Philox 4x32 with 10 rounds, Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3,
SC11 (2011), doi:10.1145/2063384.2063405. Check values of the Random123 library: tests/known/test_chance_known.py.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import CountArray, FloatArray, IntArray

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
Words = tuple[CountArray, CountArray, CountArray, CountArray]


@dataclass(frozen=True, slots=True)
class Stream:
    """A named stream of random numbers; `child` names one inside it.

    >>> wind = Stream.of_seed(1).child("wind error")
    >>> bool((wind.normals(np.arange(3), 7)[1] == wind.normals(np.array([1]), 7)[0]).all())
    True
    """

    key: int

    @classmethod
    def of_seed(cls, seed: int) -> Self:
        """The root of all streams of one run; `seed` is a whole number from 0 to 2^64 - 1."""
        if not 0 <= seed < 2**64:
            raise CordialeError("earth.seed", seed=seed)
        return cls(seed)

    def child(self, name: str) -> Self:
        """The stream of this name: independent of this one and of every child with another name."""
        bits = hashlib.blake2b(self.key.to_bytes(8, "little") + name.encode(), digest_size=8).digest()
        return type(self)(int.from_bytes(bits, "little"))

    def uniforms(self, ids: IntArray | NDArray[np.integer], counter: int) -> FloatArray:
        """Two independent numbers in the open interval (0, 1) for each particle id: shape (n, 2)."""
        c0, c1 = _split(np.asarray(ids, dtype=np.uint64))
        c2, c3 = _split(np.full_like(c0, counter))
        a, b, c, d = philox(self.key, (c0, c1, c2, c3))
        return np.stack([_open_interval(a, b), _open_interval(c, d)], axis=-1)

    def normals(self, ids: IntArray | NDArray[np.integer], counter: int) -> FloatArray:
        """Two independent standard normal numbers for each particle id, by Box and Muller: shape (n, 2)."""
        u = self.uniforms(ids, counter)
        radius = np.sqrt(-2.0 * np.log(u[:, 0]))
        angle = 2.0 * math.pi * u[:, 1]
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def philox(key: int, counter: Words, rounds: int = 10) -> Words:
    """Philox 4x32: four 32-bit words (held in uint64 arrays) from a 64-bit key and a 128-bit counter."""
    c0, c1, c2, c3 = counter
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(rounds):
        product0, product1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (product1 >> _SHIFT) ^ c1 ^ np.uint64(k0),
            product1 & _LOW,
            (product0 >> _SHIFT) ^ c3 ^ np.uint64(k1),
            product0 & _LOW,
        )
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return c0, c1, c2, c3


def _split(words: CountArray) -> tuple[CountArray, CountArray]:
    return words & _LOW, words >> _SHIFT


def _open_interval(high: CountArray, low: CountArray) -> FloatArray:
    """52 bits, centred in their cell, so that neither 0 nor 1 occurs and every machine agrees."""
    bits = ((high << _SHIFT) | low) >> np.uint64(12)
    return (bits.astype(np.float64) + 0.5) * 2.0**-52
