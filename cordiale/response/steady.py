"""Orders that can be carried out: none is changed, and none is given, for next to nothing.

The best plan by a hundredth of a life calls half the fleet back and sends lifeboats from ninety miles away. So its
orders go back to those that stood, and craft on which hardly anything depends stay as a reserve, as long as all that
together costs no more than a stated share of a life.
"""

from dataclasses import replace
from typing import Final

from cordiale.earth.units import Fraction
from cordiale.response.assignment import GAIN, KEEP, Plan, carried_over
from cordiale.response.situation import Evaluation, Route

SMALL: Final[Fraction] = 0.01  # judgement: of a life; for less an order is neither changed nor given


def steady(plan: Plan, before: Plan | None = None, *, legs: int = 2, most: Fraction = KEEP) -> Plan:
    """The plan with its orders back as they stood in `before`, and without those on which hardly anything depends.

    Each step may cost 0.01 lives and all together `most` (0.05, judgements); the bound of the plan still holds.
    """
    weighed = Evaluation(plan.situation)
    routes, lives = plan.routes, weighed.lives(plan.routes)
    least = lives - most
    standing = plan.routes if before is None else carried_over(before, plan.situation, legs)
    steps: list[tuple[int, Route]] = [(k, was) for k, was in enumerate(standing) if was != routes[k]]
    alone = sorted(range(len(routes)), key=lambda asset: plan.marginal[asset])
    steps += [(asset, routes[asset][:-1]) for asset in alone if len(routes[asset]) > 1]
    steps += [(asset, ()) for asset in alone]
    for asset, route in steps:
        if before is not None and not route and standing[asset]:
            continue  # who has an order and a reason to go on keeps it
        if len(route) >= len(routes[asset]) and route != standing[asset]:
            continue
        tried = (*routes[:asset], route, *routes[asset + 1 :])
        value = weighed.lives(tried)
        if value >= max(lives - SMALL, least):
            routes, lives = tried, value
    if routes == plan.routes:
        return plan
    marginal = tuple(lives - weighed.lives((*routes[:k], (), *routes[k + 1 :])) for k in range(len(routes)))
    lost = plan.situation.expected - lives
    return replace(
        plan,
        routes=routes,
        outcomes=weighed.outcomes(routes),
        lost=lost,
        least=min(plan.least, lost),
        marginal=marginal,
        method=plan.method if lost - plan.lost < GAIN else "search",
    )
