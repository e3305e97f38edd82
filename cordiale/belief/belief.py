"""A belief: where one boat may be, as a cloud of particles that carry all that may differ between possibilities."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np

from cordiale.belief.density import density_of, highest_density
from cordiale.boats.search_object import SearchObject
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import BoolArray, FloatArray, Fraction, Instant, IntArray, Seconds, km, minutes
from cordiale.words import Language, say

KNOT: Final[Seconds] = 30 * minutes  # errors of current and wind are drawn at the round half hours, and so are jibes
PER_PARTICLE: Final = (
    "ids",
    "lat",
    "lon",
    "weight",
    "leeway_class",
    "side",
    "downwind_residual",
    "crosswind_residual",
    "start",
    "way_course",
    "way_speed",
    "engine_stops",
    "stranded",
    "lies_at",
    "world",
    "phase",
    "phase_ends",
    "current_error",
    "wind_error",
    "residual_error",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Belief:
    """Where one boat may be at one instant.

    Parameters
    ----------
    at : Instant
        The instant of the cloud.
    name : str
        The boat, as people call it.
    stream : Stream
        The chance of this belief: everything drawn later depends on it, on the particle's id and on the time alone.
    ids : shape (n,)
        Every particle has its own.
    lat, lon : degrees, shape (n,)
    weight : shape (n,), sum 1
    leeway_class, side : shape (n,)
        Index in `search_object.classes`; +1 drifts to the right of downwind, -1 to the left.
    downwind_residual, crosswind_residual : shape (n,), standard normal, kept for life
    start : Instant, shape (n,)
        When the particle was at its first position; later than `at` where the time of a fix is an interval. It waits.
    way_course, way_speed, engine_stops : degrees true, m/s, Instant, shape (n,)
        Way through the water until the engine stops; speed 0 is adrift.
    stranded : shape (n,)
        Lies ashore.
    lies_at : metres above mean sea level, shape (n,)
        Level of the sea when the particle went aground; NaN where it floats or the level is not known.
    world : shape (n,)
        Particles of one world meet the same errors of current and wind where they are close together.
    phase, phase_ends : shape (n,), Instant
        Index in `cordiale.boats.life.PHASES` of what has become of the boat, and when that ends (inf: not foreseen).
    current_error, wind_error, residual_error : shape (n, 2), east and north, standard normal
        State of the errors at the last round half hour, in standard deviations of the environment.
    """

    at: Instant
    name: str
    search_object: SearchObject
    stream: Stream
    ids: IntArray
    lat: FloatArray
    lon: FloatArray
    weight: FloatArray
    leeway_class: IntArray
    side: IntArray
    downwind_residual: FloatArray
    crosswind_residual: FloatArray
    start: FloatArray
    way_course: FloatArray
    way_speed: FloatArray
    engine_stops: FloatArray
    stranded: BoolArray
    lies_at: FloatArray
    world: IntArray
    phase: IntArray
    phase_ends: FloatArray
    current_error: FloatArray
    wind_error: FloatArray
    residual_error: FloatArray

    def __post_init__(self) -> None:
        if self.ids.size == 0:
            raise CordialeError("belief.no_particles", name=self.name)

    def __len__(self) -> int:
        return self.ids.size

    def __str__(self) -> str:
        """What a coordinator would say: `0430Z inflatable: 95 % within 5.0 km2 around 50 59.4N 001 34.2E`."""
        return self.sentence("en")

    def sentence(self, language: Language = "en") -> str:
        """The 95 % region in one sentence."""
        area = highest_density(density_of(self.lat, self.lon, self.weight), 0.95).area
        chart = self.centre.on_chart().replace("°", " ").replace("'", "")
        return say(
            "belief.sentence",
            language,
            time=zulu(self.at).replace(":", ""),
            name=self.name,
            area_km2=area / (km * km),
            position=chart,
        )

    @property
    def centre(self) -> Position:
        """Mean position, by weight; a cloud astride 180 degrees has it there."""
        off = np.mod(self.lon - self.lon[0] + 180.0, 360.0) - 180.0
        lon = float(self.lon[0] + self.weight @ off)
        return Position(lat=float(self.weight @ self.lat), lon=(lon + 180.0) % 360.0 - 180.0)

    @property
    def fraction_ashore(self) -> Fraction:
        """Probability that the boat lies ashore."""
        return float(self.weight @ self.stranded)

    @property
    def effective_count(self) -> Fraction:
        """Number of equally weighted particles that would be worth as much: 1 / sum of squared weights."""
        return float(1 / (self.weight @ self.weight))

    def only(self, which: BoolArray | IntArray) -> Self:
        """The belief of some of its particles (a mask, or indices), their weights summing to 1 again."""
        chosen: dict[str, Any] = {field: getattr(self, field)[which] for field in PER_PARTICLE}
        chosen["weight"] = chosen["weight"] / chosen["weight"].sum()
        return replace(self, **chosen)


def joined(first: Belief, *others: Belief) -> Belief:
    """One belief with the particles of several at one instant; weights are taken as they are and made to sum to 1."""
    parts = (first, *others)
    together: dict[str, Any] = {
        field: np.concatenate([getattr(part, field) for part in parts]) for field in PER_PARTICLE
    }
    together["weight"] = together["weight"] / together["weight"].sum()
    return replace(first, **together)


def under_way(belief: Belief) -> BoolArray:
    """Which particles make way through the water at the instant of the belief."""
    return np.asarray((belief.way_speed > 0) & (belief.engine_stops > belief.at) & ~belief.stranded)
