"""A weighted cloud on its way: the same particles at several instants, straight in between.

A search that was done thins it (`result`), and a plan looks for it (`plan_sought`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cordiale.belief.belief import Belief
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Ways:
    """Any boat, or the boats nobody has reported, on their way.

    Parameters
    ----------
    name : str
    times : Instant, shape (knots,), rising
    lat, lon : degrees, shape (knots, particles)
    weight : shape (particles,)
        Sums to the number of boats to be expected: of one boat the probability that she is still out there, 1 where
        that is certain.
    phase : int8, shape (knots, particles)
        Index in `cordiale.boats.life.PHASES`: tells how wide a sweep is for it.
    unreported : bool
        Boats that nobody has reported: a Poisson process with this intensity, thinned and not made to sum to 1.
    """

    name: str
    times: FloatArray
    lat: FloatArray
    lon: FloatArray
    weight: FloatArray
    phase: NDArray[np.int8]
    unreported: bool = False

    def __post_init__(self) -> None:
        shape = (self.times.size, self.weight.size)
        fits = self.lat.shape == self.lon.shape == self.phase.shape == shape
        if self.times.size < 2 or np.any(np.diff(self.times) <= 0) or not fits:
            raise CordialeError("search.ways", name=self.name, knots=self.times.size, shape=self.lat.shape)
        most = math.inf if self.unreported else 1 + 1e-9
        total = float(self.weight.sum())
        if not (0 < total <= most) or np.any(self.weight < 0):
            raise CordialeError("search.ways_weight", name=self.name, total=total)

    @property
    def boats(self) -> Fraction:
        """Number of boats to be expected."""
        return float(self.weight.sum())

    def at(self, when: Instant) -> tuple[FloatArray, FloatArray]:
        """Latitudes and longitudes of the particles at an instant; before the first and after the last as there."""
        k, part = self.between(np.array([when]))
        lat, lon = ((a[k] + part * (a[k + 1] - a[k]))[0] for a in (self.lat, self.lon))
        return lat, lon

    def on(self, times: FloatArray) -> "Ways":
        """The same cloud at other instants: the phase is that of the knot before."""
        if np.array_equal(self.times, times):
            return self
        k, part = self.between(times)
        lat, lon = (a[k] + part * (a[k + 1] - a[k]) for a in (self.lat, self.lon))
        return replace(self, times=times, lat=lat, lon=lon, phase=self.phase[k])

    def between(self, times: FloatArray) -> tuple[IntArray, FloatArray]:
        """The knot before each of some instants, and how far it is to the next, 0 to 1, shape (instants, 1)."""
        k = np.clip(np.searchsorted(self.times, times, side="right") - 1, 0, self.times.size - 2)
        part = (times - self.times[k]) / (self.times[k + 1] - self.times[k])
        return k, np.clip(part, 0.0, 1.0)[:, None]


def ways_of(beliefs: Sequence[Belief], *, boats: Fraction = 1.0, unreported: bool = False) -> Ways:
    """The same belief at several instants as a cloud on its way; `boats` as the sum of `Ways.weight`."""
    times = np.array([one.at for one in beliefs])
    chosen = [one for one, kept in zip(beliefs, np.append(np.diff(times) > 0, True).tolist(), strict=True) if kept]
    first = beliefs[0]
    return Ways(
        name=first.name,
        times=np.array([one.at for one in chosen]),
        lat=np.array([one.lat for one in chosen]),
        lon=np.array([one.lon for one in chosen]),
        weight=first.weight / first.weight.sum() * boats,
        phase=np.array([one.phase for one in chosen]).astype(np.int8),
        unreported=unreported,
    )
