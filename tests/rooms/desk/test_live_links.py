"""What the newest reports may be about, from the form to the answer, without waiting for a picture."""

import asyncio
import json

import pytest

from cordiale.desk.api import make_app
from cordiale.desk.board import Board
from cordiale.desk.sources import Artist, Replay, record_source
from cordiale.earth.instants import utc
from cordiale.sea.environment import the_strait
from tests.console.world import END, World
from tests.rooms.association.small_night import two_boats
from tests.rooms.desk.test_api import call

NOW = utc("2021-11-24 02:05Z")
CALL = {"position": "51 08.5N 001 44.5E", "time": "02:01Z", "persons": "33", "state": "taking_water", "words": "help"}


@pytest.fixture
def watch(tmp_path):
    """One's own record, new, with its board."""
    source = record_source(tmp_path / "watch.db", the_strait())
    board = Board(source, clock=lambda: NOW + 600)
    yield source, board
    board.close()
    source.record.close()


def test_a_typed_report_is_ranked_before_its_picture(watch):
    """Nothing before the first picture; then a second call is ranked beside the boat of the first, provisionally."""
    source, board = watch
    source.add(CALL, NOW)
    assert json.loads(source.links(NOW + 60)["en"])["reports"] == []
    (boat,) = json.loads(asyncio.run(board.picture(None)).texts["en"])["boats"]
    kept = source.add({**CALL, "position": "51 08.6N 001 44.7E", "time": "02:06Z"}, NOW + 120)
    body = json.loads(asyncio.run(board.links())["fr"])
    (report,) = body["reports"]
    assert body["provisional"] and report["provisional"]
    assert report["report"] == kept["report"] and report["boat"] == boat["boat"] and report["probability"] > 0.9
    asyncio.run(board.picture(None))
    assert json.loads(source.links(NOW + 600)["en"])["reports"] == []


def test_the_answer_waits_for_no_picture():
    """While a picture is computed the desk says what is new; a replay has nothing new."""
    world = World(writable=True, name="watch")
    board = Board(world, clock=lambda: END)
    app = make_app(board)
    world.gate.clear()
    body = call(app, path="/api/live?lang=fr").json()
    world.gate.set()
    board.close()
    assert (body["format"], body["note"], [r["report"] for r in body["reports"]]) == (
        "cordiale.live/1",
        "fr",
        ["r-0900"],
    )
    replay = Replay("night", two_boats(), Artist(environment=the_strait()))
    assert json.loads(replay.links(END)["en"])["reports"] == []
