"""The moment that the times of a file count from: every spelling of a zone is read as it stands, or refused."""

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours, minutes
from cordiale.sea.cf import open_current
from cordiale.sea.cf_time import since
from tests.rooms.sea.cf_files import START, WINDOW, write_regular

SAME = (  # midnight UTC of 24 November 2021
    "2021-11-24",
    "2021-11-24 00:00",
    "2021-11-24 0:0:0.0",
    "2021-11-24T00:00Z",
    "2021-11-24 00:00:00 Z",
    "2021-11-24 00:00:00 UTC",
    "2021-11-24 00:00:00 gmt",
    "2021-11-24 00:00:00.000 0:00",
    "2021-11-24 00:00:00 +00:00",
    "2021-11-24 UTC",
    "2021-11-23 18:00:00 -6:00",
    "2021-11-23 18:00:00 -6",
    "2021-11-23 18:00:00 -06",
    "2021-11-23 18:00:00 -06:00",
    "2021-11-23 18:00:00 -0600",
    "2021-11-23 18:30 -530",
    "2021-11-24 02:00:00 +2:00",
    "2021-11-24T01:00:00+01:00",
    "2021-11-24T01+0100",
    "2021-11-24 05:45:00 +5:45",
    "2021-11-24 14:00:00 +14:00",
)


@pytest.mark.parametrize("reference", SAME)
def test_one_midnight_in_many_zones(tmp_path, reference):
    """The zone that UDUNITS gives as an example, `-6:00`, and all its other spellings."""
    field = open_current(write_regular(tmp_path / "z.nc", time_units=f"hours since {reference}"), window=WINDOW)
    assert list(field.instants) == [START + k * hours for k in range(5)]


NOT_UNDERSTOOD = {
    "2021-11-24 01:00:00 CET": "'CET'",
    "2021-11-24 01:00:00 BST": "'BST'",
    "2021-11-24 01:00:00 Europe/Paris": "'Europe/Paris'",
    "2021-11-24 12:00:00 PM": "'PM'",
    "2021-11-24 02:00:00 UTC+2": "'UTC+2'",
    "2021-11-24 02:00:00 2:00": "'2:00'",
    "2021-11-24 15:00:00 +15:00": "'+15:00'",
    "2021-11-24 01:00:00 +01:75": "'+01:75'",
    "2021-11-24 01:00:00 +01:00 (Paris)": "'+01:00 (Paris)'",
    "2021-11-24 +01:00": "'+01:00'",
    "2021-11-24 1:2:3:4": "'1:2:3:4'",
}


@pytest.mark.parametrize("reference", list(NOT_UNDERSTOOD))
def test_a_zone_that_is_not_understood_is_refused_with_what_to_write(tmp_path, reference):
    """A clock with a word beside it is never read as UTC, nor a difference whose sense is in doubt."""
    path = write_regular(tmp_path / "z.nc", time_units="hours since 2021-11-24")
    with netCDF4.Dataset(path, "r+") as data:
        data["time"].units = f"hours since {reference}"
    with pytest.raises(CordialeError) as caught:
        open_current(path, window=WINDOW)
    assert caught.value.key == "sea.cf_time_zone"
    for part in (
        f"the time of {path} counts from 'hours since {reference}'",
        f"and {NOT_UNDERSTOOD[reference]} in it is not a zone that is understood",
        "hint: write UTC, or the difference to UTC with its sign after the clock",
        "ncatted -a units,time,m,c,",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("24-11-2021 00:00:00", "no date after 'since'"),
        ("2021/11/24 00:00", "no date after 'since'"),
        ("20211124", "no date after 'since'"),
        ("2021-11-24-03:00", "no date after 'since'"),
        ("2021-11-24 25:00", "no such time of day"),
        ("2021-11-24 00:60", "no such time of day"),
        ("2021-13-24", "month"),
    ],
)
def test_what_is_no_date_or_no_time_of_day_is_refused(tmp_path, reference, reason):
    """Other orders of day and month, and clocks that do not exist."""
    path = write_regular(tmp_path / "z.nc", time_units=f"hours since {reference}")
    with pytest.raises(CordialeError, match=r"the time of .* cannot be read: units 'hours since") as caught:
        open_current(path, window=WINDOW)
    assert caught.value.key == "sea.cf_time"
    assert reason in str(caught.value)


def test_clock_and_zone_are_added_to_the_date():
    """East of Greenwich the same clock comes earlier."""
    assert since("days since 2000-01-01 6:30 +2", "standard", "f").shift == 4 * hours + 30 * minutes
    assert since("days since 2000-01-01 23:59:59.5 -12", "standard", "f").shift == 36 * hours - 0.5
    assert since("days since 2000-01-01 6:30 +2", "standard", "f").units == "days since 2000-01-01"


def test_a_time_that_is_infinite_is_refused(tmp_path):
    """It is neither before nor after the others."""
    path = write_regular(tmp_path / "z.nc")
    with netCDF4.Dataset(path, "r+") as data:
        data["time"][4] = np.inf
    with pytest.raises(CordialeError, match=r"time in .*z\.nc does not rise or fall steadily, or holds missing values"):
        open_current(path, window=WINDOW)
