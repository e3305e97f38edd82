"""Search patterns: the geometry of the manuals, to the last metre."""

import math

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.search.patterns import barrier, expanding_square, laid_out, parallel, sector, track_line

ROUNDING = 1e-9  # metres: additions of doubles


def _legs(points):
    return np.hypot(*np.diff(points, axis=0).T)


def _turns(points):
    """Turns to starboard at each inner waypoint, degrees from 0 to 360, in (ahead, right)."""
    step = np.diff(points, axis=0)
    course = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    return np.mod(np.diff(course) + 1e-9, 360)


def test_parallel_tracks_fill_their_area():
    """n = width / S legs of L - S, the first S / 2 inside the edge, track n (L - S) + (n - 1) S, about A / S."""
    length, width, spacing = 18520.0, 9260.0, 1852.0
    pattern = parallel(length, width, spacing)
    assert pattern.code == "PS"
    assert len(pattern.points) == 10
    assert _legs(pattern.points)[::2] == pytest.approx(np.full(5, length - spacing), abs=ROUNDING)
    assert _legs(pattern.points)[1::2] == pytest.approx(np.full(4, spacing), abs=ROUNDING)
    assert pattern.points[0] == pytest.approx([-(length - spacing) / 2, -(width - spacing) / 2], abs=ROUNDING)
    assert np.ptp(pattern.points, axis=0) == pytest.approx([length - spacing, width - spacing], abs=ROUNDING)
    assert pattern.track == pytest.approx(5 * (length - spacing) + 4 * spacing, abs=ROUNDING)
    assert pattern.track == pytest.approx(length * width / spacing, rel=0.03)


def test_legs_along_the_short_side_are_a_creeping_line():
    """The same area with its legs across is CS, and its track has the same formula."""
    pattern = parallel(4000.0, 12000.0, 1000.0)
    assert pattern.code == "CS"
    assert pattern.track == pytest.approx(12 * 3000 + 11 * 1000, abs=ROUNDING)


def test_an_expanding_square_grows_by_a_spacing_every_second_leg():
    """Legs S, S, 2 S, 2 S, ...; leg k is ceil(k / 2) S; 2 m legs are S m (m + 1); all turns 90 degrees to starboard."""
    pattern = expanding_square(500.0, 10)
    assert _legs(pattern.points) / 500 == pytest.approx([math.ceil(k / 2) for k in range(1, 11)], abs=ROUNDING)
    assert pattern.track == pytest.approx(500 * 5 * 6, abs=ROUNDING)
    assert _turns(pattern.points) == pytest.approx(np.full(9, 90.0), abs=1e-6)


def test_a_sector_search_is_nine_segments_and_three_crossings_of_the_datum():
    """9 R in all; every turn that is one is 120 degrees to starboard; three legs pass the datum and it ends there."""
    pattern = sector(3704.0)
    assert _legs(pattern.points) == pytest.approx(np.full(9, 3704.0), abs=1e-6)
    assert pattern.track == pytest.approx(9 * 3704.0, abs=1e-6)
    turns = _turns(pattern.points)
    assert turns[[0, 1, 3, 4, 6, 7]] == pytest.approx(np.full(6, 120.0), abs=1e-6)
    assert turns[[2, 5]] == pytest.approx(np.zeros(2), abs=1e-6)
    assert np.hypot(*pattern.points[[0, 3, 6, 9]].T) == pytest.approx(np.zeros(4), abs=1e-6)


def test_the_second_pass_of_a_sector_search_is_turned_by_thirty_degrees():
    """The corners of the second pass lie between those of the first."""
    points = sector(1000.0, passes=2).points
    first, second = points[1], points[10]
    assert np.degrees(math.atan2(second[1], second[0]) - math.atan2(first[1], first[0])) == pytest.approx(30.0)
    assert len(points) == 19


def test_a_track_line_search_returns_or_does_not():
    """Two passes lie S / 2 to either side and end where they began; one pass goes along the line to its end."""
    line = [(0.0, 0.0), (5000.0, 0.0), (5000.0, 3000.0)]
    there_and_back = track_line(line, 800.0, passes=2)
    assert there_and_back.code == "TSR"
    assert there_and_back.points == pytest.approx(
        np.array([[0, 400], [4600, 400], [4600, 3000], [5400, 3000], [5400, -400], [0, -400]]), abs=ROUNDING
    )
    once = track_line(line, 800.0, passes=1)
    assert once.code == "TSN"
    assert once.points == pytest.approx(np.array(line), abs=ROUNDING)


def test_a_barrier_crosses_the_stream_at_right_angles():
    """In the frame of what drifts at u, the long legs of the bow tie do not advance, and lie a spacing apart."""
    length, flow, speed = 20000.0, 3.0, 12.0
    pattern = barrier(length, flow, speed, cycles=2)
    times = np.concatenate([[0], np.cumsum(_legs(pattern.points))]) / speed
    relative = pattern.points - np.column_stack([np.zeros_like(times), flow * times])
    steps = np.diff(relative, axis=0)
    assert steps[::2, 1] == pytest.approx(np.zeros(4), abs=1e-6)
    assert steps[1::2, 0] == pytest.approx(np.zeros(4), abs=1e-6)
    assert -steps[1::2, 1] == pytest.approx(np.full(4, pattern.spacing), abs=1e-6)
    assert pattern.points[0] == pytest.approx(pattern.points[-1], abs=1e-6)


def test_a_pattern_is_laid_out_where_it_is_told():
    """Bearing 090 puts ahead to the east and right to the south; mirrored creeps to the north; lengths stay."""
    pattern = parallel(3000.0, 2000.0, 1000.0)
    way = laid_out(pattern, east=100.0, north=50.0, bearing=90.0)
    assert way[0] == pytest.approx([100 - 1000, 50 + 500], abs=ROUNDING)
    assert laid_out(pattern, bearing=90.0, mirrored=True)[0] == pytest.approx([-1000, -500], abs=ROUNDING)
    assert laid_out(pattern, bearing=90.0, reversed_=True)[-1] == pytest.approx([-1000, 500], abs=ROUNDING)
    assert _legs(way) == pytest.approx(_legs(pattern.points), abs=ROUNDING)


@pytest.mark.parametrize(
    "make",
    [
        lambda: parallel(3000.0, 1500.0, 1000.0),
        lambda: parallel(1000.0, 2000.0, 1000.0),
        lambda: expanding_square(-1.0, 4),
        lambda: sector(0.0),
        lambda: track_line([(0.0, 0.0)], 100.0),
        lambda: track_line([(0.0, 0.0), (0.0, 0.0)], 100.0),
        lambda: barrier(1000.0, 5.0, 5.0),
    ],
)
def test_a_pattern_that_cannot_be_flown_is_refused(make):
    """No half tracks, no legs without a length, no barrier against a stream that is faster: the value is told."""
    with pytest.raises(CordialeError, match="hint:"):
        make()
