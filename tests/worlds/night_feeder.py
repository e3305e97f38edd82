"""A process whose children feed the packaged night to a record, RECORD, one report to a commit, and may be killed.

For every line it reads, FIRST, it forks a child that says `pid N`, feeds the reports from number FIRST on and tells the
number of each only when the record has acknowledged it; after the last one it waits. When the child is dead the process
says `over`. Forked, a child costs milliseconds where a new interpreter costs a second.
"""

import os
import signal
import sys

from cordiale.feeds.nights import open_night
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.log import open_record

NIGHT = "2021-11-24"


def arrivals() -> list[Arrival]:
    """The reports of the packaged night in order of receipt, each with a text of its own."""
    told = sorted((line.report for line in open_night(NIGHT)), key=lambda r: (r.received, r.name))
    return [Arrival(report=report, text=f"text of {report.name}") for report in told]


def feed(path: str, told: list[Arrival], first: int = 0, *, say=lambda text: None) -> None:
    """Write the reports from number `first` on down, each in a commit of its own."""
    with open_record(path, node="dover", patience=60.0) as record:
        for number in range(first, len(told)):
            arrival = told[number]
            append_reports(record, [arrival], recorded_at=arrival.report.received, by="feed")
            say(f"{number}\n")


def say(text: str) -> None:
    """A line in one write, which a pipe takes whole or not at all."""
    os.write(1, text.encode())


def main(path: str) -> None:
    """Fork one child after the other until the input ends."""
    told = arrivals()
    say("ready\n")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(f"pid {os.getpid()}\n")
            feed(path, told, int(line), say=say)
            signal.pause()
        os.waitpid(child, 0)
        say("over\n")


if __name__ == "__main__":
    main(sys.argv[1])
