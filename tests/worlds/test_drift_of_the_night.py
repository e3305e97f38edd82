"""The night of 24 November 2021 on the packaged sea: where a boat adrift since 02:01Z may be.

People died that night. The positions are those of the published accounts: the last position used (02:01Z) and the place
where bodies were found (12:49Z). Nothing in the project is tuned to the second. Source: MAIB report 7/2023, pages 11
and 20, and press accounts, as listed in docs/the-night.md.
"""

import numpy as np
import pytest

from cordiale.belief.belief import Belief
from cordiale.belief.density import density_at
from cordiale.belief.drift import drift
from cordiale.belief.region import Region, containment_region
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.belief.undrifted import undrifted
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, km
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import wind_of_the_night

LAST_FIX = Position(lat=51 + 8.5 / 60, lon=1 + 44.5 / 60)
FOUND = Position(lat=51 + 5.58 / 60, lon=1 + 43.41 / 60)


@pytest.fixture(scope="module")
def night() -> dict[str, Belief]:
    """The cloud at 03:25, 06:00 and 12:49, from a fix within 50 m of an inflatable adrift."""
    belief = first_belief(
        Fix(position=LAST_FIX, within=50.0),
        at=utc("2021-11-24 02:01"),
        stream=Stream.of_seed(1).child("drift of the night"),
        search_for=search_object("inflatable"),
    )
    sea = the_strait(wind_of_the_night())
    clouds = {}
    for clock in ("03:25", "06:00", "12:49"):
        belief = drift(belief, sea, until=utc(f"2021-11-24 {clock}"))
        clouds[clock] = belief
    return clouds


def from_the_fix(belief: Belief) -> tuple[float, float]:
    """Nautical miles and degrees true from the 02:01Z position to the centre of a cloud."""
    centre = belief.centre
    return (
        float(distance(LAST_FIX.lat, LAST_FIX.lon, centre.lat, centre.lon)) / NM,
        float(bearing(LAST_FIX.lat, LAST_FIX.lon, centre.lat, centre.lon)),
    )


def there(region: Region) -> float:
    """Density of a region's cloud at the place of the find, in 1/m2."""
    return float(density_at(region.density, np.array(FOUND.lat), np.array(FOUND.lon)))


def test_at_0325_the_cloud_is_one_and_a_half_to_three_and_a_half_miles_to_the_north_east(night):
    """The north-east going stream has carried her along."""
    miles, towards = from_the_fix(night["03:25"])
    assert 1.5 < miles < 3.5
    assert 22.5 < towards < 67.5


def test_near_0600_it_is_further_north_east(night):
    """Slack is near: twice as far and more."""
    early, _ = from_the_fix(night["03:25"])
    miles, towards = from_the_fix(night["06:00"])
    assert early + 1 < miles < 8
    assert 22.5 < towards < 67.5


def test_at_1249_the_90_percent_region_contains_the_place_of_the_find(night):
    """The find lies in the region; its density is near that of an undrifted normal cloud of the same area."""
    region = containment_region(night["12:49"], 0.9)
    assert region.holds(np.array(FOUND.lat), np.array(FOUND.lon)), figures(region)
    assert there(region) > 0.8 * still(region), figures(region)  # eight seeds: 0.93 on average, 0.06 between them


def still(region: Region) -> float:
    """Density at the find (1/m2) of a normal cloud about the fix with the same 90 % area."""
    return undrifted(region, start=LAST_FIX, place=FOUND).normal


def figures(region: Region) -> str:
    """What to print when a bar is missed."""
    return (
        f"90 % within {region.area / km**2:.0f} km2; density at the find {there(region) * km**2:.5f}/km2; "
        f"undrifted: normal {still(region) * km**2:.5f}/km2 (bench/drift.py prints them too)"
    )


def test_the_tide_turns_the_cloud_back(night):
    """After the south-west going stream the centre is nearer to the fix than at 06:00."""
    assert from_the_fix(night["12:49"])[0] < from_the_fix(night["06:00"])[0]


def test_nobody_is_driven_ashore_in_mid_strait(night):
    """The cloud of ten hours lies in open water."""
    assert night["12:49"].fraction_ashore < 0.02
