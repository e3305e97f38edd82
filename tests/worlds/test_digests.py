"""The probability map of a forecast has one digest, whatever the machine, the Python or the number of threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.digest import FORECASTS, forecast
from cordiale.belief.region import digest, probability_map

# From `python bench/digest.py`, the same on Python 3.11.7 and 3.13.0. A change of physics, of a table or of a draw
# changes them: then print them again on two Pythons and pin what both say.
PINNED = {"open sea": "36cd0d3dc41e4131", "inshore": "134758c7e8d69ff2"}


@pytest.mark.parametrize("name", PINNED)
def test_the_map_of_a_standard_forecast_has_the_pinned_digest(name):
    """A machine or a Python that differs by a particle in one cell of 500 m is found here."""
    assert digest(probability_map(forecast(name))) == PINNED[name]


@pytest.mark.parametrize("name", FORECASTS)
def test_two_threads_give_what_one_gives(name):
    """Every particle ends at the same place to the last bit, with a life cycle too."""
    single = forecast(name)
    with ThreadPoolExecutor(2) as pool:
        double = forecast(name, threads=2, executor=pool)
    assert (single.lat == double.lat).all()
    assert (single.lon == double.lon).all()
    assert (single.phase == double.phase).all()
