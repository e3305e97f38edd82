"""The form a call taker fills in: free words become a report, and the caller's number ends here.

Nothing is refused: what cannot be read comes back as a problem with a hint beside a report that holds the rest.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Seconds, minutes
from cordiale.feeds.chunks import RawLine
from cordiale.feeds.fields import craft_that_sends
from cordiale.feeds.json_text import without_personal
from cordiale.feeds.jsonl import line_of_fields
from cordiale.feeds.line import KEPT_OF_A_HUGE_LINE, FeedLine, Findings, Reception
from cordiale.feeds.phones import ALLOWED, caller_hash, without_number
from cordiale.sea.places import place_positions

JUST_NOW: Seconds = 15 * minutes  # a call without a time is about the last quarter of an hour: judgement
FIELDS: tuple[str, ...] = (
    "kind", "channel", "centre", "zone", "received", "time", "position", "within_m", "persons", "colour", "length",
    "engine", "state", "tubes", "phone", "mmsi", "relay_of", "relays", "asset", "summary", "words",
)  # fmt: skip
_BOAT = {"colour": "colour", "length": "length_m", "engine": "engine", "state": "state", "tubes": "tubes"}
_SAME_NAME = ("kind", "channel", "centre", "zone", "received", "persons", "relay_of", "relays", "asset", "summary")


def report_from_form(
    form: Mapping[str, str],
    *,
    now: Instant,
    centre: str,
    key: bytes | None,
    places: Mapping[str, Position] | None = None,
) -> FeedLine:
    """The report that a filled-in form makes; every field is text and may be missing or empty.

    Parameters
    ----------
    form : mapping
        The fields named in `FIELDS`, as typed: "51 08.5N 001 44.5E", "03:24 heure locale", "une trentaine".
    now : Instant
        When the form came in; it is the time of receipt unless the form says another.
    centre : str
        The centre that takes the call; its country decides what a local time is.
    key : bytes, optional
        The node's secret key. The number typed in `phone` becomes a hash under it, is blotted out wherever else it
        was typed, and never leaves this function; without a key it is dropped and the report says so.
    """
    findings = Findings()
    typed = {name: str(value)[:KEPT_OF_A_HUGE_LINE] for name, value in form.items() if str(value).strip()}
    numbers = [typed.pop(name) for name in ("phone", *sorted(ALLOWED - {"phone"})) if name in typed]
    mmsi = typed.pop("mmsi", None)
    for plain in numbers:
        typed = {name: without_number(value, plain) for name, value in typed.items()}
    fields = _fields(typed, now, centre, findings)
    if numbers:
        fields["caller"] = findings.attempt("caller_unreadable", lambda: caller_hash(numbers[0], key))
    craft = craft_that_sends(mmsi, str(fields["kind"]), key, findings)
    if craft is not None:
        fields["caller"] = craft
    canonical = json.dumps({**fields, "typed_at": iso(now)}, sort_keys=True, ensure_ascii=False)
    octets = canonical.encode("utf-8", "replace")
    digest = hashlib.sha256(octets).hexdigest()
    raw = RawLine(number=1, beginning=b"", length=len(octets), sha256=digest, whole=True)
    known = place_positions() if places is None else places
    return line_of_fields(fields, raw, Reception(now=now, key=None, places=known, centre=centre), findings)


def _fields(typed: Mapping[str, str], now: Instant, centre: str, findings: Findings) -> dict[str, Any]:
    """The form in the fields of a feed line."""
    fields: dict[str, Any] = {name: typed[name] for name in _SAME_NAME if name in typed}
    fields.setdefault("kind", "distress_call")
    fields.setdefault("channel", "phone")
    fields.setdefault("centre", centre)
    fields.setdefault("received", iso(now))
    if "time" in typed:
        fields["event"] = typed["time"]
    else:
        findings.note("event_assumed_just_now")
        fields["event"] = {"from": iso(now - JUST_NOW), "until": iso(now)}
    if "position" in typed:
        within = {"within_m": typed["within_m"]} if "within_m" in typed else {}
        fields["position"] = {"text": typed["position"], **within}
    fields["boat"] = {inside: typed[name] for name, inside in _BOAT.items() if name in typed}
    original = typed.get("words", typed.get("text"))
    if original is not None:
        fields["text"] = original
    rest = {name: value for name, value in typed.items() if name not in FIELDS and name != "text"}
    for name, value in without_personal(rest, findings).items():
        if name not in fields:
            fields[name] = value
        else:
            findings.note("field_ignored", CordialeError("feeds.field", what=name, value="-"))
    return fields
