"""A caller's number becomes a keyed hash at the door and goes no further (docs/why/004-no-persons.md)."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping

from cordiale.earth.errors import CordialeError
from cordiale.feeds.line import DigestOf

SHORTEST_KEY = 16  # bytes
# Fields that may hold a plain number: it is hashed at once and never kept.
ALLOWED = frozenset({"caller_phone", "phone", "telephone", "tel", "msisdn"})


def caller_hash(number: str, key: bytes | None) -> str:
    """HMAC-SHA-256 (hex) of a telephone number in international form under the node's secret key.

    The same telephone gives the same hash however it is written: `06 12 34 56 78`, `+33 6 12 34 56 78`,
    `0033612345678`. National numbers of ten digits are French, of eleven British. Raises `CordialeError`, which tells
    how many digits there were and never which.

    >>> caller_hash("06 12 34 56 78", b"k" * 16) == caller_hash("0033 6 12 34 56 78", b"k" * 16)
    True
    """
    if key is None or len(key) < SHORTEST_KEY:
        raise CordialeError("feeds.key", length=0 if key is None else len(key), shortest=SHORTEST_KEY)
    return hmac.new(key, _international(number).encode("ascii"), "sha256").hexdigest()


def mmsi_hash(given: object, key: bytes | None) -> str:
    """HMAC-SHA-256 (hex) of a craft's MMSI (nine digits, ITU-R M.585) under the node's secret key.

    It says that two plots are of one craft, and not of which. No telephone has the same hash. Raises `CordialeError`,
    which tells how many digits there were and never which.

    >>> mmsi_hash(" 235 099 999", b"k" * 16) == mmsi_hash(235099999, b"k" * 16)
    True
    """
    if key is None or len(key) < SHORTEST_KEY:
        raise CordialeError("feeds.key", length=0 if key is None else len(key), shortest=SHORTEST_KEY)
    digits = re.sub(r"\s", "", str(given))
    if not re.fullmatch(r"[0-9]{9}", digits):
        raise CordialeError("feeds.mmsi", digits=len(re.sub(r"[^0-9]", "", digits)))
    return hmac.new(key, f"mmsi:{digits}".encode("ascii"), "sha256").hexdigest()


def is_hash(given: object) -> bool:
    """Whether this is a keyed hash already, with or without `hmac:` before it, and not a number in digits."""
    return (
        isinstance(given, str)
        and re.fullmatch(r"(?:hmac:)?(?=.*[a-f])[0-9a-f]{16,128}", given.strip().lower()) is not None
    )


def line_digest(sha256: str, fields: Mapping[str, object], key: bytes | None) -> tuple[str, DigestOf]:
    """The digest under which a line is kept: a line with a plain number only under the key, or without the number."""
    numbers = {
        name for name in fields if name in ALLOWED or name == "mmsi" or (name == "caller" and not is_hash(fields[name]))
    }
    if not any(fields[name] for name in numbers):
        return sha256, "line"
    if key:
        return hmac.new(key, sha256.encode("ascii"), "sha256").hexdigest(), "line_under_key"
    rest = {name: value for name, value in fields.items() if name not in numbers}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest(), "other_fields"


def without_number(text: str, number: str) -> str:
    """The text with every writing of this telephone number replaced by `[caller]`."""
    digits = re.sub(r"[^0-9]", "", number)
    if len(digits) < 8:
        return text
    tail = digits[-9:] if len(digits) >= 9 else digits
    loose = r"[\s().\-/]*".join(tail)
    return re.sub(rf"(?:\+?\(?[0-9][0-9\s().\-]{{0,8}}?)?{loose}(?![0-9])", "[caller]", text)


def _international(number: str) -> str:
    """`+` and digits."""
    plain = re.sub(r"\(0\)", "", number)
    digits = re.sub(r"[^0-9]", "", plain)
    if plain.strip().startswith("+"):
        full = digits
    elif digits.startswith("00"):
        full = digits[2:]
    elif digits.startswith("0") and len(digits) == 10:
        full = "33" + digits[1:]
    elif digits.startswith("0") and len(digits) == 11:
        full = "44" + digits[1:]
    else:
        full = digits
    if not 8 <= len(full) <= 15 or full.startswith("0") or re.search(r"[A-Za-z]{3}", plain):
        raise CordialeError("feeds.number_of_caller", digits=len(digits))
    for country in ("33", "44"):  # +33 0612345678
        if full.startswith(f"{country}0"):
            full = country + full[3:]
    return f"+{full}"
