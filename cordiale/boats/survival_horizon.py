"""How long a survivor cannot be ruled out: the longest credible source rules, and no cap may shorten it.

For stopping a search and closing an incident only. Planning uses the curve itself (`survival.py`).
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cordiale.boats.survival import HIGH, KNOTS, Estimator, SurvivalCurve, pooled
from cordiale.boats.survival_published import xu_giesbrecht
from cordiale.boats.survival_table import Alternative, Person, Water, alternatives
from cordiale.earth.units import Quantity, Seconds, hours
from cordiale.words import Language, say

Rule = Literal["estimator", "xu_giesbrecht", "longest_documented", "survey_lifejacket", "out_of_water"]
SURVEY_LIFEJACKET: Seconds = 24 * hours  # half of the wearers live longer than this (UKNIIS 2006)


@dataclass(frozen=True, kw_only=True, slots=True)
class Horizon:
    """The last reasonable time in s since the latest entry (infinite: none can be given), and the rule behind it.

    Beyond `documented` it is the formula alone that speaks; a coordinator should see both.
    """

    time: Seconds
    rule: Rule
    documented: Seconds  # the longest time any source documents for people like these, while in the water
    in_water: Seconds  # the last reasonable time of those who are in the water, wholly or partly; 0: there are none

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say."""
        return say(self.key, language, because=say(f"boats.survival.rule.{self.rule}", language), **self.values())

    @property
    def key(self) -> str:
        """The entry of the catalogue."""
        if math.isinf(self.time):
            return "boats.survival.no_horizon_but" if self.in_water else "boats.survival.no_horizon"
        return "boats.survival.horizon"

    def values(self) -> dict[str, Quantity]:
        """The numbers of the sentence by name."""
        return {"hours": self.in_water / hours, "documented_h": self.documented / hours}

    def __str__(self) -> str:
        return self.sentence("en")


def last_reasonable_time(curve: SurvivalCurve) -> Horizon:
    """The time since entry before which survival is no reason to stop or to close: the longest of all credible ones.

    Over every thing that may be so of any of these people, however small its weight, in the warmest water of the band:

    - the latest time at which the 90 % point of S is above 0.01;
    - the curve of the longest documented immersions (Xu and Giesbrecht 2018);
    - 24 h for wearers of effective lifejackets, of whom half live longer (UKNIIS 2006), and the longest documented
      time of the row of the table (75 h for lifejackets, thermal clothing and people partly out of the water);
    - no limit at all for people out of the water, or who may be: cold alone gives none. `in_water` still has the time
      of those who are in it.

    Count from the *latest* entry that is possible. The cap of a planning curve is not used. It does not allow a stop
    either: that is a named decision with evidence.
    """
    candidates = [_of(item, curve) for item in _alternatives(curve)]
    longest = max(candidates, key=lambda horizon: (horizon.time, horizon.rule))
    wet = [horizon for horizon in candidates if math.isfinite(horizon.time)]
    return replace(
        longest,
        documented=max((horizon.documented for horizon in wet), default=0.0),
        in_water=max((horizon.time for horizon in wet), default=0.0),
    )


def _alternatives(curve: SurvivalCurve) -> set[Alternative]:
    found: set[Alternative] = set()
    for group in curve.groups:
        person: Person = "child" if group.who.children == 1 else "adult"
        found |= {replace(item, weight=1.0) for item in alternatives(group.who, curve.table, person)}
    return found


def _of(item: Alternative, curve: SurvivalCurve) -> Horizon:
    if math.isinf(item.longest):
        return Horizon(time=math.inf, rule="out_of_water", documented=0.0, in_water=0.0)
    warmest = Water(curve.water.high, curve.water.high)
    levels, _ = pooled((item,), warmest, Estimator.of(curve.table), False)
    candidates: list[tuple[Seconds, Rule]] = [
        (_latest_above(levels[HIGH].tolist(), curve.table.parameters["horizon_probability"].value), "estimator"),
        (xu_giesbrecht(warmest.high), "xu_giesbrecht"),
        (item.longest, "longest_documented"),
        (SURVEY_LIFEJACKET if item.aided else 0.0, "survey_lifejacket"),
    ]
    time, rule = max(candidates)
    documented = max(time for time, name in candidates if name != "estimator")
    return Horizon(time=time, rule=rule, documented=documented, in_water=time)


def _latest_above(values: list[float], threshold: float) -> Seconds:
    """The latest time at which a decreasing curve on KNOTS is above the threshold; infinite if it never falls to it."""
    above = [k for k, value in enumerate(values) if value > threshold]
    if not above:
        return 0.0
    last = above[-1]
    if last == len(values) - 1:
        return math.inf
    share = (values[last] - threshold) / (values[last] - values[last + 1])
    return float(np.exp((1 - share) * math.log(KNOTS[last]) + share * math.log(KNOTS[last + 1])))
