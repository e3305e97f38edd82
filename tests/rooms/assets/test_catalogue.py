"""The catalogue of both coasts: every row with a source, both flags, and what nobody has verified marked."""

import csv
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from cordiale.assets.catalogue import load_catalogue, of_opportunity, read_catalogue, turning_points
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import utc
from cordiale.earth.units import NM, knots, minutes
from cordiale.sea.coast import distance_to_land, load_coast


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a packaged table."""
    with (files("cordiale.assets") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["craft.csv", "assets.csv", "stations.csv", "turning_points.csv"])
def test_every_row_has_a_source(name):
    """A number without a source is a bug."""
    for row in rows(name):
        assert len(row["source"].strip()) >= 8, row


@pytest.mark.parametrize("name", ["craft.csv", "assets.csv"])
def test_what_is_marked_unverified_is_a_column(name):
    """A mark that names no column marks nothing."""
    for row in rows(name):
        assert set(row["unverified"].split()) <= set(row), row["key"]


def test_a_row_that_rests_on_general_knowledge_alone_marks_all_its_figures():
    """Where no source was read, length, speeds, endurance and capacity are all marked."""
    for row in rows("craft.csv"):
        if row["source"].startswith("general knowledge, no source read"):
            assert {"top_kn", "endurance_h"} <= set(row["unverified"].split()), row["key"]


def test_both_flags_have_ships_lifeboats_and_helicopters():
    """A list of one coast only is the list of 24 November 2021."""
    for flag in ("GB", "FR"):
        kinds = {asset.craft.kind for asset in load_catalogue().assets if asset.flag == flag}
        assert {"ship", "lifeboat", "helicopter"} <= kinds


def test_no_asset_is_without_an_unverified_figure():
    """No operator has confirmed anything: the page that says so must stay true."""
    assert all(asset.unverified for asset in load_catalogue().assets)


def test_gates_and_turning_points_lie_at_sea():
    """A craft that turns on land is nowhere; 600 m are clear of any mole on the packaged coast."""
    coast = load_coast()
    places = [place for _, place in turning_points()]
    places += [s.gate for s in load_catalogue().stations.values() if s.kind != "aerodrome"]
    clear = distance_to_land(coast, np.array([p.lat for p in places]), np.array([p.lon for p in places]))
    assert clear.min() > 600.0


def test_a_gate_lies_within_three_miles_of_its_berth():
    """A typing slip in a minute of arc would put it elsewhere."""
    for station in load_catalogue().stations.values():
        apart = distance(station.berth.lat, station.berth.lon, station.gate.lat, station.gate.lon)
        assert apart < 3 * NM, station.key


def test_the_night_of_2021_has_the_cutter_and_the_old_tug():
    """A replay uses what was there, not what is there now."""
    then = {asset.key for asset in load_catalogue().at(utc("2021-11-24 02:27"))}
    now = {asset.key for asset in load_catalogue().at(utc("2026-07-01"))}
    assert {"valiant", "flamant", "abeille_languedoc", "r163"} <= then
    assert not {"bf_defender", "abeille_normandie", "esvagt_charlie"} & then
    assert {"bf_defender", "abeille_normandie", "esvagt_charlie"} <= now
    assert not {"valiant", "abeille_languedoc"} & now


def test_a_report_may_call_an_asset_by_any_of_its_names():
    """The feed says HMC Valiant, FS Flamant, helicopter R163."""
    catalogue = load_catalogue()
    for said, key in (("HMC Valiant", "valiant"), ("flamant", "flamant"), ("Rescue 163", "r163"), ("JOF", "jof")):
        found = catalogue.named(said)
        assert found is not None and found.key == key
    assert catalogue.named("passing ship") is None


def test_published_figures_are_those_of_the_sources():
    """Copied wrongly they would be nobody's: the rows whose sources were read."""
    catalogue = load_catalogue()
    flamant, severn, valiant, helicopter = (
        catalogue.craft[key] for key in ("patrol_54", "lifeboat_severn", "cutter_42", "helicopter_aw189")
    )
    assert flamant.top == 22 * knots and flamant.draught == 2.6
    assert severn.top == 25 * knots and severn.survivors == 185
    assert valiant.top == 26 * knots and valiant.length == 42.8
    assert helicopter.cruise == 145 * knots and helicopter.survivors == 16 and helicopter.embark == 140.0
    assert catalogue.craft["rescue_tug_91"].survivors == 700


def test_a_row_can_be_replaced_but_not_without_a_source():
    """The catalogue is data: a centre puts its own figures in."""
    catalogue = load_catalogue()
    flamant = catalogue.named("flamant")
    mine = replace(flamant, night=5 * minutes, source="duty list of the night")
    assert catalogue.with_asset(mine).named("flamant").night == 5 * minutes
    assert catalogue.named("flamant").night == 60 * minutes
    with pytest.raises(CordialeError, match="source"):
        catalogue.with_asset(replace(flamant, source=" "))
    slow = replace(catalogue.craft["patrol_54"], top=15 * knots, source="one shaft out of order")
    assert catalogue.with_craft(slow).named("pluvier").craft.top == 15 * knots


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("craft", "top_kn", "fast", "fast"),
        ("craft", "kind", "submarine", "submarine"),
        ("craft", "source", " ", "source"),
        ("craft", "top_kn", "", "top"),
        ("assets", "craft", "zeppelin", "zeppelin"),
        ("assets", "station", "atlantis", "atlantis"),
        ("assets", "day_min", "-1", "-1"),
        ("assets", "flag", "XX", "XX"),
        ("assets", "source", "", "source"),
        ("stations", "source", "", "source"),
    ],
)
def test_a_wrong_row_is_refused_and_named(table, column, value, told):
    """Whoever edits a table is told which row and what about it."""
    tables = {name: rows(f"{name}.csv") for name in ("craft", "stations", "assets")}
    tables[table][0][column] = value
    with pytest.raises(CordialeError) as wrong:
        read_catalogue(tables["craft"], tables["stations"], tables["assets"])
    assert told in str(wrong.value)
    assert tables[table][0]["key"] in str(wrong.value)


def test_a_key_stands_once():
    """Two rows of one key would leave one of them unseen."""
    tables = {name: rows(f"{name}.csv") for name in ("craft", "stations", "assets")}
    tables["assets"].append(tables["assets"][0])
    with pytest.raises(CordialeError, match="twice"):
        read_catalogue(tables["craft"], tables["stations"], tables["assets"])


def test_a_ship_that_happens_to_be_there_can_be_asked():
    """The boat of 14 December 2022 was met by a fishing vessel."""
    ship = of_opportunity("FV Arcturus", "fishing_vessel", flag="GB", centre="HM Coastguard Dover", source="AIS")
    assert ship.day == 0.0 and ship.craft.survivors == 40
    with pytest.raises(CordialeError, match="rowing"):
        of_opportunity("x", "rowing_boat", flag="GB", centre="-", source="AIS")
