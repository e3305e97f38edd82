"""A search plan as GPX, KML, RTZ and GeoJSON, held against readers and rules that nobody of this project wrote."""

import json
import xml.etree.ElementTree as ET

import gpxpy
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.units import hours, knots
from cordiale.views.search_brief import Persons, SortieTold, Waypoint
from cordiale.views.search_geojson import search_geojson
from cordiale.views.search_gpx import search_gpx
from cordiale.views.search_kml import search_kml
from cordiale.views.search_rtz import rtz_name, search_rtz
from cordiale.views.search_text import search_text
from cordiale.views.search_xml import angle, clean

from .small_search import BEGIN, CENTRE, brief, moment, place

KML = "{http://www.opengis.net/kml/2.2}"
# OGC 07-147r2: the order in which a feature of KML 2.2 holds its parts
KML_FEATURE = ("name", "description", "TimeStamp", "TimeSpan", "styleUrl", "Style", "Point", "LineString", "Polygon",
               "MultiGeometry", "Folder", "Placemark")  # fmt: skip
# GPX 1.1: the order of what a route or a waypoint holds
GPX_ORDER = ("time", "name", "desc", "number", "type", "rtept")


def local(node):
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2]


def in_order(node, order):
    """Whether the children of an element are known and stand in an order."""
    places = [order.index(local(child)) for child in node]
    return places == sorted(places)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_gpxpy_reads_the_same_routes_and_times(language):
    """gpxpy 1.6 finds every waypoint to 0.1 m, its time with zone, and the last known position."""
    plan = brief()
    read = gpxpy.parse(search_gpx(plan, language).decode())
    assert read.version == "1.1" and read.time == moment(plan.made_at)
    assert len(read.routes) == len(plan.sorties) and len(read.tracks) == 0
    for route, sortie in zip(read.routes, plan.sorties, strict=True):
        assert route.name.startswith(sortie.asset)
        for point, waypoint in zip(route.points, sortie.waypoints, strict=True):
            here = waypoint.place
            apart = float(distance(here.lat, here.lon, point.latitude, point.longitude))
            assert apart < 0.1  # m: 6 decimals of a degree
            assert point.time == moment(waypoint.at)
    assert [point.name for point in read.waypoints] == ["B-KL42"]


def test_gpx_holds_its_elements_in_the_order_of_the_schema():
    """Metadata, waypoints, routes; in a route name, description, number, type, points."""
    root = ET.fromstring(search_gpx(brief()))
    tags = [local(child) for child in root]
    assert tags == sorted(tags, key=("metadata", "wpt", "rte").index)
    for node in root.iter():
        if local(node) in ("rte", "rtept", "wpt"):
            assert in_order(node, GPX_ORDER)


def test_one_asset_gets_its_own_route_with_its_number_in_the_plan():
    """A crew sees its route alone, under the number that all others know it by."""
    read = gpxpy.parse(search_gpx(brief(), asset="Notre-Dame du Risban & <SNSM>").decode())
    assert [route.number for route in read.routes] == [2]


def test_kml_holds_its_elements_in_the_order_of_the_standard():
    """Features in the order of OGC 07-147r2; styles exist; rings are closed; aircraft fly at their height."""
    plan = brief()
    root = ET.fromstring(search_kml(plan, "fr"))
    styles = {style.get("id") for style in root.iter(KML + "Style")}
    for node in root.iter():
        if local(node) in ("Folder", "Placemark"):
            assert in_order(node, KML_FEATURE)
    assert {used.text.lstrip("#") for used in root.iter(KML + "styleUrl")} <= styles
    for ring in root.iter(KML + "LinearRing"):
        corners = ring.find(KML + "coordinates").text.split()
        assert len(corners) >= 4 and corners[0] == corners[-1]
    lines = [node for node in root.iter(KML + "LineString")]
    assert [line.find(KML + "altitudeMode") is not None for line in lines] == [True, False]
    first = lines[0].find(KML + "coordinates").text.split()[0].split(",")
    csp = plan.sorties[0].waypoints[0].place
    assert first == [f"{csp.lon:.6f}", f"{csp.lat:.6f}", "150"]


def test_kml_keeps_the_hole_of_an_area_in_the_outline_around_it():
    """The 90 % area has one hole, the 50 % area has two parts."""
    root = ET.fromstring(search_kml(brief()))
    several = list(root.iter(KML + "MultiGeometry"))
    assert [len(list(one.iter(KML + "innerBoundaryIs"))) for one in several] == [1, 0]
    assert [len(list(one.iter(KML + "outerBoundaryIs"))) for one in several] == [1, 2]


@pytest.mark.parametrize(("version", "scheduled"), [("1.0", "sheduleElement"), ("1.2", "scheduleElement")])
def test_rtz_keeps_the_rules_of_its_schema(version, scheduled):
    """Namespace and version agree; ids are unique; no leg before the first waypoint; the schedule names every id."""
    sortie = brief().sorties[1]
    root = ET.fromstring(search_rtz(brief(), sortie, version=version))
    space = "{http://www.cirm.org/RTZ/" + version.replace(".", "/") + "}"
    assert root.tag == space + "route" and root.get("version") == version
    assert [local(child) for child in root] == ["routeInfo", "waypoints", "schedules"]
    waypoints = root.findall(f"{space}waypoints/{space}waypoint")
    ids = [int(waypoint.get("id")) for waypoint in waypoints]
    assert len(ids) == len(set(ids)) == len(sortie.waypoints)
    for number, (told, waypoint) in enumerate(zip(waypoints, sortie.waypoints, strict=True)):
        assert [local(child) for child in told] == (["position", "leg"] if number else ["position"])
        where = told.find(space + "position")
        here = waypoint.place
        assert float(distance(here.lat, here.lon, float(where.get("lat")), float(where.get("lon")))) < 0.1  # m
    rows = root.findall(f"{space}schedules/{space}schedule/{space}manual/{space}{scheduled}")
    assert [int(row.get("waypointId")) for row in rows] == ids
    assert rows[0].get("eta") is None and rows[-1].get("etd") is None
    times = [row.get("eta") or row.get("etd") for row in rows]
    assert times == sorted(times) and all(time.endswith("Z") and len(time) == 20 for time in times)
    assert float(rows[1].get("speed")) == pytest.approx(18.0, abs=0.005)  # kn, printed to 0.01


def test_rtz_is_named_as_its_route_and_refused_for_aircraft():
    """The name of the route is a name for a file; an aircraft has no ECDIS."""
    aircraft, lifeboat = brief().sorties
    assert rtz_name(lifeboat) == "Notre-Dame_du_Risban_SNSM_VS_0500Z"
    assert f'routeName="{rtz_name(lifeboat)}"' in search_rtz(brief(), lifeboat).decode()
    with pytest.raises(CordialeError, match="150 m above the sea"):
        search_rtz(brief(), aircraft)


def test_an_rtz_that_a_bridge_need_not_take_is_refused():
    """More than 400 kB is told before it is sent."""
    many = tuple(Waypoint(at=BEGIN + n, place=place(n, 0)) for n in range(3000))
    sortie = SortieTold(asset="X", boat="B", pattern="PS", leaves=BEGIN, waypoints=many, spacing=100.0, speed=5.0)
    with pytest.raises(CordialeError, match="need not take more than 400000"):
        search_rtz(brief(), sortie)


def test_geojson_has_longitude_first_closed_anticlockwise_outlines_and_units():
    """RFC 7946, 3.1.6: the outline anticlockwise; every number carries its unit in its name."""
    plan = json.loads(json.dumps(search_geojson(brief()), allow_nan=False))
    kinds = [f["properties"]["what"] for f in plan["features"]]
    assert kinds.count("held") == 2 and kinds.count("area") == 1 and kinds.count("track") == 2
    assert kinds.count("waypoint") == sum(len(s.waypoints) for s in brief().sorties)
    for feature in plan["features"]:
        shape = feature["geometry"]
        polygons = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}.get(shape["type"], [])
        for outline, *holes in polygons:
            for ring, sign in ((outline, 1), *((hole, -1) for hole in holes)):
                lon, lat = np.array(ring).T - [[CENTRE.lon], [CENTRE.lat]]
                assert ring[0] == ring[-1] and abs(lon).max() < 1 and abs(lat).max() < 1
                assert sign * (lon[:-1] * lat[1:] - lon[1:] * lat[:-1]).sum() > 0
    track = next(f for f in plan["features"] if f["properties"]["what"] == "track")
    assert track["properties"]["track_spacing_nm"] == 0.5 and track["properties"]["speed_kn"] == 60.0
    assert len(track["properties"]["times"]) == len(track["geometry"]["coordinates"])
    assert plan["synthetic"] and plan["made_at"] == "2021-11-24T03:50:00Z"


def test_what_is_unknown_is_null_in_geojson_and_said_in_the_text():
    """No figures, no coverage, no persons: null, unknown, not stated; never 0."""
    bare = brief(figures=None, weather="", notices=(), synthetic=False)
    plan = search_geojson(bare)
    assert plan["probability_of_success"] is None and plan["expected_survivors"] is None
    assert "not stated" in search_text(bare)
    assert Persons().text() == "number of persons unknown" and Persons().text("fr") == "nombre de personnes inconnu"
    assert Persons(least=1, most=1).text("fr") == "1 personne"
    assert Persons(least=7, most=7).text() == "7 persons" and Persons(most=9).text("fr") == "au plus 9 personnes"


@pytest.mark.parametrize(("language", "said"), [("en", "track spacing 0.50 NM"), ("fr", "des routes 0,50 NM")])
def test_the_search_action_plan_has_its_six_parts_and_every_waypoint(language, said):
    """Six numbered parts, corners, CSP with time and chart position, units, the decision aid, 78 columns."""
    text = search_text(brief(), language)
    parts = [row for row in text.splitlines() if row[:2].strip(".").isdigit() and row[1] == "."]
    assert [row[0] for row in parts] == list("123456")
    assert said in " ".join(text.split())
    assert text.count("CSP ") == 2 and "CSP 04:30Z  51°03.82'N 001°32.27'E" in text
    assert "492 ft (150 m)" in text and "EXERC" in text
    assert max(len(row) for row in text.splitlines()) <= 78
    assert text.count("\n   51°") == 4


def test_a_name_with_forbidden_characters_still_makes_a_file():
    """A control character from a feed cannot break the XML: it is replaced where it stands."""
    assert clean("R\x00163\ud800") == "R\ufffd163\ufffd"
    root = ET.fromstring(search_gpx(brief(title="A\x07 & <B>")))
    assert root[0][0].text == "A\ufffd & <B>"
    assert angle(-0.0000001) == "0.000000" and angle(-1.5) == "-1.500000"


def test_a_sortie_goes_forward_in_time_and_has_a_way():
    """Two waypoints at least, none before the one before; an interval of persons has its least first."""
    there = tuple(Waypoint(at=BEGIN - n * hours, place=place(0, n)) for n in range(2))
    with pytest.raises(CordialeError, match="order of time"):
        SortieTold(asset="X", boat="B", pattern="PS", leaves=BEGIN, waypoints=there, spacing=1.0, speed=1 * knots)
    with pytest.raises(CordialeError, match="9 to 3 persons"):
        Persons(least=9, most=3)
    with pytest.raises(CordialeError, match="cannot be told"):
        brief(end=BEGIN - 1)


def test_what_a_plan_rests_on_is_told_at_the_end():
    """In the message and in the GeoJSON, in both languages; without assumptions there is no such part."""
    told = brief(assumptions=(("radar is not counted", "le radar n'est pas compté"),))
    assert search_text(told).rstrip().endswith("7. ASSUMPTIONS\nradar is not counted")
    assert "7. HYPOTHÈSES\nle radar n'est pas compté" in search_text(told, "fr")
    assert "ASSUMPTIONS" not in search_text(brief())
    assert search_geojson(told)["assumptions_fr"] == ["le radar n'est pas compté"]


def test_a_sector_search_has_a_radius_and_a_long_one_is_not_read_out():
    """Spacing is half the radius; of 100 waypoints the message has the first and the last, the files all."""
    second = brief().sorties[1]
    points = tuple(Waypoint(at=BEGIN + 60.0 * k, place=place(100.0 * k, 0.0)) for k in range(100))
    long = SortieTold(
        asset="R163", boat="B-KL42", pattern="VS", leaves=BEGIN, waypoints=points, spacing=1852.0, speed=30.0
    )
    told = brief(sorties=(long, second))
    text = search_text(told)
    assert "sectors of 2.0 NM radius" in text
    assert "track spacing" not in text.partition("R163, VS")[2].partition("\n")[0]
    assert "... 76 more, in the files" in text
    assert sum(line.strip().startswith(("CSP", "END")) for line in text.splitlines()) == 4
    assert (
        len(list(ET.fromstring(search_gpx(told, asset="R163")).iter("{http://www.topografix.com/GPX/1/1}rtept"))) == 100
    )
