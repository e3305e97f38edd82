"""Sentences about a search that several outputs share, and the names of routes and waypoints."""

from collections.abc import Sequence
from typing import Final

from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import NM, Instant, Metres, km, knots
from cordiale.views.search_brief import BoatSought, Figures, Held, SortieTold
from cordiale.words import Language, catalogue, say

MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FOOT: Final[Metres] = 0.3048  # exactly (international foot, 1959)


def boat_line(boat: BoatSought, language: Language = "en") -> str:
    """Who is sought: persons, last known position and its time, areas, how likely it is found."""
    parts = [
        say("views.search.boat", language, boat=named(boat), persons=boat.persons.text(language)),
        last_known_words(boat, language),
        *(held_words(boat, held, language) for held in boat.held),
    ]
    if boat.pos is not None:
        parts.append(say("views.search.pos", language, percent=100 * boat.pos))
    return sentences(parts)


def named(boat: BoatSought) -> str:
    """Its name, and what it is."""
    return f"{boat.name} ({boat.what})" if boat.what else boat.name


def last_known_words(boat: BoatSought, language: Language = "en") -> str:
    """Last known position and its time."""
    if boat.last_known is None:
        return say("views.search.last_known_unknown", language)
    when = "?" if boat.last_known_at is None else date_and_zulu(boat.last_known_at)
    return say("views.search.last_known_at", language, position=boat.last_known.on_chart(decimals=2), at=when)


def sentences(parts: Sequence[str]) -> str:
    """Parts as sentences, one after the other; the first begins as it is, with a name."""
    return " ".join(f"{part if number == 0 else part[:1].upper() + part[1:]}." for number, part in enumerate(parts))


def held_line(boat: BoatSought, held: Held, language: Language = "en") -> str:
    """Whose area of containment it is, how large it is, and of which instant."""
    return say("views.search.held_by_boat", language, boat=boat.name, held=held_words(boat, held, language))


def held_words(boat: BoatSought, held: Held, language: Language = "en") -> str:
    """How large an area of containment is, and of which instant."""
    return say(
        "views.search.held",
        language,
        percent=100 * held.probability,
        area_km2=held.area / km**2,
        area_nm2=held.area / NM**2,
        at="?" if boat.held_at is None else date_and_zulu(boat.held_at),
    )


def sortie_line(sortie: SortieTold, language: Language = "en") -> str:
    """Who searches what, from when to when, how."""
    parts = [
        say(
            "views.search.sortie",
            language,
            asset=sortie.asset,
            boat=sortie.boat,
            pattern=pattern_name(sortie.pattern, language),
            leaves=zulu(sortie.leaves),
            arrives=zulu(sortie.arrives),
            ends=zulu(sortie.ends),
            spaced=spaced_words(sortie, language),
            speed_kn=sortie.speed / knots,
            height=height_words(sortie.height, language),
        )
    ]
    if sortie.coverage is not None:
        parts.append(say("views.search.coverage", language, coverage=sortie.coverage))
    if sortie.loss is not None:
        parts.append(say("views.search.loss", language, percent=100 * sortie.loss))
    return sentences(parts)


def spaced_words(sortie: SortieTold, language: Language = "en") -> str:
    """How far apart its tracks are; of a sector search its radius, twice that."""
    if sortie.pattern == "VS":
        return say("views.search.sector_radius", language, radius_nm=2 * sortie.spacing / NM)
    return say("views.search.track_spacing", language, spacing_nm=sortie.spacing / NM)


def figures_line(figures: Figures | None, language: Language = "en") -> str:
    """POS, people expected to be found alive, and how far from the best plan."""
    if figures is None:
        return say("views.search.not_stated", language)
    told = say("views.search.figures", language, percent=100 * figures.pos, survivors=figures.survivors)
    if figures.gap is None:
        return sentences([told, say("views.search.no_bound", language)])
    return sentences([told, say("views.search.gap", language, percent=100 * figures.gap)])


def pattern_name(code: str, language: Language = "en") -> str:
    """A code of the manuals with its name: PS parallel sweep; the code alone where it is unknown."""
    key = f"views.search.pattern.{code}"
    return say(key, language) if key in catalogue(language) else code


def objective_name(objective: str, language: Language = "en") -> str:
    """What a plan makes as large as it can."""
    key = f"views.search.objective.{objective}"
    return say(key, language) if key in catalogue(language) else objective


def height_words(height: Metres, language: Language = "en") -> str:
    """Height above the sea in feet and metres; on the surface."""
    if height <= 0:
        return say("views.search.surface", language)
    return say("views.search.height", language, height_ft=height / FOOT, height_m=height)


def route_name(sortie: SortieTold) -> str:
    """Asset, pattern and time on scene: unlike that of every other sortie, in every language."""
    return f"{sortie.asset} {sortie.pattern} {zulu(sortie.arrives).replace(':', '')}"


def waypoint_name(sortie: SortieTold, number: int) -> str:
    """CSP for the commence search point, END for the last, else its number."""
    if number == 0:
        return "CSP"
    return "END" if number == len(sortie.waypoints) - 1 else f"{number + 1:02d}"


def day_group(at: Instant) -> str:
    """Date and time as messages give them, in UTC: 240201Z NOV 2021."""
    date, clock = date_and_zulu(at).split(" ")
    year, month, day = date.split("-")
    return f"{day}{clock.replace(':', '')} {MONTHS[int(month) - 1]} {year}"
