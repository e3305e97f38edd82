"""One line of JSON, read as kindly as is safe: NaN is unknown, doubled keys show, depth is bounded, no persons."""

import json
import math
import re
from typing import Any

from cordiale.earth.errors import CordialeError
from cordiale.feeds.line import Findings
from cordiale.feeds.phones import ALLOWED

DEEPEST = 32  # a report is at most five levels deep
# Fields that have no place in the record, by the beginning of their names (docs/why/004-no-persons.md).
_PERSONAL = re.compile(
    r"^(nation|passp|birth|date_of_b|dob$|ethni|religio|sex$|gender|sexe$|prenom|nom$|nom_|surn|family_n|given_n|first_n"
    r"|last_n|full_n|person_n|caller_n|victim_n)",
    re.IGNORECASE,
)
_NUMBER_OF_A_PHONE = re.compile(r"phone|^tel|mobile_n|msisdn|imsi|imei|whatsapp_n", re.IGNORECASE)


def load_object(text: str, findings: Findings) -> dict[str, Any]:
    """The fields of a JSON object, cleaned; what was odd goes to `findings`.

    Raises `CordialeError` when the text is no JSON object or is nested more than 32 deep.
    """
    try:
        loaded = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, findings),
            parse_constant=lambda word: _unknown(word, findings),
            parse_float=lambda digits: _finite(digits, findings),
        )
    except RecursionError:
        raise CordialeError("feeds.nesting", deepest=DEEPEST) from None
    except json.JSONDecodeError as error:
        raise CordialeError("feeds.json", column=error.colno, length=len(text)) from None
    except ValueError:  # a whole number of more than 4300 digits
        raise CordialeError("feeds.json", column=0, length=len(text)) from None
    if not isinstance(loaded, dict):
        raise CordialeError("feeds.no_object", what=type(loaded).__name__)
    if _too_deep(loaded):
        raise CordialeError("feeds.nesting", deepest=DEEPEST)
    cleaned: dict[str, Any] = _clean(loaded, findings, top=True)
    return cleaned


def without_personal(fields: dict[str, Any], findings: Findings) -> dict[str, Any]:
    """The fields without those about persons, each of which leaves a flag and its name, never its value."""
    cleaned: dict[str, Any] = _clean(fields, findings)
    return cleaned


def decode(octets: bytes, findings: Findings) -> str:
    """The text of a line: UTF-8, else Windows Western European, flagged `not_utf8`; nothing is dropped."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.note("not_utf8", CordialeError("feeds.not_utf8", byte=error.start))
    try:
        return octets.decode("cp1252")
    except UnicodeDecodeError:
        return octets.decode("utf-8", "backslashreplace")


def _object(pairs: list[tuple[str, Any]], findings: Findings) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            findings.note("duplicate_keys", CordialeError("feeds.duplicate_key", name=name[:60]))
            if fields[name] != value:
                fields[f"{name} (earlier)"] = fields[name]
        fields[name] = value
    return fields


def _unknown(word: str, findings: Findings) -> None:
    findings.note("not_a_number", CordialeError("earth.not_finite", what="a value", value=word))


def _finite(digits: str, findings: Findings) -> object:
    value = float(digits)
    if not math.isfinite(value):
        _unknown(digits[:40], findings)
        return None
    return value


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True


def _clean(value: Any, findings: Findings, *, top: bool = False) -> Any:
    """Without lone surrogates, null characters and personal fields; the depth has been checked."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    if isinstance(value, list):
        return [_clean(item, findings) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, item in value.items():
        word = _clean(name, findings)
        doubled = word.removesuffix(" (earlier)")
        if _PERSONAL.search(word) or (_NUMBER_OF_A_PHONE.search(word) and not (top and doubled in ALLOWED)):
            findings.note("personal_field_removed", CordialeError("feeds.personal", name=word[:60]))
        elif doubled != word and doubled in ALLOWED:
            continue  # an earlier number under the same name is not kept either
        else:
            kept[word] = _clean(item, findings)
    return kept
