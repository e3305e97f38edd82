"""What people type on the command line."""

import pytest

from cordiale.desk.options import (
    read_distance,
    read_duration,
    read_range,
    read_speed,
    read_time,
    read_wind,
    wind_is_a_range,
)
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("10min", 600),
        ("1h", 3600),
        ("1h30", 5400),
        ("1 h 30 min", 5400),
        ("24h", 86400),
        ("2d", 172800),
    ],
)
def test_durations_are_read_with_their_unit(text, seconds):
    """Hours, minutes, seconds and days, joined or not."""
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "h", "-1h", "0h", "ten minutes", "1x"])
def test_a_duration_without_a_unit_or_sense_is_refused_with_its_text(text):
    """A bare number could be minutes or hours: it is refused, and the message shows it."""
    with pytest.raises(CordialeError) as error:
        read_duration(text)
    assert repr(text) in str(error.value)


def test_distances_come_in_metres_kilometres_and_miles():
    """The mile of the sea is 1852 m."""
    assert read_distance("0.5NM") == 926
    assert read_distance("1,2 km") == 1200
    with pytest.raises(CordialeError, match="0m"):
        read_distance("0m")


def test_a_wind_is_named_by_where_it_blows_from():
    """Compass points, degrees and the French west; knots and metres per second."""
    assert read_wind("SW 12kn") == (225.0, pytest.approx(6.173, abs=0.001))
    assert read_wind("SO 12nd") == read_wind("SW 12kn")
    assert read_wind("225/6m/s") == (225.0, 6.0)
    assert read_wind("calme") == (0.0, 0.0)
    assert read_wind("12kn SW") == read_wind("12 kts, SW") == read_wind("SW 12kn")
    assert read_wind("20km/h 090") == (90.0, pytest.approx(5.556, abs=0.001))
    assert read_wind("SW F4") == read_wind("4 Bft SO") == (225.0, pytest.approx(6.69, abs=0.01))  # WMO: 5.5 to 7.9 m/s
    for wrong in ("12kn", "XYZ 3kn", "400 3kn", "SW", "", "SW 7-5kn", "SW F13", "SW -12kn"):
        with pytest.raises(CordialeError):
            read_wind(wrong)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("force 7 SW", "SW 7 Bft"),
        ("ouest 20 noeuds", "W 20kn"),
        ("20 nœuds d'ouest", "W 20kn"),
        ("sud-ouest 12 nds", "SW 12kn"),
        ("south west 12 knots", "SW 12kn"),
        ("vent de nord-est force 4", "NE F4"),
        ("SW 5-7 bft", "SW F6"),
        ("SW 10 à 14 kn", "SW 12kn"),
        ("est 8 m/s", "090 8m/s"),
    ],
)
def test_a_wind_is_read_in_words_and_as_a_range(text, same):
    """English and French; of a range the middle is taken, and it can be asked whether it was one."""
    assert read_wind(text) == pytest.approx(read_wind(same))
    assert wind_is_a_range(text) == ("5-7" in text or "10 à" in text)


@pytest.mark.parametrize(
    ("text", "said"), [("270/15", "without a unit"), ("W 400kn", "400 kn"), ("W 300m/s", "no wind at 10 m is over 194")]
)
def test_a_wind_without_a_unit_or_beyond_any_is_refused_in_knots(text, said):
    """The message shows what was typed and no variable of a program."""
    with pytest.raises(CordialeError, match=said) as error:
        read_wind(text)
    assert repr(text) in str(error.value) and "*" not in str(error.value)


def test_a_time_without_a_date_is_the_nearest_one():
    """At 00:10Z, 23:50Z was twenty minutes ago."""
    assert read_time("23:50Z", reference=utc("2021-11-24 00:10")) == utc("2021-11-23 23:50")


@pytest.mark.parametrize(("text", "speed"), [("0.2m/s", 0.2), ("4 kn", 4 * 1852 / 3600), ("0,5 m/s", 0.5)])
def test_speeds_are_read_with_their_unit(text, speed):
    """Metres per second or knots, with a point or a comma."""
    assert read_speed(text) == pytest.approx(speed)


@pytest.mark.parametrize("text", ["4", "", "-1kn", "fast", "3 km"])
def test_a_speed_without_a_unit_or_sense_is_refused_with_its_text(text):
    """The message shows what was typed."""
    with pytest.raises(CordialeError, match="speed"):
        read_speed(text)


@pytest.mark.parametrize(
    ("text", "range_"), [("33", (33, 33)), ("30-40", (30, 40)), ("11.5 - 13", (11.5, 13)), ("-1-2", (-1, 2))]
)
def test_a_number_or_a_range_is_read(text, range_):
    """One number is a range of itself; the water may be below zero."""
    assert read_range(text) == range_


@pytest.mark.parametrize("text", ["", "a few", "1-2-3", "30-"])
def test_what_is_no_range_is_refused(text):
    """The message shows what was typed."""
    with pytest.raises(CordialeError, match="range"):
        read_range(text)
