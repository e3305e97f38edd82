"""Which of the reported boats a find may be from, and that it may be from none of them."""

import math

import pytest

from cordiale.belief.backwards_find import Find
from cordiale.belief.backwards_which import which_origin
from cordiale.belief.belief import Belief
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.belief.update import SEA_AREA
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km
from cordiale.sea.analytic import Spit, UniformCurrent, analytic_sea

AT = utc("2021-11-24 06:00")
HERE = Position(lat=51.0, lon=1.5)
SEA = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), residual_std=0.2, time_scale=3 * hours)


def boat(name: str, east: float, *, std: float = 1 * km, at: float = AT) -> Belief:
    """A normal cloud so many metres east of here, of a drifter."""
    lat, lon = destination(HERE.lat, HERE.lon, east, 0.0)
    return first_belief(
        Fix(position=Position(lat=float(lat), lon=float(lon)), within=std * math.sqrt(-2 * math.log(0.05))),
        at=at,
        stream=Stream.of_seed(1).child(name),
        search_for=search_object("drifter"),
        name=name,
        count=4000,
    )


def find(east: float = 0.0, at: float = AT, **other) -> Find:
    """A find so many metres east of here."""
    lat, lon = destination(HERE.lat, HERE.lon, east, 0.0)
    return Find(where=Fix(position=Position(lat=float(lat), lon=float(lon)), within=500.0), at=at, **other)


def test_the_bayes_factor_is_that_of_two_normal_clouds():
    """At 1 and 3 standard deviations: exp((9 - 1) / 2 ...), each widened by the place's own error."""
    answer = which_origin(find(1 * km), (boat("near", 0.0), boat("far", 4 * km)), SEA)
    whole = (1 * km) ** 2 + find().spread ** 2
    assert answer.log_bayes_factor("near", "far") == pytest.approx(4 * km**2 / whole, rel=0.15)  # kernels widen it


def test_the_probabilities_sum_to_one_and_follow_bayes():
    """Each prior times evidence, none of these among them at the density of anywhere at sea."""
    answer = which_origin(find(), (boat("a", 0.0), boat("b", 1 * km)), SEA, none=0.4, prior={"a": 1.0, "b": 3.0})
    assert sum(c.probability for c in answer.candidates) + answer.none == pytest.approx(1.0, abs=1e-12)
    assert answer.none_density == 1 / SEA_AREA
    a, b = answer.candidates
    assert (a.prior, b.prior) == pytest.approx((0.15, 0.45))
    assert b.probability / a.probability == pytest.approx(3 * math.exp(b.log_evidence - a.log_evidence))


def test_a_find_far_from_every_cloud_is_from_none_of_these():
    """Another boat is not taken for theirs because it is the nearest one that was reported."""
    answer = which_origin(find(30 * km), (boat("a", 0.0), boat("b", 3 * km)), SEA)
    assert answer.none > 0.97
    assert all(c.probability > 0 for c in answer.candidates)  # a cloud may be wrong: nobody is deleted
    assert answer.likeliest is None


def test_clouds_drift_to_the_find():
    """Evidence is asked at the time of the find: a stream of 1 m/s has carried the right boat 10.8 km in 3 h."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0), residual_std=0.1)
    answer = which_origin(find(10.8 * km, AT + 3 * hours), (boat("here", 0.0), boat("there", 10.8 * km)), sea)
    assert answer.likeliest is not None
    assert answer.likeliest.name == "here"
    assert answer.likeliest.probability > 0.95


def test_a_find_ashore_is_from_who_can_have_stranded():
    """A stream to the east: the boat west of the spit strands there, the one far to the west is still afloat."""
    sea = analytic_sea(UniformCurrent(eastward=0.5, northward=0.0), coast=Spit(west=1.55, east=1.6), residual_std=0.1)
    lies = Find(
        where=Fix(position=Position(lat=51.0, lon=1.55), within=800.0), at=AT + 3 * hours, ashore=True,
        search_for=search_object("drifter"),
    )  # fmt: skip
    answer = which_origin(lies, (boat("stranded", 0.0), boat("afloat", -30 * km)), sea)
    assert answer.likeliest is not None
    assert answer.likeliest.name == "stranded"
    assert answer.candidates[1].probability < 0.01  # the floor of a cloud that is wrong, and no more


def test_bodies_drift_otherwise_than_the_boat():
    """Asked as bodies, with wind none, the class changes and so does the chance, and the answer stays alike."""
    clouds = (boat("a", 0.0), boat("b", 6 * km))
    as_bodies = which_origin(find(0.0, AT + 2 * hours), clouds, SEA, as_found=search_object("body"))
    as_she_is = which_origin(find(0.0, AT + 2 * hours), clouds, SEA)
    assert as_bodies.candidates[0].probability == pytest.approx(as_she_is.candidates[0].probability, abs=0.1)


def test_it_says_so():
    """Likeliest first, and none of these at the end, in both languages."""
    answer = which_origin(find(), {"lima": boat("x", 5 * km), "charlie": boat("y", 0.0)}, SEA)
    assert str(answer).startswith("found at 06:00Z: charlie")
    assert "none of these" in str(answer)
    assert "aucune d'entre elles" in answer.sentence("fr")


def test_what_cannot_be_compared_is_refused():
    """No cloud, one name twice, a cloud after the find, impossible priors, an unknown name."""
    one = boat("a", 0.0)
    for key, ask in {
        "candidates": lambda: which_origin(find(), (), SEA),
        "none_of_these": lambda: which_origin(find(), (one,), SEA, none=0.0),
        "candidate_prior": lambda: which_origin(find(), (one,), SEA, prior={"b": 1.0}),
        "find_before_belief": lambda: which_origin(find(0.0, AT - 1 * hours), (one,), SEA),
        "unknown_candidate": lambda: which_origin(find(), (one,), SEA).log_bayes_factor("a", "z"),
    }.items():
        with pytest.raises(CordialeError) as refused:
            ask()
        assert refused.value.key == f"belief.{key}"
    with pytest.raises(CordialeError):
        which_origin(find(), (one, boat("a", 1 * km)), SEA)
