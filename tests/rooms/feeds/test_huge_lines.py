"""A line of 200 MB costs seconds and a few megabytes, and is not lost."""

import hashlib
import json
import tracemalloc

from cordiale.earth.instants import utc
from cordiale.feeds.chunks import CHUNK, raw_lines
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import KEPT_OF_A_HUGE_LINE, LONGEST_LINE

NOW = utc("2021-11-24 06:00")
HEAD = b'{"report": "r-huge", "kind": "distress_call", "received": "2021-11-24T02:03:00Z", "text": "'
PLAIN = json.dumps({"report": "r-2", "kind": "find", "received": "2021-11-24T02:05:00Z"}).encode()
SIZE = 200_000_000  # bytes
ROOM = 12 * CHUNK  # bytes: a chunk read, its copy, a line kept, the interpreter's own; 6 % of the line


def test_a_line_of_200_megabytes_is_kept_by_hash_length_and_beginning(tmp_path):
    """Memory stays below 12 MiB; kind and receipt come from the beginning; the next line is read as if nothing was."""
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.write(HEAD)
        file.seek(SIZE)
        file.write(b"\n" + PLAIN + b"\n")
    whole = hashlib.sha256(HEAD)
    for _ in range((SIZE - len(HEAD)) // 1000):
        whole.update(bytes(1000))
    whole.update(bytes((SIZE - len(HEAD)) % 1000))
    tracemalloc.start()
    huge, plain = read_feed(path, now=NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < ROOM, f"{peak / 1e6:.1f} MB"
    assert (huge.length, huge.sha256) == (SIZE, whole.hexdigest())
    assert len(huge.text) == KEPT_OF_A_HUGE_LINE
    assert huge.text.startswith(HEAD.decode())
    assert {"huge_line", "unreadable_line"} <= set(huge.report.flags)
    assert (huge.report.kind, huge.report.received) == ("distress_call", utc("2021-11-24 02:03"))
    assert "200000000 bytes" in str(huge.problems[0])
    assert (plain.report.name, plain.number) == ("r-2", 2)


def test_the_longest_line_that_is_read_whole_and_the_first_that_is_not():
    """One mebibyte is read; one byte more is not."""
    room = LONGEST_LINE - len(b'{"kind": "find", "summary": ""}')
    fits = b'{"kind": "find", "summary": "' + b"x" * room + b'"}'
    first, second = raw_lines([fits, fits + b" "])
    assert (first.whole, first.length, len(first.beginning)) == (True, LONGEST_LINE, LONGEST_LINE)
    assert (second.whole, second.length, len(second.beginning)) == (False, LONGEST_LINE + 1, KEPT_OF_A_HUGE_LINE)


def test_lines_that_cross_the_chunks_are_put_together(tmp_path):
    """Line ends that fall on the edge of a chunk, CRLF among them, change nothing."""
    path = tmp_path / "edges.jsonl"
    first = b"a" * (CHUNK - 1) + b"\r\n"
    path.write_bytes(first + b"bb\r\n" + b"\n" + b"c" * (CHUNK + 3) + b"\r\r\n" + b"last")
    lines = list(raw_lines(path))
    assert [(line.number, line.length) for line in lines] == [(1, CHUNK - 1), (2, 2), (4, CHUNK + 4), (5, 4)]
    assert [line.sha256 for line in lines][:2] == [
        hashlib.sha256(octets).hexdigest() for octets in (b"a" * (CHUNK - 1), b"bb")
    ]
