"""A report is what someone told us: when, where, about what, and who passed it on. It is evidence, never a verdict.

There is no field for a name, a nationality or a plain phone number, and none that lowers what a caller says
(docs/why/004-no-persons.md). What is unknown is left out; nothing here is ever NaN.
"""

import math
from dataclasses import dataclass, field
from typing import Literal, get_args

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, Instant, Metres, Probability, Quantity

Kind = Literal[
    "distress_call",  # somebody aboard, or speaking for somebody aboard, asks for help
    "position_pin",  # a position sent from a phone
    "missed_call",  # a call nobody answered: a sign of life with a time
    "relay",  # another service, family or ship passes on what it heard
    "departure",  # a boat was seen to leave, from land
    "sighting",  # a craft, aircraft, tower or ship sees a boat
    "radar_plot",  # an echo; may be clutter
    "ais_plot",  # a position that a craft nobody knows sends by AIS; seldom a small boat's
    "recovery",  # people were taken off a boat; it closes nobody by itself
    "landing",  # people of a boat came ashore where they were bound
    "return",  # people of a boat came back to the shore they left
    "find",  # debris, an empty boat or bodies
    "asset_position",  # where one of our own craft is: no evidence about a boat by itself
    "task",  # an order to a craft
    "request",  # a request to the other side, with what the sources say of the answer
    "decision",  # a decision somebody took; it is recorded and never believed as evidence
]
KINDS: tuple[Kind, ...] = get_args(Kind)
ABOUT_A_BOAT: frozenset[Kind] = frozenset(KINDS) - {"asset_position", "task", "request", "decision"}
ENDINGS: tuple[Kind, ...] = ("recovery", "landing", "return")  # people of a boat are no longer on it
Engine = Literal["running", "stopped", "none"]
State = Literal["under_way", "adrift", "taking_water", "swamped", "in_the_water", "refusing_help", "beached"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """A point with its error: the position is within `within` metres of it with probability `containment`."""

    position: Position
    within: Metres
    containment: Probability = 0.95

    def __post_init__(self) -> None:
        if not (math.isfinite(self.within) and self.within > 0):
            raise CordialeError("belief.within", within_m=self.within)
        if not 0 < self.containment < 1:
            raise CordialeError("belief.containment", containment=self.containment)

    @property
    def position_std(self) -> Metres:
        """Standard deviation east and north of a circular normal error: r / sqrt(-2 ln(1 - p)) (Rayleigh law)."""
        return self.within / math.sqrt(-2 * math.log(1 - self.containment))


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """Somewhere inside a polygon of at least three corners, every place in it alike."""

    corners: tuple[Position, ...]

    def __post_init__(self) -> None:
        if len(self.corners) < 3:
            raise CordialeError("belief.corners", corners=len(self.corners))


@dataclass(frozen=True, kw_only=True, slots=True)
class RangeBearing:
    """So many metres from a known place in a direction (degrees true), both with a standard deviation."""

    origin: Position
    range: Metres
    range_std: Metres
    bearing: Degrees
    bearing_std: Degrees

    def __post_init__(self) -> None:
        for name, value in (("range", self.range), ("range_std", self.range_std), ("bearing_std", self.bearing_std)):
            if not (math.isfinite(value) and value > 0):
                raise CordialeError("belief.range_bearing", what=name, value=value)
        if not 0 <= self.bearing <= 360:
            raise CordialeError("belief.bearing", bearing_deg=self.bearing)


Place = Fix | Area | RangeBearing


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One way to read a position; the readings of a report exclude each other and their probabilities sum to 1."""

    place: Place
    probability: Probability = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """A number known to lie from `least` to `most`, both included: persons on board, or a length in metres."""

    least: Quantity
    most: Quantity

    def __post_init__(self) -> None:
        if not (math.isfinite(self.least) and math.isfinite(self.most) and 0 <= self.least <= self.most):
            raise CordialeError("belief.between", least=self.least, most=self.most)

    def __str__(self) -> str:
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g}-{self.most:g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What was said about the boat. Every field may be unknown."""

    colour: str | None = None
    length_m: Between | None = None
    engine: Engine | None = None
    state: State | None = None
    tubes: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Where a line comes from: REAL lines stand in published sources, SYNTHETIC ones were invented to fill a night."""

    kind: Literal["REAL", "SYNTHETIC", "LIVE"] = "LIVE"
    source: str = ""
    synthetic_parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What someone told us.

    Parameters
    ----------
    name : str
        Unique in its record, for instance `r-0011`.
    received : Instant
        When a centre received it; the picture at an instant holds what was received by then.
    event : Span
        When what it tells of happened; an interval where the moment is unknown.
    where : tuple of Reading
        Exclusive readings of the position; empty when there is none.
    persons : Between, optional
        Persons on board, a number and nothing else.
    caller : str, optional
        Keyed hash (HMAC-SHA-256, hex) of the caller's number under the node's secret key; of an `ais_plot` of the
        craft's MMSI.
    relay_of : str, optional
        Name of the report this one passes on; a relayed call is not a second call.
    relays : tuple of str
        Who passed it on, in order, as services and never as persons.
    asset : str, optional
        The craft that reports or is reported on, for sightings, recoveries and asset positions.
    flags : tuple of str
        What was odd when it came in: `received_in_future`, `position_unreadable` and so on; nothing is lost for it.
    """

    name: str
    kind: Kind
    received: Instant
    event: Span
    channel: str
    centre: str
    where: tuple[Reading, ...] = ()
    persons: Between | None = None
    boat: Description = field(default_factory=Description)
    caller: str | None = None
    relay_of: str | None = None
    relays: tuple[str, ...] = ()
    asset: str | None = None
    summary: str = ""
    flags: tuple[str, ...] = ()
    mark: Mark = field(default_factory=Mark)

    def __post_init__(self) -> None:
        if self.where and abs(sum(r.probability for r in self.where) - 1) > 1e-9:
            raise CordialeError("belief.readings", total=sum(r.probability for r in self.where))

    @property
    def is_about_a_boat(self) -> bool:
        """Whether the association has to place it: orders, requests and decisions are history, not evidence."""
        return self.kind in ABOUT_A_BOAT
