"""A broken record and a full disk are announced aloud, at the command line and in the console."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cordiale.desk.cli import main
from cordiale.desk.sources import record_source
from cordiale.earth.units import minutes
from cordiale.record.log import events, open_record
from cordiale.words import LANGUAGES
from tests.rooms.association.small_night import START
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import NORTH, OFF_NORTH

__all__ = ["record_path"]  # a fixture
ROOT = Path(__file__).parents[3]
ADD = ["--position", "51 08.5N 001 44.5E", "--persons", "33", "--words", "engine stopped"]
# The command line in a process that may write no file beyond LIMIT bytes: the way a disk fills up.
FULL = """
import resource, sys
from cordiale.desk.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""
# The same of the console's form.
FULL_FORM = """
import asyncio, resource, sys
from pathlib import Path
import httpx
from cordiale.desk.api import make_app
from cordiale.desk.board import Board
from cordiale.desk.sources import record_source
board = Board(record_source(Path(sys.argv[2])))
app = make_app(board)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
async def post():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        return await client.post("/api/reports", json={"words": "engine stopped" * 1300})
print(asyncio.run(post()).text)
board.close()
"""


@pytest.fixture
def broken(record_path):
    """The record with one digit changed in its first event: the southern boat carries 83 now."""
    content = record_path.read_bytes()
    assert content.count(b'"persons":{"least":33.0,"most":33.0}') == 1
    record_path.write_bytes(content.replace(b'"least":33.0,"most":33.0', b'"least":83.0,"most":83.0'))
    return record_path


def test_a_replay_of_a_broken_record_says_so_and_shows_the_rest(broken, capsys):
    """On stderr, with the number of the event and what to do; the picture follows, with exit code 1."""
    assert main(["replay", str(broken), "--json", "--particles", "300"]) == 1
    said = capsys.readouterr()
    assert "IS DAMAGED" in said.err and "event 1: its content is not what was hashed" in said.err
    assert "restore a backup" in said.err
    document = json.loads(said.out)
    assert len(document["reports"]) == 5
    assert document["record_flaws"] == [
        {"seq": 1, "text": "event 1: its content is not what was hashed; a byte of it was changed"}
    ]
    assert main(["--lang", "fr", "watch", str(broken)]) == 1
    assert "EST ENDOMMAGÉ" in capsys.readouterr().err
    main(["close", str(broken), NORTH, "--on", OFF_NORTH])
    assert "event 1:" in capsys.readouterr().err


def test_a_report_added_to_a_broken_record_is_kept_and_the_damage_said(broken, capsys):
    """First the acknowledgement, then the alarm: the call that comes in is not lost for an old fault."""
    assert main(["report", "add", str(broken), *ADD]) == 1
    said = capsys.readouterr()
    assert "kept as dover/6" in said.out and "event 1:" in said.err
    with open_record(broken, read_only=True) as record:
        assert len(events(record)) == 6


def test_the_console_shows_the_damage_on_every_picture(broken):
    """The banner's text comes with the picture, in both languages, and a whole record has none."""
    source = record_source(broken)
    texts = source.draw(START + 60 * minutes).texts
    source.record.close()
    for language in LANGUAGES:
        (flaw,) = json.loads(texts[language])["record_flaws"]
        assert flaw["seq"] == 1 and "1" in flaw["text"]


def test_a_desk_walks_the_chain_once_a_minute(record_path, monkeypatch):
    """Broken while it runs: told with the first picture after a minute, and with every one from then on."""
    clock = [1000.0]
    monkeypatch.setattr("cordiale.desk.sources.time.monotonic", lambda: clock[0])
    source = record_source(record_path)

    def flaws():
        return json.loads(source.draw(START + 60 * minutes).texts["en"])["record_flaws"]

    assert flaws() == []
    raw = sqlite3.connect(record_path)
    raw.execute("DROP TRIGGER event_never_changes")
    raw.execute("UPDATE event SET content = replace(content, '33.0', '83.0') WHERE seq = 1")
    raw.commit()
    raw.close()
    clock[0] += 59.0
    assert flaws() == []
    clock[0] += 2.0
    assert 1 in {flaw["seq"] for flaw in flaws()}
    clock[0] += 1.0
    assert flaws() != []
    source.record.close()


def test_a_desk_goes_on_when_a_page_breaks_under_it(record_path, monkeypatch):
    """While the head cannot be read, the last one known is told, so that the seats stay connected."""
    source = record_source(record_path)
    assert source.head() == 5
    wal = record_path.with_name("night.db-wal")
    page = record_path.read_bytes()
    record_path.write_bytes(page[:4096] + bytes(len(page) - 4096))
    if wal.exists():
        wal.write_bytes(b"")
    assert source.head() == 5
    source.record.close()


def run(script, *arguments):
    command = [sys.executable, "-c", script, *(str(argument) for argument in arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_full_disk_refuses_the_report_aloud(record_path):
    """NOT recorded, on stderr, with what to do; nothing of it is in the record, which is whole."""
    said = run(FULL, 45_000, "report", "add", record_path, *ADD, "--words", "a long story " * 5000)
    assert said.returncode == 2
    assert "NOT recorded" in said.stderr and "hint:" in said.stderr
    with open_record(record_path, read_only=True) as record:
        assert len(events(record)) == 5
    assert main(["record", "verify", str(record_path)]) == 0


def test_a_full_disk_is_told_in_the_form_of_the_console(record_path):
    """The seat that typed the report reads that it is not recorded, in both languages."""
    said = run(FULL_FORM, 20_000, record_path)
    answer = json.loads(said.stdout)
    assert answer["key"] in {"record.full", "record.disk"}
    assert "NOT recorded" in answer["texts"]["en"]["problem"] and answer["texts"]["fr"]["hint"]
