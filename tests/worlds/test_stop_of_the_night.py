"""The stop test at 05:55 on 24 November 2021: would it have let the search end?

The search ended shortly before 06:00, in the dark. By an expert's evidence, as reported by the press, the people came
into the water at 03:12 or 03:13 and eight, ten or fifteen of them may have been alive at sunrise, 07:26; two were alive
when they were found about 13:00. The tracks of the searches below are invented: none is public.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cordiale.association.disposition import probability_about_any
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import utc
from cordiale.earth.units import NM, knots, minutes
from cordiale.record.duties import Duties, Task
from cordiale.record.searches_stop import decide_stop, stop_test
from cordiale.search.result import Flown
from cordiale.search.stop import NextCraft
from tests.worlds import night

WATER = (12.0, 14.0)  # degrees C: typical of the season; that night's is not known
SUNRISE = utc("2021-11-24 07:26")


def main_boat(shown):
    """The boat that most contacts of the lost boat were given to."""
    given = Counter(shown.association.of(n).boat for n in night.contacts_of_the_boat())
    return given.most_common(1)[0][0]


@pytest.fixture(scope="module")
def shown():
    """The picture at 05:55."""
    return night.picture_at("05:55Z")


def invented_searches():
    """A cutter around the position of the relay from 03:25 to 04:30, and a helicopter from 03:50 to 05:00."""
    middle = 51 + 8.5 / 60, 1 + 44.5 / 60
    found = []
    for name, start, speed, spacing, legs, width in (
        ("valiant", "03:25", 15 * knots, 1200.0, 6, 0.15 * NM),
        ("r163", "03:50", 70 * knots, 1500.0, 8, 0.2 * NM),
    ):
        points = []
        for k in range(legs):
            side, across = (1 if k % 2 else -1), (k - legs / 2) * spacing
            points += [(side * 4000.0, across), (-side * 4000.0, across)]
        xy = np.array(points) + np.array([2500.0, 2500.0])
        lat, lon = destination(*middle, xy[:, 0], xy[:, 1])
        when = utc(f"{night.NAME} {start}") + np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))) / speed
        widths = {"channel_inflatable": 2 * width, "swamped_inflatable": 1.5 * width}
        widths |= {"piw": width, "piw_lifejacket": width}
        found.append(Flown(name=f"s-{name}", asset=name, at=when, lat=lat, lon=lon, widths=widths, alike=2.0))
    return found


def test_the_search_must_not_end_at_five_to_six(shown):
    """A5: more than five survivors are expected, now and at sunrise, the sun rises at 07:26, and the test refuses."""
    verdict = stop_test(shown, boats=[main_boat(shown)], water=WATER)
    assert not verdict.passes
    assert verdict.expected > 5 and verdict.expected_dawn > 5
    assert abs(verdict.sunrise - SUNRISE) < 3 * minutes  # the printed minute, and 30 km further east
    keys = {key for key, _ in verdict.blocks}
    assert {"survivors", "survivors_dawn", "residual", "not_searched"} <= keys
    assert "must not end" in verdict.text() and "ne doit pas prendre fin" in verdict.text("fr")


def test_it_refuses_with_the_people_in_the_water_since_the_sinking(shown):
    """A5, at its gloomiest: all in the water since the last contact, without lifejackets, and the chance that they are
    of one of the three boats recovered believed: more than five are expected still.
    """
    name = main_boat(shown)
    other = probability_about_any(shown.association, night.recoveries_of_the_three(), name)
    gloomy = replace(shown, boats=tuple(replace(b, state="in_the_water") if b.name == name else b for b in shown.boats))
    verdict = stop_test(gloomy, boats=[name], water=WATER, was_there={name: 1 - other})
    assert not verdict.passes and verdict.expected > 5


def test_the_searches_of_that_night_do_not_let_it_end(shown):
    """With two searches on invented tracks that found nothing: what they left unseen is above the threshold, and the
    people they did not find are as many.
    """
    name = main_boat(shown)
    without = stop_test(shown, boats=[name], water=WATER)
    verdict = stop_test(shown, boats=[name], water=WATER, searches=invented_searches())
    assert not verdict.passes
    assert verdict.boats[0].residual < without.boats[0].residual == 1.0
    assert verdict.expected == pytest.approx(without.expected, rel=1e-9)
    coming = [NextCraft(name="Flamant", on_scene=utc(f"{night.NAME} 06:20"))]
    assert "Flamant 06:20Z" in stop_test(shown, boats=[name], water=WATER, craft=coming).text()


def test_two_persons_may_end_the_task_and_the_boat_stays(shown):
    """A5: what two persons sign ends the task of the cutter, as an override; boat, people and cloud are as before."""
    name = main_boat(shown)
    verdict = stop_test(shown, boats=[name], water=WATER)
    anchor = shown.boat(name).boat.first_report
    duties = Duties(tasks=(Task(anchor=anchor, asset="Valiant", at=utc(f"{night.NAME} 01:30"), event="dover/9"),))
    lines = decide_stop(
        verdict, shown, duties, at=shown.at, by="watch_officer", second="duty_commander", reason="crew hours"
    )
    assert [line.type for line in lines] == ["search.suspended", "task.ended"]
    assert lines[0].body["override"] is True and lines[0].body["survivors"] > 5
    assert shown.boat(name).standing == "active" and shown.boat(name).cloud is not None
