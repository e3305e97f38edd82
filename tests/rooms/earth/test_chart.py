"""Positions in every form people send."""

import pytest

from cordiale.earth.chart import RangeBearingText, SwappedPosition, place_key, read_position
from cordiale.earth.errors import InvalidPosition
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position

HERE = Position(lat=51 + 8.5 / 60, lon=1 + 44.5 / 60)  # 24 November 2021, 02:01Z
PLACES = {
    "Cap Gris-Nez": Position(lat=50.87, lon=1.583),
    "Calais": Position(lat=50.97, lon=1.85),
    "Sangatte": Position(lat=50.95, lon=1.75),
    "Œuf-sur-Mer": Position(lat=50.9, lon=1.6),
}
FOUR_DECIMALS = 8.0  # m: half of the last digit of 51.1417, and what 51.1417 lacks of 8.5'

COORDINATES = [
    "51.1417, 1.7417",
    "51.1417N 1.7417E",
    "N51.1417 E001.7417",
    "51,1417 1,7417",
    "51,1417, 1,7417",
    "51,1417,1,7417",
    "51,1417 N ; 1,7417 E",
    "+51.1417+001.7417/",
    "51.1417° N, 1.7417° E",
    "lat: 51.1417 lon: 1.7417",
    "51 08.5N 001 44.5E",
    "51°08.5'N 001°44.5'E",
    "51°08,5'N 001°44,5'E",
    "51-08.5N 001-44.5E",
    "5108.5N 00144.5E",
    "5108.5N00144.5E",
    "N 51 08.5 E 001 44.5",
    "E001 44.5 N51 08.5",
    "51°08'.5N 001°44'.5E",
    "51 08.5 1 44.5",
    "51.08.500N 001.44.500E",
    "N 51.08,500' E 001.44,500'",
    "51:08:30 N 1:44:30 E",
    "1 44.5E 51 08.5N",
    "51 degrees 8 decimal 5 north 1 degree 44 decimal 5 east",
    "51 08.5N, 1 44.5",
    "51 deg 08.5 min N 1 deg 44.5 min E",
    "51 degrés 08,5 Nord 1 degré 44,5 Est",
    "51º08.5´N 001º44.5´E",
    "51°08'30\"N 1°44'30\"E",
    "51° 08′ 30″ N, 1° 44′ 30″ E",
    "51° 08’ 30” N  1° 44’ 30” E",
    "51°08'30''N 1°44'30''E",
    "۵۱٫۱۴۱۷, ۱٫۷۴۱۷",
]


@pytest.mark.parametrize("text", COORDINATES)
def test_every_writing_of_one_position_is_read_as_that_position(text):
    """Decimal, degrees and minutes, DMS; points, commas, primes, sides of two languages, other scripts."""
    best = read_position(text)[0]
    off = float(distance(HERE.lat, HERE.lon, best.place.lat, best.place.lon))
    assert off < FOUR_DECIMALS, f"{text}: {best.place}, {off:.0f} m off"


@pytest.mark.parametrize(
    "text", ["51°08.5'N 001°44.5'O", "51 08.5 N 1 44.5 Ouest", "51.1417, -1.7417", "51.1417N 1.7417W"]
)
def test_west_is_west_in_both_languages(text):
    """O and Ouest are west; without a side and a sign the longitude is east."""
    assert read_position(text)[0].place.lon == pytest.approx(-HERE.lon, abs=1e-4)  # degrees: the last digit


LINKS = [
    "https://maps.google.com/?q=51.1417,1.7417",
    "https://maps.google.com/maps?q=loc:51.1417+1.7417",
    "https://www.google.com/maps/search/?api=1&query=51.1417%2C1.7417",
    "https://www.google.com/maps/search/51.1417,+1.7417",
    "https://www.google.com/maps/place/51%C2%B008'30.0%22N+1%C2%B044'30.0%22E/@51.2,1.9,17z/data=!3d51.14167!4d1.74167",
    "https://www.google.com/maps/place/51%C2%B008'30.0%22N+1%C2%B044'30.0%22E/@51.2,1.9,17z",
    "https://www.google.com/maps/@51.1417,1.7417,15z",
    "https://maps.apple.com/?ll=51.1417,1.7417&q=Pin",
    "https://www.openstreetmap.org/?mlat=51.1417&mlon=1.7417#map=12/51.2/1.9",
    "https://www.openstreetmap.org/#map=12/51.1417/1.7417",
    "geo:51.1417,1.7417;u=35",
    "geo:0,0?q=51.1417,1.7417(boat)",
    "https://waze.com/ul?ll=51.1417%2C1.7417&navigate=yes",
    "Location: https://maps.google.com/?q=51.1417,1.7417 please help",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_pasted_map_link_gives_its_pin(link):
    """The pin counts and not the middle of the map, whatever the map service."""
    (reading,) = read_position(link)
    assert float(distance(HERE.lat, HERE.lon, reading.place.lat, reading.place.lon)) < FOUR_DECIMALS
    assert ("map_centre" in reading.flags) == ("/@51.1417" in link or "#map=12/51.1417" in link)


def test_the_uncertainty_of_a_geo_link_is_kept():
    """A phone that knows its error says so: u is in metres."""
    assert read_position("geo:51.1417,1.7417;u=35")[0].resolution == 35.0


RANGE_AND_BEARING = [
    ("10 NM 045 from Cap Gris-Nez", "Cap Gris-Nez", 18520, 45),
    ("045/10 Gris-Nez", "Cap Gris-Nez", 18520, 45),
    ("Gris-Nez 045/10", "Cap Gris-Nez", 18520, 45),
    ("045°T from Gris Nez, 10 NM", "Cap Gris-Nez", 18520, 45),
    ("3 nautiques dans le 045 de Gris-Nez", "Cap Gris-Nez", 5556, 45),
    ("relèvement 045 du Cap Gris-Nez à 10 milles", "Cap Gris-Nez", 18520, 45),
    ("10 km NW of Calais", "Calais", 10000, 315),
    ("10 km nord-ouest Calais", "Calais", 10000, 315),
    ("5 milles au nord de Sangatte", "Sangatte", 9260, 0),
    ("2,5 milles à l'ouest de Calais", "Calais", 4630, 270),
    ("2 milles dans l'ONO de Calais", "Calais", 3704, 292.5),
    ("3 NM SSO de Calais", "Calais", 5556, 202.5),
    ("we are 5 nautical miles east of CALAIS", "Calais", 9260, 90),
    ("10 km off Calais bearing 300", "Calais", 10000, 300),
    ("045 DEG 10 NM FROM CALAIS", "Calais", 18520, 45),
    ("3 milles au sud de l'Oeuf sur mer", "Œuf-sur-Mer", 5556, 180),
]


@pytest.mark.parametrize(("text", "place", "metres", "degrees"), RANGE_AND_BEARING)
def test_range_and_bearing_from_a_place_in_both_languages(text, place, metres, degrees):
    """So far in that direction from a place; accents, case and hyphens do not matter; a mile is nautical."""
    (reading,) = read_position(text, places=PLACES)
    said = reading.place
    assert isinstance(said, RangeBearingText)
    assert (said.place, said.origin) == (place, PLACES[place])
    assert said.range == pytest.approx(metres)
    assert said.bearing == degrees
    assert said.bearing_std >= 10.0  # degrees


def test_a_place_alone_is_a_position_with_a_large_error():
    """`Au large de Sangatte` says little, and says it with 5 km."""
    (reading,) = read_position("au large de Sangatte", places=PLACES)
    assert (reading.place, reading.resolution, reading.flags) == (PLACES["Sangatte"], 5000.0, ("place_only",))


def test_ambiguous_digits_stay_exclusive_readings():
    """Without marks `51 08 30` is seconds or hundredths; both are kept, the likelier first."""
    seconds, hundredths = read_position("51 08 30N 001 44 30E")
    assert seconds.place == Position.parse("51 08.5N 001 44.5E")
    assert hundredths.place == Position.parse("51 08.30N 001 44.30E")
    assert (seconds.probability, hundredths.probability) == pytest.approx((0.7, 0.3))


def test_a_decimal_may_be_minutes_behind_a_point_but_seldom():
    """`51.085 1.445` is decimal first, degrees.minutes with one part in ten, and decimal only where 60 forbids."""
    first, second = read_position("51.085 1.445")
    assert first.place == Position(lat=51.085, lon=1.445)
    assert second.place == HERE
    assert second.probability == pytest.approx(0.1)
    assert len(read_position("51.085 1.745")) == 1
    assert len(read_position("51.14170 1.44170")) == 1


@pytest.mark.parametrize(
    ("text", "key", "shown"),
    [
        ("51 61N 001 20E", "earth.minutes", "61"),
        ("51 08 75.0N 001 20 10.0E", "earth.seconds", "75.0"),
        ("95.5, 1.2", "earth.latitude", "95.5"),
        ("51.1N 190.5E", "earth.longitude", "190.5"),
        ("NaN, 1.7", "earth.position", "NaN, 1.7"),
        ("", "earth.position", "''"),
        ("51 08", "earth.position", "51 08"),
        ("51 08.5 N", "earth.position", "51 08.5 N"),
        ("N 51 08.5", "earth.position", "N 51 08.5"),
        ("51°08.5 N", "earth.position", "51°08.5 N"),
        ("06 12 34 56 78", "earth.position", "06 12 34 56 78"),
        ("12:30", "earth.position", "12:30"),
        ("24/11/2021", "earth.position", "24/11/2021"),
        ("hello world", "earth.position", "hello world"),
        ("///filled.count.soap", "earth.three_words", "filled.count.soap"),
        ("filled.count.soap", "earth.three_words", "filled.count.soap"),
        ("https://w3w.co/filled.count.soap", "earth.three_words", "filled.count.soap"),
        ("https://maps.app.goo.gl/AbCd12", "earth.short_link", "goo.gl"),
        ("https://www.google.com/maps/place/Calais", "earth.link", "Calais"),
        ("10 km from Calais", "earth.no_bearing", "10 km"),
        ("10 NM 045 from Atlantis", "earth.unknown_place", "atlantis"),
        ("10 NM 400 from Calais", "earth.bearing", "400"),
        ("0 NM 045 from Calais", "earth.range", "0.0 m"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_value_and_a_hint(text, key, shown):
    """The problem shows the value; the hint says what to do; in both languages."""
    with pytest.raises(InvalidPosition) as caught:
        read_position(text, places=PLACES)
    assert caught.value.key == key
    assert shown in caught.value.problem("en")
    assert shown in caught.value.problem("fr")
    assert caught.value.hint("fr") != caught.value.hint("en")


@pytest.mark.parametrize("text", ["1.7417, 51.1417", "1.7417N 51.1417E", "https://maps.google.com/?q=1.7417,51.1417"])
def test_longitude_first_is_said_and_never_corrected_in_silence(text):
    """A pair outside home waters that lies inside when swapped is refused, with the likely position in the hint."""
    with pytest.raises(SwappedPosition, match=r"51\.1417N 1\.7417E") as caught:
        read_position(text)
    assert caught.value.likely.lat == pytest.approx(51.1417)


def test_a_position_far_from_home_is_kept_and_flagged():
    """Elsewhere on Earth is possible and odd."""
    (reading,) = read_position("36 12.0N 014 30.0E")
    assert "far_away" in reading.flags


@pytest.mark.parametrize(
    "message",
    ["we are at 51.1417, 1.7417 please help 33 people", "boat 3, 51 08.5N 001 44.5E at 02:01, taking water"],
)
def test_a_position_is_found_inside_a_message(message):
    """A caller's message holds more than digits; the one pair in it is the position."""
    (reading,) = read_position(message)
    assert float(distance(HERE.lat, HERE.lon, reading.place.lat, reading.place.lon)) < FOUR_DECIMALS
    assert "found_in_text" in reading.flags


def test_two_positions_in_one_message_are_not_one():
    """Which of two is meant nobody can know: the message is refused."""
    with pytest.raises(InvalidPosition):
        read_position("first 51.1417, 1.7417 and then 51.2001, 1.8002, hurry")


def test_the_last_digit_sets_the_resolution():
    """A tenth of a minute is 185 m, a whole degree 111 km: no position is better than it was written."""
    assert read_position("51 08.5N 001 44.5E")[0].resolution == pytest.approx(185.2)
    assert read_position("51N 1E")[0].resolution == pytest.approx(111_120)


def test_position_parse_takes_the_most_plausible_reading():
    """The command line asks for one position and gets the likeliest; a map link counts too."""
    assert Position.parse("51 08 30N 001 44 30E") == Position.parse("51°08'30\"N 1°44'30\"E")
    assert Position.parse(LINKS[0]) == Position(lat=51.1417, lon=1.7417)


def test_names_of_places_are_compared_without_accents_and_articles():
    """One key for every way a place is written."""
    assert place_key("le Cap Gris-Nez") == place_key("CAP GRIS NEZ") == place_key("Gris-nez")
    assert place_key("Equihen") == place_key("Équihen")
