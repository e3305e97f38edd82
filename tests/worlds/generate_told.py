"""What is told of the boats of a generated night: by those aboard, by ships, escorts, radars, police, NGOs, families.

Everything told has a `moment` at which it was true, which only the truth knows.
"""

import math
import random
from dataclasses import dataclass, field, replace

from cordiale.belief.report import Between, Description, Kind, Reading
from cordiale.earth.units import Instant, hours, minutes
from tests.worlds.generate_craft import Craft
from tests.worlds.generate_places import cell_sector, fix, radar_plot, read_out, transcribed
from tests.worlds.generate_recipe import Recipe
from tests.worlds.generate_way import STEP, crossed

UK, FRANCE = "HM Coastguard Dover", "CROSS Gris-Nez"
PASSERS = ("Kent Police", "family ashore", "NGO alert line", "CROSS Gris-Nez", "SAMU", "Hampshire Police")
SAID_STATE = {
    "under_way": "under_way", "adrift": "adrift", "swamped": "taking_water", "in_the_water": "in_the_water",
    "beached": "beached", "coasting": "under_way", "loading": "beached",
}  # fmt: skip
URGENT = {"under_way": 1.0, "adrift": 0.0, "swamped": 6.0, "in_the_water": 3.0, "beached": 0.3}
HALF_SAID = (0, 0, 2, 3)  # half widths of a number of persons said


@dataclass(slots=True, eq=False)
class Draft:
    """A report before it has a name. `passes_on` is what it repeats, whether or not anybody wrote that down."""

    kind: Kind
    moment: Instant
    event: tuple[Instant, Instant]
    received: Instant
    channel: str
    centre: str
    about: tuple[str, ...]
    where: tuple[Reading, ...] = ()
    persons: Between | None = None
    boat: Description = field(default_factory=Description)
    phone: str | None = None
    relay_of: "Draft | None" = None
    passes_on: "Draft | None" = None
    relays: tuple[str, ...] = ()
    asset: str | None = None
    summary: str = ""
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """One boat, what may be told of her, and chance."""

    recipe: Recipe
    craft: Craft
    chance: random.Random

    def draft(self, kind: Kind, moment: Instant, delay: tuple[float, float], **more: object) -> Draft:
        """Something told at a moment and received after a delay."""
        lat, lon = self.craft.way.at(moment)
        received = moment + self.chance.uniform(*delay)
        said: dict[str, object] = {
            "event": (moment, moment), "channel": "phone", "centre": UK if crossed(lat, lon) else FRANCE, **more,
        }  # fmt: skip
        return Draft(kind=kind, moment=moment, received=received, about=(self.craft.name,), **said)

    def persons(self, moment: Instant, error: float) -> Between | None:
        """A number of persons, sometimes said, seldom right."""
        if self.chance.random() >= self.recipe.persons_said:
            return None
        middle = max(1, round(self.craft.persons(moment) + self.chance.gauss(0, error)))
        half = self.chance.choice(HALF_SAID)
        return Between(least=max(middle - half, 1), most=middle + half)

    def looks(self, moment: Instant) -> Description:
        """Colour, length, engine and state as far as anybody says."""
        r, chance, phase = self.recipe, self.chance, self.craft.way.phase_at(moment)
        colour = length = engine = state = None
        if chance.random() < r.colour_said:
            others = [c for c, _ in r.colours if c != self.craft.colour]
            colour = self.craft.colour if chance.random() < r.colour_right or not others else chance.choice(others)
        if chance.random() < r.length_said:
            middle = max(round(self.craft.length + chance.gauss(0, r.length_error)), 3)
            length = Between(least=middle - 0.5, most=middle + 0.5)
        if chance.random() < r.engine_said:
            engine = "running" if phase in {"under_way", "coasting"} else "stopped"
        if chance.random() < r.state_said:
            state = SAID_STATE.get(phase)
        return Description(colour=colour, length_m=length, engine=engine, state=state)


def contacts(voice: Voice) -> list[Draft]:
    """Calls, pins, missed calls and sightings by ships: sooner and in bursts where there is trouble."""
    recipe, craft, chance = voice.recipe, voice.craft, voice.chance
    told: list[Draft] = []
    shape = 1 / recipe.contacts_spread**2
    rate = chance.gammavariate(shape, 1 / shape) if craft.talks == 1.0 else 1.0
    wanted = poisson(chance, craft.talks * recipe.contacts_mean * rate)
    kinds, shares = zip(*recipe.kinds, strict=True)
    for moment in _moments(voice, wanted):
        kind = chance.choices(kinds, shares)[0]
        if len(told) >= wanted:
            break
        if craft.mute and kind != "sighting":
            continue
        told.append(MAKERS[kind](voice, moment))
        if told[-1].kind == "distress_call" and not told[-1].where and chance.random() < recipe.answer:
            later = min(moment + chance.uniform(1, 5) * minutes, craft.last)
            told.append(_pin(voice, later, told[-1].phone))
    _share_less(recipe, told, chance)
    return told


def _moments(voice: Voice, wanted: int) -> list[Instant]:
    """When contacts happen: drawn by how urgent each five minutes are, in order."""
    way = voice.craft.way
    last = voice.craft.last
    count = max(min(int((last - way.start) / STEP), len(way.phase)), 0)
    weights = [URGENT.get(way.phase[k], 0.0) for k in range(count)]
    wet = (way.first("in_the_water") or math.inf) - way.start
    for k in range(count):
        if way.phase[k] == "adrift":
            weights[k] = voice.recipe.trouble
        elif way.phase[k] == "in_the_water" and k * STEP > wet + 20 * minutes:
            weights[k] = 0.0
        elif k * STEP < 0.7 * hours:
            weights[k] *= 0.2
    if not any(weights):
        return []
    drawn = voice.chance.choices(range(count), weights, k=wanted)
    return sorted(min(way.start + STEP * (k + voice.chance.random()), last) for k in drawn)


def _phone(voice: Voice) -> str | None:
    if voice.chance.random() < voice.recipe.phone_unknown:
        return None
    return voice.craft.phones[0] if voice.chance.random() < 0.4 else voice.chance.choice(voice.craft.phones)


def _call(voice: Voice, moment: Instant) -> Draft:
    error = voice.recipe.persons_error[0]
    return voice.draft(
        "distress_call", moment, (0, 120), phone=_phone(voice), persons=voice.persons(moment, error),
        boat=voice.looks(moment), summary="Call from a boat in difficulty.",
    )  # fmt: skip


def _placed_call(voice: Voice, moment: Instant) -> Draft:
    draft = _call(voice, moment)
    place = voice.craft.way.at(moment)
    if voice.chance.random() < voice.recipe.sector:
        draft.where, draft.summary = cell_sector(voice.chance, place), "Call from a boat; the network gives a sector."
    else:
        draft.where = fix(voice.recipe, voice.chance, place, voice.chance.choice(voice.recipe.call_within))
    return draft


def _pin(voice: Voice, moment: Instant, phone: str | None = None) -> Draft:
    """A position from a phone aboard: sent, or read out; its moment is sometimes an interval."""
    recipe, chance = voice.recipe, voice.chance
    draft = voice.draft("position_pin", moment, (5, 90), phone=phone if phone else _phone(voice), channel="whatsapp")
    place = voice.craft.way.at(moment)
    if chance.random() < 0.3:
        draft.channel, draft.summary = "phone", "Position read out over the telephone."
        draft.where, draft.misread = read_out(recipe, chance, place)
    else:
        draft.where, draft.summary = fix(recipe, chance, place, recipe.pin_within), "Position sent from a phone."
    if chance.random() < recipe.pin_late:
        late = moment + chance.uniform(*recipe.pin_late_by)
        draft.event, draft.received = (moment - chance.uniform(0, 3) * minutes, late), late
    return draft


def _missed(voice: Voice, moment: Instant) -> Draft:
    phone = voice.craft.phones[0] if voice.chance.random() < 0.5 else voice.chance.choice(voice.craft.phones)
    return voice.draft(
        "missed_call", moment, (0, 60), phone=phone, channel="mobile", summary="A call nobody answered."
    )  # fmt: skip


def _sighting(voice: Voice, moment: Instant) -> Draft:
    within = voice.chance.choice(voice.recipe.sighting_within)
    return voice.draft(
        "sighting", moment, (60, 900), channel="vhf", asset="passing ship", boat=voice.looks(moment),
        where=fix(voice.recipe, voice.chance, voice.craft.way.at(moment), within),
        persons=voice.persons(moment, voice.recipe.persons_error[1]), summary="A ship reports a small craft.",
    )  # fmt: skip


MAKERS = {"call": _call, "placed_call": _placed_call, "pin": _pin, "missed": _missed, "sighting": _sighting}


def shared(told: list[Draft]) -> list[Draft]:
    """Those of a boat's contacts that stand with a phone heard at least twice on her."""
    phones = [d.phone for d in told if d.phone]
    return [d for d in told if d.phone and phones.count(d.phone) > 1]


def _share_less(recipe: Recipe, told: list[Draft], chance: random.Random) -> None:
    """Numbers are withheld until at most the recipe's part of the contacts share a phone; of placed ones first."""
    while len(common := shared(told)) > recipe.sharing * len(told):
        placed = [d for d in common if d.where] or [d for d in common if d.kind != "missed_call"] or common
        victim = chance.choice(placed)
        if victim.kind == "missed_call":
            told.remove(victim)  # without a number it says nothing
        else:
            victim.phone = None


def passed_on(voice: Voice, told: list[Draft]) -> list[Draft]:
    """Police, NGOs, families and the other centre pass contacts on, later and with slightly other numbers."""
    recipe, chance = voice.recipe, voice.chance
    relays: list[Draft] = []
    for first in told:
        if first.kind not in {"distress_call", "position_pin"} or chance.random() >= recipe.relay:
            continue
        relays.append(_relay(voice, first, first))
        if chance.random() < recipe.relay_chain:
            relays.append(_relay(voice, relays[-1], first))
    return relays


def _relay(voice: Voice, before: Draft, first: Draft) -> Draft:
    recipe, chance = voice.recipe, voice.chance
    linked = chance.random() >= recipe.relay_unlinked
    persons = first.persons
    if persons is not None and recipe.relay_persons:
        by = chance.randint(-recipe.relay_persons, recipe.relay_persons)
        persons = Between(least=max(persons.least + by, 1), most=max(persons.most + by, 1))
    event = first.event
    if not linked:  # when it happened is known to whoever passes it on only roughly
        event = (first.event[0] - chance.uniform(0, 10) * minutes, first.event[1] + chance.uniform(0, 5) * minutes)
    received = max(before.received, event[1]) + chance.uniform(*recipe.relay_after)
    return Draft(
        kind="relay",
        moment=first.moment,
        event=event,
        received=received,
        channel=chance.choice(("phone", "email")),
        centre=chance.choice((UK, FRANCE)),
        about=first.about,
        where=transcribed(chance, first.where),
        persons=persons,
        boat=replace(first.boat),
        relay_of=before if linked else None,
        passes_on=before,
        relays=(*before.relays, chance.choice(PASSERS)),
        misread=first.misread,
        summary="A service passes on a contact.",
    )


def watched(voice: Voice) -> list[Draft]:
    """What escorts, land watchers and radars tell."""
    recipe, craft, chance = voice.recipe, voice.craft, voice.chance
    told: list[Draft] = []
    if chance.random() < recipe.departure_seen:
        seen = craft.way.start + chance.uniform(0, 8) * minutes
        where = fix(recipe, chance, craft.way.at(seen), recipe.departure_within)
        persons = voice.persons(seen, recipe.persons_error[1])
        told.append(
            voice.draft(
                "departure",
                seen,
                recipe.departure_late,
                channel="land_watch",
                centre=FRANCE,
                where=where,
                persons=persons,
                summary="A departure is seen from land.",
            )
        )
    if craft.escort:
        moment = craft.escort[0]
        while moment < craft.escort[1]:
            where = fix(recipe, chance, craft.way.at(moment), 150.0)
            looks, persons = voice.looks(moment), voice.persons(moment, recipe.persons_error[1])
            told.append(
                voice.draft(
                    "sighting",
                    moment,
                    (30, 300),
                    channel="vhf",
                    asset=f"patrol {craft.group}",
                    where=where,
                    boat=looks,
                    persons=persons,
                    summary="The craft alongside reports.",
                )
            )
            moment += recipe.escort_every * chance.uniform(0.7, 1.3)
    for _ in range(poisson(chance, recipe.radar_plots)):
        moment = chance.uniform(craft.way.start, craft.floats_until)
        where = radar_plot(chance, craft.way.at(moment), recipe.radar_range)
        if where:
            told.append(voice.draft("radar_plot", moment, (5, 30), channel="radar", where=where, summary="An echo."))
    return told


def endings(voice: Voice) -> list[Draft]:
    """Recoveries always; landings and returns where somebody saw; finds of those nobody reached."""
    recipe, craft, chance = voice.recipe, voice.craft, voice.chance
    told: list[Draft] = []
    for ended in craft.ended:
        chances = {"recovery": 1.0, "landing": recipe.landing_told, "return": recipe.return_told}
        if chance.random() >= chances[ended.kind]:
            continue
        counted = max(ended.persons + (chance.choice((-1, 1)) if chance.random() < recipe.miscount else 0), 1)
        looks = replace(voice.looks(ended.at), engine=None, state=None)
        if chance.random() < 0.9:
            looks = replace(looks, colour=craft.colour)
        where = fix(recipe, chance, craft.way.at(ended.at), 200.0)
        channel = "vhf" if ended.kind == "recovery" else "land_watch"
        asset = f"rescue craft {chance.randint(1, 6)}" if ended.kind == "recovery" else None
        people = Between(least=counted, most=counted)
        told.append(
            voice.draft(
                ended.kind,
                ended.at,
                (120, 1500),
                channel=channel,
                where=where,
                persons=people,
                boat=looks,
                asset=asset,
                summary=f"{counted} people.",
            )
        )
    if craft.fate == "lost" and craft.left and chance.random() < recipe.find_told:
        moment = (craft.way.first("in_the_water") or math.inf) + chance.uniform(*recipe.find_after)
        if moment < craft.way.end:
            where = fix(recipe, chance, craft.way.at(moment), 500.0)
            some = Between(least=1, most=chance.randint(1, craft.left))
            told.append(
                voice.draft(
                    "find", moment, (60, 600), channel="vhf", where=where, persons=some, summary="A ship finds bodies."
                )
            )
    return told


def poisson(chance: random.Random, mean: float) -> int:
    """A whole number by Poisson's law."""
    if mean <= 0:
        return 0
    if mean > 30:
        return max(round(chance.gauss(mean, math.sqrt(mean))), 0)
    count, product, least = 0, chance.random(), math.exp(-mean)
    while product > least:
        count, product = count + 1, product * chance.random()
    return count
