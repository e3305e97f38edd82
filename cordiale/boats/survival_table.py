"""What a call taker can ask about people in the water, and what each answer does to their survival time.

Each answer is a row of a table: a factor on the median survival time, with the spread of our knowledge of it, and a
source or the word *judgement*. What nobody could say is not guessed: every possible answer is kept, with a labelled
weight. The packaged table can be replaced row by row, or as a whole (`survival_table(rows)`).
"""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final, Literal, get_args

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Celsius, Fraction, Probability, Quantity, Seconds, hours

Place = Literal["in_water", "holding_on", "flooded_boat", "out_of_water"]
Lifejacket = Literal["none", "effective", "ineffective"]
Clothing = Literal["normal", "light", "thermal"]
Person = Literal["adult", "child"]
COLDEST: Final[Celsius] = -2.0  # the sea freezes
WARMEST: Final[Celsius] = 35.0  # skin temperature; a larger number is likely in degrees Fahrenheit
FACTS: Final = ("place", "lifejacket", "panic", "sudden", "clothing", "health")


@dataclass(frozen=True, kw_only=True)
class Immersion:
    """Some people in the same situation, as a caller may tell it; None means that nobody knows.

    Parameters
    ----------
    place : in_water, holding_on (to tubes, a hull, debris), flooded_boat (sitting in water), out_of_water (wet, wind)
    lifejacket : none, effective (worn and it holds the face clear), ineffective (worn and useless)
    panic : bool
        A group in panic, climbing on each other.
    sudden : bool
        They fell in at once, unprepared.
    clothing : normal, light, thermal (wetsuit, drysuit, survival suit)
    injured : bool
        Hurt, ill, exhausted or burnt by fuel.
    children : Probability
        Share of children (3 of 12: `3 / 12`).
    persons : tuple of two int
        At least and at most so many people; never 0.
    """

    place: Place | None = None
    lifejacket: Lifejacket | None = None
    panic: bool | None = None
    sudden: bool | None = None
    clothing: Clothing | None = None
    injured: bool | None = None
    children: Probability | None = None
    persons: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        words = (("place", Place), ("lifejacket", Lifejacket), ("clothing", Clothing))
        for name, known in words:
            value = getattr(self, name)
            if value is not None and value not in get_args(known):
                raise CordialeError("boats.survival_word", what=name, value=value, known=", ".join(get_args(known)))
        if self.children is not None and not 0 <= self.children <= 1:
            raise CordialeError("boats.survival_children", value=self.children)
        if self.persons is not None and not 1 <= self.persons[0] <= self.persons[1] <= 10_000:
            raise CordialeError("boats.survival_persons", low=self.persons[0], high=self.persons[1])


@dataclass(frozen=True, slots=True)
class Water:
    """Water temperature between two bounds, all values alike."""

    low: Celsius
    high: Celsius

    def __post_init__(self) -> None:
        for value in (self.low, self.high):
            if math.isnan(value):
                raise CordialeError("boats.water_unknown")
            if not COLDEST <= value <= WARMEST:
                celsius = (value - 32) / 1.8
                raise CordialeError("boats.water_temperature", value=value, celsius=celsius)
        if self.low > self.high:
            raise CordialeError("boats.water_band", low=self.low, high=self.high)

    @property
    def middle(self) -> Celsius:
        """The middle of the band."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """One answer: factor on the median time, standard deviation of its ln, longest documented time (NaN: none)."""

    multiplier: Fraction
    spread: Fraction
    longest: Seconds
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One number of the estimator in the unit of its row, with its outer values where it is uncertain."""

    value: Quantity
    low: Quantity
    high: Quantity
    source: str


@dataclass(frozen=True, kw_only=True, eq=False)
class SurvivalTable:
    """All rows: factors by (kind, key), parameters by name, weights of the unknown by fact."""

    factors: Mapping[tuple[str, str], Factor]
    parameters: Mapping[str, Parameter]
    unknown: Mapping[str, tuple[tuple[str, Probability], ...]]

    def with_factor(
        self, kind: str, key: str, *, multiplier: Fraction, spread: Fraction, source: str
    ) -> "SurvivalTable":
        """This table with the factor and the spread of one row replaced; the source is asked for."""
        if (kind, key) not in self.factors:
            known = ", ".join(" ".join(row) for row in self.factors)
            raise CordialeError("boats.survival_row", row=f"{kind} {key}", known=known)
        if not (0 < multiplier < math.inf and 0 <= spread < math.inf and source.strip()):
            raise CordialeError("boats.survival_factor", row=f"{kind} {key}", multiplier=multiplier, spread=spread)
        row = replace(self.factors[kind, key], multiplier=multiplier, spread=spread, source=source)
        return replace(self, factors={**self.factors, (kind, key): row})


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """One thing that may be so: its weight, ln of the multiplier with its spread, and how many die early."""

    weight: Probability
    log_multiplier: Quantity  # ln of a ratio
    spread: Fraction
    early_low: Probability
    early_high: Probability
    longest: Seconds  # documented by a source, 0 if none
    limited: bool  # in the water without effective flotation or thermal clothing: the planning cap applies
    aided: bool  # wears an effective lifejacket


def survival_table(
    factors: Iterable[Mapping[str, str]] | None = None, unknown: Iterable[Mapping[str, str]] | None = None
) -> SurvivalTable:
    """The packaged table, or one from rows with the columns of `survival.csv` and of `survival_unknown.csv`."""
    if factors is None and unknown is None:
        return _packaged()
    return _table(list(factors or _rows("survival")), list(unknown or _rows("survival_unknown")))


@cache
def _packaged() -> SurvivalTable:
    return _table(_rows("survival"), _rows("survival_unknown"))


def _rows(name: str) -> list[dict[str, str]]:
    with (files("cordiale.boats") / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _table(
    factors: list[Mapping[str, str]] | list[dict[str, str]], unknown: list[Mapping[str, str]] | list[dict[str, str]]
) -> SurvivalTable:
    weights: dict[str, tuple[tuple[str, Probability], ...]] = {}
    for row in unknown:
        weights[row["fact"]] = (*weights.get(row["fact"], ()), (row["value"], float(row["weight"])))
    for fact, answers in weights.items():
        if abs(sum(w for _, w in answers) - 1) > 1e-9 or min(w for _, w in answers) < 0:
            raise CordialeError("boats.survival_weights", fact=fact, total=sum(w for _, w in answers))
    table = SurvivalTable(
        factors={
            (row["kind"], row["key"]): Factor(
                multiplier=float(row["multiplier"]),
                spread=float(row["spread_ln"]),
                longest=_number(row["longest_h"]) * hours,
                source=row["source"],
            )
            for row in factors
        },
        parameters={
            row["name"]: Parameter(
                value=float(row["value"]), low=_number(row["low"]), high=_number(row["high"]), source=row["source"]
            )
            for row in _rows("survival_estimator")
        },
        unknown=weights,
    )
    _check_complete(table)
    for name, factor in table.factors.items():
        if not (0 < factor.multiplier < math.inf and 0 <= factor.spread < math.inf and factor.source.strip()):
            raise CordialeError(
                "boats.survival_factor", row=" ".join(name), multiplier=factor.multiplier, spread=factor.spread
            )
    return table


def _check_complete(table: SurvivalTable) -> None:
    """Every answer a caller can give has its row, every question its weights."""
    states = [f"{place}{aid}" for place in get_args(Place) for aid in ("", "_lifejacket")]
    rows = [("state", state) for state in (*states, "in_water_panic")]
    rows += [("clothing", clothing) for clothing in get_args(Clothing)]
    rows += [("person", "adult"), ("person", "child"), ("health", "unhurt"), ("health", "injured")]
    missing = [" ".join(row) for row in rows if row not in table.factors]
    missing += [f"unknown {fact}" for fact in FACTS if fact not in table.unknown]
    if missing:
        known = ", ".join(" ".join(row) for row in table.factors)
        raise CordialeError("boats.survival_row", row=missing[0], known=known)


def _number(text: str) -> Quantity:
    return float(text) if text else math.nan


def alternatives(who: Immersion, table: SurvivalTable, person: Person) -> tuple[Alternative, ...]:
    """Everything that may be so of these people, weights summing to 1; one entry when everything is known."""
    known = {
        "place": who.place,
        "lifejacket": who.lifejacket,
        "panic": _yes(who.panic),
        "sudden": _yes(who.sudden),
        "clothing": who.clothing,
        "health": None if who.injured is None else ("injured" if who.injured else "unhurt"),
    }
    answers = [((value, 1.0),) if (value := known[fact]) is not None else table.unknown[fact] for fact in FACTS]
    merged: dict[Alternative, Probability] = {}
    for combination in product(*answers):
        weight = math.prod(w for _, w in combination)
        if weight > 0:
            said = dict(zip(FACTS, (value for value, _ in combination), strict=True))
            item = _alternative(said, person, table)
            merged[item] = merged.get(item, 0.0) + weight
    return tuple(replace(item, weight=weight) for item, weight in merged.items())


def _yes(answer: bool | None) -> str | None:
    return None if answer is None else ("yes" if answer else "no")


def _alternative(said: Mapping[str, str], person: str, table: SurvivalTable) -> Alternative:
    aided = said["lifejacket"] == "effective"
    in_water = said["place"] == "in_water"
    state = said["place"] + ("_lifejacket" if aided else "_panic" if in_water and said["panic"] == "yes" else "")
    rows = [
        table.factors[key]
        for key in (("state", state), ("person", person), ("clothing", said["clothing"]), ("health", said["health"]))
    ]
    exposed = not aided and said["place"] in {"in_water", "holding_on"}
    early = table.parameters["early_death_sudden" if exposed and said["sudden"] == "yes" else "early_death"]
    return Alternative(
        weight=1.0,
        log_multiplier=sum(math.log(row.multiplier) for row in rows),
        spread=math.sqrt(sum(row.spread**2 for row in rows)),
        early_low=early.low,
        early_high=early.high,
        longest=max((row.longest for row in rows if not math.isnan(row.longest)), default=0.0),
        limited=in_water and not aided and said["clothing"] != "thermal",
        aided=aided,
    )
