"""The places that people name."""

import numpy as np
import pytest

from cordiale.earth.chart import place_key, read_position
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position
from cordiale.earth.units import NM
from cordiale.sea.coast import distance_to_land, load_coast
from cordiale.sea.places import UnknownPlace, find_place, load_places, place_positions

# GeoNames (CC BY 4.0) town centres, an independent check on the typed waterfronts: name, lat, lon
GEONAMES = [
    ("Calais", 50.9519, 1.8563),
    ("Boulogne-sur-Mer", 50.7249, 1.6137),
    ("Ramsgate", 51.3357, 1.4180),
    ("Wissant", 50.8853, 1.6626),
    ("Sangatte", 50.9456, 1.7532),
    ("Oostende", 51.2155, 2.9270),
    ("Nieuwpoort", 51.1301, 2.7513),
    ("Wimereux", 50.7696, 1.6114),
    ("Rye", 50.9511, 0.7337),
    ("Le Touquet", 50.5243, 1.5857),
]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("gris nez", "Cap Gris-Nez"),
        ("Cap Gris-Nez", "Cap Gris-Nez"),
        ("CGN", "Cap Gris-Nez"),
        ("cap grisnez", "Cap Gris-Nez"),
        ("BLANC NEZ", "Cap Blanc-Nez"),
        ("Équihen plage", "Equihen"),
        ("equihen", "Equihen"),
        ("Dunkerque", "Dunkirk"),
        ("Douvres", "Dover"),
        ("le colbart", "The Ridge"),
        ("Sandettié", "Sandettie light vessel"),
        ("the Goodwins", "Goodwin Sands"),
        ("Baie d'Authie", "Authie mouth"),
        ("La Panne", "De Panne"),
    ],
)
def test_a_place_is_found_however_it_is_written(said, meant):
    """Accents, case, hyphens, articles and the other language do not matter."""
    assert find_place(said).name == meant


def test_an_unknown_place_names_the_ones_spelt_alike():
    """A typing slip is answered with the likely place, nonsense with what to do."""
    with pytest.raises(UnknownPlace, match="Sangatte") as slip:
        find_place("Sangate")
    assert "Sangate" in str(slip.value)
    assert "Sangatte" in slip.value.text("fr")
    with pytest.raises(UnknownPlace, match="position"):
        find_place("qqqqqqqq")


def test_no_two_places_share_a_spelling():
    """A name leads to one place only."""
    owner: dict[str, str] = {}
    for place in load_places():
        for spelling in place.spellings:
            assert owner.setdefault(place_key(spelling), place.name) == place.name, spelling


@pytest.mark.parametrize(("name", "lat", "lon"), GEONAMES)
def test_ports_and_beaches_lie_where_geonames_puts_the_town(name, lat, lon):
    """The waterfront is within 2.5 NM of the town's centre (harbour entrances lie up to 2 NM from it)."""
    place = find_place(name).position
    assert distance(place.lat, place.lon, lat, lon) < 2.5 * NM


def test_coast_places_lie_on_the_coast_and_banks_at_sea():
    """Capes, ports, beaches and centres are within 1.3 km of the shore, banks and lights 5 km or more out."""
    coast = load_coast()
    for place in load_places():
        away = float(distance_to_land(coast, place.position.lat, place.position.lon))
        if np.isnan(away):
            assert place.name == "Dieppe", "only Dieppe lies outside the field"
        elif place.kind in ("bank", "light"):
            assert away > 5000, place.name
        elif place.kind != "town":
            assert abs(away) < 1300, place.name


def test_each_place_has_a_source_and_there_are_enough():
    """Sixty places or more, none without a source."""
    assert len(load_places()) >= 60
    for place in load_places():
        assert place.source.startswith("general knowledge")
        assert 49.8 < place.position.lat < 52
        assert -0.1 < place.position.lon < 3.4


def test_the_position_parser_reads_our_places():
    """`10 NM 045 from Cap Gris-Nez` is read with the packaged places, in either language and spelling."""
    for text in ("10 NM 045 from Cap Gris-Nez", "10 nautiques dans le 045 de gris nez"):
        (reading, *_) = read_position(text, places=place_positions())
        assert reading.form == "range_bearing"
    assert place_positions()["Sangatte"] == Position(lat=50 + 56.9 / 60, lon=1 + 45.1 / 60)


def test_a_place_prints_its_name_and_chart_position():
    """What a coordinator would say."""
    assert str(find_place("CGN")) == "Cap Gris-Nez 50°52.2'N 001°35.0'E"
    assert find_place("Ostend").called("fr") == "Ostende"
