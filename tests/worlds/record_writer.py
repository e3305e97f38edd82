"""A process that writes reports until it is stopped: RECORD FIRST COUNT GROUP [LIMIT].

It says that it is open, waits for a line, then tells the name of a report only when the record has acknowledged it.
LIMIT is the largest file, in bytes, that it may write: the way a disk fills up.
"""

import resource
import sys

from cordiale.earth.errors import CordialeError
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.log import open_record
from tests.rooms.record.examples import NOW, numbered


def say(*words: str) -> None:
    """One word a line, at once."""
    sys.stdout.write("".join(f"{word}\n" for word in words))
    sys.stdout.flush()


def main(path: str, first: int, count: int, group: int, limit: int = 0) -> None:
    """Write `count` reports from number `first` on, `group` to a commit; stop at the first refusal and print it."""
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with open_record(path, node="dover", patience=60.0) as record:
        say("open")
        sys.stdin.readline()
        for start in range(first, first + count, group):
            arrivals = [Arrival(report=numbered(n), text=f"text {n}") for n in range(start, start + group)]
            try:
                append_reports(record, arrivals, recorded_at=NOW * 2, by="feed")
            except CordialeError as refusal:
                say(f"refused {refusal.key}")
                return
            say(*(arrival.report.name for arrival in arrivals))


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
