"""The words of two languages for what is said about a boat, and the one word the record uses."""

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from cordiale.belief.report import KINDS, Engine, Kind, State
from cordiale.earth.coordinates import shown
from cordiale.earth.errors import CordialeError

W = TypeVar("W", bound=str)
_ENGINES: Mapping[Engine, str] = {
    "stopped": r"stopped|off|out|dead|broken|failed|no power|en panne|panne|arrete|coupe|hs|"
    r"ne marche (?:plus|pas)|a l'arret",
    "none": r"none|no engine|without engine|sans moteur|aucun|paddles?|pagaies?|rames",
    "running": r"running|on|working|ok|en marche|marche|fonctionne|tourne|en route",
}
_STATES: Mapping[State, str] = {
    "in_the_water": r"in the water|people in the water|dans l'eau|a l'eau|personnes? a la mer|piw",
    "swamped": r"swamped|capsized|sunk|sinking|deflat\w*|chavire\w*|coule\w*|retourne\w*|degonfle\w*",
    "taking_water": r"taking (?:on )?water|taking in water|prend l'eau|voie d'eau|prise d'eau|leak\w*",
    "refusing_help": r"refus\w* (?:help|assistance|rescue)|refuse l'aide|refuse (?:toute )?assistance",
    "beached": r"beached|aground|echoue\w*|on the beach|a la plage",
    "adrift": r"adrift|drifting|derive|a la derive|not moving|immobile",
    "under_way": r"under ?way|making way|moving|en route|fait route|navigue",
}
_COLOURS: Mapping[str, str] = {
    "black": r"black|noire?s?", "grey": r"gr[ea]y|gris(?:e|es)?", "white": r"white|blanc(?:he)?s?",
    "blue": r"blue|bleue?s?", "red": r"red|rouges?",
    "orange": r"oranges?", "yellow": r"yellow|jaunes?", "green": r"green|verte?s?",
    "brown": r"brown|marron|brune?s?",
}  # fmt: skip
_FILLING = re.compile(r"\b(?:the|le|la|les|engine|motor|moteur|boat|bateau|is|est|sombre|dark|fonce|clair|light)\b")


def kind_of(value: object) -> Kind:
    """The kind of a report; raises `CordialeError` naming the kinds there are."""
    word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
    if word not in KINDS:
        raise CordialeError("feeds.kind", value=shown(str(value)[:100]), known=", ".join(KINDS))
    return word


def engine_of(value: object) -> Engine:
    """`running`, `stopped` or `none`, from the words of either language."""
    return _found(value, "engine", _ENGINES)


def state_of(value: object) -> State:
    """The state of a boat from the words of either language, the gravest one that is said."""
    return _found(value, "state", _STATES)


def colour_of(value: object) -> str:
    """The English word for a colour of either language; an unknown word is kept as it is."""
    words = " ".join(_FILLING.sub(" ", _words(value)).split())
    for colour, pattern in _COLOURS.items():
        if re.search(rf"\b(?:{pattern})\b", words):
            return colour
    if not words or len(words) > 40:
        raise CordialeError("feeds.word", what="colour", value=shown(str(value)[:100]), known=", ".join(_COLOURS))
    return words


def _found(value: object, what: str, table: Mapping[W, str]) -> W:
    plain = str(value).strip().lower()
    words = _words(value)
    bare = " ".join(_FILLING.sub(" ", words).split())
    for word, pattern in table.items():
        if plain == word or re.search(rf"\b(?:{pattern})\b", words) or re.fullmatch(pattern, bare):
            return word
    raise CordialeError("feeds.word", what=what, value=shown(str(value)[:100]), known=", ".join(table))


def _words(value: object) -> str:
    folded = unicodedata.normalize("NFKD", str(value)[:200].lower().replace("’", "'"))
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).replace("_", " ").split())
