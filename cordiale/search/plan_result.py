"""A search plan and what it says: sorties with their waypoints, POS, survivors, the bound, and the cost of a loss."""

from dataclasses import dataclass

from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import (
    NM,
    Degrees,
    FloatArray,
    Fraction,
    Instant,
    Metres,
    Probability,
    Quantity,
    Seconds,
    hours,
    knots,
)
from cordiale.search.bound import Bound
from cordiale.search.deconflict import Conflict
from cordiale.search.patterns import Code
from cordiale.search.plan_cloud import Objective
from cordiale.search.plan_sought import Searcher
from cordiale.search.plan_track import Placing
from cordiale.words import Language, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a plan had one searcher do, to begin another plan with: which boat, and a placing by the sea it lies in."""

    searcher: str
    boat: str
    placing: Placing
    centre: Position
    centre_at: Instant


@dataclass(frozen=True, kw_only=True, eq=False)
class Sortie:
    """One searcher's part of a plan: out, a pattern in the drifting frame, and what its loss would cost.

    `at`, `lat`, `lon` are its waypoints over the ground; between them the way is bent by the drift, as `track_at`,
    `track_lat`, `track_lon` tell. `length` along the legs and `width` across are those of the area as it drifts.
    `centre` is the middle of the area at the instant `centre_at`, half way through.
    `loss` is what the plan is worth less without it, in the unit of the objective, and `loss_pos` in POS.
    """

    searcher: Searcher
    boat: str
    code: Code
    placing: Placing
    leaves: Instant
    at: FloatArray
    lat: FloatArray
    lon: FloatArray
    track_at: FloatArray
    track_lat: FloatArray
    track_lon: FloatArray
    centre: Position
    centre_at: Instant
    length: Metres
    width: Metres
    coverage: Fraction
    height: Metres
    loss: Quantity = 0.0
    loss_pos: Probability = 0.0

    @property
    def arrives(self) -> Instant:
        """On scene, where the pattern commences."""
        return float(self.at[0])

    @property
    def ends(self) -> Instant:
        """Off task."""
        return float(self.at[-1])

    @property
    def bearing(self) -> Degrees:
        """Of the first legs, degrees true, in the drifting frame."""
        return self.placing.bearing % 360

    @property
    def spacing(self) -> Metres:
        """Between tracks; of a sector search half its radius, the mean distance of neighbouring legs."""
        return self.length / 4 if self.code == "VS" else self.placing.spacing

    @property
    def standing(self) -> Standing:
        """What another plan can begin with."""
        return Standing(
            searcher=self.searcher.name,
            boat=self.boat,
            placing=self.placing,
            centre=self.centre,
            centre_at=self.centre_at,
        )

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say."""
        return say(
            "search.plan.sortie",
            language,
            name=self.searcher.name,
            boat=self.boat,
            code=self.code,
            leaves=zulu(self.leaves),
            arrives=zulu(self.arrives),
            ends=zulu(self.ends),
            length_nm=self.length / NM,
            width_nm=self.width / NM,
            spacing_nm=self.spacing / NM,
            coverage=self.coverage,
            speed_kn=self.searcher.speed / knots,
            loss_percent=100 * self.loss_pos,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchPlan:
    """Who goes where, what it finds, and how far it can be from the best plan.

    Parameters
    ----------
    objective : pos, time, lives
    begin, end : Instant
        From the clouds' first instant to the deadline.
    pos_of : probability of success for each boat by name; for boats nobody has reported the share that is found
    pos : Probability
        Mean of these by the number of boats.
    survivors : Fraction
        Persons expected to be found alive by the end.
    mean_time : Seconds
        Mean of the time to detection, counted as the whole span where nothing is found.
    value : in the unit of the objective: boats found, boat seconds saved, persons alive
    bounds : what no plan exceeds, by law
    notices : sentences a coordinator must see: (key, values)
    moves : how many placings were tried
    complete : False where it was broken off
    """

    objective: Objective
    begin: Instant
    end: Instant
    sorties: tuple[Sortie, ...]
    pos_of: dict[str, Probability]
    pos: Probability
    survivors: Fraction
    mean_time: Seconds
    value: Quantity
    bounds: tuple[Bound, ...]
    conflicts: tuple[Conflict, ...]
    notices: tuple[tuple[str, dict[str, Quantity | str]], ...]
    moves: int
    complete: bool

    @property
    def bound(self) -> Quantity:
        """What no plan exceeds under the law of detection that the plan assumes; infinite where none was worked out."""
        return min((one.value for one in self.bounds), default=float("inf"))

    @property
    def gap(self) -> Fraction:
        """How much better another plan could be at most, as a share of the bound."""
        return max(1 - self.value / self.bound, 0.0) if self.bound > 0 else 0.0

    @property
    def standing(self) -> tuple[Standing, ...]:
        """What another plan can begin with."""
        return tuple(sortie.standing for sortie in self.sorties)

    def rows(self, language: Language = "en") -> tuple[str, ...]:
        """The plan line by line."""
        total = say(
            "search.plan.total",
            language,
            begin=zulu(self.begin),
            end=zulu(self.end),
            pos_percent=100 * self.pos,
            survivors=self.survivors,
            mean_h=self.mean_time / hours,
            gap_percent=100 * self.gap,
        )
        boats = [
            say("search.plan.boat", language, name=name, pos_percent=100 * pos) for name, pos in self.pos_of.items()
        ]
        told = [say(key, language, **values) for key, values in self.notices]
        return (total, *boats, *(sortie.sentence(language) for sortie in self.sorties), *told)

    def __str__(self) -> str:
        return "\n".join(self.rows("en"))
