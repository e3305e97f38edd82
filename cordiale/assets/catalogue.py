"""The catalogue: every asset of both coasts with its station, its readiness and the years in which it was there.

Packaged as `data/assets.csv`, `data/craft.csv` and `data/stations.csv`. It is data: `with_asset` and `with_craft`
replace a row by yours, `read_catalogue` reads other tables of the same columns.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from cordiale.assets.craft import Craft, craft_of_row
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Seconds, days, minutes
from cordiale.sea.tables import chart_angle

Flag = Literal["GB", "FR"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Station:
    """Where an asset lies when it is not out: the berth, and the gate where the open sea begins."""

    key: str
    name: str
    flag: Flag
    kind: str
    berth: Position
    gate: Position
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """One craft that can be sent.

    Parameters
    ----------
    key, name : str
    aliases : tuple of str
        Other names it goes by in reports.
    flag : GB or FR
    operator : str
    centre : str
        The centre that sends it; the other centre asks that centre.
    craft : Craft
    station : Station
    day, night : Seconds
        Readiness: from the order to under way, by daylight and in the dark.
    since, until : Instant, optional
        When it was there.
    unverified : frozenset of str
        Columns that rest on judgement, its own and those of its class.
    source : str
    """

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    flag: Flag
    operator: str
    centre: str
    craft: Craft
    station: Station
    day: Seconds
    night: Seconds
    since: Instant | None = None
    until: Instant | None = None
    unverified: frozenset[str] = frozenset()
    source: str

    def __post_init__(self) -> None:
        for what in ("day", "night"):
            if not 0 <= getattr(self, what) <= 1 * days:
                raise CordialeError("assets.readiness", row=self.key, value_min=getattr(self, what) / minutes)
        if self.flag not in get_args(Flag):
            raise CordialeError("assets.word", row=self.key, what="flag", value=self.flag, known="GB, FR")

    def there(self, at: Instant) -> bool:
        """Whether it was in service at the strait at an instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)

    def answers_to(self, name: str) -> bool:
        """Whether a report that names it so means it."""
        said = _plain(name)
        return any(_plain(one) == said for one in (self.key, self.name, *self.aliases))


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """Assets, the classes of craft and the stations, by key."""

    assets: tuple[Asset, ...]
    craft: Mapping[str, Craft]
    stations: Mapping[str, Station]

    def named(self, name: str) -> Asset | None:
        """The asset a report names, None where the catalogue has none of that name."""
        return next((asset for asset in self.assets if asset.answers_to(name)), None)

    def at(self, instant: Instant) -> tuple[Asset, ...]:
        """What was in service at an instant."""
        return tuple(asset for asset in self.assets if asset.there(instant))

    def with_asset(self, asset: Asset) -> "Catalogue":
        """With one asset replaced, or added; the source of the new figures is asked for."""
        if not asset.source.strip():
            raise CordialeError("assets.no_source", row=asset.key)
        others = tuple(one for one in self.assets if one.key != asset.key)
        return replace(self, assets=(*others, asset))

    def with_craft(self, craft: Craft) -> "Catalogue":
        """With one class of craft replaced, for every asset of that class."""
        if not craft.source.strip():
            raise CordialeError("assets.no_source", row=craft.key)
        changed = tuple(replace(a, craft=craft) if a.craft.key == craft.key else a for a in self.assets)
        return replace(self, assets=changed, craft={**self.craft, craft.key: craft})


@cache
def load_catalogue() -> Catalogue:
    """The packaged catalogue of the strait; the same object every time."""
    return read_catalogue(_rows("craft.csv"), _rows("stations.csv"), _rows("assets.csv"))


def read_catalogue(
    craft: Iterable[dict[str, str]], stations: Iterable[dict[str, str]], assets: Iterable[dict[str, str]]
) -> Catalogue:
    """A catalogue of rows by column name, checked: every row has a source, every key exists, no key stands twice."""
    classes = _by_key([craft_of_row(row) for row in craft])
    places = _by_key([_station(row) for row in stations])
    listed = tuple(_asset(row, classes, places) for row in assets)
    _by_key(listed)
    return Catalogue(assets=listed, craft=classes, stations=places)


def of_opportunity(name: str, kind: str, *, flag: Flag, centre: str, source: str) -> Asset:
    """A ship that happens to be there: `kind` is a class of the catalogue, such as merchant_ship or fishing_vessel."""
    catalogue = load_catalogue()
    if kind not in catalogue.craft:
        raise CordialeError("assets.unknown", row=name, what="craft", value=kind, known=", ".join(catalogue.craft))
    return Asset(
        key=_plain(name).replace(" ", "_"),
        name=name,
        flag=flag,
        operator="of opportunity",
        centre=centre,
        craft=catalogue.craft[kind],
        station=next(iter(catalogue.stations.values())),
        day=0.0,
        night=0.0,
        unverified=catalogue.craft[kind].unverified | {"craft"},
        source=source,
    )


def turning_points() -> tuple[tuple[str, Position], ...]:
    """Points off the capes by which a craft goes round the land."""
    return tuple((row["name"], _position(row, "")) for row in _rows("turning_points.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    with (files("cordiale.assets") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _by_key(nouns: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for noun in nouns:
        if noun.key in found:
            raise CordialeError("assets.twice", row=noun.key)
        found[noun.key] = noun
    return found


def _position(row: dict[str, str], which: str) -> Position:
    return Position(lat=chart_angle(row[f"{which}latitude"]), lon=chart_angle(row[f"{which}longitude"]))


def _station(row: dict[str, str]) -> Station:
    if not row["source"].strip():
        raise CordialeError("assets.no_source", row=row["key"])
    return Station(
        key=row["key"],
        name=row["name"],
        flag=row["flag"],  # type: ignore[arg-type]  # an asset's own flag is checked
        kind=row["kind"],
        berth=_position(row, ""),
        gate=_position(row, "gate_"),
        source=row["source"],
    )


def _asset(row: dict[str, str], craft: Mapping[str, Craft], stations: Mapping[str, Station]) -> Asset:
    if not row["source"].strip():
        raise CordialeError("assets.no_source", row=row["key"])
    known: tuple[tuple[str, Mapping[str, object]], ...] = (("craft", craft), ("station", stations))
    for what, table in known:
        if row[what] not in table:
            raise CordialeError("assets.unknown", row=row["key"], what=what, value=row[what], known=", ".join(table))
    chosen = craft[row["craft"]]
    try:
        day, night = float(row["day_min"]) * minutes, float(row["night_min"]) * minutes
    except ValueError:
        wrong = f"{row['day_min']} / {row['night_min']}"
        raise CordialeError("assets.figure", row=row["key"], what="day_min, night_min", value=wrong) from None
    return Asset(
        key=row["key"],
        name=row["name"],
        aliases=tuple(part.strip() for part in row["aliases"].split(";") if part.strip()),
        flag=row["flag"],  # type: ignore[arg-type]  # checked in __post_init__
        operator=row["operator"],
        centre=row["centre"],
        craft=chosen,
        station=stations[row["station"]],
        day=day,
        night=night,
        since=utc(row["from"]) if row["from"] else None,
        until=utc(row["to"]) if row["to"] else None,
        unverified=frozenset(row["unverified"].split()) | chosen.unverified,
        source=row["source"],
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())
