"""The find of 24 November 2021, looked back from: where and when it began, and which of the boats of the feed it is.

Nothing is tuned to the last position or to the find. Sources as in test_drift_of_the_night.py.
"""

import numpy as np
import pytest

from cordiale.belief.backwards import Origin, OriginBelief, find_of_report, origin_of, origin_region
from cordiale.belief.backwards_which import WhichOrigin, which_origin
from cordiale.belief.report import Area
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import wind_of_the_night
from tests.worlds.night import boat_of, reports

LAST_FIX = Position(lat=51 + 9.045 / 60, lon=1 + 45.568 / 60)  # the last reported; its time was not published
STRAIT = Area(corners=tuple(Position(lat=a, lon=o) for a, o in ((50.8, 1.2), (50.8, 2.3), (51.5, 2.3), (51.5, 1.2))))
STOOD_DOWN = utc("2021-11-24 06:00")
OTHERS = ("abc-1", "abc-2", "abc-3", "oscar")


@pytest.fixture(scope="module")
def sea() -> Environment:
    """The packaged strait with the wind of the night."""
    return the_strait(wind_of_the_night())


def the_find():
    """The report of 12:49 as a find of bodies."""
    report = next(r for r in reports() if r.kind == "find")
    return find_of_report(report, search_object("body"))


def origin(sea: Environment, seed: int, first: str, last: str) -> OriginBelief:
    """From the find back to a span of the night, anywhere in the strait."""
    when = Span(earliest=utc(f"2021-11-24 {first}"), latest=utc(f"2021-11-24 {last}"))
    return origin_of(the_find(), Origin(where=STRAIT, when=when), sea, stream=Stream.of_seed(seed), count=2000)


def which(sea: Environment, seed: int) -> WhichOrigin:
    """The lost boat and four others, each from her last position before 06:00 as the feed has it."""
    clouds = {}
    for boat in ("charlie", *OTHERS):
        own = [r for r in reports() if boat_of().get(r.name) == boat and r.where and r.event.latest < STOOD_DOWN]
        last = max((r for r in own if r.is_about_a_boat), key=lambda r: r.event.middle)
        clouds[boat] = first_belief(last, stream=Stream.of_seed(seed).child(boat), under_way=0.0, name=boat)
    return which_origin(the_find(), clouds, sea, as_found=search_object("body"))


def test_from_the_find_back_to_the_hour_she_sank_the_region_holds_her_last_position(sea):
    """Bodies in the water from 03:12 to 03:33, anywhere in the strait: the 90 % region holds the last position."""
    region = origin_region(origin(sea, 1, "03:12", "03:33"), 0.9)
    assert region.holds(np.array([LAST_FIX.lat]), np.array([LAST_FIX.lon]))[0], str(region)


def test_the_find_alone_does_not_tell_when(sea):
    """The tide brings many origins there: the span stays nearly as long as it was asked, and it says so."""
    answer = origin(sea, 1, "01:00", "06:00")
    assert answer.times(0.9).length > 0.8 * 0.9 * 5 * 3600
    assert answer.effective > 1000


def test_two_seeds_agree_on_the_origin(sea):
    """Areas of 90 % within a tenth of each other."""
    areas = [origin_region(origin(sea, seed, "03:12", "03:33"), 0.9).area for seed in (1, 2)]
    assert areas[0] == pytest.approx(areas[1], rel=0.1)
