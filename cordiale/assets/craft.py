"""What a craft can do: speed, endurance, how many people it takes and how fast, and where its limits lie.

A class of craft is one row of `data/craft.csv`. Columns whose figure nobody has verified are named in the row, and
`Craft.unverified` keeps them, so that an answer that rests on one can say so.
"""

import math
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Fraction, Metres, MetresPerSecond, Seconds, hours, knots, minutes
from cordiale.words import Language

Kind = Literal["ship", "lifeboat", "helicopter", "aeroplane", "drone"]
AIRBORNE: Final[frozenset[Kind]] = frozenset({"helicopter", "aeroplane", "drone"})
IN_THE_WATER: Final[Fraction] = 3.0  # judgement: a person in the water takes three times as long to bring aboard
AT_THE_LIMIT: Final[Fraction] = 0.4  # judgement: share of its speed that a craft keeps at its limit
CALM: Final[Metres] = 0.5  # judgement: up to this significant height she keeps all of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Craft:
    """One class of craft.

    Parameters
    ----------
    key, name, name_fr : str
    kind : ship, lifeboat, helicopter, aeroplane, drone
    length, draught : Metres, None for aircraft
    cruise, top : MetresPerSecond
        Through the water or the air. A rescue goes at top speed.
    endurance : Seconds
        At top speed for lifeboats and aircraft, at cruising speed for ships.
    crew : int
    crew_hours : Seconds
        How long one crew may be out.
    survivors : int
        People it may take aboard in good conditions; 0 finds and marks only.
    setup : Seconds
        From alongside or overhead to the first person: boat in the water, winch rigged.
    embark : Seconds
        For each person after that, out of a boat in a slight sea.
    recovery : str
        How people come aboard.
    sea_limit : Metres, wind_limit : MetresPerSecond, visibility_limit : Metres
        It does not go beyond; infinite, infinite and 0 where no limit is set.
    night : bool
    sensors : tuple of str
        Keys of what it looks with.
    unverified : frozenset of str
        Columns of the table that rest on judgement or general knowledge.
    source : str
    """

    key: str
    name: str
    name_fr: str
    kind: Kind
    length: Metres | None
    draught: Metres | None
    cruise: MetresPerSecond
    top: MetresPerSecond
    endurance: Seconds
    crew: int
    crew_hours: Seconds
    survivors: int
    setup: Seconds
    embark: Seconds
    recovery: str
    sea_limit: Metres
    wind_limit: MetresPerSecond
    visibility_limit: Metres
    night: bool
    sensors: tuple[str, ...]
    unverified: frozenset[str]
    source: str

    def __post_init__(self) -> None:
        for what in ("cruise", "top", "endurance", "crew_hours"):
            _positive(self.key, what, getattr(self, what))
        for what in ("survivors", "setup", "embark", "crew"):
            if not getattr(self, what) >= 0:
                raise CordialeError("assets.figure", row=self.key, what=what, value=getattr(self, what))
        if self.kind not in get_args(Kind):
            raise CordialeError(
                "assets.word", row=self.key, what="kind", value=self.kind, known=", ".join(get_args(Kind))
            )
        if self.survivors and not self.embark > 0:
            raise CordialeError("assets.figure", row=self.key, what="embark_s", value=self.embark)

    @property
    def flies(self) -> bool:
        """Carried by the wind and not by the stream, and over land as over sea."""
        return self.kind in AIRBORNE

    def called(self, language: Language = "en") -> str:
        """The name of the class."""
        return self.name_fr if language == "fr" else self.name


def speed_in(craft: Craft, wave_height: Metres) -> MetresPerSecond:
    """Top speed in waves of a significant height (m); 0 beyond its limit.

    All of it up to 0.5 m, then falling in a straight line to 40 % at the limit of the craft: judgement. Aircraft keep
    theirs.
    """
    if craft.flies:
        return craft.top
    if wave_height > craft.sea_limit:
        return 0.0
    if wave_height <= CALM or craft.sea_limit <= CALM or math.isinf(craft.sea_limit):
        return craft.top
    part = (wave_height - CALM) / (craft.sea_limit - CALM)
    return craft.top * (1 - (1 - AT_THE_LIMIT) * part)


def craft_of_row(row: dict[str, str]) -> Craft:
    """One row of the table, by column name."""

    def number(name: str, otherwise: Any = None) -> Any:
        try:
            return float(row[name]) if row[name].strip() else otherwise
        except ValueError:
            raise CordialeError("assets.figure", row=row["key"], what=name, value=row[name]) from None

    if not row["source"].strip():
        raise CordialeError("assets.no_source", row=row["key"])
    return Craft(
        key=row["key"],
        name=row["name"],
        name_fr=row["name_fr"],
        kind=row["kind"],  # type: ignore[arg-type]  # checked in __post_init__
        length=number("length_m"),
        draught=number("draught_m"),
        cruise=number("cruise_kn", 0.0) * knots,
        top=number("top_kn", 0.0) * knots,
        endurance=number("endurance_h", 0.0) * hours,
        crew=int(number("crew", 0)),
        crew_hours=number("crew_hours", 0.0) * hours,
        survivors=int(number("survivors", 0)),
        setup=number("setup_min", 0.0) * minutes,
        embark=number("embark_s", 0.0),
        recovery=row["recovery"],
        sea_limit=number("sea_limit_m", math.inf),
        wind_limit=number("wind_limit_kn", math.inf) * knots,
        visibility_limit=number("visibility_limit_m", 0.0),
        night=row["night"].strip() == "yes",
        sensors=tuple(row["sensors"].split()),
        unverified=frozenset(row["unverified"].split()),
        source=row["source"],
    )


def _positive(row: str, what: str, value: Any) -> None:
    if not (math.isfinite(value) and value > 0):
        raise CordialeError("assets.figure", row=row, what=what, value=value)
