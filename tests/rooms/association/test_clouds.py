"""Where the reports of one boat put it."""

from dataclasses import replace

import pytest

from cordiale.association.clouds import Clouds, cloud_of, telling
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import Span
from cordiale.earth.units import hours, minutes
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from tests.rooms.association.small_night import START, said, still_sea, told


def test_relays_are_not_second_observations():
    """A relay moves no cloud."""
    first = told("r-1", 0, east_km=0.0)
    relay = told("r-2", 0, east_km=0.0, kind="relay", relay_of="r-1")
    assert telling([relay, first]) == (first,)


def test_what_was_said_before_the_first_position_moves_nothing():
    """A cloud starts with a position."""
    early, pin = told("r-1", 0, boat=said(engine="stopped")), told("r-2", 5, east_km=0.0)
    assert telling([early, pin]) == (pin,)


def test_a_position_of_unknown_moment_is_dated_by_the_stream():
    """A stream of 1 m/s east; a fix at 0 km at one, another at 1.8 km some time in the hour after: it was there after
    half an hour.

    At two the boat is therefore near 3.6 km, within 300 m (error of the two fixes 60 m, of the stream 5 cm/s for an
    hour 180 m), though somebody said at 01:50 that it is swamped.
    """
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0), current_std=0.05)
    adrift = said(state="adrift")
    second = told("r-2", 0, east_km=1.8, boat=adrift)
    second = replace(second, event=Span(earliest=START + 60, latest=START + 1 * hours), received=START + 1 * hours)
    reports = [told("r-1", 0, east_km=0.0, boat=adrift), second, told("r-3", 50, boat=said(state="swamped"))]
    cloud = cloud_of(reports, sea, at=START + 1 * hours, seed=1, count=2000)
    assert cloud is not None
    away = float(distance(51.0, 1.5, cloud.centre.lat, cloud.centre.lon))
    assert away == pytest.approx(3600, abs=300)


def test_a_kept_cloud_is_the_cloud():
    """Going on from a kept half hour gives the very same particles."""
    reports = [told("r-1", 0, east_km=0.0), told("r-2", 20, east_km=0.5)]
    kept = Clouds()
    for minute in (25, 70, 140):
        last = cloud_of(reports, still_sea(), at=START + minute * minutes, seed=1, count=50, clouds=kept)
    sea = still_sea()
    cloud_of(reports, sea, at=START + 70 * minutes, seed=1, count=50, clouds=kept)
    again = cloud_of(reports, sea, at=START + 140 * minutes, seed=1, count=50, clouds=kept)
    assert last is not None and again is not None
    assert (last.lat == again.lat).all() and (last.lon == again.lon).all()


def test_without_a_position_there_is_no_cloud():
    """Two calls that say nothing of the place."""
    assert cloud_of([told("r-1", 0), told("r-2", 5)], still_sea(), at=START + 1 * hours, seed=1) is None
