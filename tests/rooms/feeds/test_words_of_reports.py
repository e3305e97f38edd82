"""Numbers, colours, engines and states in the words of two languages; callers' numbers; the packaged nights."""

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.feeds.counts import read_between
from cordiale.feeds.nights import night_notice, open_night, packaged_nights
from cordiale.feeds.phones import caller_hash, without_number
from cordiale.feeds.vocabulary import colour_of, engine_of, state_of
from cordiale.feeds.where import default_within

KEY = b"0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("33", 33, 33), ("30-40", 30, 40), ("30 à 40 personnes", 30, 40), ("entre 30 et 40", 30, 40),
        ("between 40 and 30 people", 30, 40), ("une trentaine", 25, 35), ("environ une trentaine de personnes", 25, 35),
        ("a dozen", 10, 14), ("about 30", 24, 36), ("environ 30 personnes à bord", 24, 36), ("at least 20", 20, 40),
        ("plus de 20", 20, 40), ("30+", 30, 60), ("up to 40", 0, 40), ("33 POB", 33, 33),
        ("33 personnes dont 5 enfants", 33, 33), ("7,5 m", 7.5, 7.5),
    ],
)  # fmt: skip
def test_a_number_in_words_is_an_interval(text, least, most):
    """French and English, round words and open ends."""
    interval = read_between(text)
    assert (interval.least, interval.most) == pytest.approx((least, most))


@pytest.mark.parametrize("text", ["lots", "", "beaucoup", "nan", "-5", "3 boats of 40"])
def test_what_is_no_number_is_refused(text):
    """The error shows the words."""
    with pytest.raises(CordialeError) as caught:
        read_between(text)
    assert repr(text) in caught.value.problem("fr")


def test_engine_state_and_colour_in_two_languages():
    """One word for each in the record; the gravest state that is said counts."""
    assert {engine_of(w) for w in ("en panne", "moteur arrêté", "engine dead", "stopped")} == {"stopped"}
    assert {engine_of(w) for w in ("moteur en marche", "running", "on")} == {"running"}
    assert engine_of("sans moteur") == "none"
    assert {state_of(w) for w in ("prend l’eau", "taking on water", "taking_water")} == {"taking_water"}
    assert state_of("adrift and people in the water") == "in_the_water"
    assert {colour_of(w) for w in ("noir", "Black", "boudins noirs")} == {"black"}
    assert colour_of("gris foncé") == "grey"
    assert colour_of("turquoise") == "turquoise"


def test_the_default_error_follows_the_channel():
    """A telephone's own fix 50 m, a position read out 500 m."""
    within = {"whatsapp": 50, "AIS": 50, "radar": 300, "drone": 300, "email": 200, "vhf_16": 500, "phone_999": 500}
    assert {channel: default_within(channel, "sighting") for channel in within} == within


def test_a_short_key_or_a_number_that_is_none_is_refused_without_showing_it():
    """The error counts digits and never prints them."""
    with pytest.raises(CordialeError, match="needs 16"):
        caller_hash("0612345678", b"short")
    for number in ("1234", "call me", "", "+", "123456789012345678"):
        with pytest.raises(CordialeError) as caught:
            caller_hash(number, KEY)
        assert len(number) < 2 or number not in str(caught.value)


def test_a_number_is_blotted_out_however_it_is_written():
    """With spaces, points, its country or without."""
    for written in ("0612345678", "06 12 34 56 78", "+33 6.12.34.56.78", "0033-612345678", "+33 (0)6 12 34 56 78"):
        assert without_number(f"call {written} now", "0612345678") == "call [caller] now"
    assert without_number("51 08.5N 001 44.5E, 33 people", "0612345678") == "51 08.5N 001 44.5E, 33 people"


def test_the_packaged_night_reads_without_a_problem():
    """Every line of it is a report with a name, a time and a mark; the notice stands in both languages."""
    assert "2021-11-24" in packaged_nights()
    lines = open_night("2021-11-24")
    assert len(lines) > 100
    assert not [line for line in lines if line.problems or line.extra]
    assert len({line.report.name for line in lines}) == len(lines)
    assert {line.report.mark.kind for line in lines} == {"REAL", "SYNTHETIC"}
    assert night_notice("2021-11-24", "en")["text"] != night_notice("2021-11-24", "fr")["text"]


@pytest.mark.parametrize("name", ["1999-12-31", "../feeds", "", "2021-11-24/.."])
def test_a_night_that_is_not_packaged_is_refused(name):
    """The error names the nights there are, and no path leads out of them."""
    with pytest.raises(CordialeError, match="2021-11-24"):
        open_night(name)
