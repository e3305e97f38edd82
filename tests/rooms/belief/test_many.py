"""Many drifts at once: the same result wherever they are computed."""

import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from distributed import Client, LocalCluster

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.many import DriftCase, drift_each, drift_ensemble, drift_in_parts
from cordiale.belief.region import digest, probability_map
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, knots
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import ConstantWind

NIGHT = utc("2021-11-24 02:01")


def boat(seed: int, count: int = 300) -> Belief:
    fix = Fix(position=Position(lat=51.05 + 0.02 * seed, lon=1.55), within=500.0)
    return first_belief(fix, at=NIGHT, stream=Stream.of_seed(seed), count=count, under_way=0.5)


def strait(speed: float = 6.0) -> Environment:
    return the_strait(ConstantWind.blowing(speed * knots, from_direction=225))


def cases() -> Iterator[DriftCase]:
    """Three boats in two winds."""
    for seed in range(3):
        for speed in (4.0, 9.0):
            yield DriftCase(belief=boat(seed), environment=strait(speed), until=NIGHT + 6 * hours)


def digests(executor: Executor | None) -> list[str]:
    return [digest(probability_map(belief)) for belief in drift_each(cases(), executor=executor, at_once=3).values()]


@pytest.fixture(scope="module")
def serial() -> list[str]:
    return digests(None)


def test_threads_give_the_same_maps(serial: list[str]) -> None:
    """Six drifts on two threads end in the maps of six drifts one after the other."""
    with ThreadPoolExecutor(2) as executor:
        assert digests(executor) == serial
    assert len(set(serial)) == len(serial)


def test_processes_give_the_same_maps(serial: list[str]) -> None:
    """And on two fresh processes, to which the strait travels as its name."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert digests(executor) == serial


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_maps(serial: list[str]) -> None:
    """And on a Dask cluster of two worker processes."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        Client(cluster) as client,
    ):
        assert digests(client.get_executor()) == serial


def test_the_strait_travels_light() -> None:
    """A pickled strait names the packaged tide and coast: below 10 kB, and the same objects come out."""
    sea = strait()
    sent = pickle.dumps(sea)
    assert len(sent) < 10_000
    assert pickle.loads(sent).tide is sea.tide


def test_parts_of_one_belief_are_the_whole() -> None:
    """A belief cut into five parts of unequal size drifts as in one piece, to the last bit."""
    belief = boat(1, 301)
    with ThreadPoolExecutor(2) as executor:
        parts = drift_in_parts(belief, strait(), until=NIGHT + 3 * hours, parts=5, executor=executor)
    whole = drift(belief, strait(), until=NIGHT + 3 * hours)
    for field in ("ids", "lat", "lon", "weight", "stranded", "side", "current_error"):
        assert np.array_equal(getattr(parts, field), getattr(whole, field)), field


def test_an_ensemble_shares_the_worlds_among_its_members() -> None:
    """Every second particle meets the eastward member, the others the northward one, in the order of the belief."""
    belief = boat(1, 101)
    east, north = (analytic_sea(UniformCurrent(eastward=a, northward=b)) for a, b in ((1.0, 0.0), (0.0, 1.0)))
    still = replace(belief, way_speed=np.zeros(101))
    after = drift_ensemble(still, [east, north], until=NIGHT + 1 * hours)
    assert np.array_equal(after.ids, belief.ids)
    assert np.array_equal(after.weight, belief.weight)
    odd = belief.world % 2 == 1
    one, other = drift(still, east, until=NIGHT + 1 * hours), drift(still, north, until=NIGHT + 1 * hours)
    assert np.array_equal(after.lon, np.where(odd, other.lon, one.lon))
    assert np.array_equal(after.lat, np.where(odd, other.lat, one.lat))


def test_an_interrupted_run_keeps_what_is_done() -> None:
    """After the third of six cases a cancel leaves three results, the right ones."""
    counts: list[int] = []
    some = drift_each(cases(), progress=counts.append, cancel=lambda: len(counts) >= 3)
    assert list(some) == [0, 1, 2] and counts == [1, 2, 3]
    first = next(cases())
    assert np.array_equal(some[0].lat, drift(first.belief, first.environment, until=first.until).lat)


def test_a_case_that_fails_is_named() -> None:
    """The error says which case it was and what was wrong with it, also from another process."""
    wrong = DriftCase(belief=boat(0), environment=strait(), until=NIGHT - 1)
    with ThreadPoolExecutor(1) as executor, pytest.raises(CordialeError, match=r"case 1, counted from 0.*02:00:59Z"):
        drift_each([next(cases()), wrong], executor=executor)
    error = pickle.loads(pickle.dumps(CordialeError("belief.step", step=0)))
    assert str(error) == str(CordialeError("belief.step", step=0))


@pytest.mark.parametrize("parts", [0, 301])
def test_parts_are_between_one_and_the_number_of_particles(parts: int) -> None:
    """No part may be empty."""
    with ThreadPoolExecutor(1) as executor, pytest.raises(CordialeError, match=f"into {parts} parts"):
        drift_in_parts(boat(1), strait(), until=NIGHT + 1 * hours, parts=parts, executor=executor)


def test_an_ensemble_needs_members() -> None:
    """Without a member there is nothing to drift in."""
    with pytest.raises(CordialeError, match="no members"):
        drift_ensemble(boat(1), [], until=NIGHT + 1 * hours)
