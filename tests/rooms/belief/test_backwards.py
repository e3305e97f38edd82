"""From what was found back to where and when it began: closed forms, closing loops, and what it refuses."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.backwards import Find, Origin, find_of_report, origin_of, origin_region
from cordiale.belief.backwards_find import inquiry
from cordiale.belief.backwards_inverse import inverted
from cordiale.belief.backwards_rounds import in_rounds
from cordiale.belief.drift import drift
from cordiale.belief.report import Area, Fix, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.leeway import leeway_class
from cordiale.boats.life import ADRIFT, IN_LIFEJACKETS, IN_THE_WATER, UNDER_WAY
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination, displacement, distance
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.analytic import M2_PERIOD, Spit, TidalEllipse, TurningBasin, UniformCurrent, analytic_sea
from cordiale.sea.environment import displacement_variance
from cordiale.sea.wind import ConstantWind

FOUND_AT = utc("2021-11-24 12:00")
HERE = Position(lat=51.0, lon=1.5)
DRIFTER, BODY, DEBRIS = (search_object(key) for key in ("drifter", "body", "debris"))
RUNABOUT = SearchObject(
    key="runabout", name="runabout", classes=(leeway_class("skiff_runabout"),), weights=(1.0,), source="test"
)
STREAM = Stream.of_seed(5).child("backwards")
EAST = UniformCurrent(eastward=0.5, northward=0.0)
ERRING = analytic_sea(EAST, current_std=0.2, residual_std=0.1, time_scale=4 * hours)
HALF_HOUR = 30 * minutes


def moved(east: float, north: float) -> Position:
    """So many metres from here."""
    lat, lon = destination(HERE.lat, HERE.lon, east, north)
    return Position(lat=float(lat), lon=float(lon))


def off_here(cloud) -> tuple[np.ndarray, np.ndarray]:
    """Metres east and north of here."""
    return displacement(HERE.lat, HERE.lon, cloud.lat, cloud.lon)


def box(half: float = 30 * km) -> Area:
    """A square of sea around here."""
    return Area(corners=tuple(moved(x * half, y * half) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))))


def found(place: Position = HERE, within: float = 600.0, **other) -> Find:
    """A find here at noon."""
    return Find(**{"where": Fix(position=place, within=within), "at": FOUND_AT, "search_for": DRIFTER, **other})


def at(before: float) -> Span:
    """The instant so many seconds before the find."""
    return Span(earliest=FOUND_AT - before, latest=FOUND_AT - before)


def between(first: float, last: float) -> Span:
    """From so many to so many seconds before the find."""
    return Span(earliest=FOUND_AT - first, latest=FOUND_AT - last)


def mean_and_std(cloud, values: np.ndarray) -> tuple[float, float]:
    """By weight."""
    mean = float(cloud.weight @ values)
    return mean, math.sqrt(float(cloud.weight @ (values - mean) ** 2))


@pytest.mark.parametrize("method", ["inverted", "rounds"])
def test_normal_prior_and_normal_errors_give_the_normal_posterior(method):
    """The conjugate closed form, east and north: precision adds, the mean is weighed by it; and the evidence."""
    time, prior_std = 6 * hours, 4 * km
    fix = Fix(position=HERE, within=prior_std * math.sqrt(-2 * math.log(0.05)))
    find = found(moved(0.5 * time + 3 * km, -2 * km))
    asked = inquiry((find,), Origin(where=fix, when=at(time)), ERRING, STREAM, HALF_HOUR, lambda: False)
    answer = inverted(asked, 6000, 300) if method == "inverted" else in_rounds(asked, 16000, 1000, lambda part: None)
    strayed = sum(float(displacement_variance(e, time)) for e in (ERRING.current_error, ERRING.residual_error))
    heard = strayed + find.spread**2
    std = math.sqrt(1 / (1 / prior_std**2 + 1 / heard))
    gain = prior_std**2 / (prior_std**2 + heard)
    for values, told in zip(off_here(answer.cloud), (3 * km, -2 * km), strict=True):
        mean, spread = mean_and_std(answer.cloud, values)
        assert mean == pytest.approx(gain * told, abs=0.08 * std)  # 1,000 effective particles: 0.03, and the kernel
        assert spread == pytest.approx(std, rel=0.07)
    whole = prior_std**2 + heard
    evidence = -math.log(2 * math.pi * whole) - (3**2 + 2**2) * km**2 / (2 * whole)
    assert answer.log_evidence == pytest.approx(evidence, abs=0.1)


@pytest.mark.parametrize(
    "current",
    [EAST, TurningBasin(lat=50.9, lon=1.4, period=20 * hours), TidalEllipse(major=1.5, axis=40.0, strongest=FOUND_AT)],
)
def test_forward_and_backward_close_without_noise(current):
    """Where nothing errs, the origin is the true one, as sharp as the find itself."""
    sea = analytic_sea(current)
    begin = FOUND_AT - 9 * hours
    start = first_belief(Fix(position=HERE, within=1.0), at=begin, stream=STREAM, search_for=DRIFTER, count=1)
    end = drift(start, sea, until=FOUND_AT)
    find = found(Position(lat=float(end.lat[0]), lon=float(end.lon[0])), within=100.0)
    answer = origin_of(find, Origin(where=box(), when=at(9 * hours)), sea, stream=STREAM, count=400)
    assert answer.exact
    away = distance(answer.centre.lat, answer.centre.lon, start.lat[0], start.lon[0])
    assert float(away) < 3 * find.spread / math.sqrt(answer.effective) + 10  # and 5 m for each search, 20 m at most
    for values in off_here(answer.cloud):
        assert mean_and_std(answer.cloud, values)[1] == pytest.approx(find.spread, rel=0.25)


def test_after_whole_tides_it_began_where_it_was_found():
    """Two periods of M2: the water has come back to where it was."""
    sea = analytic_sea(TidalEllipse(major=1.5, axis=40.0, minor=0.2, strongest=FOUND_AT))
    prior = Origin(where=box(), when=at(2 * M2_PERIOD))
    answer = origin_of(found(), prior, sea, stream=STREAM, count=400)
    assert float(distance(answer.centre.lat, answer.centre.lon, HERE.lat, HERE.lon)) < 40.0


def test_a_stretched_sea_is_weighed_by_how_much_it_stretched():
    """In a basin that turns nothing is stretched: all particles weigh alike inside an even prior."""
    sea = analytic_sea(TurningBasin(lat=51.0, lon=1.5, period=20 * hours), residual_std=0.05)
    answer = origin_of(found(), Origin(where=box(), when=at(6 * hours)), sea, stream=STREAM, count=400)
    assert answer.effective == pytest.approx(400, rel=0.01)


def test_its_particles_drift_into_the_find_again():
    """Consistent with the forward model: the cloud of origins, drifted with its own chance, meets the find."""
    sea = replace(ERRING, wind=ConstantWind(eastward=6.0, northward=2.0, source="test"))
    find = found(search_for=DEBRIS, within=400.0)
    answer = origin_of(find, Origin(where=box(), when=between(8 * hours, 3 * hours)), sea, stream=STREAM, count=600)
    there = drift(answer.cloud, sea, until=FOUND_AT)
    away = distance(there.lat, there.lon, HERE.lat, HERE.lon)
    assert float(answer.cloud.weight @ (away < 400.0)) == pytest.approx(0.95, abs=0.03)


def test_nothing_afloat_came_through_the_land():
    """A find east of a spit in a stream to the east began between the spit and the find."""
    sea = analytic_sea(EAST, coast=Spit(west=1.38, east=1.40), residual_std=0.05)
    answer = origin_of(found(), Origin(where=box(), when=between(9 * hours, 1 * hours)), sea, stream=STREAM, count=1500)
    assert float(answer.cloud.lon[answer.cloud.weight > 0].min()) >= 1.40
    assert float(answer.cloud.start.max()) <= FOUND_AT


def test_a_find_ashore_began_as_far_off_as_the_stream_ran_before_it_was_seen():
    """It came ashore since the beach was last seen empty: begun 4 h before at 0.5 m/s, 3.6 to 7.2 km off."""
    sea = analytic_sea(EAST, coast=Spit(west=1.5, east=1.6), residual_std=0.02)
    find = found(ashore=True, not_before=FOUND_AT - 2 * hours, within=1000.0)
    answer = origin_of(find, Origin(where=box(), when=at(4 * hours)), sea, stream=STREAM, count=6000)
    east, north = off_here(answer.cloud)
    assert float(answer.cloud.weight @ ((east > -7.9 * km) & (east < -2.9 * km))) > 0.98
    low, high = (float(np.quantile(east[answer.cloud.weight > 0], q)) for q in (0.05, 0.95))
    assert low < -6 * km
    assert high > -4.5 * km
    mean, spread = mean_and_std(answer.cloud, north)
    assert abs(mean) < 150.0
    assert spread < 800.0
    assert not answer.exact


def test_two_finds_tell_the_time_that_one_leaves_open():
    """Wind parts debris from a body at a known rate, so how far they lie apart tells how long they drifted."""
    wind = ConstantWind(eastward=0.0, northward=15.0, source="test")
    sea = replace(ERRING, wind=wind)
    truth = first_belief(
        Fix(position=HERE, within=10.0), at=FOUND_AT - 5 * hours, stream=STREAM.child("truth"), count=1
    )
    finds = []
    for number, what in enumerate((BODY, RUNABOUT)):
        own = first_belief(
            Fix(position=HERE, within=10.0), at=truth.at, stream=STREAM.child("truth"), count=1, search_for=what
        )
        end = drift(own, sea, until=FOUND_AT)
        place = Position(lat=float(end.lat[0]), lon=float(end.lon[0]))
        finds.append(found(place, within=300.0, search_for=what, name=f"find {number}"))
    prior = Origin(where=box(40 * km), when=between(12 * hours, 1 * hours))
    one = origin_of(finds[0], prior, sea, stream=STREAM, count=3000, step=HALF_HOUR)
    both = origin_of(finds, prior, sea, stream=STREAM, count=6000, step=HALF_HOUR)
    assert both.times().length < 0.8 * one.times().length
    assert both.times().earliest <= truth.at <= both.times().latest
    assert origin_region(both, 0.9).area < origin_region(one, 0.9).area


def test_the_order_of_the_finds_does_not_matter():
    """The sharpest find afloat is inverted, whichever comes first."""
    finds = (found(within=2000.0, search_for=BODY), found(moved(500, 300), within=300.0, at=FOUND_AT + 1 * hours))
    prior = Origin(where=box(), when=between(6 * hours, 2 * hours))
    first, second = (
        origin_of(order, prior, ERRING, stream=STREAM, count=800, step=HALF_HOUR) for order in (finds, finds[::-1])
    )
    assert np.array_equal(first.cloud.lat, second.cloud.lat)
    assert first.finds == finds


def test_the_same_stream_gives_the_same_answer_and_another_nearly():
    """Two seeds agree to a tenth of the spread, and their 90 % areas to a tenth."""
    prior = Origin(where=box(), when=between(6 * hours, 3 * hours))
    one, again, other = (
        origin_of(found(), prior, ERRING, stream=Stream.of_seed(s), count=3000, step=HALF_HOUR) for s in (1, 1, 2)
    )
    assert np.array_equal(one.cloud.weight, again.cloud.weight)
    assert str(one) == str(again)
    spread = mean_and_std(one.cloud, off_here(one.cloud)[0])[1]
    apart = distance(one.centre.lat, one.centre.lon, other.centre.lat, other.centre.lon)
    assert float(apart) < 0.1 * spread
    assert origin_region(other).area == pytest.approx(origin_region(one).area, rel=0.1)


def test_one_that_began_under_way_comes_from_further_off():
    """An engine that ran widens the origin; both ways of asking agree on it."""
    sea = replace(ERRING, wind=ConstantWind(eastward=0.0, northward=0.0, source="test"))
    adrift = Origin(where=box(), when=at(5 * hours))
    answers = [
        origin_of(found(search_for=DEBRIS), prior, sea, stream=STREAM, count=4000, step=HALF_HOUR)
        for prior in (adrift, replace(adrift, under_way=1.0))
    ]
    assert origin_region(answers[1]).area > 1.5 * origin_region(answers[0]).area
    assert answers[1].exact
    asked = inquiry((found(search_for=DEBRIS),), answers[1].prior, sea, STREAM, HALF_HOUR, lambda: False)
    tried = in_rounds(asked, 8000, 400, lambda part: None)
    assert tried.log_evidence == pytest.approx(answers[1].log_evidence, abs=0.15)
    spread = mean_and_std(tried.cloud, off_here(tried.cloud)[1])[1]
    assert spread == pytest.approx(mean_and_std(answers[1].cloud, off_here(answers[1].cloud)[1])[1], rel=0.15)


def test_people_found_in_the_water_came_there_from_a_boat():
    """An object with a life is asked with all of it: each origin that counts leads to the phase it was found in."""
    sea = replace(ERRING, wind=ConstantWind(eastward=5.0, northward=2.0, source="test"))
    find = found(search_for=search_object("small_boat_people"), phases=(IN_THE_WATER, IN_LIFEJACKETS))
    prior = Origin(where=box(40 * km), when=at(10 * hours), under_way=0.5)
    answer = origin_of(find, prior, sea, stream=STREAM, count=1500, step=HALF_HOUR)
    there = drift(answer.cloud, sea, until=FOUND_AT, step=HALF_HOUR)
    counts = answer.cloud.weight > 0
    assert np.isin(there.phase[counts], find.phases).all()
    assert set(np.unique(answer.cloud.phase[counts])) <= {ADRIFT, UNDER_WAY}
    assert 0 < counts.mean() < 1


def test_the_chances_of_areas_and_spans_are_those_of_the_particles():
    """Two halves of the sea sum to 1, and the 90 % span holds about that."""
    prior = Origin(where=box(), when=between(6 * hours, 2 * hours))
    answer = origin_of(found(), prior, ERRING, stream=STREAM, count=800, step=HALF_HOUR)
    middle = answer.centre.lon
    west = Area(corners=tuple(Position(lat=a, lon=o) for a, o in ((50, 0), (50, middle), (52, middle), (52, 0))))
    east = Area(corners=tuple(Position(lat=a, lon=o) for a, o in ((50, middle), (50, 3), (52, 3), (52, middle))))
    assert answer.within(west) + answer.within(east) == pytest.approx(1.0, abs=1e-9)
    assert answer.within(west) == pytest.approx(0.5, abs=0.1)
    assert answer.within(span=answer.times(0.9)) == pytest.approx(0.9, abs=0.01)
    assert answer.within(west, answer.times(0.5)) < answer.within(west)


def test_it_says_so_in_two_languages():
    """The sentence names the area, the place, the span and, with few particles, that it is rough."""
    prior = Origin(where=box(), when=between(6 * hours, 2 * hours))
    answer = origin_of(found(), prior, ERRING, stream=STREAM, count=200, step=HALF_HOUR)
    assert str(answer).startswith("found at 2021-11-24 12:00Z: it began between 0")
    assert "Rough" in str(answer)
    assert "entre" in answer.sentence("fr")
    known = origin_of(found(), replace(prior, when=at(3 * hours)), ERRING, stream=STREAM, count=200, step=HALF_HOUR)
    assert "at 09:00Z it was" in str(known)


def test_what_cannot_be_is_refused_and_why():
    """No find, an origin after it, all land, too few particles, no way there, hardly a way there."""
    prior = Origin(where=box(), when=at(2 * hours))
    far = Origin(where=Fix(position=moved(80 * km, 0), within=500.0), when=at(2 * hours))
    thin = Origin(where=Fix(position=moved(-8 * km, 0), within=50.0), when=at(2 * hours))
    on_land = analytic_sea(EAST, coast=Spit(west=0.0, east=3.0))
    for key, ask in {
        "no_finds": lambda: origin_of((), prior, ERRING, stream=STREAM),
        "find_too_early": lambda: origin_of(found(), Origin(where=box(), when=at(-60.0)), ERRING, stream=STREAM),
        "origin_on_land": lambda: origin_of(found(), prior, on_land, stream=STREAM),
        "origin_count": lambda: origin_of(found(), prior, ERRING, stream=STREAM, count=20),
        "origin_unclear": lambda: origin_of(found(within=50.0), thin, ERRING, stream=STREAM, count=100),
        "origin_impossible": lambda: origin_of(found(ashore=True), far, ERRING, stream=STREAM, count=200),
    }.items():
        with pytest.raises(CordialeError) as refused:
            ask()
        assert refused.value.key == f"belief.{key}"


def test_progress_runs_to_the_end_and_cancel_stops_between_rounds():
    """Parts done never fall; who cancels gets what was worth anything by then."""
    parts: list[float] = []
    sea = analytic_sea(EAST, coast=Spit(west=1.5, east=1.6), residual_std=0.1)
    prior = Origin(where=box(8 * km), when=between(3 * hours, 1 * hours))
    whole = origin_of(found(ashore=True), prior, sea, stream=STREAM, count=4000, step=HALF_HOUR, progress=parts.append)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    early = origin_of(found(ashore=True), prior, sea, stream=STREAM, count=16000, step=HALF_HOUR, cancel=lambda: True)
    assert len(early.cloud) < len(whole.cloud) * 4


def test_a_report_of_a_find_can_be_asked_about():
    """Place and time are those of the report; a boat that lies beached is a find ashore."""
    report = Report(
        name="r-1",
        kind="find",
        received=FOUND_AT,
        event=Span(earliest=FOUND_AT - 10 * minutes, latest=FOUND_AT),
        channel="VHF",
        centre="gris-nez",
        where=found().readings,
    )
    assert find_of_report(report).at == FOUND_AT - 5 * minutes
    assert not find_of_report(report).ashore
    with pytest.raises(CordialeError):
        find_of_report(replace(report, where=()))


def test_the_regions_hold_the_true_origin_as_often_as_they_say():
    """Thirty twins: of 90 % regions 22 to 30 hold the truth, of 50 % ones 6 to 24 (99.9 % of a binomial law)."""
    prior = Origin(where=Fix(position=HERE, within=25 * km), when=between(4 * hours, 2 * hours))
    held = np.zeros(2)
    for case in range(30):
        truth = first_belief(
            prior.readings, at=prior.when, stream=Stream.of_seed(900 + case), count=1, search_for=DRIFTER
        )
        end = drift(truth, ERRING, until=FOUND_AT, step=HALF_HOUR)
        find = found(Position(lat=float(end.lat[0]), lon=float(end.lon[0])), within=100.0)
        answer = origin_of(find, prior, ERRING, stream=Stream.of_seed(case), count=300, step=HALF_HOUR)
        held += [float(origin_region(answer, p).holds(truth.lat, truth.lon)[0]) for p in (0.5, 0.9)]
    assert 6 <= held[0] <= 24
    assert held[1] >= 22


def test_an_origin_on_another_day_has_its_date():
    """Eighteen hours before noon is the evening of the day before."""
    prior = Origin(where=box(60 * km), when=between(18 * hours, 17 * hours))
    answer = origin_of(found(), prior, ERRING, stream=STREAM, count=200, step=HALF_HOUR)
    assert "began between 2021-11-23 18:" in str(answer)


def test_a_find_afloat_that_lies_inland_is_refused():
    """Only beyond its own error: near the water it may have been at sea, and ashore it may lie anywhere."""
    sea = analytic_sea(EAST, coast=Spit(west=1.3, east=1.7), residual_std=0.1)  # the sea is 14 km off
    prior = Origin(where=box(60 * km), when=at(6 * hours))
    for within in (600.0, 5 * km):
        with pytest.raises(CordialeError, match=r"find lies 1\d\.\d km inland") as error:
            origin_of(found(within=within), prior, sea, stream=STREAM, count=200, step=HALF_HOUR)
        assert error.value.key == "belief.find_inland"
    asked = (prior, sea, STREAM, HALF_HOUR, lambda: False)
    assert inquiry((found(within=20 * km),), *asked).finds
    assert inquiry((found(ashore=True),), *asked).finds
