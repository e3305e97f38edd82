"""SITREPs: what is written is read back; what others wrote is read too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.views.search_brief import BoatSought, Persons
from cordiale.views.search_sitrep import COLUMNS, LETTERS, URGENCIES, Sitrep, read_sitrep, sitrep_text
from cordiale.views.search_sitrep_of import sitrep_of

from .small_search import BEGIN, brief

LINES = st.lists(st.text(max_size=120), max_size=4).map(tuple)
WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)


def of_the_night(language="en", **changed):
    """The second report on the small search."""
    return sitrep_of(
        brief(**changed),
        case="GRIS-NEZ/2021/0849",
        number=2,
        at=BEGIN + 71,
        addressees=("HM Coastguard Dover", "PREMAR"),
        told={"C": ["Taking water since 03:40Z."], "J": ["Mayday relay on 2182 kHz and channel 16."]},
        language=language,
    )


@settings(max_examples=150, deadline=None)
@given(
    fields=st.dictionaries(st.sampled_from(LETTERS), LINES, min_size=1), case=WORD, number=st.integers(1, 999),
    final=st.booleans(), minute=st.integers(0, 60_000_000), priority=st.sampled_from(URGENCIES),
    sender=WORD, addressees=st.lists(WORD, max_size=3).map(tuple), language=st.sampled_from(["en", "fr"]),
)  # fmt: skip
def test_any_report_is_read_back_as_it_was_written(fields, language, minute, **rest):
    """Whatever stands in the fields, reading what was written gives the same report, to the minute."""
    sitrep = Sitrep(fields=fields, at=minute * 60.0, **rest)
    if not sitrep.fields:
        with pytest.raises(CordialeError, match="no SITREP can be read"):
            read_sitrep(sitrep_text(sitrep, language))
        return
    assert read_sitrep(sitrep_text(sitrep, language)) == sitrep


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_of_a_search_tells_what_is_known_and_what_is_not(language):
    """Casualties, persons, areas with corners, figures; what nobody gave stands as not stated; 69 columns."""
    sitrep = of_the_night(language)
    text = sitrep_text(sitrep, language)
    assert read_sitrep(text) == sitrep
    assert max(len(row) for row in text.splitlines()) <= COLUMNS
    assert sitrep.fields["A"] == ("B-KL42 (inflatable)", "B-QD17")
    assert "51°03.18'N 001°33.78'E" in sitrep.fields["B"][0]
    assert "42" in sitrep.fields["D"][-1]  # 30 and 12 at least; nobody knows the most of the second
    assert sitrep.fields["E"] == (("not stated",) if language == "en" else ("non précisé",))
    assert sum("51°" in line and "R163" in line for line in sitrep.fields["K"]) == 1
    assert "synth" in sitrep.fields["N"][0]
    assert sitrep.at == BEGIN + 60


def test_persons_of_all_boats_keep_what_is_unknown_open():
    """Nothing known of one boat never counts as nobody aboard: only the least is added up, the most stays open."""
    both = (BoatSought(name="B-1", persons=Persons(least=30, most=40)), BoatSought(name="B-2"))
    assert of_the_night(boats=both).fields["D"][-1].endswith("at least 30 persons")
    told = (BoatSought(name="B-1", persons=Persons(least=30, most=40)), BoatSought(name="B-2", persons=Persons(most=9)))
    assert of_the_night(boats=told).fields["D"][-1].endswith("30 to 49 persons")


def test_a_report_that_others_wrote_is_read():
    """Text behind titles, no indents, no accents, initial actions under I, a number in words; the rest is kept."""
    sitrep = read_sitrep(
        "OBJET: EXERCICE\r\nDATE ET HEURE: 240201Z NOV 2021\r\nPRIORITE: DETRESSE\r\nDE: CROSS GRIS-NEZ\r\n"
        "NUMERO DU SITREP SAR: CROSS GRIS-NEZ/2021/0849 - UN ET FINAL\r\n"
        "A - EMBARCATION PNEUMATIQUE\r\nB) POSITION: 51 08.5N 001 44.5E\r\nD. 30 A 40\r\nPLUS UN ENFANT\r\n"
        "I. INITIAL ACTIONS TAKEN: MAYDAY RELAY\r\nJ. ZONE DE RECHERCHE\r\n5 NM AUTOUR\r\n"
    )
    assert (sitrep.case, sitrep.number, sitrep.final) == ("CROSS GRIS-NEZ/2021/0849", 1, True)
    assert (sitrep.at, sitrep.priority, sitrep.sender) == (utc("2021-11-24 02:01"), "distress", "CROSS GRIS-NEZ")
    assert sitrep.other == ("OBJET: EXERCICE",)
    assert sitrep.fields == {
        "A": ("EMBARCATION PNEUMATIQUE",),
        "B": ("51 08.5N 001 44.5E",),
        "D": ("30 A 40", "PLUS UN ENFANT"),
        "J": ("MAYDAY RELAY",),
        "K": ("5 NM AUTOUR",),
    }
    assert read_sitrep(sitrep_text(sitrep, "fr")) == sitrep


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "sitrep_empty"),
        ("a boat in distress", "sitrep_empty"),
        ("A. BOAT", "sitrep_head"),
        ("SAR SITREP NUMBER: 1\nDATE AND TIME: 320201Z NOV\nPRIORITY: DISTRESS\nA. BOAT", "sitrep_head"),
        ("SAR SITREP NUMBER: 1\nDATE AND TIME: 310201Z NOV 2021\nPRIORITY: DISTRESS\nA. BOAT", "instant"),
        ("SAR SITREP NUMBER: 1\nDATE AND TIME: 300201Z NOV 2021\nPRIORITY: RED\nA. BOAT", "sitrep_head"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(text, key):
    """Nothing is guessed: a date, a number or a priority that cannot be read is named."""
    with pytest.raises(CordialeError) as error:
        read_sitrep(text)
    assert error.value.key.endswith(key)


def test_letters_and_numbers_that_no_report_has_are_refused():
    """There is no field I, and reports count from 1."""
    good = {"case": "X", "at": BEGIN, "priority": "distress", "sender": "Y", "addressees": ()}
    with pytest.raises(CordialeError, match="no field I"):
        Sitrep(number=1, fields={"I": ("x",)}, **good)
    with pytest.raises(CordialeError, match="0 for number"):
        Sitrep(number=0, fields={"A": ("x",)}, **good)
