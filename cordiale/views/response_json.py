"""The response as JSON, `cordiale.response/1`: documented in docs/response-json.md."""

import math
from typing import Any, Final

from cordiale.earth.instants import iso
from cordiale.earth.units import Fraction, Instant
from cordiale.record.in_distress import Means
from cordiale.record.response_now import ResponseNow, left_out_sentence
from cordiale.response.assignment import Plan
from cordiale.response.explain import boat_sentences, order_sentences, plan_sentence
from cordiale.response.rescue import Rescue
from cordiale.views.response_text import asked_sentence, assumed_sentence, judged_sentences
from cordiale.words import Language, say

FORMAT: Final = "cordiale.response/1"


def response_json(
    now: ResponseNow, means: Means, language: Language = "en", *, before: Plan | None = None
) -> dict[str, Any]:
    """The response at the instant of a picture as JSON values."""
    distress = now.boats()
    return {
        "format": FORMAT,
        "at": iso(now.picture.at),
        "decision_aid": say("picture.decision_aid", language),
        "complete": now.complete,
        "assumed": assumed_sentence(means, language),
        "judged": judged_sentences(now, language),
        "alarms": _alarms(now, language),
        "requests": _requests(now, language),
        "responsible": _owners(now, language),
        "boats": [
            {
                "boat": boat.name,
                "expected_persons": round(boat.expected, 2),
                "ranking": [_rescue(rescue, language) for rescue in now.ranking(boat.name)],
            }
            for boat in distress
        ],
        "passed_over": [
            {"boat": one.boat, "why": one.why, "text": say(f"response.passed.{one.why}", language, boat=one.boat)}
            for one in now.passed_over
        ],
        "not_reached": list(now.unread),
        "orders": _orders(now, language, before),
    }


def _alarms(now: ResponseNow, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "request": one.request.id,
            "asset": one.request.asset,
            "boat": one.request.boat or None,
            "place": one.place,
            "age_s": round(one.age),
            "text": one.sentence(language),
            "to_do": one.to_do(language),
        }
        for one in now.silences()
    ]


def _requests(now: ResponseNow, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "request": one.request.id,
            "asset": one.request.asset,
            "boat": one.request.boat or None,
            "how": one.request.how,
            "by": one.request.by,
            "asked": iso(one.request.at),
            "due": iso(one.request.due),
            "state": one.state,
            "reason": one.reason or None,
            "text": asked_sentence(one, language),
        }
        for one in now.calls.asked()
    ]


def _owners(now: ResponseNow, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "boat": one.boat,
            "owner": one.owner,
            "since": iso(one.since),
            "handover": one.state,
            "offer": None if one.offer is None else one.offer.id,
            "to": None if one.offer is None else one.offer.to,
            "alarm": one.alarm,
            "text": one.sentence(language),
        }
        for one in now.calls.responsibilities
    ]


def _rescue(rescue: Rescue, language: Language) -> dict[str, Any]:
    asset = rescue.availability.asset
    return {
        "asset": asset.name,
        "key": asset.key,
        "flag": asset.flag,
        "hindrance": rescue.hindrance,
        "leaves": iso(rescue.leaves),
        "arrives": _time(rescue.arrives),
        "arrives_early": _time(rescue.early),
        "arrives_late": _time(rescue.late),
        "found": _time(rescue.found),
        "first_aboard": _time(rescue.first),
        "last_aboard": _time(rescue.last),
        "distance_m": _number(rescue.distance, 0),
        "room": rescue.room,
        "taken": round(rescue.taken, 2),
        "wait_s": round(rescue.waits),
        "lost": round(rescue.lost, 3),
        "unverified": sorted(asset.unverified),
        "text": rescue.sentence(language),
    }


def _orders(now: ResponseNow, language: Language, before: Plan | None) -> dict[str, Any] | None:
    plan = now.plan
    if plan is None:
        return None
    return {
        "text": plan_sentence(plan, language),
        "lost": round(plan.lost, 3),
        "least": round(max(plan.least, 0.0), 3),
        "gap": round(plan.gap, 3),
        "exact": plan.exact,
        "method": plan.method,
        "tried": plan.tried,
        "sent": [
            {"asset": one.asset.name, "key": one.asset.key, "boats": list(plan.route_of(one.asset.key)),
             "saves": round(saves, 3)}
            for one, saves in zip(plan.situation.assets, plan.marginal, strict=True)
            if plan.route_of(one.asset.key)
        ],
        "sentences": list(order_sentences(plan, language)),
        "boats": list(boat_sentences(plan, language)),
        "left_out": [
            {"asset": one.asset, "boat": one.boat, "state": one.state, "worth": round(one.worth, 3),
             "text": left_out_sentence(one, language)}
            for one in now.left_out
        ],
        "before": None if before is None else iso(before.situation.at),
        "changes": list(now.changes(language, before=before)),
    }  # fmt: skip


def _time(when: Instant) -> str | None:
    return iso(round(when)) if math.isfinite(when) else None


def _number(value: Fraction, digits: int) -> Fraction | None:
    return round(value, digits) if math.isfinite(value) else None
