"""Whether her engine runs, inferred from positions: on the true night and on invented ones."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.drift import drift
from cordiale.belief.life_engine import NEVER_CERTAIN, engine_state
from cordiale.belief.report import Report
from cordiale.boats.life import PHASES
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import utc
from cordiale.earth.units import minutes
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import wind_of_the_night

from .clouds import NIGHT, cloud, fix, report

SEA = the_strait(wind_of_the_night())
STREAM = Stream.of_seed(5).child("engine")
# MAIB report 7/2023, pages 20 and 11: the position of 02:01Z, and the last one, whose time is not known
AT_0201 = report(fix(51 + 8.5 / 60, 1 + 44.5 / 60), at=utc("2021-11-24 02:01"), name="r-0083")
LAST = report(
    fix(51 + 9.045 / 60, 1 + 45.568 / 60),
    at=utc("2021-11-24 02:20"),
    until=utc("2021-11-24 03:10"),
    name="r-0122",
)


def test_the_last_two_positions_of_the_night_say_adrift():
    """0.86 NM at 051 degrees is what the stream does: under way is unlikely, with each seed."""
    for seed in (1, 2):
        state = engine_state([LAST, AT_0201], SEA, stream=Stream.of_seed(seed))
        assert state.under_way < 0.1
        assert len(state.evidence) == 1
        assert state.evidence[0] < -2


def test_positions_across_the_stream_say_under_way():
    """Two miles to the north-west in half an hour, where the stream sets to the north-east."""
    lat, lon = destination(51 + 8.5 / 60, 1 + 44.5 / 60, -2600.0, 2600.0)
    there = report(fix(float(lat), float(lon)), at=utc("2021-11-24 02:31"), name="r-2")
    state = engine_state([AT_0201, there], SEA, stream=STREAM)
    assert state.under_way > 0.9


def test_the_answer_is_never_certain():
    """The most telling pair leaves a floor on both sides."""
    lat, lon = destination(51.14, 1.74, -9000.0, 0.0)
    far = report(fix(float(lat), float(lon)), at=utc("2021-11-24 03:01"), name="r-2")
    assert engine_state([AT_0201, far], SEA, stream=STREAM).under_way <= 1 - NEVER_CERTAIN
    assert engine_state([AT_0201, LAST], SEA, stream=STREAM, prior=0.0).under_way >= NEVER_CERTAIN


def test_an_engine_that_stopped_is_noticed():
    """Under way by the first pair, adrift by the second: the last word is the later one."""
    place = destination(51 + 8.5 / 60, 1 + 44.5 / 60, 2600.0, -2600.0)
    before = report(fix(float(place[0]), float(place[1])), at=utc("2021-11-24 01:31"), name="r-0")
    state = engine_state([before, AT_0201, LAST], SEA, stream=STREAM)
    assert state.count == 3
    assert state.evidence[0] > 2 > -2 > state.evidence[1]
    assert state.under_way < 0.25


def test_positions_a_minute_apart_tell_nothing():
    """A second pin of the same minute is passed over; alone with the first it cannot be asked."""
    again = replace(AT_0201, name="r-9", event=replace(AT_0201.event, earliest=NIGHT + 120, latest=NIGHT + 120))
    assert engine_state([AT_0201, again, LAST], SEA, stream=STREAM).count == 2
    with pytest.raises(CordialeError, match="1 position"):
        engine_state([AT_0201, again], SEA, stream=STREAM)


def test_a_prior_outside_0_to_1_is_refused():
    """The message shows it."""
    with pytest.raises(CordialeError, match="prior probability is 2"):
        engine_state([AT_0201, LAST], SEA, stream=STREAM, prior=2.0)


def pair(seed: int, sails: bool) -> list[Report]:
    """Two positions, half an hour apart and each within 200 m, of a boat of the model's own making."""
    truth = cloud(
        within=10.0, count=1, seed=seed, what="inflatable", under_way=float(sails), at=utc("2021-11-24 02:01")
    )
    truth = replace(truth, engine_stops=np.full(1, np.inf))
    later = drift(truth, SEA, until=truth.at + 30 * minutes)
    noise = 80.0 * Stream.of_seed(seed).child("noise").normals(np.arange(2), 0)
    told = []
    for k, boat in enumerate((truth, later)):
        lat, lon = destination(float(boat.lat[0]), float(boat.lon[0]), noise[k, 0], noise[k, 1])
        told.append(report(fix(float(lat), float(lon), 200.0), at=boat.at, name=f"r-{k}"))
    return told


def test_the_probability_means_what_it_says():
    """Sixty invented boats, half of them under way: told apart nine times in ten, and as often as the number says."""
    truth = np.arange(60) % 2 == 0
    said = np.array([engine_state(pair(seed, bool(t)), SEA, stream=STREAM).under_way for seed, t in enumerate(truth)])
    assert ((said > 0.5) == truth).mean() >= 0.85
    expected = said.mean()
    assert truth.mean() == pytest.approx(expected, abs=0.12)  # two standard errors of sixty
    score = np.mean(np.where(truth, -np.log(said), -np.log(1 - said)))
    assert score < 0.4  # nats; a coin has 0.69


def test_wide_positions_soon_after_each_other_stay_open():
    """Two positions within a mile, six minutes apart: the answer stays near the prior."""
    wide = [
        replace(AT_0201, where=report(fix(51.14, 1.74, 1852.0)).where),
        report(fix(51.144, 1.746, 1852.0), at=utc("2021-11-24 02:07"), name="r-2"),
    ]
    assert engine_state(wide, SEA, stream=STREAM).under_way == pytest.approx(0.5, abs=0.12)


def test_what_is_said_names_the_times_and_the_doubt():
    """One sentence in two languages."""
    state = engine_state([AT_0201, LAST], SEA, stream=STREAM)
    assert "02:01Z to 03:10Z" in str(state)
    assert "jamais certain" in state.sentence("fr")
    assert "under_way" in PHASES
