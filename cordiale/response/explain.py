"""A plan in sentences: one for each order, one for each boat, one for the whole, in English and French."""

import math

from cordiale.earth.instants import zulu
from cordiale.earth.units import Fraction
from cordiale.response.assignment import Plan
from cordiale.words import Language, say

WORTH_SAYING: Fraction = 0.05  # of a life: less is called a reserve


def order_sentences(plan: Plan, language: Language = "en") -> tuple[str, ...]:
    """One sentence for each asset that is sent, the soonest there first, and one for all that stay."""
    now = plan.situation
    sent, stays = [], []
    for asset, (one, route) in enumerate(zip(now.assets, plan.routes, strict=True)):
        if not route:
            stays.append(one.asset.name)
            continue
        sent.append((float(now.arrives[asset, route[0]]), _order(plan, asset, language)))
    listed = [sentence for _, sentence in sorted(sent)]
    if stays:
        listed.append(say("response.stay", language, assets=", ".join(stays), count=len(stays)))
    return tuple(listed)


def boat_sentences(plan: Plan, language: Language = "en") -> tuple[str, ...]:
    """One sentence for each boat, the greatest loss first."""
    rows = []
    for boat, came in zip(plan.situation.boats, plan.outcomes, strict=True):
        lost = boat.expected - came.lives
        values = {
            "boat": boat.name,
            "expected": boat.expected,
            "lost": lost,
            "taken": min(sum(came.taken), boat.expected),
        }
        if not came.taken:
            rows.append((lost, say("response.boat_nobody", language, **values)))
        elif math.isfinite(came.found):
            values["found"] = zulu(came.found)
            rows.append((lost, say("response.boat", language, **values)))
        else:
            rows.append((lost, say("response.boat_not_found", language, **values)))
    return tuple(sentence for _, sentence in sorted(rows, key=lambda row: -row[0]))


def plan_sentence(plan: Plan, language: Language = "en") -> str:
    """The whole: boats, people, lives lost in expectation, and how far from the best plan it can be at most."""
    key = "response.plan_exact" if plan.exact else "response.plan_bound"
    return say(
        key,
        language,
        at=zulu(plan.situation.at),
        boats=len(plan.situation.boats),
        expected=plan.situation.expected,
        lost=plan.lost,
        least=max(plan.least, 0.0),
        gap=plan.gap,
    )


def change_sentences(before: Plan, after: Plan, language: Language = "en") -> tuple[str, ...]:
    """What a new plan changes: one sentence for each asset whose order is another, is new or is gone."""
    old = {one.asset.key: before.route_of(one.asset.key) for one in before.situation.assets}
    lines = []
    for one in after.situation.assets:
        was, now = old.get(one.asset.key, ()), after.route_of(one.asset.key)
        if was == now:
            continue
        values = {
            "asset": one.asset.name,
            "was": _then(was, language),
            "now": _then(now, language),
        }
        key = "response.change_new" if not was else "response.change_gone" if not now else "response.change"
        lines.append(say(key, language, **values))
    return tuple(lines)


def _order(plan: Plan, asset: int, language: Language) -> str:
    now, route = plan.situation, plan.routes[asset]
    rescue = now.rescues[asset][route[0]]
    name = rescue.availability.asset.name
    values = {
        "asset": name,
        "boats": _then(tuple(now.boats[boat].name for boat in route), language),
        "there": zulu(rescue.arrives),
        "ready_min": (rescue.leaves - rescue.at) / 60,
        "passage_min": (rescue.arrives - rescue.leaves) / 60,
        "room": rescue.room,
        "saves": plan.marginal[asset],
    }
    if not rescue.availability.asset.craft.survivors:
        key = "response.order_search"
    elif plan.marginal[asset] < WORTH_SAYING:
        key = "response.order_reserve"
    else:
        key = "response.order"
    return say(key, language, **values)


def _then(boats: tuple[str, ...], language: Language) -> str:
    return say("response.then", language).join(boats)
