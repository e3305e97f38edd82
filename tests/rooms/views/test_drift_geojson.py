"""A forecast as GeoJSON and as the JSON document."""

import json

import numpy as np
import pytest

from cordiale.belief.plane import to_plane
from cordiale.earth.units import km
from cordiale.views.drift_forecast import CONTAINMENTS
from cordiale.views.drift_geojson import drift_geojson
from cordiale.views.drift_json import drift_json

from .small_drift import HOURS, START, forecast


@pytest.fixture(scope="module")
def collection():
    """The feature collection, through its text and back."""
    return json.loads(json.dumps(drift_geojson(forecast()), allow_nan=False))


def areas(collection):
    """Only the areas."""
    return [f for f in collection["features"] if f["properties"]["what"] == "area"]


def test_every_hour_has_its_three_areas_with_what_a_coordinator_needs(collection):
    """Time, containment, area, both sentences and the share ashore stand with each."""
    found = areas(collection)
    assert len(found) == HOURS * len(CONTAINMENTS)
    for feature in found:
        properties = feature["properties"]
        assert properties["time"].endswith("Z")
        assert properties["containment"] in CONTAINMENTS
        assert "km2" in properties["sentence_en"] and "km2" in properties["sentence_fr"]
        assert 0 <= properties["probability_ashore"] <= 1


def test_polygons_are_closed_with_longitude_first_and_enclose_their_area(collection):
    """The area told is that of the polygon, to the width of the line through the cells of the density."""
    for feature in areas(collection):
        square = 0.0
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1]
                lon, lat = np.array(ring).T
                assert abs(lat - START.lat).max() < 1 and abs(lon - START.lon).max() < 1
                x, y = to_plane(lat, lon)
                square += float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)
        assert square / km**2 == pytest.approx(feature["properties"]["area_km2"], rel=0.05)


def test_start_middles_and_track_are_there_too(collection):
    """Whoever draws the areas can draw the way of the middle."""
    kinds = [f["properties"]["what"] for f in collection["features"]]
    assert kinds.count("start") == 1 and kinds.count("centre") == HOURS and kinds.count("track") == 1
    assert collection["features"][0]["geometry"]["coordinates"] == [START.lon, START.lat]
    assert not collection["ends_early"]


def test_the_document_has_both_sentences_motion_shores_and_phases():
    """Nothing that is said in words is missing as a number."""
    document = json.loads(json.dumps(drift_json(forecast()), allow_nan=False))
    assert document["format"] == "cordiale.drift/1"
    row = document["forecast"][-1]
    assert row["sentence"] in json.dumps(drift_geojson(forecast()), ensure_ascii=False)
    assert row["ashore"] == pytest.approx(
        sum(s["probability"] for s in row["ashore_near"]), abs=1e-3
    )  # rounded to 1e-4
    assert set(row["motion"]) == {"since", "moved_m", "to_deg_true", "speed_m_s"}
    assert [a["containment"] for a in row["areas"]] == list(CONTAINMENTS)
    assert sum(row["phases"].values()) == pytest.approx(1, abs=0.05)
