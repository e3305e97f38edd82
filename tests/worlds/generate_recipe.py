"""The recipe of a generated night: every number that shapes it, with its unit and where it comes from.

Write your own with `replace(STRAIT, boats=40, speed_median=6 * knots)` or from nothing. `STRAIT` is what the engine
roughly assumes, `ELSEWHERE` is not: see docs/generated-nights.md, which lists every field.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Final

from cordiale.earth.instants import utc
from cordiale.earth.units import (
    Degrees,
    Fraction,
    Instant,
    Metres,
    MetresPerSecond,
    Probability,
    Quantity,
    Seconds,
    days,
    hours,
    km,
    knots,
    minutes,
)

Pair = tuple[float, float]
Place = tuple[Degrees, Degrees]
FIRST_DAY: Final = utc("2021-05-01")

# Water a few hundred metres off known departure beaches, from east to west and south: read off a chart, judgement.
BEACHES: Final[tuple[Place, ...]] = (
    (51.070, 2.430), (51.050, 2.195), (51.030, 2.085), (51.020, 2.020), (51.005, 1.940), (50.985, 1.830),
    (50.960, 1.740), (50.905, 1.655), (50.815, 1.570), (50.775, 1.575), (50.640, 1.550), (50.535, 1.550),
    (50.400, 1.530),
)  # fmt: skip
# Between which boats are steered: Dungeness to the North Foreland (the shore of boats/propulsion.py).
SHORE: Final[tuple[Place, Place]] = ((50.912, 0.975), (51.375, 1.446))


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All parameters of a night. Pairs are (least, most), drawn evenly; `_mean` of a time is exponential."""

    name: str = "strait"
    # -- the night and the sea
    boats: int = 20
    first_day: Instant = FIRST_DAY  # a day is drawn evenly among `days` from here on: springs and neaps
    days: int = 365
    begins: Seconds = 19 * hours  # after midnight UTC
    lasts: Seconds = 17 * hours
    wind: tuple[MetresPerSecond, MetresPerSecond] = (0.0, 6.0)
    wind_error: MetresPerSecond = 1.5  # each component, of the wind the engine is told
    stream_error: MetresPerSecond = 0.08  # each component, of the whole sea, slowly changing
    stream_error_time: Seconds = 12 * hours
    stream_error_own: MetresPerSecond = 0.03  # each component, of one boat against the others
    tide_scale: Fraction = 1.0  # the true stream against the packaged one
    tide_late: Seconds = 0.0  # by so much the true stream comes later than the packaged one
    # -- launches
    launch: tuple[Seconds, Seconds] = (1 * hours, 8 * hours)  # after the beginning
    together: Quantity = 2.5  # mean number of boats launched from one place at one time (geometric law)
    together_place: Metres = 400.0  # standard deviation east and north within such a group
    together_time: Seconds = 12 * minutes
    taxi: Probability = 0.45
    taxi_legs: tuple[Metres, ...] = (2.9 * km, 21 * km, 71 * km, 117 * km)
    taxi_speed: MetresPerSecond = 7 * knots
    taxi_crew: tuple[int, int] = (1, 4)
    loading: tuple[Seconds, Seconds] = (15 * minutes, 45 * minutes)
    # -- way and life
    speed_median: MetresPerSecond = 4 * knots
    speed_spread: Fraction = 0.457  # of the logarithm
    speed: tuple[MetresPerSecond, MetresPerSecond] = (1.5 * knots, 11 * knots)  # cut off there
    heading_std: Degrees = 12.0  # kept for the passage
    helm_std: Degrees = 6.0  # from one five minutes to the next
    leeway: tuple[Fraction, Fraction] = (0.03, 0.008)  # mean and standard deviation, of the wind's speed
    engine_mean: Seconds = 5 * hours
    restart_mean: Seconds = 5 * hours
    swamp_mean: Seconds = 10 * hours  # from engine failure
    water_mean: Seconds = 1.6 * hours  # from swamped to people in the water
    turn_back: Probability = 0.06
    relaunch: Probability = 0.5  # of those that put back
    relaunch_after: tuple[Seconds, Seconds] = (0.5 * hours, 2 * hours)
    # -- people and boats
    persons: tuple[Quantity, Quantity] = (33.4, 10.0)  # mean and standard deviation
    persons_within: tuple[int, int] = (8, 75)
    colours: tuple[tuple[str, Probability], ...] = (("black", 0.4), ("grey", 0.3), ("white", 0.15), ("blue", 0.15))
    length: tuple[Metres, Metres] = (7.5, 0.9)
    # -- how it ends
    attended_adrift: Seconds = 1.5 * hours  # mean, from engine failure
    attended_across: Seconds = 1.3 * hours  # mean, from the half of the strait that is steered for
    unattended: Probability = 0.15  # nobody ever comes to this boat
    partial: Probability = 0.12  # of the boats attended: some are taken off before and the others go on
    miscount: Probability = 0.1  # of an ending: by one
    escort: Probability = 0.2
    escort_every: Seconds = 25 * minutes
    escort_lasts: tuple[Seconds, Seconds] = (0.5 * hours, 3 * hours)
    landing_told: Probability = 0.7
    return_told: Probability = 0.5
    find_told: Probability = 0.5  # of those in the water whom nobody reached
    find_after: tuple[Seconds, Seconds] = (4 * hours, 9 * hours)
    identity: Probability = 0.6  # of the recoveries: a piece of positive evidence of identity was noted
    # -- who is told what
    contacts_mean: Quantity = 9.0  # calls, pins, missed calls and sightings by ships, of one boat
    contacts_spread: Fraction = 0.6  # standard deviation of a boat's rate over its mean (gamma law)
    mute: Probability = 0.1  # nobody aboard calls
    trouble: Fraction = 4.0  # how much sooner people call adrift than under way; 6 swamped, 3 in the water
    kinds: tuple[tuple[str, Probability], ...] = (
        ("call", 0.24), ("placed_call", 0.18), ("pin", 0.34), ("sighting", 0.16), ("missed", 0.08),
    )  # fmt: skip
    answer: Probability = 0.5  # a call is followed by a pin from the same phone
    phones: tuple[int, int] = (1, 4)
    phone_unknown: Probability = 0.15
    sharing: Fraction = 0.5  # at most this part of a boat's contacts stand with a phone heard twice on her
    passed_on: Probability = 0.04  # a phone is heard on one more boat
    pin_within: Metres = 100.0
    pin_late: Probability = 0.15  # the moment of the fix is an interval
    pin_late_by: tuple[Seconds, Seconds] = (2 * minutes, 20 * minutes)
    call_within: tuple[Metres, ...] = (1500.0, 3000.0, 5000.0)
    sighting_within: tuple[Metres, ...] = (400.0, 800.0, 1500.0)
    sector: Probability = 0.1  # of the calls with a place: a cell sector
    tail: float = math.inf  # degrees of freedom of Student's law of position errors; infinite: normal
    misread: Probability = 0.06  # of the positions read out
    misread_seen: Probability = 0.5  # both readings were written down
    persons_said: Probability = 0.6
    persons_error: tuple[Quantity, Quantity] = (2.5, 5.0)  # aboard, and seen from outside
    colour_said: Probability = 0.4
    colour_right: Probability = 0.85
    length_said: Probability = 0.25
    length_error: Metres = 0.7
    engine_said: Probability = 0.4
    state_said: Probability = 0.25
    relay: Probability = 0.18  # a contact is passed on by police, an NGO, a family or the other centre
    relay_after: tuple[Seconds, Seconds] = (5 * minutes, 40 * minutes)
    relay_chain: Probability = 0.3  # and that by somebody else again
    relay_unlinked: Probability = 0.25  # and nobody wrote down of what it is a relay
    relay_persons: int = 2  # its number differs by up to this
    departure_seen: Probability = 0.4
    departure_within: Metres = 1200.0
    departure_late: tuple[Seconds, Seconds] = (20 * minutes, 150 * minutes)
    late: Probability = 0.05  # a report of the partner's comes late
    late_by: tuple[Seconds, Seconds] = (0.5 * hours, 3 * hours)
    radar_plots: Quantity = 1.5  # mean, of one boat
    radar_range: Metres = 30 * km
    clutter: Quantity = 8.0  # mean number of plots of no boat, in the night
    other_craft: Quantity = 2.0  # mean number of sightings of something that is no small boat
    ais_craft: Quantity = 0.0  # mean number of other craft whose AIS plots are passed on as unknown, in the night
    ais_carried: Probability = 0.0  # a small boat carries AIS
    ais_each: Quantity = 4.0  # mean number of plots of each
    pairs: int = 1  # sightings of two boats together, at most
    reports_most: int = 2000
    # -- a note for whoever reads the night
    notes: tuple[str, ...] = field(default=())


STRAIT: Final = Recipe()
ELSEWHERE: Final = Recipe(
    name="elsewhere",
    tide_late=15 * minutes,
    tide_scale=1.12,
    wind=(0.0, 9.0),
    stream_error=0.12,
    stream_error_time=5 * hours,
    together=4.0,
    together_place=900.0,
    together_time=20 * minutes,
    taxi=0.6,
    taxi_speed=9 * knots,
    speed_median=6 * knots,
    speed_spread=0.35,
    speed=(2 * knots, 16 * knots),
    heading_std=25.0,
    helm_std=12.0,
    leeway=(0.04, 0.012),
    engine_mean=7 * hours,
    restart_mean=2 * hours,
    swamp_mean=8 * hours,
    turn_back=0.12,
    persons=(58.0, 18.0),
    persons_within=(15, 120),
    length=(9.0, 1.2),
    colours=(("black", 0.7), ("grey", 0.15), ("green", 0.1), ("orange", 0.05)),
    contacts_mean=8.0,
    contacts_spread=1.0,
    mute=0.2,
    trouble=2.0,
    phones=(1, 6),
    phone_unknown=0.3,
    sharing=0.4,
    passed_on=0.12,
    tail=3.0,
    misread=0.12,
    misread_seen=0.3,
    persons_error=(8.0, 12.0),
    colour_right=0.65,
    length_error=1.5,
    relay=0.25,
    relay_unlinked=0.4,
    relay_persons=6,
    late=0.1,
    clutter=16.0,
    other_craft=5.0,
    pin_late=0.3,
)


def sized(recipe: Recipe, *, boats: int, reports: int | None = None) -> Recipe:
    """The same with another number of boats; with `reports`, people call as often as that takes, and what is over is
    left out at random.
    """
    if reports is None:
        return replace(recipe, boats=boats)
    told = 1.5 * recipe.contacts_mean + recipe.radar_plots + 2.0  # about what a boat leaves in the default recipe
    more = 2.0 * (reports - recipe.clutter - recipe.other_craft) / (boats * told)
    return replace(
        recipe,
        boats=boats,
        contacts_mean=recipe.contacts_mean * more,
        radar_plots=recipe.radar_plots * more,
        reports_most=reports,
    )


__all__ = ["BEACHES", "ELSEWHERE", "SHORE", "STRAIT", "Pair", "Recipe", "days", "sized"]
