"""Sweep widths in night, fog, cloud and sea, and tables of one's own."""

import math
import shutil
from importlib.resources import as_file, files

import pytest

from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import NM, knots
from cordiale.sea.light import TWILIGHTS
from cordiale.sensors.lateral_range import InverseCube, Tabulated, parallel_pod, scaled, swept, two_figures
from cordiale.sensors.pod import coverage_for, pod_band, pod_inverse_cube
from cordiale.sensors.sensor import Conditions, Instrument, Lookout, packaged_instrument, stated_instrument
from cordiale.sensors.sweep_width import best_height, channel_inflatable, expected_pod, sweep_width
from cordiale.sensors.tables import FEET, ObjectClass, packaged_tables, read_tables
from cordiale.words import LANGUAGES

HELICOPTER = Lookout(platform="helicopter", height=500 * FEET)
FINE = Conditions(visibility=5 * NM, wind=5 * knots)


def in_visibility(miles, **more):
    """Fine weather, so many NM of visibility."""
    return Conditions(visibility=miles * NM, wind=5 * knots, **more)


@pytest.mark.parametrize("platform", ["fixed_wing", "helicopter", "boat", "bridge"])
@pytest.mark.parametrize("name", list(packaged_tables().classes))
def test_the_mean_is_the_uncorrected_width_times_its_factors(name, platform):
    """Every class from every platform in a bad night: the reckoning that is shown is the one that was made."""
    rough = Conditions(visibility=2 * NM, wind=20 * knots, light="night")
    height = 300 * FEET if platform in ("fixed_wing", "helicopter") else 10 * FEET
    seen = sweep_width(Lookout(platform=platform, height=height, fatigued=True), name, rough)
    product = math.prod(factor.value for factor in seen.factors)
    assert seen.mean == pytest.approx(seen.uncorrected * product, rel=1e-9)
    assert 0 < seen.low < seen.mean < seen.high
    assert sum(part.weight for part in seen.parts) == pytest.approx(1.0)
    assert seen.curve is not None
    assert swept(seen.curve) == pytest.approx(seen.mean, rel=1e-6)
    assert not seen.ideal


def test_every_factor_says_its_source_in_both_languages():
    """Why a number is what it is: a line for each factor, with the source of the row."""
    rough = Conditions(visibility=2 * NM, wind=20 * knots, light="night")
    tired = Lookout(platform="helicopter", height=500 * FEET, speed=60 * knots, fatigued=True)
    seen = sweep_width(tired, "channel_inflatable", rough)
    assert [factor.name for factor in seen.factors] == ["speed", "weather", "night", "fatigue"]
    for language in LANGUAGES:
        text = seen.why(language)
        assert len(text.splitlines()) == 6
        assert "COMDTINST M16130.2F" in text
        assert "NatSAR" in text
        assert "judgement" in text
        assert "raft25" in text
    assert "inflatable of 7 to 12 m" in seen.why("en")
    assert "pneumatique de 7 à 12 m" in seen.why("fr")
    assert str(seen).startswith("sweep width ")


def test_fog_takes_the_width_to_nothing_and_never_beyond_twice_the_visibility():
    """Below the last column the width goes with the visibility; no eye sees further than the air lets it."""
    widths = [sweep_width(HELICOPTER, "power33", in_visibility(v)).mean for v in (0.0, 0.1, 0.25, 0.5, 1.0, 3.0)]
    assert widths[0] == 0
    assert widths == sorted(widths)
    assert widths[3] == pytest.approx(widths[4] / 2)
    slow = Lookout(platform="helicopter", height=500 * FEET, speed=60 * knots)
    for miles in (0.05, 0.1, 0.5):
        for name in ("piw", "power33", "ship300", "channel_inflatable"):
            assert sweep_width(slow, name, in_visibility(miles)).mean <= 2 * miles * NM * (1 + 1e-12)


def test_what_the_air_does_not_let_through_is_told():
    """A camera whose figures reach beyond the visibility is held to it, and the line says so."""
    camera = stated_instrument("camera", range_90=2 * NM, range_50=3 * NM, source="crew")
    held = sweep_width(camera, "piw", in_visibility(0.5))
    assert held.mean == pytest.approx(1.0 * NM)
    assert "twice the visibility" in held.why()
    assert held.curve is not None
    assert swept(held.curve) == pytest.approx(held.mean, rel=1e-9)


def test_nothing_is_seen_from_above_the_clouds():
    """By eye, camera and infrared; a radar does not mind. None said of the clouds: nobody is held to be above them."""
    low = in_visibility(5, cloud_base=100.0)
    assert sweep_width(HELICOPTER, "raft25", low).mean == 0
    assert sweep_width(HELICOPTER, "raft25", low).curve is None
    assert sweep_width(HELICOPTER, "raft25", FINE).mean > 0
    for key, blind in (("airborne_camera", True), ("airborne_infrared", True), ("airborne_radar", False)):
        tool = packaged_instrument(key, height=300.0)
        assert (sweep_width(tool, "channel_inflatable", low).mean == 0) is blind
        assert sweep_width(tool, "channel_inflatable", FINE).mean > 0
    boat = Lookout(platform="boat", height=14 * FEET)
    assert sweep_width(boat, "raft25", in_visibility(5, cloud_base=3.0)).mean > 0


def test_the_best_height_lies_below_the_clouds():
    """The widest tabulated sweep that the clouds leave; none if they are lower than 300 ft."""
    free = best_height(HELICOPTER, "raft25", FINE)
    under = best_height(HELICOPTER, "raft25", in_visibility(5, cloud_base=1200 * FEET))
    assert free is not None
    assert under is not None
    assert under < 1200 * FEET < free
    assert best_height(HELICOPTER, "raft25", in_visibility(5, cloud_base=50.0)) is None


def test_the_darker_the_narrower_by_eye():
    """Day, civil twilight, night; a daylight camera is blind by night, infrared and radar do not mind."""
    widths = [sweep_width(HELICOPTER, "raft25", in_visibility(5, light=light)).mean for light in reversed(TWILIGHTS)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[1] > widths[2]
    night = in_visibility(5, light="night")
    assert sweep_width(packaged_instrument("airborne_camera"), "piw", night).mean == 0
    for key in ("airborne_infrared", "airborne_radar"):
        tool = packaged_instrument(key)
        assert sweep_width(tool, "channel_inflatable", night).mean == sweep_width(tool, "channel_inflatable", FINE).mean


def test_a_radar_counts_for_nothing_where_nobody_has_stated_figures():
    """No figures above Douglas 3, and none for a person in the water: the width is 0, and the line says why."""
    radar = packaged_instrument("airborne_radar")
    for what, conditions in (("channel_inflatable", Conditions(visibility=5 * NM, wind=30 * knots)), ("piw", FINE)):
        seen = sweep_width(radar, what, conditions)
        assert (seen.mean, seen.low, seen.high, seen.curve) == (0, 0, 0, None)
        assert "nobody has stated" in seen.why()
        assert expected_pod(seen, 1000.0) == 0
    calm, rough = (Conditions(visibility=5 * NM, wind=5 * knots, sea=sea) for sea in (0.2, 1.0))
    assert (
        sweep_width(radar, "channel_inflatable", calm).mean > 2 * sweep_width(radar, "channel_inflatable", rough).mean
    )


def test_the_worse_of_wind_and_sea_counts_and_the_limits_belong_to_the_middle():
    """15 and 25 kn both have 0.5, as 3 and 5 ft have; a swell without wind counts as the wind that would make it."""
    for wind, sea, factor in (
        (14.9, None, 1.0), (15, None, 0.5), (25, None, 0.5), (25.1, None, 0.25),
        (0, 2.9, 1.0), (0, 3, 0.5), (0, 5, 0.5), (0, 5.1, 0.25), (30, 1, 0.25),
    ):  # fmt: skip
        conditions = Conditions(visibility=5 * NM, wind=wind * knots, sea=None if sea is None else sea * FEET)
        seen = sweep_width(HELICOPTER, "raft4", conditions)
        assert seen.factors[0].value == pytest.approx(factor), (wind, sea)


def test_pod_over_the_doubt_is_below_the_pod_of_the_mean():
    """A POD curve bends down, so a wide bracket costs POD; the weights of the nodes sum to 1."""
    rough = Conditions(visibility=5 * NM, wind=26 * knots)
    seen = sweep_width(HELICOPTER, "channel_inflatable", rough)
    widths, weights = seen.nodes()
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ widths == pytest.approx(seen.mean, rel=1e-6)  # quadrature
    told = expected_pod(seen, seen.mean, "ideal")
    assert told < float(pod_inverse_cube(1.0)) - 0.03
    assert expected_pod(seen, seen.mean) < told  # the normal curve, since a factor is below 1
    assert pod_band(1.0) == pytest.approx((0.632121, 0.789909), abs=1e-6)


def test_the_manuals_allow_the_ideal_curve_only_without_a_factor_below_one():
    """In fine weather by day, yes; fatigued, no."""
    assert sweep_width(HELICOPTER, "raft4", FINE).ideal
    tired = Lookout(platform="helicopter", height=500 * FEET, fatigued=True)
    assert not sweep_width(tired, "raft4", FINE).ideal


def test_every_phase_of_a_boat_has_a_class():
    """What a lookout looks for when she is swamped, or her people are in the water."""
    tables = packaged_tables()
    keys = {name: tables.class_in_phase(number).key for number, name in enumerate(PHASES)}
    assert keys["adrift"] == "channel_inflatable"
    assert keys["in_the_water"] == "piw"
    assert keys["in_lifejackets"] == "piw_lifejacket"
    afloat, swamped, person = (
        sweep_width(HELICOPTER, keys[k], FINE).mean for k in ("adrift", "swamped", "in_the_water")
    )
    assert afloat > swamped > person


def test_a_length_decides_the_weather_class():
    """Below 10 m small, from 10 m not; an interval over it has both with their lengths as weights."""
    assert channel_inflatable(length=(8.0, 9.0)).weather[0] == ("small", 1.0)
    assert channel_inflatable(length=(10.5, 12.0)).weather[0] == ("small", 0.0)
    assert channel_inflatable(length=(9.0, 11.0)).weather[0] == ("small", 0.5)
    assert channel_inflatable(length=(10.0, 10.0)).weather[0][1] == 1.0


def test_a_table_of_ones_own_takes_the_place_of_the_packaged_one(tmp_path):
    """Copy, change a number, read: the width follows, the source too."""
    with as_file(files("cordiale.sensors") / "data" / "factors.csv") as packaged:
        own = tmp_path / "factors.csv"
        shutil.copy(packaged, own)
    own.write_text(own.read_text(encoding="utf-8").replace('fatigue,0.9,0,"IAMSAR', 'fatigue,0.8,0,"our station;'))
    tables = read_tables(factors=own)
    tired = Lookout(platform="helicopter", height=500 * FEET, fatigued=True)
    seen = sweep_width(tired, "raft4", FINE, tables)
    assert seen.mean / sweep_width(HELICOPTER, "raft4", FINE, tables).mean == pytest.approx(0.8)
    assert "our station" in seen.why()
    assert sweep_width(tired, "raft4", FINE).mean != seen.mean


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,value\nfatigue,1\n", "lacks columns"),
        ("name,value,spread_ln,source\nfatigue,much,0,ours\n", "factors.csv:2"),
        ("name,value,spread_ln,source\nfatigue,nan,0,ours\n", "factors.csv:2"),
        ("name,value,spread_ln,source\nfatigue,-1,0,ours\n", "factors.csv:2"),
        ("name,value,spread_ln,source\nfatigue,0.9,0, \n", "no source"),
        ("name,value,spread_ln,source\n", "lacks columns or rows"),
    ],
)
def test_a_bad_table_says_where_it_is_bad(tmp_path, text, says):
    """A row without a number or a source is refused, with its file and line."""
    own = tmp_path / "factors.csv"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(CordialeError, match=says):
        read_tables(factors=own)


def test_a_table_that_is_not_there_and_a_class_without_its_row_are_refused(tmp_path):
    """No silent fall back to the packaged table."""
    with pytest.raises(CordialeError, match="cannot read"):
        read_tables(widths=tmp_path / "nowhere.csv")
    own = tmp_path / "classes.csv"
    own.write_text("key,part,name,number,source\nx,row,dragon,1,s\nx,bridge,piw,1,s\nx,weather,small,1,s\n")
    with pytest.raises(CordialeError, match="dragon"):
        read_tables(classes=own)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Conditions(visibility=-1.0, wind=0.0),
        lambda: Conditions(visibility=math.nan, wind=0.0),
        lambda: Conditions(visibility=1.0, wind=0.0, light="dusk"),
        lambda: Lookout(platform="kite"),
        lambda: Lookout(platform="helicopter", height=1.0),
        lambda: Lookout(platform="helicopter", height=150.0, speed=-3.0),
        lambda: two_figures(range_90=5.0, range_50=5.0),
        lambda: InverseCube(0.0),
        lambda: Tabulated((0.0, 5.0, 5.0), (1.0, 0.5, 0.0)),
        lambda: Tabulated((0.0, 5.0), (1.0, 1.5)),
        lambda: pod_inverse_cube(-0.1),
        lambda: coverage_for(1.0, "ideal"),
        lambda: packaged_instrument("sonar"),
        lambda: sweep_width(HELICOPTER, "whale", FINE),
        lambda: ObjectClass(key="x", rows=(("piw", 1.0),), bridge=(), weather=(("small", 0.5),), sources=("s",)),
    ],
)
def test_impossible_input_is_refused_with_a_hint(make):
    """Each error says what to do."""
    with pytest.raises(CordialeError, match="hint: "):
        make()


def test_a_scaled_curve_has_a_scaled_width_and_the_same_pod_at_the_same_coverage():
    """All ranges times a factor, whatever the curve."""
    for curve in (
        InverseCube(1000.0),
        two_figures(range_90=1000.0, range_50=2000.0),
        Tabulated((0, 100, 300), (1, 0.5, 0)),
    ):
        wide = scaled(curve, 1.7)
        assert swept(wide) == pytest.approx(1.7 * swept(curve), rel=1e-9)
        assert parallel_pod(wide, 1.7 * 800.0) == pytest.approx(parallel_pod(curve, 800.0), abs=1e-6)


def test_figures_for_another_object_are_not_borrowed():
    """An instrument uses the figures of this object, else those stated for any, else none."""
    stated = stated_instrument("radar", range_90=NM, range_50=2 * NM, source="crew", sea_up_to=1.0)
    assert isinstance(stated, Instrument)
    assert stated.figures_for("piw", 0.5) is stated.figures[0]
    assert stated.figures_for("piw", 1.5) is None
    assert packaged_instrument("airborne_radar").figures_for("piw", 0.1) is None
