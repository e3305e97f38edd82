"""The numbers of the association: priors of boats and contacts, of way and of what is said, each with its source.

All logarithms are natural. Judgements are labelled; docs/association.md shows them in one table.
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from cordiale.association.attributes import (
    CALLER_KNOWN,
    CALLER_NEW,
    COLOUR_RIGHT,
    ENGINE_HOLDS,
    FLOOR,
    OUTLIER,
)
from cordiale.association.attributes import ENGINE_SAME as ENGINE_AS_IT_WAS
from cordiale.association.gate import SLACK, TOP_SPEED
from cordiale.belief.report import Kind
from cordiale.boats.propulsion import SMALL_BOAT
from cordiale.earth.units import (
    Fraction,
    LogLikelihood,
    MetresPerSecond,
    Probability,
    Quantity,
    Seconds,
    SquareMetres,
    hours,
    km,
    minutes,
)

# Parts of the evidence of a group.
POSITION, SILENCE, PERSONS, LENGTH, COLOUR, ENGINE, CALLER, ORDER, ASSET, SEARCHED = range(10)
PARTS: Final = 10
# The three laws of way through the water.
ADRIFT, ACROSS, ANYHOW = range(3)

STEP: Final[Seconds] = 10 * minutes  # in which positions are carried by the current
CARRIED_FOR: Final[Seconds] = 24 * hours  # judgement: after a day nothing is left of where a boat was
STOPS: Final[Seconds] = SMALL_BOAT.time_to_failure
RESTARTS: Final[Seconds] = 6 * hours  # judgement, as in boats/data/life.csv
TURNS: Final[Seconds] = 4 * hours  # judgement: to another course (put back, along the coast, escorted)
SHARE_ANYHOW: Final[Probability] = 0.3  # judgement: of boats under way, not straight for the other shore
# 45 % of the boats of 2025 were taxi boats that run along the coast to load (Prefecture maritime, second-hand).
SHARE_ANYHOW_DEPARTING: Final[Probability] = 0.5
# Judgement: one position in ten is worse than its sender says, by this factor in distance.
LOOSE: Final[Probability] = 0.1
LOOSER: Final[Fraction] = 3.0
# Judgement: how long each law keeps the velocity she was seen to make.
WAY_LASTS: Final = np.array([6.0 * hours, 6.0 * hours, 2.0 * hours])
ACROSS_SPREAD: Final[MetresPerSecond] = 1.1  # each component: of the speeds and courses in boats/propulsion.py
ANYHOW_SPREAD: Final[MetresPerSecond] = 2.6  # judgement, each component: along the coast at 7 kn, or beached
LEEWAY: Final[Fraction] = 0.03  # judgement: a small inflatable makes about 3 % of the wind's speed
UNKNOWN_WAY: Final[MetresPerSecond] = 1.0  # judgement: blurs a position within the interval of its moment
# Judgement: one position in fifty is wrong altogether (misheard, swapped digits, another's); then within this of it.
ASTRAY: Final[Probability] = 0.02
ASTRAY_VARIANCE: Final[SquareMetres] = (12 * km) ** 2
# Judgement: of the 3,000 km2 between Dungeness, the North Foreland, Dunkirk and Boulogne; boats leave in groups from
# the same beaches for the same shore, so that another boat is met near a known one rather more often than anywhere.
WATERS: Final[SquareMetres] = 2500 * km**2
# Stands for never: phones are lent and passed on as often as positions are misheard, so that a known phone excuses no
# impossible speed. Finite so that a person may know better.
IMPOSSIBLE: Final[LogLikelihood] = -60.0
WAY_DOUBT: Final[Probability] = 0.1  # judgement: an engine said to be stopped may run again, one running may fail

# Judgement. Times to the next contact of a boat, as shares of exponential laws whose means are these times the night's
# own mean: answers, bursts, calls, silences.
GAPS: Final = np.array([0.08, 0.4, 1.2, 3.5])
SHARES_OF_GAPS: Final = np.array([0.30, 0.30, 0.25, 0.15])
# Judgement: what others see (a departure, a passing ship, a radar, a rescue) does not come in the bursts of calls, nor
# do first calls after it: their law is this one.
SEEN_GAP: Final[Seconds] = 2.0 * hours
# Judgement: of two sightings of a boat within two hours half are by the same craft, which stays with her.
STAYS_BY: Final[Probability] = 0.5
STAYS_FOR: Final[Seconds] = 2 * hours
# 45 % of the boats of 2025 left empty and loaded in the water (Prefecture maritime, second-hand): so few people are
# a crew, and say nothing of how many there are later. The number is a judgement.
CREW: Final[Quantity] = 6.0
MEAN_GAP: Final[Seconds] = 30 * minutes  # judgement, before the night tells: 18 calls and 6 positions in two hours
MEAN_GAP_WEIGHS: Final[Quantity] = 20.0  # as many gaps
LATE_DEPARTURE: Final[LogLikelihood] = math.log(0.02)  # judgement: boats do beach and leave again, seldom
# Judgement: one recovery in eight is partial and the boat goes on (52, then 39 people on 12 August 2025).
AFTER_ENDING: Final[LogLikelihood] = math.log(0.12)
ENGINE_SAME: Final[LogLikelihood] = math.log(2 * ENGINE_AS_IT_WAS)
ENGINE_CHANGED: Final[LogLikelihood] = math.log(2 * (1 - ENGINE_AS_IT_WAS))  # running again, or failed

# The number of boats is Poisson with a rate of which the night before it begins says as much as BOATS_KNOWN boats in
# BOATS_IN: three an hour, about forty that tried on 24 November 2021 in some thirteen hours (press, second-hand).
BOATS_KNOWN: Final[Quantity] = 1.5
BOATS_IN: Final[Seconds] = 0.5 * hours
# Judgement: a boat is heard of ten times, known before the night as well as from two boats; that a first contact is
# the last is half as probable as of any other, for boats that call seldom are few.
CONTACTS: Final[Quantity] = 12.0
CONTACTS_WEIGH: Final[Quantity] = 10.0
ONCE: Final[Fraction] = 0.3
# Judgement: half of the boats that tried on 24 November 2021 called (press, second-hand); the others nobody reported.
SILENT_SHARE: Final[Probability] = 0.5
# Judgement: reports in an hour, on all the waters, of what is no small boat.
# Small boats seldom carry AIS: a plot that somebody passes on as of an unknown craft is nearly always of another.
CLUTTER: Final[Mapping[Kind, Quantity]] = {"radar_plot": 0.8, "sighting": 0.15, "ais_plot": 4.0}
CLUTTER_ELSE: Final[Quantity] = 0.02

__all__ = [
    "CALLER_KNOWN", "CALLER_NEW", "COLOUR_RIGHT", "ENGINE_HOLDS", "FLOOR", "OUTLIER", "SLACK", "TOP_SPEED",
]  # fmt: skip
