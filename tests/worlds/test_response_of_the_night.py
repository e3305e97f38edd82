"""The night of 24 November 2021 as the response would have shown it: who was nearest, who did not answer.

People died that night. The positions of the craft are those of the packaged feed; that Flamant was about 15 minutes
away is in the accounts of the Cranston Inquiry (read second-hand), her exact position is invented. Nobody is judged
here: the test asks whether the list and the alarm would have been there.
"""

from dataclasses import replace

import pytest

from cordiale.assets.availability import Availability
from cordiale.assets.catalogue import load_catalogue
from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.report import Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.units import NM, hours, knots, minutes
from cordiale.record.duties import Answered, Duties, answer_entry
from cordiale.record.picture import Picture, picture
from cordiale.record.watch_list import asked, watch_list
from cordiale.response.alive import alive_curve, phases_of_state
from cordiale.response.assignment import assign
from cordiale.response.cloud import cloud_around, cloud_of
from cordiale.response.distress import Distress, Search, persons_of
from cordiale.response.explain import order_sentences, plan_sentence
from cordiale.response.from_reports import availabilities_in, offers_in, replies_of, requests_in
from cordiale.response.handover import responsible
from cordiale.response.requests import relay_id, states, unanswered
from cordiale.response.rescue import Rescue, Weather, rank
from cordiale.response.seeing import search_of
from cordiale.response.situation import situation
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import wind_of_the_night
from cordiale.sensors.sensor import Conditions
from tests.worlds import night

RELAY, REQUEST = "r-0103", "r-0108"
FOG = Weather(wave_height=0.5, visibility=1 * NM)
NOT_THERE = ("pluvier", "cormoran")  # sisters of Flamant of which the feed knows nothing


def at(clock: str) -> float:
    """An instant of 24 November 2021."""
    return utc(f"2021-11-24 {clock}")


def report(name: str) -> Report:
    """A report of the feed."""
    return next(one for one in night.reports() if one.name == name)


@pytest.fixture(scope="module")
def sea() -> Environment:
    """The packaged strait with the wind of the night."""
    return the_strait(wind_of_the_night())


def craft(clock: str) -> tuple[Availability, ...]:
    """Every asset of both coasts as the feed had placed it by then."""
    return availabilities_in(night.reports(), load_catalogue(), at(clock), absent=NOT_THERE)


@pytest.fixture(scope="module")
def charlie(sea) -> Distress:
    """The boat of the Mayday Relay as it was told: the position of 02:01Z, drifting since; 40 people, taking water."""
    told = report(RELAY)
    belief = first_belief(told, stream=Stream.of_seed(1), search_for=search_object("inflatable"), under_way=0.0)
    clouds: list[Belief] = []
    for clock in ("02:27", "03:00", "03:30", "04:00", "05:00", "06:00", "08:00"):
        belief = drift(belief, sea, until=at(clock))
        clouds.append(belief)
    counts, chances = persons_of(told.persons)
    wind = sea.wind.velocity(at("02:27"), clouds[0].lat[:1], clouds[0].lon[:1])
    return Distress(
        name="Charlie",
        cloud=cloud_of(clouds),
        counts=counts,
        chances=chances,
        curve=alive_curve(
            phases_of_state(told.boat.state),
            at=at("02:27"),
            water=(11.0, 14.0),
            wind=float((wind[0][0] ** 2 + wind[1][0] ** 2) ** 0.5),
        ),
        search=Search(widths={"any": 0.5 * NM}),  # judgement: by night in fog, a good lookout with radar
    )


@pytest.fixture(scope="module")
def listed(charlie, sea) -> tuple[Rescue, ...]:
    """The list of time to rescue at 02:27Z."""
    return rank(craft("02:27"), charlie, sea, at=at("02:27"), weather=FOG)


def by_sensors() -> Search:
    """The sweep widths of the tables for a Channel inflatable, by night, in fog of one mile."""
    seen_by = Conditions(visibility=1 * NM, wind=3.0, sea=0.5, light="night")
    return search_of((one.asset.craft for one in craft("02:27")), seen_by)


def test_at_the_relay_flamant_stands_first(listed):
    """Oracle A4: of all assets of both flags the French patrol vessel is first; about 15 minutes away."""
    first = listed[0]
    assert first.availability.asset.key == "flamant"
    assert 10 * minutes < first.arrives - at("02:27") < 20 * minutes
    assert listed[1].availability.asset.key == "valiant"
    assert {one.availability.asset.flag for one in listed if one.hindrance is None} == {"GB", "FR"}


def test_flamant_is_first_by_any_order_and_with_any_search(charlie, sea):
    """Not by the choice of a parameter: other orders, wide and narrow sweeps, a stated time, a rough sea, 20 kn."""
    for by in ("everyone", "first", "lost"):
        assert (
            rank(craft("02:27"), charlie, sea, at=at("02:27"), weather=FOG, by=by)[0].availability.asset.key
            == "flamant"
        )
    searches = (
        Search(widths={"any": 0.1 * NM}),
        Search(widths={"any": 2 * NM}),
        Search(time=30 * minutes),
        Search(),
        by_sensors(),
    )
    for search in searches:
        order = rank(craft("02:27"), replace(charlie, search=search), sea, at=at("02:27"), weather=FOG)
        assert order[0].availability.asset.key == "flamant", search
    rough = Weather(wave_height=1.5, visibility=1 * NM)
    assert rank(craft("02:27"), charlie, sea, at=at("02:27"), weather=rough)[0].availability.asset.key == "flamant"
    slow = load_catalogue().craft["patrol_54"]
    catalogue = load_catalogue().with_craft(replace(slow, top=20 * knots, source="what if she was slower"))
    placed = availabilities_in(night.reports(), catalogue, at("02:27"), absent=NOT_THERE)
    assert rank(placed, charlie, sea, at=at("02:27"), weather=FOG)[0].availability.asset.key == "flamant"


def test_a_stream_on_a_lattice_changes_arrivals_by_seconds(charlie, sea, listed):
    """With many boats the stream is looked up on 0.05 degrees: 30 s is a thirtieth of the shortest passage."""
    again = replace(charlie, name="again")
    now = situation(craft("02:27"), [charlie, again], sea, at=at("02:27"), weather=FOG)
    exact = {one.availability.asset.key: one for one in listed}
    for row in now.rescues:
        one = exact[row[0].availability.asset.key]
        assert row[0].hindrance == one.hindrance
        if one.hindrance is None:
            assert abs(row[0].arrives - one.arrives) < 30, one.availability.asset.key


def test_every_asset_is_on_the_list_with_a_time_or_a_reason(listed):
    """The helicopter of Lydd needs 45 minutes to be ready; the drone cannot fly in the fog; nobody is left out."""
    assert len(listed) == len(craft("02:27")) >= 20
    by_key = {one.availability.asset.key: one for one in listed}
    assert by_key["r163"].leaves == at("03:12")
    assert by_key["r163"].arrives - by_key["r163"].leaves < 20 * minutes
    fog = Weather(wave_height=0.5, visibility=0.5 * NM)
    assert by_key["drone_lydd"].hindrance == "rescues_nobody"
    assert fog.visibility < by_key["drone_lydd"].availability.asset.craft.visibility_limit
    for one in listed:
        assert one.sentence("en") and one.sentence("fr")


def test_the_relay_is_a_request_to_both_ships_at_sea():
    """Whoever can hear it on the radio has been asked, by name, with a clock of its own."""
    requested = requests_in(night.reports(), craft("02:27"), at("02:28"), boat_of={RELAY: "Charlie"})
    assert {one.asset for one in requested if one.id.startswith(RELAY)} == {"HMC Valiant", "FS Flamant"}
    assert all(one.at == at("02:27") for one in requested)


def test_at_0237_the_silence_of_the_nearest_is_an_alarm(listed):
    """Oracle A4: no alarm at 02:36, and at 02:37 the first one names Flamant, number 1 of the list."""
    requested = requests_in(night.reports(), craft("02:27"), at("02:40"), boat_of={RELAY: "Charlie"})
    assert unanswered(requested, (), at("02:36"), listed) == ()
    alarms = unanswered(requested, (), at("02:37"), listed)
    assert alarms[0].request.asset == "FS Flamant" and alarms[0].place == 1
    assert alarms[0].age == 10 * minutes
    assert "02:27Z" in alarms[0].sentence("en") and "02:27Z" in alarms[0].sentence("fr")
    assert "HM Coastguard Dover" in alarms[0].to_do("en")


def test_the_watch_list_of_the_record_names_flamant_at_0237():
    """The alarm stands on the board that every seat sees; Valiant, under orders of Dover, is not on it."""
    about_craft = [one for one in night.reports() if one.name == RELAY or one.kind in ("task", "asset_position")]

    def board(clock: str) -> Picture:
        return picture(about_craft, night.sea(), at=at(clock), seed=1, count=200)

    for clock, expected in (("02:36", []), ("02:37", [f"request_unanswered {RELAY} FS Flamant"])):
        seen = board(clock)
        assert [alarm.id for alarm in watch_list(seen) if alarm.cause == "request_unanswered"] == expected
    assert asked(board("02:37")) == {relay_id(RELAY, name) for name in ("FS Flamant", "HMC Valiant")}
    answered = Duties(answers=(Answered(relay_id(RELAY, "FS Flamant"), "accepted"),))
    listed = watch_list(board("02:37"), answered)
    assert not [alarm for alarm in listed if alarm.cause == "request_unanswered"]


def test_an_answer_written_in_the_record_ends_the_alarm(listed):
    """The record keeps it as `request.answered` under the name of the relay and the asset."""
    requested = requests_in(night.reports(), craft("02:27"), at("02:40"), boat_of={RELAY: "Charlie"})
    answer = answer_entry(relay_id(RELAY, "FS Flamant"), answer="accepted", at=at("02:30"), by="watch_officer")
    known = Duties(answers=(Answered(answer.body["request"], answer.body["answer"], at("02:30")),))
    alarms = unanswered(requested, replies_of(known.answers), at("02:37"), listed)
    assert [alarm.request.asset for alarm in alarms] == ["HMC Valiant"]


def test_the_request_of_0240_stands_unanswered_from_0250(listed):
    """Dover asked for a French vessel at 02:40Z; the sources record no answer, and the list says so all night."""
    requested = requests_in(night.reports(), craft("02:27"), at("03:30"))
    assert states(requested, (), at("02:45"))[REQUEST] == "waiting"
    assert states(requested, (), at("02:50"))[REQUEST] == "no_answer"
    late = [one for one in unanswered(requested, (), at("03:25"), listed) if one.request.id == REQUEST]
    assert late[0].age == 45 * minutes


def test_the_handover_of_0108_was_never_accepted_so_the_offerer_answers():
    """The French centre passed her on at about 01:08Z; no acceptance is in the sources (oracle A4: unaccepted)."""
    offers = offers_in(night.reports(), at("02:27"), boat_of={"r-0044": "Charlie"})
    assert [(one.id, one.at) for one in offers if one.boat == "Charlie"] == [("r-0044", at("01:08"))]
    now = responsible("Charlie", first="CROSS Gris-Nez", since=at("00:48"), offers=offers, replies=(), at=at("02:27"))
    assert now.owner == "CROSS Gris-Nez" and now.state == "overdue" and now.alarm
    assert "NOT ACCEPTED" in now.sentence("en") and "NON ACCEPTÉE" in now.sentence("fr")


def test_by_0540_valiant_is_full_and_is_not_counted_on(charlie, sea):
    """98 people are aboard: two places are left, whatever the map says of who is near."""
    valiant = next(one for one in craft("05:40") if one.asset.key == "valiant")
    assert valiant.aboard == 98 and valiant.room == 2
    order = rank(craft("05:40"), charlie, sea, at=at("05:40"), weather=FOG)
    by_key = {one.availability.asset.key: place for place, one in enumerate(order)}
    assert by_key["valiant"] > by_key["rnli_dover"]


def test_the_orders_for_three_boats_send_both_ships_and_say_why(charlie, sea):
    """With two more boats both flags are used, each order has a sentence, and it is solved again without Flamant."""
    others = [
        Distress(
            name=name,
            cloud=cloud_around(place, 400.0, at=at("02:27"), environment=sea, until=at("02:27") + 6 * hours),
            counts=charlie.counts,
            chances=charlie.chances,
            curve=alive_curve({"adrift": 1.0}, at=at("02:27"), water=(11.0, 14.0), wind=3.0),
            search=charlie.search,
        )
        for name, place in (("Lima", charlie.cloud.mean(at("08:00"))), ("November", craft("02:27")[0].where))
    ]
    near = [one for one in craft("02:27") if one.asset.key in {"flamant", "valiant", "rnli_dover", "r163"}]
    now = situation(near, [charlie, *others], sea, at=at("02:27"), weather=FOG)
    plan = assign(now, legs=1)
    assert plan.exact and plan.route_of("flamant") == ("Charlie",)
    assert len(order_sentences(plan)) >= 3 and "3" in plan_sentence(plan, "fr")
    silent = replace(now, arrives=now.arrives.copy())
    silent.arrives[[one.asset.key for one in near].index("flamant")] = float("inf")
    again = assign(silent, legs=1, before=plan)
    assert again.route_of("flamant") == () and again.lost > plan.lost
    assert again.route_of("valiant") == ("Charlie",)
