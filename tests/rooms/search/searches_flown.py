"""Clouds and tracks for the tests of searches that found nothing: nothing here is a measurement."""

import numpy as np

from cordiale.boats.life import ADRIFT
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import utc
from cordiale.earth.units import NM, knots, minutes
from cordiale.search.result import Flown
from cordiale.search.ways import Ways

BEGIN = utc("2021-11-24 02:00")
SEEN = {"channel_inflatable": 0.5 * NM}


def at(east, north):
    """Latitude and longitude of metres from the middle of the clouds."""
    return destination(51.0, 1.5, np.asarray(east, dtype=float), np.asarray(north, dtype=float))


def a_cloud(east, north, *, drift=(0.0, 0.0), total=1.0, weight=None, phase=ADRIFT, hours_long=3.0, unreported=False):
    """Particles at these places at 02:00 that drift at a speed (m/s east, north; one or one for each)."""
    times = BEGIN + np.array([0.0, 0.5, 1.0]) * hours_long * 3600
    since = (times - BEGIN)[:, None]
    lat, lon = at(np.asarray(east) + drift[0] * since, np.asarray(north) + drift[1] * since)
    count = np.asarray(east).size
    share = np.full(count, 1 / count) if weight is None else np.asarray(weight)
    return Ways(
        name="B-0001",
        times=times,
        lat=lat,
        lon=lon,
        weight=total * share / share.sum(),
        phase=np.full((3, count), phase, dtype=np.int8),
        unreported=unreported,
    )


def a_round_cloud(count=500, *, seed=1, std=4000.0, **more):
    """A circular normal cloud."""
    place = Stream.of_seed(seed).child("cloud").normals(np.arange(count), 0)
    return a_cloud(std * place[:, 0], std * place[:, 1], **more)


def a_track(points, *, name="s-0001", asset="valiant", begin=BEGIN + 10 * minutes, speed=20 * knots, **more):
    """A track through points (metres east and north) at one speed."""
    xy = np.asarray(points, dtype=float)
    legs = np.hypot(*np.diff(xy, axis=0).T)
    lat, lon = at(xy[:, 0], xy[:, 1])
    when = begin + np.concatenate([[0.0], np.cumsum(legs)]) / speed
    return Flown(
        name=name,
        asset=asset,
        at=when,
        lat=lat,
        lon=lon,
        widths=more.pop("widths", SEEN),
        speed=more.pop("nominal", speed),
        **more,
    )


def a_ladder(*, east=0.0, north=0.0, length=8000.0, legs=6, spacing=900.0, bearing=0.0, **more):
    """Parallel tracks around a place, the first legs in a direction (radians from east)."""
    points = []
    for k in range(legs):
        side = 1 if k % 2 else -1
        across = (k - (legs - 1) / 2) * spacing
        points += [(side * length / 2, across), (-side * length / 2, across)]
    xy = np.array(points)
    turned = xy @ np.array([[np.cos(bearing), np.sin(bearing)], [-np.sin(bearing), np.cos(bearing)]])
    return a_track(turned + np.array([east, north]), **more)
