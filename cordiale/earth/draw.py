"""Chance inside compiled kernels: the numbers of `cordiale.earth.chance.Stream`, a block of particles at a time.

The uniform numbers are those of `Stream.uniforms` bit for bit; the normal ones those of `Stream.normals` within 1e-12,
and the same on every machine, which the logarithm and cosine of a C library are not. `Stream` is the readable twin.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from numba import njit

from cordiale.earth.chance import Stream
from cordiale.earth.elementary import EXACT, float_of_bits, log64, sine_and_cosine_of_turn
from cordiale.earth.units import FloatArray, IntArray

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_ONE_TO_TWO = np.uint64(0x3FF0000000000000)


@njit(forceinline=True, **EXACT)
def _round(c0, c1, c2, c3, k0, k1):
    product0, product1 = _M0 * c0, _M1 * c2
    return (product1 >> _SHIFT) ^ c1 ^ k0, product1 & _LOW, (product0 >> _SHIFT) ^ c3 ^ k1, product0 & _LOW


@njit(forceinline=True, **EXACT)
def _open_interval(high, low):
    bits = ((high << _SHIFT) | low) >> np.uint64(12)
    return (float_of_bits(np.uint64(bits | _ONE_TO_TWO)) - 1.0) + 2.0**-53


@njit(forceinline=True, **EXACT)
def uniform_pair(key, number, counter):
    """Two numbers in the open interval (0, 1) of a stream's key, a particle's id and a counter, all uint64."""
    c0, c1 = number & _LOW, number >> _SHIFT
    c2, c3 = counter & _LOW, counter >> _SHIFT
    k0, k1 = key & _LOW, key >> _SHIFT
    for _ in range(10):
        c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return _open_interval(c0, c1), _open_interval(c2, c3)


@njit(forceinline=True, **EXACT)
def normal_pair(first, second):
    """Two standard normal numbers from two uniform ones, by Box and Muller."""
    radius = np.sqrt(-2.0 * log64(first))
    sine, cosine = sine_and_cosine_of_turn(second)
    return radius * cosine, radius * sine


@njit(**EXACT)
def _normals(key, ids, counter, out):
    for i in range(ids.size):
        first, second = uniform_pair(key, np.uint64(ids[i]), counter)
        one, other = normal_pair(first, second)
        out[0, i] = one
        out[1, i] = other


def normals(stream: Stream, ids: IntArray, counter: int) -> FloatArray:
    """Two independent standard normal numbers for each particle id, shape (2, n): `Stream.normals`, compiled."""
    out = np.empty((2, ids.size))
    _normals(np.uint64(stream.key), ids, np.uint64(counter), out)
    return out


@njit(**EXACT)
def _uniforms(key, ids, counter, out):
    for i in range(ids.size):
        out[0, i], out[1, i] = uniform_pair(key, np.uint64(ids[i]), counter)


def uniforms(stream: Stream, ids: IntArray, counter: int) -> FloatArray:
    """Two independent numbers in (0, 1) for each particle id, shape (2, n): `Stream.uniforms` bit for bit, compiled."""
    out = np.empty((2, ids.size))
    _uniforms(np.uint64(stream.key), ids, np.uint64(counter), out)
    return out
