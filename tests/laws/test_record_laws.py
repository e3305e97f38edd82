"""Laws of the record: whatever is written, in any order and portions, nothing is missing and the chain is whole."""

import hashlib
import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.bodies import report_of, reports_of
from cordiale.record.erasure import read_text
from cordiale.record.log import events, open_record
from cordiale.record.witness import verify
from tests.rooms.record.any_report import reports
from tests.rooms.record.examples import NOW, numbered

LATE = 5e9  # seconds since 1970: recorded after any time received that the strategy draws
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # these laws are not about the disk
LAW = settings(max_examples=15, deadline=None)


@contextmanager
def a_record():
    """A new record in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder, open_record(Path(folder) / "night.db") as record:
        yield record


def in_portions(items, cuts):
    """The items in order, in portions that end at the cuts."""
    edges = [0, *sorted({cut % (len(items) + 1) for cut in cuts}), len(items)]
    return [items[a:b] for a, b in pairwise(edges) if b > a]


_arrivals = st.lists(
    st.builds(Arrival, report=reports(), text=st.none() | st.text(max_size=30)),
    max_size=8,
    unique_by=lambda arrival: arrival.report.name,
)
_cuts = st.lists(st.integers(0, 100), max_size=3)


@LAW
@given(_arrivals, _cuts)
def test_whatever_is_written_is_read_again(arrivals, cuts):
    """Every report and every text comes back in order, and the chain is whole."""
    with a_record() as record:
        for portion in in_portions(arrivals, cuts):
            append_reports(record, portion, recorded_at=LATE, by="feed")
        assert [report_of(event.body) for event in events(record)] == [arrival.report for arrival in arrivals]
        for arrival in arrivals:
            assert read_text(record, arrival.report.name) == arrival.text
        assert verify(record).is_whole


@LAW
@given(_arrivals, _cuts, _cuts, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_reports(arrivals, cuts, others, chance):
    """Late, early, in portions, and everything a second time: the set of reports is the same."""
    shuffled = list(arrivals)
    chance.shuffle(shuffled)
    with a_record() as one, a_record() as other:
        for portion in in_portions(arrivals, cuts):
            append_reports(one, portion, recorded_at=LATE, by="feed")
        for portion in [*in_portions(shuffled, others), arrivals]:
            append_reports(other, portion, recorded_at=LATE, by="feed")
        kept, again = (sorted(reports_of(events(r)), key=lambda report: report.name) for r in (one, other))
        assert kept == again
        assert verify(other).is_whole


@LAW
@given(_arrivals, st.integers(0, 4_102_444_800))
def test_a_replay_holds_exactly_what_was_received_by_then(arrivals, instant):
    """Nothing of later, everything of before and of that very microsecond."""
    with a_record() as record:
        append_reports(record, arrivals, recorded_at=LATE, by="feed")
        instants = [float(instant), *(arrival.report.received for arrival in arrivals)]
        for until in instants:
            seen = {event.body["name"] for event in events(record, until_received=until)}
            assert seen == {a.report.name for a in arrivals if a.report.received <= until}


@LAW
@given(st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_what_differs_is_never_lost_to_a_name(speakers):
    """However often a name is used, each different report is kept once and each repeated one is not kept twice."""
    told = [replace(numbered(1), summary=f"version {speaker}") for speaker in speakers]
    with a_record() as record:
        for report in told:
            append_reports(record, [Arrival(report=report)], recorded_at=NOW, by="feed")
        kept = reports_of(events(record))
        assert {report.summary for report in kept} == {report.summary for report in told}
        assert len(kept) == len(set(speakers))
        assert len({report.name for report in kept}) == len(kept)


@LAW
@given(_arrivals)
def test_the_chain_checks_with_nothing_but_sha256(arrivals):
    """Every stored hash is that of the hash before and the stored bytes, as anybody can compute."""
    with a_record() as record:
        append_reports(record, arrivals, recorded_at=LATE, by="feed")
        prev = "0" * 64
        for content, own in record.connection.execute("SELECT content, hash FROM event ORDER BY seq"):
            assert own == hashlib.sha256((prev + content).encode()).hexdigest()
            prev = own
