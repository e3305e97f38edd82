"""Every word a person reads stands in both catalogues, with the same values (HOUSE rule 10)."""

import ast
import string

import pytest

from cordiale.words import catalogue, say
from tests.house.source import name_of, python_files, tree

EN, FR = catalogue("en"), catalogue("fr")


def fields(text: str) -> set[str]:
    """The names between braces, formats left aside."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_texts():
    """No key is missing in either language."""
    assert EN.keys() - FR.keys() == set()
    assert FR.keys() - EN.keys() == set()


@pytest.mark.parametrize("key", sorted(EN))
def test_a_text_asks_for_the_same_values_in_both_languages(key):
    """A French text may not lose a number that the English one gives."""
    assert fields(EN[key]) == fields(FR[key])


@pytest.mark.parametrize("key", sorted(k for k in EN if k.startswith("error.") and k.endswith(".problem")))
def test_every_problem_has_a_hint(key):
    """An error says what to do, in both languages."""
    hint = key.removesuffix("problem") + "hint"
    assert EN[hint].strip()
    assert FR[hint].strip()


def _error_keys() -> list[tuple[str, str, set[str], bool]]:
    """Where an error is raised with a literal key: (place, key, names of the values, whether ** is used)."""
    found = []
    errors = {"CordialeError"}
    files = python_files("cordiale")
    for path in files:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and {ast.unparse(b).split(".")[-1] for b in node.bases} & errors:
                errors.add(node.name)
    for path in files:
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).split(".")[-1] in errors
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                names = {k.arg for k in node.keywords if k.arg}
                starred = any(k.arg is None for k in node.keywords)
                found.append((f"{name_of(path)}:{node.lineno}", str(node.args[0].value), names, starred))
    return found


@pytest.mark.parametrize(
    ("place", "key", "names", "starred"), _error_keys(), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_error_raised_is_in_the_catalogue_with_its_values(place, key, names, starred):
    """An error text can always be rendered: its key exists and it gets every value it asks for."""
    assert f"error.{key}.problem" in EN, f"{place}: no text for {key}"
    if not starred:
        missing = (fields(EN[f"error.{key}.problem"]) | fields(EN[f"error.{key}.hint"])) - names
        assert not missing, f"{place}: {key} lacks {missing}"


def test_every_key_said_is_in_the_catalogue():
    """A literal key given to say() exists."""
    for path in python_files("cordiale"):
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).split(".")[-1] == "say"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                assert node.args[0].value in EN, f"{name_of(path)}:{node.lineno}: {node.args[0].value}"


def test_french_numbers_have_a_decimal_comma():
    """A French reader sees 2,1 where an English one sees 2.1."""
    key = "earth.angle"
    assert say(key, "fr", degrees="51", minutes="08.5", side="N") == "51°08.5'N"
    number = next((k for k, v in EN.items() if ":.1f}" in v), None)
    assert number is not None
    values = {name: 2.25 for name in fields(EN[number])}
    try:
        assert "2,2" in say(number, "fr", **values)
    except (ValueError, TypeError):
        pytest.fail(f"{number} mixes number formats that cannot all take 2.25")
