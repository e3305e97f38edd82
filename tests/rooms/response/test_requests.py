"""Requests and their clocks, relays by radio, and what the reports of a night say of them."""

from dataclasses import replace

import pytest

from cordiale.assets.availability import at_sea, at_station
from cordiale.assets.catalogue import load_catalogue
from cordiale.belief.report import Between, Fix, Reading, Report
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Instant, hours, minutes
from cordiale.response.from_reports import (
    availabilities_in,
    offers_in,
    relays_in,
    replies_of,
    requests_in,
    tasked_replies,
)
from cordiale.response.requests import (
    Reply,
    Request,
    next_to_ask,
    radio_range,
    relay_requests,
    state_of,
    states,
    unanswered,
)
from cordiale.response.rescue import rank
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from tests.rooms.response.cases import NOW, boat

DOVER = Position(lat=51.13, lon=1.34)
ASKED = Request(id="r-1", asset="FS Flamant", boat="Charlie", at=NOW, by="HM Coastguard Dover")


def off_dover(miles: float) -> Position:
    """A place so far east of Dover."""
    lat, lon = destination(DOVER.lat, DOVER.lon, miles * NM, 0.0)
    return Position(lat=float(lat), lon=float(lon))


def test_a_request_waits_until_its_clock_is_over():
    """Ten minutes to the second: waiting before, no answer from then on."""
    assert state_of(ASKED, [], NOW + 10 * minutes - 1) == "waiting"
    assert state_of(ASKED, [], NOW + 10 * minutes) == "no_answer"


def test_an_answer_counts_from_when_it_was_given_and_the_last_one_stands():
    """Late is better than never, and an acceptance may be taken back."""
    accepted = Reply(request="r-1", answer="accepted", at=NOW + 12 * minutes)
    refused = Reply(request="r-1", answer="refused", at=NOW + 20 * minutes, reason="engine")
    other = Reply(request="r-2", answer="accepted", at=NOW)
    replies = [refused, accepted, other]
    assert state_of(ASKED, replies, NOW + 11 * minutes) == "no_answer"
    assert state_of(ASKED, replies, NOW + 12 * minutes) == "accepted"
    assert state_of(ASKED, replies, NOW + 30 * minutes) == "refused"
    assert states([ASKED, replace(ASKED, id="r-3", at=NOW + 1 * hours)], replies, NOW) == {"r-1": "waiting"}


def test_a_refusal_has_a_reason_and_silence_is_no_answer_to_write():
    """Repeated requests of that night were refused; the record must say why."""
    with pytest.raises(CordialeError, match="why"):
        Reply(request="r-1", answer="refused", at=NOW)
    with pytest.raises(CordialeError, match="no_answer"):
        Reply(request="r-1", answer="no_answer", at=NOW)  # type: ignore[arg-type]
    with pytest.raises(CordialeError, match="clock"):
        replace(ASKED, clock=0.0)


def test_the_alarm_of_the_asset_that_would_help_most_comes_first():
    """Silence of the first on the list is worse than that of the fifth; who answered is not on it."""
    catalogue = load_catalogue()
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
    ships = [
        at_sea(catalogue.named(name), NOW, Position(lat=51.1, lon=1.6 - lon))
        for name, lon in (("valiant", 0.3), ("flamant", 0.1), ("jof", 0.5))
    ]
    ranking = rank(ships, boat("Charlie", 40, 4.0), sea, at=NOW)
    asked = [replace(ASKED, id=one.asset.name, asset=one.asset.name) for one in ships]
    asked.append(replace(ASKED, id="x", asset="passing ship"))
    replies = [Reply(request="HMC Valiant", answer="accepted", at=NOW + 60)]
    alarms = unanswered(asked, replies, NOW + 15 * minutes, ranking)
    assert [alarm.request.asset for alarm in alarms] == ["FS Flamant", "Jacques Oudart Fourmentin", "passing ship"]
    assert [alarm.place for alarm in alarms] == [1, 3, None]
    assert alarms[0].age == 15 * minutes and alarms[0].since == NOW + 10 * minutes
    assert unanswered(asked, replies, NOW + 9 * minutes, ranking) == ()
    for language in ("en", "fr"):
        assert "FS Flamant" in alarms[0].sentence(language) and "15 min" in alarms[0].sentence(language)
        assert "HM Coastguard Dover" in alarms[0].to_do(language)


def test_the_next_to_ask_is_the_first_who_was_not_and_who_accepted_is_enough():
    """Flamant is silent: ask the next. Valiant accepts: she goes, and nobody is asked over her head."""
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
    ships = [
        at_sea(load_catalogue().named(name), NOW, Position(lat=51.1, lon=1.6 - lon))
        for name, lon in (("flamant", 0.1), ("valiant", 0.3), ("jof", 0.5))
    ]
    ranking = rank(ships, boat("Charlie", 40, 4.0), sea, at=NOW)
    first = next_to_ask(ranking, [], [], NOW)
    assert first is not None and first.availability.asset.key == "flamant"
    second = next_to_ask(ranking, [ASKED], [], NOW + 11 * minutes)
    assert second is not None and second.availability.asset.key == "valiant"
    asked = [ASKED, *(replace(ASKED, id=name, asset=name) for name in ("HMC Valiant", "Jacques Oudart Fourmentin"))]
    assert next_to_ask(ranking, asked, [], NOW + 11 * minutes) is None
    taken = next_to_ask(ranking, asked, [Reply(request="HMC Valiant", answer="accepted", at=NOW + 60)], NOW + 120)
    assert taken is not None and taken.availability.asset.key == "valiant"


def test_radio_reaches_thirty_miles_from_a_cliff():
    """2.5 (sqrt 100 + sqrt 4) = 30 NM; from aerial to aerial at sea level none."""
    assert radio_range(100.0, 4.0) / NM == pytest.approx(30)
    assert radio_range(0.0, 0.0) == 0
    with pytest.raises(CordialeError):
        radio_range(-1.0)


def test_a_relay_asks_every_craft_at_sea_in_range_and_nobody_in_harbour():
    """29 and 31 miles from the aerial, and one at her berth."""
    names = load_catalogue()
    craft = [
        at_sea(names.named("flamant"), NOW, off_dover(29)),
        at_sea(names.named("jof"), NOW, off_dover(31)),
        at_station(names.named("RNLI Dover"), NOW),
    ]
    asked = relay_requests("r-9", "Charlie", at=NOW, by="Dover", stations=[DOVER], availabilities=craft)
    assert [one.asset for one in asked] == ["FS Flamant"]
    assert asked[0].id == "r-9 FS Flamant" and asked[0].how == "relay"
    everybody = relay_requests("r-9", "Charlie", at=NOW, by="Dover", stations=[], availabilities=craft)
    assert len(everybody) == 2


def report(
    name: str, kind: str, minute: float, asset: str | None = None, place: Position | None = None, **more
) -> Report:
    """A report some minutes after 02:27Z."""
    at: Instant = NOW + minute * minutes
    where = (Reading(place=Fix(position=place, within=100.0)),) if place else ()
    given = {"channel": "vhf_16", "centre": "HM Coastguard Dover", "asset": asset, "where": where}
    return Report(name=name, kind=kind, received=at, event=Span(earliest=at, latest=at), **(given | more))


def test_the_reports_place_the_craft_and_count_who_is_aboard():
    """The last position counts, recoveries fill her, a landing empties her, an old position is no position."""
    reports = [
        report("r-1", "asset_position", -60, "Valiant", off_dover(2)),
        report("r-2", "asset_position", -5, "HMC Valiant", off_dover(9)),
        report("r-3", "recovery", -3, "HMC Valiant", off_dover(10), persons=Between(least=30, most=32)),
        report("r-4", "asset_position", -300, "FS Flamant", off_dover(20)),
        report("r-5", "asset_position", 5, "FS Flamant", off_dover(20)),
    ]
    placed = {a.asset.key: a for a in availabilities_in(reports, load_catalogue(), NOW, absent=["pluvier"])}
    assert "pluvier" not in placed and "cormoran" in placed
    assert placed["valiant"].at_sea and placed["valiant"].aboard == 32
    assert placed["valiant"].where == off_dover(10)
    assert placed["valiant"].endurance_left == 23 * hours  # out for an hour of the crew's 24
    assert not placed["flamant"].at_sea  # five hours old, and the new one not yet received
    later = [*reports, report("r-6", "landing", 10, "HMC Valiant")]
    there = {a.asset.key: a for a in availabilities_in(later, load_catalogue(), NOW + 15 * minutes)}
    assert there["valiant"].aboard == 0 and there["flamant"].at_sea


def test_a_relay_and_a_request_among_the_reports_are_requests():
    """The relay asks those in range by name, the request the one it names; nothing from the future counts."""
    names = load_catalogue()
    craft = [at_sea(names.named("flamant"), NOW, off_dover(19)), at_sea(names.named("valiant"), NOW, off_dover(7))]
    reports = [
        report("r-3", "relay", 0, relay_of="r-2", relays=("HM Coastguard Dover",)),
        report("r-4", "relay", 0, channel="phone", relays=("HM Coastguard Dover",)),
        report("r-6", "relay", 0, relays=("passing ship",)),  # a ship tells the centre: nobody is asked
        report("r-5", "request", 13, "FS Flamant"),
    ]
    asked = requests_in(reports, craft, NOW + 5 * minutes, boat_of={"r-3": "Charlie"})
    assert {one.id for one in asked} == {"r-3 FS Flamant", "r-3 HMC Valiant"}
    assert {one.boat for one in asked} == {"Charlie"}
    later = requests_in(reports, craft, NOW + 15 * minutes)
    assert later[-1].id == "r-5" and later[-1].asset == "FS Flamant"
    assert later[0].boat == "r-2"


def test_a_craft_under_orders_of_the_centre_that_asks_is_in_its_hands():
    """Valiant was tasked by Dover an hour before the relay: no alarm for her; Flamant had no orders of Dover."""
    names = load_catalogue()
    reports = [
        report("r-1", "task", -57, "Valiant", channel="phone"),
        report("r-2", "task", -57, "FS Flamant", centre="CROSS Gris-Nez"),
        report("r-3", "asset_position", 0, "HMC Valiant", off_dover(7)),
        report("r-4", "asset_position", 0, "FS Flamant", off_dover(19)),
        report("r-5", "relay", 0, relays=("HM Coastguard Dover",)),
    ]
    asked = relays_in(reports, names, NOW + 15 * minutes)
    assert [one.id for one in asked] == ["r-5 HMC Valiant", "r-5 FS Flamant"]
    replies = tasked_replies(asked, reports, names, NOW + 15 * minutes)
    alarms = unanswered(asked, replies, NOW + 15 * minutes)
    assert [one.request.asset for one in alarms] == ["FS Flamant"]


def test_a_boat_passed_on_by_a_centre_is_an_offer():
    """Gris-Nez passed her on to Dover; what an organisation ashore passes on is none."""
    reports = [
        report("r-1", "relay", 0, channel="phone", relays=("CROSS Gris-Nez",), relay_of="r-0"),
        report("r-2", "relay", 1, channel="email", relays=("NGO alert line",)),
        report("r-3", "relay", 2, relays=("HM Coastguard Dover",)),
    ]
    offers = offers_in(reports, NOW + 5 * minutes, boat_of={"r-0": "Charlie"})
    assert [(one.id, one.by, one.to, one.boat) for one in offers] == [
        ("r-1", "CROSS Gris-Nez", "HM Coastguard Dover", "Charlie")
    ]
    assert offers_in(reports, NOW - 1) == ()


def test_answers_of_the_record_are_replies():
    """Only a yes is a yes: everything else is a refusal with its words as the reason."""
    replies = replies_of([("r-1", "accepted", NOW), ("r-2", "busy with another boat", NOW), ("r-3", "Accepté", NOW)])
    assert [one.answer for one in replies] == ["accepted", "refused", "accepted"]
    assert replies[1].reason == "busy with another boat"
