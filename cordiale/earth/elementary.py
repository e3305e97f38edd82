"""Elementary functions for compiled kernels: from additions, products and roots alone, so that every machine agrees.

The functions of the C library differ in the last bit from one machine to the next, and keep loops from being
vectorised. These do neither. Those that end in 32 are single precision: right to 3e-7 of their value.

Source: Cephes mathematical library (Moshier, 1989) for the exponential; FDLIBM 5.3 (Sun Microsystems, 1993) for the
coefficients of sine, cosine and logarithm in double precision; WGS 84 as in `cordiale.earth.geodesy`.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from typing import Any, Final

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from cordiale.earth.geodesy import FLATTENING, SEMI_MAJOR_AXIS

EXACT: Final[dict[str, Any]] = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": False}
_ECCENTRIC: Final = FLATTENING * (2 - FLATTENING)
_F: Final = np.float32
_ONE, _HALF, _ZERO = _F(1.0), _F(0.5), _F(0.0)
_LOG2_E, _LN2_HIGH, _LN2_LOW, _LN2 = _F(1.44269504088896341), _F(0.693359375), _F(-2.12194440e-4), _F(0.69314718056)
_E0, _E1, _E2 = _F(1.9875691500e-4), _F(1.3981999507e-3), _F(8.3334519073e-3)
_E3, _E4, _E5 = _F(4.1665795894e-2), _F(1.6666665459e-1), _F(5.0000001201e-1)
_L0, _L1, _L2, _L3 = _F(2 / 3), _F(2 / 5), _F(2 / 7), _F(2 / 9)
_ROOT_HALF_BITS = np.int32(0x3F3504F3)
_C1, _C2, _C3 = _F(-1 / 2), _F(1 / 24), _F(-1 / 720)
_C4, _C5, _C6, _C7 = _F(1 / 40320), _F(-1 / 3628800), _F(1 / 479001600), _F(-1 / 87178291200)
_RADIANS = _F(np.pi / 180)
_T = _F(_ECCENTRIC)
_PER_NORTH = _F(180 / np.pi / (SEMI_MAJOR_AXIS * (1 - _ECCENTRIC)))
_PER_EAST = _F(180 / np.pi / SEMI_MAJOR_AXIS)
_N1, _N2, _N3 = _F(-1.5), _F(0.375), _F(0.0625)
_W1, _W2, _W3 = _F(-0.5), _F(-0.125), _F(-0.0625)


@intrinsic
def _float_of_bits(context, bits):
    """The floating point number that has these bits: float64 of uint64, float32 of int32."""
    result = types.float64 if bits.bitwidth == 64 else types.float32

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))

    return result(bits), generate


@intrinsic
def _bits_of_float(context, number):
    """The bits of a floating point number: uint64 of float64, int32 of float32."""
    result = types.uint64 if number.bitwidth == 64 else types.int32

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))

    return result(number), generate


float_of_bits: Any = _float_of_bits
bits_of_float: Any = _bits_of_float


@njit(forceinline=True, **EXACT)
def exp32(x):
    """e to the x; x is held between -87 and 88."""
    x = min(max(x, _F(-87.0)), _F(88.0))
    whole = np.floor(x * _LOG2_E + _HALF)
    r = x - whole * _LN2_HIGH - whole * _LN2_LOW
    tail = ((((_E0 * r + _E1) * r + _E2) * r + _E3) * r + _E4) * r + _E5
    power = np.int32(np.int32(whole) + np.int32(127)) << np.int32(23)
    return (tail * (r * r) + r + _ONE) * float_of_bits(np.int32(power))


@njit(forceinline=True, **EXACT)
def log32(x):
    """Natural logarithm of a positive number."""
    shifted = np.int32(bits_of_float(x) - _ROOT_HALF_BITS)
    exponent = np.int32(shifted >> np.int32(23))
    mantissa = float_of_bits(np.int32((shifted & np.int32(0x007FFFFF)) + _ROOT_HALF_BITS))
    s = (mantissa - _ONE) / (mantissa + _ONE)
    z = s * s
    return _F(exponent) * _LN2 + s * (_F(2.0) + z * (_L0 + z * (_L1 + z * (_L2 + z * _L3))))


@njit(forceinline=True, **EXACT)
def log1p32(x):
    """Natural logarithm of 1 + x, for x >= 0, right for small x too."""
    y = _ONE + x
    return log32(y) + (x - (y - _ONE)) / y


@njit(forceinline=True, **EXACT)
def degrees_per_metre32(lat):
    """Degrees of latitude and of longitude in a metre at a latitude (float64 degrees); see `metres_per_degree`."""
    x = _F(lat) * _RADIANS
    z = x * x
    cosine = _ONE + z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * (_C6 + z * _C7))))))
    t = _T * (_ONE - cosine * cosine)
    north = _PER_NORTH * (_ONE + t * (_N1 + t * (_N2 + t * _N3)))
    east = _PER_EAST * (_ONE + t * (_W1 + t * (_W2 + t * _W3))) / cosine
    return north, east


@njit(forceinline=True, **EXACT)
def log64(x):
    """Natural logarithm of a positive normal number, within 1e-15."""
    shifted = np.uint64(bits_of_float(x) - np.uint64(0x3FE6A09E00000000))
    exponent = np.int64(shifted) >> np.int64(52)
    mantissa = float_of_bits(np.uint64((shifted & np.uint64(0x000FFFFFFFFFFFFF)) + np.uint64(0x3FE6A09E00000000)))
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    whole = float_of_small(exponent)
    return whole * 6.93147180369123816490e-01 - (
        (half - (s * (half + even + odd) + whole * 1.90821492927058770002e-10)) - f
    )


@njit(forceinline=True, **EXACT)
def float_of_small(whole):
    """A whole number between -2^51 and 2^51 as float64, by bits: machines without that instruction are fast too."""
    return float_of_bits(np.uint64(np.uint64(whole) + np.uint64(0x4338000000000000))) - 6755399441055744.0


@njit(forceinline=True, **EXACT)
def sine_and_cosine_of_turn(turn):
    """Sine and cosine of 2 pi times a number from 0 to 1, within 1e-15."""
    quarter = np.floor(4.0 * turn + 0.5)
    x = (4.0 * turn - quarter) * 1.5707963267948966
    z = x * x
    s = x + x * z * (
        -1.66666666666666324348e-01
        + z
        * (
            8.33333333332248946124e-03
            + z
            * (
                -1.98412698298579493134e-04
                + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10))
            )
        )
    )
    c = (
        1.0
        - 0.5 * z
        + z
        * z
        * (
            4.16666666666666019037e-02
            + z
            * (
                -1.38888888888741095749e-03
                + z
                * (
                    2.48015872894767294178e-05
                    + z
                    * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11))
                )
            )
        )
    )
    swapped = abs(quarter - 2.0) == 1.0
    sine, cosine = (c, s) if swapped else (s, c)
    sine = -sine if 2.0 <= quarter <= 3.0 else sine
    cosine = -cosine if 1.0 <= quarter <= 2.0 else cosine
    return sine, cosine
