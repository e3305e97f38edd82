"""Numbers as people give them: 33, "30-40", "une trentaine", "about 30", "at least 25".

A round word is an interval. Its width is *judgement*: "une trentaine" is 25 to 35, "about 30" is 20 % either way,
"at least" has no end but twice the number.
"""

import math
import re
import unicodedata
from collections.abc import Mapping

from cordiale.belief.report import Between
from cordiale.earth.coordinates import plain, shown
from cordiale.earth.errors import CordialeError
from cordiale.earth.pattern import Pattern
from cordiale.earth.units import Quantity
from cordiale.feeds.line import Findings

_ROUND_WORDS: Mapping[str, tuple[int, int]] = {
    "dizaine": (8, 12), "douzaine": (10, 14), "dozen": (10, 14), "quinzaine": (13, 18), "vingtaine": (17, 24),
    "trentaine": (25, 35), "quarantaine": (35, 45), "cinquantaine": (45, 55), "soixantaine": (55, 65),
    "centaine": (85, 120), "score": (17, 24),
}  # fmt: skip
_UNIT = (
    r"(?:\s*(?:personnes?|persons?|people|pers|pob|pax|p\.?o\.?b\.?|passagers?|occupants?|souls?|a bord"
    r"|on ?board|aboard|metres?|meters?|m|adultes?|adults?)\b\.?)*(?:\s*(?:dont|including|incl|with|avec|,|\().*)?"
)
_N = r"([0-9]{1,4}(?:[.,][0-9]+)?)"
_SHAPES = (
    (Pattern(rf"(?:entre|between|de|from)?\s*{_N}\s*(?:-|/|a|to|et|and|ou|or)\s*{_N}{_UNIT}"), (1.0, 1.0)),
    (Pattern(rf"{_N}{_UNIT}"), (1.0, 1.0)),
    (Pattern(rf"(?:about|around|approx(?:imately)?\.?|circa|ca\.?|environ|env\.?|~|a peu pres)\s*{_N}{_UNIT}"),
     (0.8, 1.2)),
    (Pattern(rf"(?:at least|plus de|au moins|more than|over|minimum|>=?)\s*{_N}{_UNIT}"), (1.0, 2.0)),
    (Pattern(rf"{_N}\s*(?:\+|ou plus|or more){_UNIT}"), (1.0, 2.0)),
    (Pattern(rf"(?:at most|up to|jusqu'a|moins de|less than|under|max(?:imum)?|<=?)\s*{_N}{_UNIT}"), (0.0, 1.0)),
)  # fmt: skip


def read_between(text: str) -> Between:
    """The interval that a number in words means; raises `CordialeError` when it is no number.

    >>> str(read_between("une trentaine de personnes")), str(read_between("30-40")), str(read_between("about 30"))
    ('25-35', '30-40', '24-36')
    """
    words = unicodedata.normalize("NFKD", plain(text[:200]).lower())
    words = "".join(c for c in words if not unicodedata.combining(c)).strip(" .;!?")
    named = re.fullmatch(r"(?:(?:environ|about|around|a|une?|la)\s+)*(\w+)(?:\s+(?:de\s+|d'|of\s+)?\w+)*", words)
    if named and named.group(1) in _ROUND_WORDS:
        least, most = _ROUND_WORDS[named.group(1)]
        return Between(least=float(least), most=float(most))
    for shape, (low, high) in _SHAPES:
        match = shape.fullmatch(words)
        if match:
            numbers = sorted(float(n.replace(",", ".")) for n in match.groups())
            return Between(least=low * numbers[0], most=high * numbers[-1])
    raise CordialeError("feeds.count", text=shown(text))


def number(value: object, what: str) -> Quantity:
    """A finite number, given as one or as text (`51.1`, `51,1`); raises `CordialeError` for anything else."""
    if isinstance(value, str) and re.fullmatch(
        r"\s*[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?\s*", value
    ):
        value = float(value.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, int) and abs(value) > 1e300):
        raise CordialeError("feeds.number", what=what, value=shown(str(value)[:200]) if value is not None else "-")
    if not math.isfinite(value):
        raise CordialeError("earth.not_finite", what=what, value=value)
    return float(value)


def between(value: object, what: str, findings: Findings, *, whole: bool) -> Between:
    """An interval given as {least, most}, as a number or in words; `whole` for a count of people."""
    if isinstance(value, Mapping):
        findings.unknown_fields(value, frozenset({"least", "most"}), f"{what}.")
        least, most = value.get("least"), value.get("most")
        if least is None and most is None:
            raise CordialeError("feeds.number", what=what, value="-")
        low = 0.0 if least is None else number(least, f"{what}.least")  # at most 30 may be none
        high = 2 * low if most is None else number(most, f"{what}.most")  # at least 30 may be 60
        interval = Between(least=low, most=high)
    elif isinstance(value, str):
        interval = read_between(value)
    else:
        exact = number(value, what)
        interval = Between(least=exact, most=exact)
    if not whole:
        return interval
    return Between(least=float(math.floor(interval.least)), most=float(math.ceil(interval.most)))
