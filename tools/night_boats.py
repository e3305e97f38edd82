# ruff: noqa: E501  (one line of the night per entry)
"""The invented boats of the night: a seeded generator of departures, ways, failures, calls, pins, relays and
recoveries.

Every boat leaves a beach, runs through the water at 3 to 6 kn towards England, may lose its engine, and is carried by
the packaged tide all the while, so that where it really was at every minute is known. What is said about it is wrong
as often as such things are: phones are shared and passed on, colours mistaken at night, numbers guessed, positions
rounded, calls relayed late and twice.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from night_entry import Entry
from night_real import INVENTED, MAIB, SKY, real, synthetic

from cordiale.earth.geodesy import bearing, components, destination, distance
from cordiale.earth.instants import iso, utc
from cordiale.earth.units import Instant, hours, knots, minutes

EVENING = utc("2021-11-23T20:30Z")
STEP = 5 * minutes
Stream = Callable[[Instant, float, float], tuple[float, float]]

# Water a few hundred metres off known departure beaches, and where boats were heading. Approximate, read off a chart:
# judgement.
BEACHES = {
    "Loon-Plage": (51.025, 2.195), "Gravelines": (51.015, 2.085), "Oye-Plage": (51.010, 2.020), "Marck": (50.995, 1.940), "Calais": (50.980, 1.830),
    "Sangatte": (50.955, 1.740), "Wissant": (50.900, 1.655), "Ambleteuse": (50.815, 1.585), "Wimereux": (50.775, 1.590), "Hardelot": (50.640, 1.560),
    "Le Touquet": (50.535, 1.560),
}  # fmt: skip
LANDFALLS = ((51.16, 1.42), (51.115, 1.33), (51.08, 1.20), (51.02, 1.02), (50.91, 1.00))
COLOURS = (("black", 0.4), ("grey", 0.3), ("white", 0.15), ("blue", 0.15))
MISTAKEN = {"black": "grey", "grey": "black", "white": "grey", "blue": "black"}
RELAYERS = ("Kent Police", "family ashore", "NGO alert line", "CROSS Gris-Nez", "Hampshire Police")


@dataclass
class Way:
    """Where one boat really was: instants, latitudes and longitudes every five minutes, and when its engine ran."""

    start: Instant
    places: list[tuple[float, float]]
    running: list[bool]

    def at(self, moment: Instant) -> tuple[float, float]:
        """Position at an instant by straight lines between the five-minute places."""
        x = min(max((moment - self.start) / STEP, 0.0), len(self.places) - 1.000001)
        i, part = int(x), x - int(x)
        (lat0, lon0), (lat1, lon1) = self.places[i], self.places[i + 1]
        return lat0 + part * (lat1 - lat0), lon0 + part * (lon1 - lon0)

    def engine(self, moment: Instant) -> str:
        """Running or stopped at an instant."""
        return "running" if self.running[min(int((moment - self.start) / STEP), len(self.running) - 1)] else "stopped"


@dataclass
class Craft:
    """One invented boat: what it is, where it was and when it was last at sea."""

    name: str
    way: Way
    persons: int
    length: float
    colour: str
    phones: list[str]
    last: Instant
    fate: str


def sail(chance: random.Random, stream: Stream, beach: tuple[float, float], depart: Instant, until: Instant) -> Way:
    """Let a boat leave: heading for England with a wandering helm, engine failing at a random time, carried by the
    tide.
    """
    target = chance.choice(LANDFALLS)
    speed = chance.uniform(3.0, 6.0) * knots
    fails = depart + chance.expovariate(1 / (5 * hours)) + 1 * hours
    restarts = fails + chance.uniform(0.5, 2.0) * hours if chance.random() < 0.3 else math.inf
    place, helm, moment = beach, 0.0, depart
    places, running = [place], []
    while moment < until + STEP and float(distance(*place, *target)) > 1500:
        on = moment < fails or moment >= restarts
        running.append(on)
        helm = 0.9 * helm + chance.gauss(0, 5)
        head = float(bearing(*place, *target)) + helm
        east, north = components(speed if on else 0.0, head)
        u, v = stream(moment, *place)
        lat, lon = destination(*place, (float(east) + u) * STEP, (float(north) + v) * STEP)
        place, moment = (float(lat), float(lon)), moment + STEP
        places.append(place)
    return Way(depart, places, running)


def launch(
    name: str,
    seed: int,
    stream: Stream,
    *,
    persons: int | None = None,
    colour: str | None = None,
    near: tuple[float, float, Instant] | None = None,
) -> Craft:
    """Draw one boat; with `near`, draw again until it really is within 6 NM of that place at that instant."""
    chance = random.Random(f"{seed}/{name}")
    for _ in range(4000):
        beach = BEACHES[chance.choice(sorted(BEACHES))]
        depart = EVENING + chance.uniform(0, 5.5) * hours
        last = near[2] if near else depart + chance.uniform(3.0, 8.0) * hours
        if last - depart < 2.5 * hours:
            continue
        way = sail(chance, stream, beach, depart, last)
        last = min(last, depart + (len(way.places) - 2) * STEP)
        if near and math.dist((way.at(last)[0] * 60, way.at(last)[1] * 37.6), (near[0] * 60, near[1] * 37.6)) > 6:
            continue
        if near and last < near[2]:
            continue
        fate = "recovered" if near else chance.choices(("recovered", "silent", "landed"), (0.5, 0.3, 0.2))[0]
        phones = [f"{name}/{i}" for i in range(1, chance.randint(1, 4) + 1)]
        drawn = chance.choices([c for c, _ in COLOURS], [p for _, p in COLOURS])[0]
        return Craft(
            name,
            way,
            persons or round(min(max(chance.gauss(33, 9), 12), 56)),
            round(chance.gauss(7.5, 0.8), 1),
            colour or drawn,
            phones,
            last,
            fate,
        )
    raise SystemExit(f"no way found for {name}")


def tell(craft: Craft, seed: int, count: int) -> list[Entry]:
    """What was said about a boat, `count` lines, most of them in its last hours, then how it ended, if anyone saw.

    Calls come in bursts, as they did from the boat of that night (18 calls and 6 positions in two and a half hours),
    and who calls is asked for the position: half of the calls are followed by one from the same phone within minutes.
    """
    chance = random.Random(f"{seed}/{craft.name}/told")
    entries: list[Entry] = []
    if chance.random() < 0.4:
        entries.append(_departure(craft, chance))
    first = craft.way.start + 0.8 * hours
    trouble = max(first, craft.last - chance.uniform(1.2, 3.0) * hours)
    moments = [chance.uniform(first, trouble)] if chance.random() < 0.5 else []
    moments += [chance.uniform(trouble, craft.last - 10 * minutes) for _ in range(count - len(moments))]
    told: list[Entry] = []
    for moment in sorted(moments):
        if len(told) >= count:
            break
        told.append(_contact(craft, chance, f"{craft.name}-{len(told):02d}", moment, told))
        said = told[-1]
        if (
            said.kind == "distress_call"
            and said.at is None
            and said.phone
            and chance.random() < 0.5
            and len(told) < count
        ):
            told.append(
                _answer(
                    craft, chance, f"{craft.name}-{len(told):02d}", moment + chance.uniform(1, 5) * minutes, said.phone
                )
            )
    entries += told
    if craft.fate == "recovered" and not craft.name.startswith("abc"):
        entries.append(_recovery(craft, chance))
    return entries


def _answer(craft: Craft, chance: random.Random, key: str, moment: Instant, phone: str) -> Entry:
    """The position sent by a caller who was asked for it."""
    return _pin(chance, _common(craft, chance, key, moment), *craft.way.at(moment), phone, moment)


def _common(craft: Craft, chance: random.Random, key: str, moment: Instant) -> dict[str, object]:
    lat, lon = craft.way.at(moment)
    centre = "HM Coastguard Dover" if lat + 0.6 * (1.75 - lon) > 51.06 else "CROSS Gris-Nez"
    received = _text(moment + chance.uniform(0, 120))
    return {
        "key": key,
        "event": _text(moment),
        "received": received,
        "centre": centre,
        "truth": craft.name,
        "mark": synthetic(),
    }


def _departure(craft: Craft, chance: random.Random) -> Entry:
    lat, lon = craft.way.at(craft.way.start)
    seen = craft.way.start + chance.uniform(-10, 10) * minutes
    return Entry(
        key=f"{craft.name}-departure", kind="departure", event=_text(seen), received=_text(seen + chance.uniform(20, 150) * minutes), channel="land_watch",
        centre="CROSS Gris-Nez", at=(*_blur(chance, lat, lon, 1200), 1200.0), persons=_guess(chance, craft.persons, 6), truth=craft.name,
        summary="Departure of an inflatable boat reported from land.", mark=synthetic(),
    )  # fmt: skip


def _contact(craft: Craft, chance: random.Random, key: str, moment: Instant, before: list[Entry]) -> Entry:
    pick = chance.choices(
        ("call", "placed_call", "pin", "relay", "sighting", "missed"), (0.24, 0.14, 0.28, 0.14, 0.14, 0.06)
    )[0]
    passable = [e for e in before if e.kind in ("distress_call", "position_pin")]
    if pick == "relay" and passable:
        return _relay(craft, chance, key, chance.choice(passable))
    lat, lon = craft.way.at(moment)
    phone = (
        None if chance.random() < 0.15 else craft.phones[0] if chance.random() < 0.5 else chance.choice(craft.phones)
    )
    common = _common(craft, chance, key, moment)
    centre = str(common["centre"])
    described = _description(craft, chance, moment)
    if pick == "pin":
        return _pin(chance, common, lat, lon, phone, moment)
    if pick == "sighting":
        within = chance.choice((400.0, 800.0, 1500.0))
        persons = _guess(chance, craft.persons, 8) if chance.random() < 0.6 else None
        return Entry(
            **common,
            kind="sighting",
            channel="vhf",
            at=(*_blur(chance, lat, lon, within), within),
            persons=persons,
            boat=described,
            asset="passing ship",
            summary="A passing ship reports a small craft.",
        )
    if pick == "missed":
        return Entry(
            **common,
            kind="missed_call",
            channel="mobile",
            phone=phone or craft.phones[0],
            summary="Call to a coastguard mobile, not answered.",
        )
    persons = _guess(chance, craft.persons, 3) if chance.random() < 0.6 else None
    placed = None
    if pick != "call":
        within = chance.choice((1500.0, 3000.0, 5000.0))
        placed = (*_blur(chance, lat, lon, within), within)
    channel = "phone_999" if centre.startswith("HM") else "phone_196"
    stopped = described.get("engine") == "stopped"
    words = "caller says the engine has stopped" if stopped else "caller says the boat is in difficulty"
    return Entry(
        **common,
        kind="distress_call",
        channel=channel,
        at=placed,
        persons=persons,
        boat=described,
        phone=phone,
        summary=f"Call from a boat: {words}.",
    )


def _pin(
    chance: random.Random, common: dict[str, object], lat: float, lon: float, phone: str | None, moment: Instant
) -> Entry:
    fixed = _blur(chance, lat, lon, 100)
    if chance.random() < 0.15:  # a pin that was fixed up to twenty minutes earlier
        late = moment + chance.uniform(2, 20) * minutes
        common = {**common, "event": (_text(moment - 2 * minutes), _text(late)), "received": _text(late)}
    if chance.random() < 0.08:  # a digit heard badly: two readings that exclude each other
        other = (round(fixed[0] + chance.choice((-5, 5)) / 60, 6), fixed[1])
        return Entry(
            **common,
            kind="position_pin",
            channel="phone_999",
            readings=((*fixed, 150.0, 0.6), (*other, 150.0, 0.4)),
            phone=phone,
            summary="Position read out over the telephone; one digit was not clear.",
        )
    return Entry(
        **common,
        kind="position_pin",
        channel="whatsapp",
        at=(*fixed, 100.0),
        phone=phone,
        summary="Position sent from a phone on the boat.",
    )


def _relay(craft: Craft, chance: random.Random, key: str, first: Entry) -> Entry:
    received = utc(first.received) + chance.uniform(5, 40) * minutes
    return Entry(
        key=key, kind="relay", event=first.event, received=_text(received), channel=chance.choice(("phone", "email")), centre="HM Coastguard Dover", at=first.at, readings=first.readings,
        persons=first.persons, boat=first.boat, relay_of=first.key, relays=(chance.choice(RELAYERS),), truth=craft.name, summary="Another service passes on an earlier contact.", mark=synthetic(),
    )  # fmt: skip


def _recovery(craft: Craft, chance: random.Random) -> Entry:
    lat, lon = craft.way.at(craft.last)
    ashore = chance.uniform(5, 20) * minutes
    return Entry(
        key=f"{craft.name}-recovery", kind="recovery", event=_text(craft.last), received=_text(craft.last + ashore), channel="vhf", centre="HM Coastguard Dover",
        at=(*_blur(chance, lat, lon, 200), 200.0), persons=(craft.persons, craft.persons), boat={"colour": craft.colour, "length_m": (craft.length, craft.length), "engine": "stopped"},
        asset=f"rescue craft {chance.randint(1, 4)}", truth=craft.name, summary=f"{craft.persons} people taken aboard from an inflatable boat.", mark=synthetic(),
    )  # fmt: skip


def _description(craft: Craft, chance: random.Random, moment: Instant) -> dict[str, object]:
    said: dict[str, object] = {}
    if chance.random() < 0.4:
        said["colour"] = craft.colour if chance.random() < 0.85 else MISTAKEN[craft.colour]
    if chance.random() < 0.25:
        length = round(craft.length + chance.gauss(0, 0.7))
        said["length_m"] = (float(length), float(length + 1))
    if chance.random() < 0.4:
        said["engine"] = craft.way.engine(moment)
    return said


def _guess(chance: random.Random, persons: int, spread: int) -> tuple[int, int]:
    middle = max(5, round(persons + chance.gauss(0, spread / 2)))
    half = chance.choice((0, 0, 2, spread // 2))
    return max(1, middle - half), middle + half


def _blur(chance: random.Random, lat: float, lon: float, within: float) -> tuple[float, float]:
    std = within / math.sqrt(-2 * math.log(0.05))
    lat1, lon1 = destination(lat, lon, chance.gauss(0, std), chance.gauss(0, std))
    return round(float(lat1), 6), round(float(lon1), 6)


def _text(moment: Instant) -> str:
    return iso(round(moment))


def recovered_three(seed: int, stream: Stream) -> list[Entry]:
    """The three boats recovered by Valiant: 98 people in all is real, everything that tells them apart is invented."""
    entries: list[Entry] = []
    draws = (
        ("abc-1", 38, "grey", "04:02", (51.15, 1.63)),
        ("abc-2", 31, "black", "04:44", (51.12, 1.58)),
        ("abc-3", 29, "white", "05:21", (51.13, 1.54)),
    )
    for name, persons, colour, clock, (lat, lon) in draws:
        moment = utc(f"2021-11-24T{clock}Z")
        craft = launch(name, seed, stream, persons=persons, colour=colour, near=(lat, lon, moment))
        entries += tell(craft, seed, 5)
        at = _blur(random.Random(f"{seed}/{name}/end"), *craft.way.at(moment), 200)
        entries.append(
            Entry(key=f"{name}-recovery", kind="recovery", event=_text(moment), received=_text(moment + 8 * minutes), channel="vhf", centre="HM Coastguard Dover", at=(*at, 200.0),
                  persons=(persons, persons), boat={"colour": colour, "length_m": (craft.length, craft.length)}, asset="HMC Valiant", truth=name,
                  summary=f"Valiant takes {persons} people aboard; 98 people from three boats in all.", mark=real(f"{MAIB} (three boats, 98 people)", "event", "position", "persons", "colour", "length_m"))
        )  # fmt: skip
        if (
            name == "abc-2"
        ):  # the helicopter saw a boat of this kind; which one the sources do not say, here it is the second
            seen = utc("2021-11-24T04:10Z")
            spot = _blur(random.Random(f"{seed}/r163"), *craft.way.at(seen), 1500)
            entries.append(
                Entry(key="r163-sighting", kind="sighting", event=_text(seen), received=_text(seen + 3 * minutes), channel="vhf", centre="HM Coastguard Dover", at=(*spot, 1500.0),
                      persons=(25, 35), boat={"length_m": (7.5, 8.5), "engine": "running", "state": "under_way"}, asset="helicopter R163", truth=name,
                      summary="R163 sees a boat of about 8 m with about 30 people heading west, making way.", mark=real(f"{SKY}; {MAIB}", "event", "position", "which boat it was"))
            )  # fmt: skip
    return entries


def police_boat(seed: int, stream: Stream) -> list[Entry]:
    """The boat that Kent Police passed on: black, 32 people, engine running, little fuel. Its other lines are
    invented.
    """
    moment = utc("2021-11-24T05:00Z")
    craft = launch("oscar", seed, stream, persons=32, colour="black", near=(51.10, 1.50, moment))
    police = Entry(
        key="oscar-police", kind="relay", event="2021-11-24 02:15", received="2021-11-24 02:15", channel="phone", centre="HM Coastguard Dover", relays=("Kent Police",),
        persons=(32, 32), boat={"colour": "black", "engine": "running"}, truth="oscar", summary="Kent Police pass on: black boat, 32 people, engine running, little fuel.",
        mark=real(MAIB, "event", "received"),
    )  # fmt: skip
    return [police, *tell(craft, seed, 4)]


def others(seed: int, stream: Stream, count: int = 17) -> list[Entry]:
    """The other boats of the night, five to twelve lines each; one phone ashore speaks for two of them."""
    chance = random.Random(f"{seed}/others")
    entries: list[Entry] = []
    for number in range(1, count + 1):
        craft = launch(f"x{number:02d}", seed, stream)
        if number in (4, 9):
            craft.phones.append("ashore/1")
        entries += tell(craft, seed, chance.randint(5, 11) - (craft.fate == "recovered"))
    return entries


__all__ = ["INVENTED", "others", "police_boat", "recovered_three"]
