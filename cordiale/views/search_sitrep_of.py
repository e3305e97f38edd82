"""The SITREP of a search brief: what is known goes into its fields, the rest comes from who sends it."""

from collections.abc import Mapping, Sequence

from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import Instant
from cordiale.views.search_brief import Persons, SearchBrief, SortieTold
from cordiale.views.search_sitrep import Sitrep, Urgency
from cordiale.views.search_text import area_name
from cordiale.views.search_words import figures_line, held_line, last_known_words, named, sortie_line
from cordiale.words import Language, say


def sitrep_of(
    brief: SearchBrief,
    *,
    case: str,
    number: int,
    at: Instant,
    addressees: Sequence[str],
    priority: Urgency = "distress",
    final: bool = False,
    told: Mapping[str, Sequence[str]] | None = None,
    language: Language = "en",
) -> Sitrep:
    """The long form: A identity, B position, D persons, H weather, K areas, L instructions, M plans, N figures.

    `told` are lines by letter, put before those that follow from the brief: C situation, E assistance, J initial
    actions can only come from there; without them a field says that it is not stated.
    """
    unstated = say("views.search.not_stated", language)
    known: dict[str, list[str]] = {
        "A": [named(boat) for boat in brief.boats],
        "B": [
            line
            for boat in brief.boats
            for line in (
                f"{boat.name}: {last_known_words(boat, language)}",
                *(held_line(boat, held, language) for held in boat.held),
            )
        ],
        "C": [brief.situation],
        "D": [say("views.search.boat", language, boat=b.name, persons=b.persons.text(language)) for b in brief.boats],
        "F": [brief.coordinator],
        "H": [brief.weather],
        "K": [line for sortie in brief.sorties for line in _area(brief, sortie, language)],
        "L": [*(sortie_line(sortie, language) for sortie in brief.sorties), brief.communications],
        "M": [say("views.sitrep.until", language, at=date_and_zulu(brief.end))],
        "N": [
            *brief.told_notices(language),
            figures_line(brief.figures, language),
            say("desk.decision_aid", language),
        ],
    }
    if len(brief.boats) > 1:
        together = say("views.sitrep.persons_total", language, persons=_all_persons(brief).text(language))
        known["D"].append(together)
    fields = {}
    for letter in "ABCDEFGHJKLMN":
        lines = [*(told or {}).get(letter, ()), *known.get(letter, ())]
        if not any(lines) and letter in "ABCDEFH":
            lines = [unstated]
        fields[letter] = tuple(lines)
    return Sitrep(
        case=case,
        number=number,
        final=final,
        at=at,
        priority=priority,
        sender=brief.coordinator or unstated,
        addressees=tuple(addressees),
        fields=fields,
    )


def _all_persons(brief: SearchBrief) -> Persons:
    """The interval of all boats; an end is known where it is known of every boat, the least one also without."""
    most = [boat.persons.most for boat in brief.boats]
    known = [end for end in most if end is not None]
    least = sum(boat.persons.least or 0 for boat in brief.boats)
    return Persons(least=least or None, most=sum(known) if len(known) == len(most) else None)


def _area(brief: SearchBrief, sortie: SortieTold, language: Language) -> list[str]:
    if not sortie.corners or sortie.corners_at is None:
        return [say("views.search.area_unbounded", language, area=area_name(brief, sortie), asset=sortie.asset)]
    return [
        say(
            "views.sitrep.corners",
            language,
            area=area_name(brief, sortie),
            asset=sortie.asset,
            corners=", ".join(corner.on_chart(decimals=1) for corner in sortie.corners),
            at=zulu(sortie.corners_at),
        )
    ]
