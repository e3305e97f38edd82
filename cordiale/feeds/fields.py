"""From the fields of a line to a report: every field on its own, so that one that cannot be read loses no other."""

import re
from collections.abc import Mapping
from typing import Any

from cordiale.belief.report import Description, Kind, Mark, Reading, Report
from cordiale.earth.coordinates import shown
from cordiale.earth.errors import CordialeError
from cordiale.feeds.counts import between
from cordiale.feeds.line import FORMAT, Findings, Reception
from cordiale.feeds.phones import ALLOWED, caller_hash, is_hash, mmsi_hash
from cordiale.feeds.vocabulary import colour_of, engine_of, kind_of, state_of
from cordiale.feeds.when import event_span, received_at, zone_of
from cordiale.feeds.where import Setting, default_within, readings_of

KNOWN = ALLOWED | {
    "format", "report", "name", "kind", "received", "event", "event_from", "event_until", "zone", "channel", "centre",
    "where", "position", "persons", "boat", "caller", "relay_of", "relays", "asset", "summary", "text", "mark",
    "mmsi",
}  # fmt: skip
_BOAT = frozenset({"colour", "length_m", "engine", "state", "tubes"})
_MARK = frozenset({"kind", "source", "synthetic_parts"})
UNKNOWN_KIND: Kind = "relay"  # somebody passes something on: it is about a boat, and a person has to look at it
LONGEST_WORD, LONGEST_SUMMARY = 200, 4000  # characters


def report_of_fields(fields: Mapping[str, Any], digest: str, reception: Reception, findings: Findings) -> Report:
    """The report that the fields of a line tell of; `digest` names it when it has no name of its own."""
    findings.unknown_fields(fields, KNOWN)
    if fields.get("format") not in (None, FORMAT):
        problem = CordialeError("feeds.format", value=shown(str(fields["format"])[:60]), known=FORMAT)
        findings.note("format_unknown", problem)
    kind: Kind = findings.attempt("kind_unknown", lambda: kind_of(fields.get("kind"))) or UNKNOWN_KIND
    if "kind_unknown" in findings.flags and fields.get("kind") is not None:
        findings.extra["kind"] = fields["kind"]
    channel = word(fields.get("channel")) or "unknown"
    centre = word(fields.get("centre")) or reception.centre
    zone = zone_of(centre, fields.get("zone"), findings)
    received = received_at(fields.get("received"), reception.now, zone, findings)
    event = event_span(fields, received, reception.now, zone, findings)
    setting = Setting(within=default_within(channel, kind), places=reception.places)
    where = _where(fields, setting, findings)
    persons = fields.get("persons")
    return Report(
        name=_name(fields, digest, findings),
        kind=kind,
        received=received,
        event=event,
        channel=channel,
        centre=centre,
        where=where,
        persons=None if persons is None else findings.attempt(
            "persons_unreadable", lambda: between(persons, "persons", findings, whole=True)
        ),
        boat=_boat(fields.get("boat"), findings),
        caller=_caller(fields, kind, reception, findings),
        relay_of=word(fields.get("relay_of")),
        relays=words(fields.get("relays")),
        asset=word(fields.get("asset")),
        summary=_cleaned(fields.get("summary"), LONGEST_SUMMARY),
        mark=_mark(fields.get("mark"), findings),
        flags=tuple(findings.flags),
    )  # fmt: skip


def word(value: object) -> str | None:
    """A short text without control characters, or None when there is none."""
    return _cleaned(value, LONGEST_WORD) or None


def words(value: object) -> tuple[str, ...]:
    """A list of short texts; one text with `>` or commas between is a list too."""
    items = (
        value if isinstance(value, list) else re.split(r"\s*(?:>|->|→|,|;)\s*", value) if isinstance(value, str) else []
    )
    return tuple(w for w in (word(item) for item in items[:50]) if w)


def _cleaned(value: object, longest: int) -> str:
    if value is None or isinstance(value, dict | list | bool):
        return ""
    text = "".join(c if c.isprintable() else " " for c in str(value)[: 4 * longest])
    return " ".join(text.split())[:longest]


def _name(fields: Mapping[str, Any], digest: str, findings: Findings) -> str:
    given = fields.get("report")
    derived = f"r-{digest[:12]}"
    if given is None and fields.get("name") is not None:
        given = fields["name"]
        if not re.fullmatch(r"(?=.*[0-9])\S{1,80}", str(given)):  # it may be somebody's
            findings.note("personal_field_removed", CordialeError("feeds.personal", name="name"))
            return derived
    if given is None:
        return derived
    name = _cleaned(given, 80)
    if not name or name != str(given):
        problem = CordialeError("feeds.name", value=shown(str(given)[:100]), used=derived)
        findings.note("name_unreadable", problem)
        return derived
    return name


def _where(fields: Mapping[str, Any], setting: Setting, findings: Findings) -> tuple[Reading, ...]:
    given = fields.get("where", fields.get("position"))
    if "where" in fields and fields.get("position") is not None:
        findings.extra["position"] = fields["position"]
    if given is None or given in ([], "", {}):
        return ()
    readings = findings.attempt("position_unreadable", lambda: readings_of(given, setting, findings))
    if readings is None and isinstance(given, dict | list):
        findings.as_given.setdefault("position", str(given)[:400])
    return readings or ()


def _boat(given: object, findings: Findings) -> Description:
    if given is None:
        return Description()
    if not isinstance(given, Mapping):
        findings.note("boat_unreadable", CordialeError("feeds.field", what="boat", value=shown(str(given)[:100])))
        return Description()
    findings.unknown_fields(given, _BOAT, "boat.")
    colour, length, engine, state = (given.get(name) for name in ("colour", "length_m", "engine", "state"))

    def metres_long() -> Any:
        return between(length, "length_m", findings, whole=False)

    return Description(
        colour=None if not colour else findings.attempt("colour_unreadable", lambda: colour_of(colour)),
        length_m=None if length in (None, "") else findings.attempt("length_unreadable", metres_long),
        engine=None if not engine else findings.attempt("engine_unreadable", lambda: engine_of(engine)),
        state=None if not state else findings.attempt("state_unreadable", lambda: state_of(state)),
        tubes=word(given.get("tubes")),
    )


def _caller(fields: Mapping[str, Any], kind: Kind, reception: Reception, findings: Findings) -> str | None:
    """The keyed hash of the caller, or of the craft that sends by AIS: given as one, or made here from a plain number
    that goes no further.
    """
    given = fields.get("caller")
    if is_hash(given):
        return str(given).strip().lower().removeprefix("hmac:")
    craft = craft_that_sends(fields.get("mmsi"), kind, reception.key, findings)
    if craft is not None or (kind == "ais_plot" and fields.get("mmsi") is not None):
        return craft
    plain = given if given is not None else next((fields[n] for n in sorted(ALLOWED) if fields.get(n)), None)
    if plain is None:
        return None
    if not isinstance(plain, str | int) or isinstance(plain, bool):
        findings.note("caller_unreadable", CordialeError("feeds.number_of_caller", digits=0))
        return None
    return findings.attempt("caller_unreadable", lambda: caller_hash(str(plain), reception.key))


def craft_that_sends(mmsi: object, kind: str, key: bytes | None, findings: Findings) -> str | None:
    """The keyed hash of the craft that an AIS plot names; with a report of another kind a MMSI is left out, aloud."""
    if mmsi is None:
        return None
    if kind == "ais_plot":
        return findings.attempt("mmsi_unreadable", lambda: mmsi_hash(mmsi, key))
    findings.note("field_ignored", CordialeError("feeds.mmsi_elsewhere", kind=kind))
    return None


def _mark(given: object, findings: Findings) -> Mark:
    if given is None:
        return Mark()
    if not isinstance(given, Mapping) or given.get("kind") not in ("REAL", "SYNTHETIC", "LIVE"):
        findings.note("mark_unreadable", CordialeError("feeds.mark", value=shown(str(given)[:100])))
        return Mark()
    findings.unknown_fields(given, _MARK, "mark.")
    parts = given.get("synthetic_parts")
    return Mark(
        kind=given["kind"], source=_cleaned(given.get("source"), 1000), synthetic_parts=words(parts if parts else [])
    )  # fmt: skip
