"""What `cordiale plan` says: the plan in a few lines, then the message; or the document `cordiale.plan/1`."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cordiale.desk.plan_boats import BoatsChosen
from cordiale.earth.instants import iso, utc, zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Fraction, Probability, hours, knots, minutes
from cordiale.record.picture import Picture
from cordiale.search.craft import CraftForSearch
from cordiale.search.plan_result import SearchPlan, Sortie, Standing
from cordiale.search.plan_sought import Searcher, Sought
from cordiale.search.plan_track import Placing
from cordiale.views.search_brief import SearchBrief
from cordiale.views.search_text import area_name, search_text
from cordiale.views.search_words import pattern_name
from cordiale.words import Language, say

FORMAT: Final = "cordiale.plan/1"
COLUMNS: Final = 100
CERTAIN: Final[Fraction] = 0.95  # judgement: a boat that is less surely one of her own is said to be


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan with what it was made from: the picture, the boats, their clouds, the craft and those that stay.

    `by_eye`: POS, and persons found alive, were judged instruments to see nothing; None where it rests on none.
    `likely`: between which numbers the persons found alive lie in 8 of 10 cases; None where their number is not told.
    """

    seen: Picture
    chosen: BoatsChosen
    clouds: tuple[Sought, ...]
    craft: tuple[CraftForSearch, ...]
    kept: tuple[tuple[Searcher, Fraction], ...]
    plan: SearchPlan
    by_eye: tuple[Probability, Fraction] | None
    likely: tuple[int, int] | None
    assumed: tuple[tuple[str, dict[str, Any]], ...]
    weather: tuple[str, dict[str, Any]]
    seed: int

    @property
    def persons(self) -> Fraction:
        """Persons sought, in expectation: those of each boat by how likely she is there."""
        return sum(one.persons * one.ways.boats for one in self.clouds)


def plan_text(made: Planned, brief: SearchBrief, language: Language) -> str:
    """The plan as it is printed: summary, who goes, what is to be known of it, then the message with its waypoints."""
    lines = [*summary(made, brief, language), "", "-" * 78, "", search_text(brief, language).rstrip()]
    return "\n".join(lines)


def summary(made: Planned, brief: SearchBrief, language: Language) -> list[str]:
    """What a coordinator reads first."""
    plan = made.plan
    lines = [
        say("desk.plan.head", language, begin=zulu(plan.begin), end=zulu(plan.end)),
        _worth(made, language),
        *_by_eye(made, language),
        _bounds(plan, language),
        "",
        *_boats(made, brief, language),
        "",
        say("desk.plan.who", language),
        *(
            line
            for one in sorted(plan.sorties, key=lambda s: s.arrives)
            for line in _sortie(made, brief, one, language)
        ),
        *_staying(made, language),
    ]
    notices = brief.told_notices(language)
    if notices:
        lines += ["", *(f"! {one}" for one in notices)]
    return [row for line in lines for row in _wrapped(line)]


def _worth(made: Planned, language: Language) -> str:
    plan = made.plan
    values: dict[str, float] = {"pos_percent": 100 * plan.pos, "survivors": plan.survivors, "persons": made.persons}
    values["mean_min"] = plan.mean_time / minutes
    if made.likely is None:
        return say("desk.plan.worth", language, **values)
    return say("desk.plan.worth_likely", language, **values, low=made.likely[0], high=made.likely[1])


def _by_eye(made: Planned, language: Language) -> list[str]:
    if made.by_eye is None:
        return []
    pos, survivors = made.by_eye
    return [say("desk.plan.by_eye", language, pos_percent=100 * pos, survivors=survivors)]


def _bounds(plan: SearchPlan, language: Language) -> str:
    if not plan.bounds:
        return say("desk.plan.no_bound", language)
    by_law = {one.law: one.value for one in plan.bounds}
    return say(
        f"desk.plan.bound_{plan.objective}",
        language,
        value=_in_its_unit(plan, plan.value),
        same=_in_its_unit(plan, by_law.get("same", float("nan"))),
        rigorous=_in_its_unit(plan, by_law.get("rigorous", float("nan"))),
        gap_percent=100 * plan.gap,
    )


def _in_its_unit(plan: SearchPlan, value: Fraction) -> Fraction:
    return value / hours if plan.objective == "time" else value


def _boats(made: Planned, brief: SearchBrief, language: Language) -> list[str]:
    lines = [say(f"desk.plan.why_{made.chosen.why}", language)]
    states = {boat.name: boat.state for boat in made.chosen.boats}
    for cloud in made.clouds:
        state = states.get(cloud.name)
        values = {"name": cloud.name, "boats": cloud.ways.boats, "persons": cloud.persons}
        if state is None:
            lines.append(
                say("desk.plan.boat_unreported", language, **values, percent=100 * made.plan.pos_of[cloud.name])
            )
            continue
        what = "picture.unknown_state" if state == "unknown" else f"console.state.{state}"
        persons = next(boat.persons for boat in brief.boats if boat.name == cloud.name).text(language)
        values |= {"state": say(what, language), "told": persons, "percent": 100 * made.plan.pos_of[cloud.name]}
        lines.append(say("desk.plan.boat", language, **values))
        if cloud.ways.boats < CERTAIN:
            lines.append(say("desk.plan.boat_doubted", language, **values))
    if made.chosen.others:
        names = ", ".join(boat.name for boat in made.chosen.others)
        lines.append(say("desk.plan.others", language, names=names))
    return lines


def _sortie(made: Planned, brief: SearchBrief, sortie: Sortie, language: Language) -> list[str]:
    one = next(s for s in brief.sorties if s.asset == sortie.searcher.name)
    values = {
        "area": area_name(brief, one),
        "name": sortie.searcher.name,
        "boat": sortie.boat,
        "pattern": pattern_name(sortie.code, language),
        "leaves": zulu(sortie.leaves),
        "arrives": zulu(sortie.arrives),
        "ends": zulu(sortie.ends),
    }
    key = "loss" if made.plan.objective == "pos" else f"loss_{made.plan.objective}"
    loss = sortie.loss / minutes if made.plan.objective == "time" else sortie.loss
    return [
        say("desk.plan.sortie", language, **values),
        "      " + say(f"desk.plan.{key}", language, pos_percent=100 * sortie.loss_pos, loss=loss),
    ]


def _staying(made: Planned, language: Language) -> list[str]:
    lines = []
    if made.kept:
        names, most = ", ".join(one.name for one, _ in made.kept), max(share for _, share in made.kept)
        lines += ["", say("desk.plan.kept", language, names=names, percent=100 * most)]
    by_reason: dict[str, list[str]] = {}
    for one in made.craft:
        if one.hindrance is not None:
            by_reason.setdefault(one.hindrance, []).append(one.name)
    for hindrance, names_of in by_reason.items():
        why = say(f"search.craft.{hindrance}", language)
        lines.append(say("search.craft.cannot", language, name=", ".join(names_of), why=why))
    return lines


def plan_json(made: Planned, brief: SearchBrief, written: Sequence[str]) -> dict[str, Any]:
    """The whole plan as a document; `standing` of each sortie is what `--start` begins with."""
    plan, seen = made.plan, made.seen
    boats = {boat.name: boat for boat in made.chosen.boats}
    keys = {one.name: one.availability.asset.key for one in made.craft}
    seen_with = {one.name: one.sight.looks_with for one in made.craft if one.sight is not None}
    return {
        "format": FORMAT,
        "decision_aid": say("desk.decision_aid", "en"),
        "picture": {"at": iso(seen.at), "seed": seen.seed, "digest": seen.digest},
        "title": brief.title,
        "begin": iso(plan.begin),
        "end": iso(plan.end),
        "objective": plan.objective,
        "complete": plan.complete,
        "moves": plan.moves,
        "seed": made.seed,
        "probability_of_success": round(plan.pos, 4),
        "persons_sought": round(made.persons, 2),
        "expected_survivors": round(plan.survivors, 2),
        "survivors_band": None if made.likely is None else list(made.likely),
        "by_eye_alone": None
        if made.by_eye is None
        else {
            "probability_of_success": round(made.by_eye[0], 4),
            "expected_survivors": round(made.by_eye[1], 2),
        },
        "mean_time_to_detection_h": round(plan.mean_time / hours, 3),
        "value": round(plan.value, 6),
        "bounds": {one.law: round(one.value, 6) for one in plan.bounds},
        "gap_to_bound": round(plan.gap, 4) if plan.bounds else None,
        "conflicts": len(plan.conflicts),
        "boats": [
            {
                "name": one.name,
                "unreported": one.ways.unreported,
                "state": boats[one.name].state if one.name in boats else None,
                "expected_boats": round(one.ways.boats, 4),
                "expected_persons_each": round(one.persons, 2),
                "probability_of_success": round(plan.pos_of[one.name], 4),
            }
            for one in made.clouds
        ],
        "sorties": [_sortie_json(sortie, keys, seen_with) for sortie in plan.sorties],
        "not_sent": [{"asset": keys[one.name], "would_add": round(share, 4)} for one, share in made.kept],
        "cannot_search": {one.availability.asset.key: one.hindrance for one in made.craft if one.hindrance},
        "notices_en": list(brief.told_notices("en")),
        "notices_fr": list(brief.told_notices("fr")),
        "assumptions_en": list(brief.told_assumptions("en")),
        "assumptions_fr": list(brief.told_assumptions("fr")),
        "files": list(written),
    }


def _sortie_json(sortie: Sortie, keys: dict[str, str], seen_with: dict[str, Mapping[str, str]]) -> dict[str, Any]:
    placing = sortie.placing
    rows = zip(sortie.at.tolist(), sortie.lat.tolist(), sortie.lon.tolist(), strict=True)
    return {
        "asset": keys[sortie.searcher.name],
        "name": sortie.searcher.name,
        "boat": sortie.boat,
        "pattern": sortie.code,
        "leaves": iso(round(sortie.leaves)),
        "arrives": iso(round(sortie.arrives)),
        "ends": iso(round(sortie.ends)),
        "track_spacing_nm": round(sortie.spacing / NM, 3),
        "coverage": round(sortie.coverage, 3),
        "speed_kn": round(sortie.searcher.speed / knots, 1),
        "height_m": round(sortie.height, 1),
        "seen_with": dict(seen_with.get(sortie.searcher.name, {})),
        "sweep_widths_nm": {what: round(width / NM, 3) for what, width in sortie.searcher.widths.items()},
        "loss": round(sortie.loss, 6),
        "loss_of_pos": round(sortie.loss_pos, 4),
        "waypoints": [{"at": iso(round(at)), "lat": round(lat, 6), "lon": round(lon, 6)} for at, lat, lon in rows],
        "standing": {
            "bearing": round(placing.bearing % 360, 3),
            "track_spacing_m": round(placing.spacing, 3),
            "legs": placing.legs,
            "shape": placing.shape,
            "mirrored": placing.mirrored,
            "reversed": placing.reversed_,
            "centre": {"lat": round(sortie.centre.lat, 7), "lon": round(sortie.centre.lon, 7)},
            "centre_at": iso(round(sortie.centre_at)),
        },
    }


def standing_of(document: dict[str, Any]) -> list[Standing]:
    """What a document says of each sortie, to begin another plan with; raises KeyError, TypeError or ValueError."""
    if document["format"] != FORMAT:
        raise ValueError(document["format"])
    found = []
    for row in document["sorties"]:
        told_as = row["standing"]
        placing = Placing(
            frame=0,
            east=0.0,
            north=0.0,
            bearing=float(told_as["bearing"]),
            spacing=float(told_as["track_spacing_m"]),
            legs=int(told_as["legs"]),
            shape=told_as["shape"],
            mirrored=bool(told_as["mirrored"]),
            reversed_=bool(told_as["reversed"]),
        )
        centre = Position(lat=float(told_as["centre"]["lat"]), lon=float(told_as["centre"]["lon"]))
        found.append(
            Standing(
                searcher=row["name"],
                boat=row["boat"],
                placing=placing,
                centre=centre,
                centre_at=utc(told_as["centre_at"]),
            )
        )
    return found


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=indent, break_on_hyphens=False) or [""]
