"""What is told of a search to those who carry it out: boats sought, sorties, figures. All outputs are written from it.

Texts that are not in a plan (weather, communications, what was done) are given by who makes the brief; what nobody
gave is told as not stated, never left out.
"""

import math
from dataclasses import dataclass

from cordiale.belief.belief import Belief
from cordiale.belief.region import Region, Ring
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, Fraction, Instant, Metres, MetresPerSecond, Probability, SquareMetres, minutes
from cordiale.views.drift_forecast import Moment
from cordiale.words import Language, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Persons:
    """How many people are in a boat: an interval; None where nobody has told that end. Never a name."""

    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        ends = [end for end in (self.least, self.most) if end is not None]
        if any(end < 0 for end in ends) or ends != sorted(ends):
            raise CordialeError("views.persons", least=self.least, most=self.most)

    def text(self, language: Language = "en") -> str:
        """As a coordinator would say it: 30, 30 to 40, at least 30, unknown."""
        key = f"{'unknown' if self.least is None else 'least'}_{'unknown' if self.most is None else 'most'}"
        if self.least is not None and self.least == self.most:
            key = "one" if self.least == 1 else "exact"
        return say(f"views.search.persons_{key}", language, least=self.least, most=self.most)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Held:
    """The smallest area that holds a boat with a probability: closed rings of (lat, lon), outlines anticlockwise."""

    probability: Probability
    area: SquareMetres
    rings: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BoatSought:
    """One boat that is sought: people, last known position and its time, areas at an instant, how likely it is found.

    `held` are its areas at `held_at`, the larger first.
    """

    name: str
    what: str = ""
    persons: Persons = Persons()
    last_known: Position | None = None
    last_known_at: Instant | None = None
    held_at: Instant | None = None
    held: tuple[Held, ...] = ()
    pos: Probability | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Waypoint:
    """Where a searcher is to be at an instant, over the ground."""

    at: Instant
    place: Position


@dataclass(frozen=True, kw_only=True, slots=True)
class SortieTold:
    """One searcher's part: out, along its waypoints, off task at the last.

    Parameters
    ----------
    asset, boat : str
        Who searches, and for whom.
    pattern : str
        Code of the manuals: PS, CS, SS, VS, TSR, TSN, BS.
    leaves : Instant
    waypoints : at least two, in order of time
        The first is the commence search point (CSP).
    corners : area of the pattern at `corners_at`, half way through, as it drifts; without the first point repeated
    spacing : between tracks; of a sector search half its radius
    speed : while searching; through the water for ships, through the air for aircraft
    height : above the sea; 0 for ships
    bearing : of the first legs, degrees true
    creep : degrees true, where the pattern creeps
    coverage : sweep width over track spacing; None where it is not known
    loss : how much less POS without this searcher
    """

    asset: str
    boat: str
    pattern: str
    leaves: Instant
    waypoints: tuple[Waypoint, ...]
    corners: tuple[Position, ...] = ()
    corners_at: Instant | None = None
    spacing: Metres
    speed: MetresPerSecond
    height: Metres = 0.0
    bearing: Degrees | None = None
    creep: Degrees | None = None
    coverage: Fraction | None = None
    loss: Probability | None = None

    def __post_init__(self) -> None:
        times = [waypoint.at for waypoint in self.waypoints]
        if len(times) < 2 or times != sorted(times):
            raise CordialeError("views.waypoints", asset=self.asset, count=len(times))

    @property
    def arrives(self) -> Instant:
        """On scene."""
        return self.waypoints[0].at

    @property
    def ends(self) -> Instant:
        """Off task."""
        return self.waypoints[-1].at

    @property
    def flies(self) -> bool:
        """Above the sea."""
        return self.height > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What a plan is worth by its own account: POS, people expected to be found alive, and the bound.

    `gap` is how much better another plan could be at most, as a share of the bound; None where no bound was worked out.
    """

    objective: str
    pos: Probability
    survivors: Fraction
    gap: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SearchBrief:
    """A search action plan as it is told.

    Parameters
    ----------
    title : str
        What the incident is called, with its number.
    made_at : Instant
        When the brief was made: all outputs carry this time, none asks a clock.
    begin, end : Instant
        The span that the plan covers.
    figures : Figures or None
    boats, sorties : what is sought, and who goes where
    coordinator : str
        The rescue coordination centre that leads.
    situation, weather, communications : str
        As somebody tells them; empty: not stated.
    notices : sentences a coordinator must see, in each language
    assumptions : what the plan rests on and nobody has confirmed, in each language
    synthetic : bool
        Invented, for training or a test: shown on every output.
    """

    title: str
    made_at: Instant
    begin: Instant
    end: Instant
    figures: Figures | None
    boats: tuple[BoatSought, ...]
    sorties: tuple[SortieTold, ...]
    coordinator: str = ""
    situation: str = ""
    weather: str = ""
    communications: str = ""
    notices: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[tuple[str, str], ...] = ()
    synthetic: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.begin) and self.begin <= self.end):
            raise CordialeError("views.brief_span", begin=self.begin, end=self.end)

    def told_notices(self, language: Language = "en") -> tuple[str, ...]:
        """The notices in one language; that it is synthetic first."""
        told = _in(language, self.notices)
        return ((say("views.search.synthetic", language), *told)) if self.synthetic else told

    def told_assumptions(self, language: Language = "en") -> tuple[str, ...]:
        """The assumptions in one language."""
        return _in(language, self.assumptions)


def boat_sought(
    belief: Belief,
    moment: Moment,
    *,
    persons: Persons,
    what: str = "",
    last_known: Position | None = None,
    last_known_at: Instant | None = None,
    pos: Probability | None = None,
) -> BoatSought:
    """A boat of a belief with the 90 and 50 % areas of a moment of its drift."""
    outlines = [moment.outline(probability) for probability in (0.9, 0.5)]
    return BoatSought(
        name=belief.name,
        what=what,
        persons=persons,
        last_known=last_known,
        last_known_at=last_known_at,
        held_at=moment.at,
        held=tuple(Held(probability=o.probability, area=o.area, rings=o.rings) for o in outlines if o.area is not None),
        pos=pos,
    )


def held_of(region: Region) -> Held:
    """The area of a region of containment."""
    return Held(probability=region.probability, area=region.area, rings=region.rings)


def _in(language: Language, pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(english if language == "en" else french for english, french in pairs)


def in_minutes(at: Instant) -> Instant:
    """The minute in which an instant lies, as a clock shows it."""
    return float(at // minutes * minutes)
