"""Association marginals of one scan, against values computed before (reference A4: three boats and three reports, exact
by enumeration and by loopy belief propagation), and against our own enumeration by brute force.
"""

import numpy as np
import pytest

from cordiale.association.marginals import enumerated, marginals, propagated, scanned, separate
from tests.worlds.scores import exact_marginals

# Ratios detected/missed, the marginals (last column: missed) and those of belief propagation, all to six digits.
ODDS = np.array([[2.022512, 1.646946, 5.673821], [1.294445, 6.787299, 4.042967], [0.885711, 1.523041, 2.321064]])
EXACT = np.array(
    [[0.284278, 0.099342, 0.413190, 0.203190], [0.119223, 0.548831, 0.175644, 0.156302],
     [0.213041, 0.168335, 0.248337, 0.370288]]
)  # fmt: skip
PROPAGATED = np.array(
    [[0.269832, 0.084776, 0.416881, 0.228511], [0.109353, 0.555048, 0.159103, 0.176496],
     [0.194513, 0.154013, 0.236524, 0.414951]]
)  # fmt: skip


def full(found):
    """The marginals with the missed ones in the last column."""
    return np.hstack([found.about, found.missed[:, None]])


def random_odds(seed, boats, reports):
    """Odds as reports scattered among boats have them: most small, some large."""
    return np.exp(np.random.default_rng(seed).normal(-1.0, 2.5, (boats, reports)))


def test_the_enumeration_gives_the_published_marginals():
    """Six printed digits: half of the last one, and the same again for the digits of the odds."""
    assert full(enumerated(ODDS)) == pytest.approx(EXACT, abs=1e-6)


def test_the_propagation_gives_its_published_marginals_and_errs_by_less_than_a_twentieth():
    """The same six digits; away from the exact ones by 0.045 at most, as printed."""
    found = full(propagated(ODDS))
    assert found == pytest.approx(PROPAGATED, abs=1e-6)
    assert np.abs(found - EXACT).max() == pytest.approx(0.045, abs=5e-4)


@pytest.mark.parametrize(("boats", "reports"), [(1, 1), (2, 4), (4, 2), (4, 4), (6, 3), (3, 6)])
def test_the_enumeration_is_the_sum_over_all_ways_to_assign(boats, reports):
    """Equal to brute force to rounding, whichever side is the smaller."""
    odds = random_odds(boats + 10 * reports, boats, reports)
    assert full(enumerated(odds)) == pytest.approx(exact_marginals(odds), abs=1e-12)


def test_the_propagation_stays_near_the_enumeration_at_eight_by_eight():
    """Twenty scans of eight by eight: within 0.05 of the exact marginals in the mean of the worst, 0.15 at the worst.

    The published error of belief propagation is a few hundredths; crowded scans are its worst case.
    """
    worst = []
    for seed in range(20):
        odds = random_odds(seed, 8, 8)
        worst.append(np.abs(propagated(odds).about - enumerated(odds).about).max())
    assert np.mean(worst) < 0.05
    assert max(worst) < 0.15


def test_beyond_eight_boats_and_reports_nothing_is_counted_twice():
    """60 boats and 40 reports: every boat has one report at most and every report one boat, to the rest of 1e-6."""
    found = marginals(random_odds(7, 60, 40))
    assert found.about.min() >= 0
    assert found.about.sum(axis=1).max() <= 1 + 1e-6 and found.about.sum(axis=0).max() <= 1 + 1e-6
    assert np.array_equal(found.about, propagated(random_odds(7, 60, 40)).about)


def test_few_reports_among_many_boats_are_exact():
    """Three reports, sixty boats: enumerated, for only the smaller side has to be small."""
    odds = random_odds(3, 60, 3)
    assert np.array_equal(marginals(odds).about, enumerated(odds).about)
    assert np.abs(propagated(odds).about - enumerated(odds).about).max() < 0.05


def test_calls_do_not_push_each_other_away():
    """Two calls that fit one boat alone both stay with it; as plots of one scan one of them must go."""
    odds = np.array([[20.0, 20.0]])
    assert separate(odds).about == pytest.approx(np.array([[20 / 21, 20 / 21]]))
    assert marginals(odds).about == pytest.approx(np.array([[20 / 41, 20 / 41]]))


def test_certain_odds_do_not_overflow():
    """Odds of e^200 to one on the diagonal of eight: certain, and finite."""
    found = enumerated(np.exp(200.0) * np.eye(8))
    assert found.about == pytest.approx(np.eye(8))


def test_a_boat_not_seen_exists_less_and_one_seen_more():
    """One boat, one report: Bayes' rule by hand."""
    r, seen, density, new, clutter = 0.6, 0.9, 0.5, 0.02, 0.08
    one = scanned(
        np.array([r]), np.array([seen]), np.array([[density]]), new=np.array([new]), clutter=np.array([clutter])
    )
    of_it, of_none = r * seen * density, (1 - r * seen) * (new + clutter)
    about = of_it / (of_it + of_none)
    assert one.marginals.about[0, 0] == pytest.approx(about)
    assert one.existence[0] == pytest.approx(about + (1 - about) * r * (1 - seen) / (1 - r * seen))
    assert one.new[0] == pytest.approx((1 - about) * 0.2) and one.clutter[0] == pytest.approx((1 - about) * 0.8)
    nothing = scanned(np.array([r]), np.array([seen]), np.zeros((1, 0)), new=np.zeros(0), clutter=np.zeros(0))
    assert nothing.existence[0] == pytest.approx(r * (1 - seen) / (1 - r * seen))


def test_the_existence_of_a_boat_is_never_taken_to_nothing():
    """Ten scans without a report of a boat that is seen half of the time: a thousand times less, never 0."""
    existence = np.array([0.5])
    for _ in range(10):
        existence = scanned(
            existence, np.array([0.5]), np.zeros((1, 0)), new=np.zeros(0), clutter=np.zeros(0)
        ).existence
    assert existence[0] == pytest.approx(1 / (1 + 2.0**10), rel=1e-12)
