"""A night is fed to a record by a process that is killed a hundred times: nothing that was acknowledged is lost.

After every death the write-ahead log is cut back to what had reached the disk, as a power cut would leave it.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cordiale.record.known import known_at
from cordiale.record.log import events, open_record
from cordiale.record.picture import picture
from cordiale.record.witness import verify
from tests.rooms.association.small_night import still_sea
from tests.worlds.night_feeder import arrivals, feed
from tests.worlds.test_record_under_fire import WATCHER

ROOT = Path(__file__).parents[2]
KILLS = 100
LONGEST_ACKS = 3  # a life ends after so many acknowledgements at the most, and up to
LONGEST_WAIT = 0.02  # seconds later: one commit takes 3 to 25 ms (docs/record.md), so that many die within one
PICTURE = 40  # reports on the pictures that are compared: enough for several boats, and cheap


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Where the length of the write-ahead log that reached the disk stands; None where no C compiler can tell."""
    if shutil.which("cc") is None:
        return None
    source, watcher = tmp_path / "synced.c", tmp_path / "synced.so"
    source.write_text(WATCHER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", watcher, source, "-ldl"], check=True)
    monkeypatch.setenv("SYNCED", str(tmp_path / "synced"))
    return watcher


class Feeder:
    """The process whose children feed."""

    def __init__(self, path, watcher):
        environment = {**os.environ, **({"LD_PRELOAD": str(watcher)} if watcher else {})}
        command = [sys.executable, "-m", "tests.worlds.night_feeder", str(path)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, env=environment)
        assert self.line() == "ready"

    def line(self):
        return self.process.stdout.readline().strip()

    def live_and_die(self, first, acks, wait):
        """Feed from a report on, be killed after so many acknowledgements and seconds; the numbers acknowledged."""
        self.process.stdin.write(f"{first}\n")
        self.process.stdin.flush()
        child = int(self.line().removeprefix("pid "))
        told = [int(self.line()) for _ in range(acks)]
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        while (line := self.line()) != "over":
            told.append(int(line))
        return told

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def power_cut(path):
    """The write-ahead log back to its last fsync, the shared memory gone; how many bytes that took."""
    wal, synced = path.with_name("night.db-wal"), Path(os.environ["SYNCED"])
    path.with_name("night.db-shm").unlink(missing_ok=True)
    reached = int(synced.read_text() or 0) if synced.exists() else 0
    synced.unlink(missing_ok=True)
    if not wal.exists():
        return 0
    lost = wal.stat().st_size - reached
    assert lost >= 0
    os.truncate(wal, reached)
    return lost


def test_a_hundred_deaths_lose_nothing_that_was_acknowledged(tmp_path, watched):
    """Killed at random moments of commits, each life goes on where acknowledgements ended; then the night is whole.

    The record holds what an uninterrupted feed holds, event for event, and gives the same picture.
    """
    chance, told = random.Random(2021), arrivals()
    path = tmp_path / "night.db"
    feeder, acknowledged, unheard, cut = Feeder(path, watched), 0, 0, 0
    for _ in range(KILLS):
        acks = min(chance.randint(0, LONGEST_ACKS), len(told) - acknowledged)
        heard = feeder.live_and_die(acknowledged, acks, chance.uniform(0, LONGEST_WAIT))
        assert heard == list(range(acknowledged, acknowledged + len(heard)))
        acknowledged += len(heard)
        if watched:
            cut += power_cut(path) > 0
        if acknowledged == 0 and not path.exists():
            continue
        with open_record(path, node="dover") as record:
            verdict, kept = verify(record), events(record)
        assert verdict.is_whole or {f.key for f in verdict.flaws} <= {"no_witness"}, str(verdict)
        names = [event.body["name"] for event in kept]
        assert names == [arrival.report.name for arrival in told[: len(names)]]
        assert acknowledged <= len(names) <= acknowledged + 1  # at most the one in its commit
        unheard += len(names) - acknowledged
    feeder.close()
    assert acknowledged >= KILLS / 2, "the deaths did not fall within the night"
    # On the machine it was written on: 4 to 8 deaths between a commit and its acknowledgement, 3 to 6 within an fsync.
    assert unheard + cut > 0, "no death fell into a commit"
    feed(str(path), told, acknowledged)
    whole = tmp_path / "whole.db"
    feed(str(whole), told)
    found, expected = (_kept(one) for one in (path, whole))
    assert [(e.type, e.at, e.received, e.by, e.body["name"]) for e in found] == [
        (e.type, e.at, e.received, e.by, e.body["name"]) for e in expected
    ]
    one, other = (known_at(kept).reports for kept in (found, expected))
    assert one == other and len(one) == len(told)
    assert _digest(one) == _digest(other)


def _kept(path):
    with open_record(path, node="dover") as record:
        assert verify(record).is_whole
        return events(record)


def _digest(reports):
    """Of the picture when the first forty reports are in."""
    seen = picture(reports, still_sea(), at=sorted(r.received for r in reports)[PICTURE], seed=1, count=300)
    assert len(seen.boats) > 1
    return seen.digest
