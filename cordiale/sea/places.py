"""The ports, beaches, capes, banks and lights that people name, and where they are.

A hundred places of both coasts, typed to 0.1' (185 m) with a source each (data/places.csv). Good for finding on a
picture what a caller names, not for navigation: a town stands for its waterfront, a river for its mouth, a bank for
its middle.
"""

import difflib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from cordiale.earth.chart import place_key
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.sea.tables import chart_angle, table
from cordiale.words import Language

PlaceKind = Literal["port", "town", "cape", "bank", "light", "centre", "beach"]


class UnknownPlace(CordialeError):
    """A name that is not in the table of places."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place people name.

    Parameters
    ----------
    name, name_fr : str
        What English and French speakers call it; often the same.
    aliases : tuple of str
        Other ways it is written or said.
    kind : "port", "town", "cape", "bank", "light", "centre" or "beach"
    position : Position
        WGS 84, rounded to 0.1'.
    source : str
        Where the position comes from and what it was compared with.
    """

    name: str
    name_fr: str
    aliases: tuple[str, ...]
    kind: PlaceKind
    position: Position
    source: str

    def __str__(self) -> str:
        return f"{self.name} {self.position}"

    def called(self, language: Language = "en") -> str:
        """The name in one language."""
        return self.name_fr if language == "fr" else self.name

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way of writing it that is known, its own name first, none twice."""
        return tuple(dict.fromkeys((self.name, self.name_fr, *self.aliases)))


@cache
def load_places() -> tuple[Place, ...]:
    """Every packaged place, round the coast from Beachy Head, then the banks, then from Dieppe to Zeebrugge."""
    return tuple(
        Place(
            name=row["name"],
            name_fr=row["name_fr"] or row["name"],
            aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
            kind=cast(PlaceKind, row["kind"]),
            position=Position(lat=chart_angle(row["latitude"]), lon=chart_angle(row["longitude"])),
            source=row["source"],
        )
        for row in table("places.csv")
    )


def find_place(name: str) -> Place:
    """The place of that name; accents, case, hyphens and articles do not matter.

    Raises `UnknownPlace`, which names up to three places spelt alike.

    >>> find_place("gris nez").name
    'Cap Gris-Nez'
    """
    known = _by_key()
    key = place_key(name)
    if key in known:
        return known[key]
    close = [known[near].name for near in difflib.get_close_matches(key, list(known), n=5, cutoff=0.6)]
    if not close:
        raise UnknownPlace("sea.place_unlike", name=name)
    raise UnknownPlace("sea.place", name=name, close=", ".join(list(dict.fromkeys(close))[:3]))


@cache
def place_positions() -> MappingProxyType[str, Position]:
    """Every spelling of every place and its position, for `read_position(text, places=...)`; read only."""
    return MappingProxyType(
        {spelling: place.position for place in load_places() for spelling in place.spellings if place_key(spelling)}
    )


@cache
def _by_key() -> MappingProxyType[str, Place]:
    return MappingProxyType(
        {place_key(spelling): place for place in reversed(load_places()) for spelling in reversed(place.spellings)}
    )
