"""Units in the type. Inside the house every quantity is an SI float; multiply to enter, divide to leave.

>>> boat_speed = 4 * knots
>>> round(boat_speed, 3)
2.058
>>> round(3704 * metres / NM, 1)
2.0

Source: the international nautical mile is 1852 m exactly (First International Extraordinary Hydrographic Conference,
Monaco 1929); a knot is one nautical mile per hour. All others are SI (BIPM, SI Brochure, 9th edition).
"""

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

Metres = Annotated[float, "m"]
SquareMetres = Annotated[float, "m2"]
Seconds = Annotated[float, "s"]
PerSecond = Annotated[float, "1/s"]
PerSquareMetre = Annotated[float, "1/m2"]
MetresPerSecond = Annotated[float, "m/s"]
Degrees = Annotated[float, "degree"]
Radians = Annotated[float, "rad"]
Probability = Annotated[float, "1, from 0 to 1"]
LogLikelihood = Annotated[float, "1, natural logarithm"]
Fraction = Annotated[float, "1"]
Quantity = Annotated[float, "the unit that the name of the field carries"]
Celsius = Annotated[float, "degree Celsius"]
Instant = Annotated[float, "s since 1970-01-01T00:00:00Z"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
CountArray = NDArray[np.uint64]

metres: Metres = 1.0
km: Metres = 1000.0
NM: Metres = 1852.0
seconds: Seconds = 1.0
minutes: Seconds = 60.0
hours: Seconds = 3600.0
days: Seconds = 86400.0
knots: MetresPerSecond = NM / hours
degrees: Radians = math.pi / 180.0
percent: Fraction = 0.01
