"""How fast the record acknowledges: `python bench/record.py [FOLDER]` writes, reads, verifies and prints a table."""

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from cordiale.belief.report import Between, Fix, Reading, Report
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.backup import backup
from cordiale.record.log import Record, events, open_record
from cordiale.record.witness import verify

NIGHT = utc("2021-11-24 02:00")


def arrivals(series: str, *, text: bool) -> Iterator[Arrival]:
    """Reports of an ordinary size, one after the other, with or without an original text."""
    where = (Reading(place=Fix(position=Position(lat=51.1416667, lon=1.7416667), within=50.0)),)
    number = 0
    while True:
        number += 1
        report = Report(
            name=f"{series}-{number:06d}",
            kind="distress_call",
            received=NIGHT + number,
            event=Span(earliest=NIGHT, latest=NIGHT + number),
            channel="telephone",
            centre="Gris-Nez",
            where=where,
            persons=Between(least=30.0, most=40.0),
            summary="engine stopped, water in the boat, children aboard",
        )
        yield Arrival(report=report, text="a message of some forty characters, more" if text else None)


def timed(record: Record, portions: Sequence[Sequence[Arrival]]) -> list[float]:
    """Seconds that each commit took until it was acknowledged."""
    took = []
    for portion in portions:
        start = time.perf_counter()
        append_reports(record, portion, recorded_at=NIGHT * 2, by="bench")
        took.append(time.perf_counter() - start)
    return took


def row(what: str, took: Sequence[float], group: int) -> None:
    """One line of the table."""
    p99 = statistics.quantiles(took, n=100)[98]
    rate = group * len(took) / sum(took)
    print(f"| {what} | {rate:,.0f} | {statistics.median(took) * 1000:.1f} | {p99 * 1000:.1f} |")


def main() -> None:
    """Print the table of docs/record.md for this machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=None)
    with tempfile.TemporaryDirectory(dir=parser.parse_args().folder) as folder:
        path = Path(folder) / "night.db"
        with open_record(path) as record:
            print("| one commit holds | reports/s | median ms | 99 % ms |\n| --- | --- | --- | --- |")
            for group, commits, text in ((1, 500, False), (1, 500, True), (50, 100, False), (50, 100, True)):
                source = arrivals(f"{group}-{text}", text=text)
                portions = [list(islice(source, group)) for _ in range(commits)]
                what = f"{group} report{'s' * (group > 1)}, {'with' if text else 'without'} original text"
                row(what, timed(record, portions), group)
            for what, verb in (("read", events), ("verify", verify)):
                start = time.perf_counter()
                verb(record)
                print(f"{what} 11,000 events: {time.perf_counter() - start:.2f} s")
            start = time.perf_counter()
            backup(record, Path(folder) / "copy.db", with_keys=True)
            print(f"back up and verify them: {time.perf_counter() - start:.2f} s; {path.stat().st_size / 1e6:.1f} MB")
        print(f"SQLite {sqlite3.sqlite_version}")


if __name__ == "__main__":
    main()
