"""The schemes against the analytic flows and tolerances that Parcels 4 is tested with (its tests/test_advection.py)."""

import pytest

from bench.skill_flows import TRIALS

PUBLISHED = [(trial, scheme) for trial in TRIALS for scheme in trial.tolerances]
ORDERS = {"euler": 1.0, "midpoint": 2.0, "runge_kutta": 4.0}
SMOOTH = {trial.name.split(",")[0]: trial for trial in TRIALS}


@pytest.mark.parametrize(("trial", "scheme"), PUBLISHED, ids=lambda x: getattr(x, "name", x))
def test_each_flow_is_met_within_the_published_tolerance(trial, scheme):
    """Same flow, start, time and step as there; relative, the rotation in metres. Steps of an hour are cut in two."""
    assert trial.error(scheme, trial.published_step) < trial.tolerances[scheme]


@pytest.mark.parametrize("scheme", ORDERS)
@pytest.mark.parametrize("name", ["moving eddy", "decaying eddy", "radial rotation at 2-20 km", "Stommel gyre"])
def test_each_scheme_closes_in_at_its_order(name, scheme):
    """From 15 to 7.5 minutes the error falls by 2, 4 or 16; the order measured is right to 0.25 on smooth flows."""
    assert SMOOTH[name].order(scheme) == pytest.approx(ORDERS[scheme], abs=0.25)
