"""The desk over HTTP, without a browser: what is answered, what is refused, and that no seat waits for another."""

import asyncio
import json
import threading

import httpx
import pytest

from cordiale.desk.api import make_app
from cordiale.desk.board import Board
from cordiale.desk.guard import LONGEST_KB, POLICY
from cordiale.desk.live import Live
from cordiale.earth.instants import utc
from cordiale.words import LANGUAGES, catalogue
from tests.console.world import END, World

HOST = "http://127.0.0.1:8750"


def call(app, method="GET", path="/", **options):
    """One request to an application in this process; its lifespan does not run."""

    async def ask():
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=options.pop("base", HOST)) as client:
            return await client.request(method, path, **options)

    return asyncio.run(ask())


@pytest.fixture
def night():
    """A read-only world and its application."""
    board = Board(World(), clock=lambda: END)
    yield make_app(board)
    board.close()


@pytest.fixture
def watch():
    """A writable world, its source and its application."""
    world = World(writable=True, name="watch")
    board = Board(world, clock=lambda: END)
    yield world, make_app(board)
    board.close()


def test_the_page_and_its_parts_are_served_with_a_strict_policy(night):
    """No inline script, no other host, workers from here only; every answer says so, also the refusals."""
    for path in ("/", "/web/main.js", "/web/vendor/maplibre-gl/maplibre-gl-worker.mjs", "/words/fr.json", "/nothing"):
        answer = call(night, path=path)
        assert answer.status_code == (404 if path == "/nothing" else 200), path
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "worker-src 'self'" in POLICY and "unsafe" not in POLICY and "http" not in POLICY
    kinds = {"/web/main.js": "text/javascript", "/web/vendor/b612/b612-latin-400-normal.woff2": "font/woff2"}
    for path, kind in kinds.items():
        assert call(night, path=path).headers["content-type"].startswith(kind)


def test_the_page_holds_no_script_of_its_own_and_no_address(night):
    """What a strict policy would refuse is not there to begin with."""
    page = call(night).text
    assert "onclick" not in page and "style=" not in page and "<script>" not in page
    assert "http://" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "") and "https://" not in page
    assert 'role="dialog"' not in page


@pytest.mark.parametrize("host", ["127.0.0.1:8750", "localhost:8750", "[::1]:8750", "192.168.1.20:8750"])
def test_addresses_and_localhost_are_answered(night, host):
    """Nobody's name server can redirect a plain address."""
    assert call(night, path="/api/times", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8750", "127.0.0.1.evil.example", "", "[::1", "localhost.evil"]
)
def test_a_foreign_name_is_refused(night, host):
    """A page elsewhere that makes its own name point here reads nothing (DNS rebinding)."""
    answer = call(night, path="/api/picture", headers={"host": host})
    assert answer.status_code == 421
    assert answer.json()["key"] == "desk.host"


def test_a_page_of_another_origin_cannot_write(watch):
    """A form on another web page that posts here is refused; the console's own is taken."""
    world, app = watch
    foreign = call(app, "POST", "/api/reports", json={"words": "x"}, headers={"origin": "http://evil.example"})
    assert (foreign.status_code, world.added) == (403, [])
    own = call(app, "POST", "/api/reports", json={"words": "x"}, headers={"origin": HOST})
    assert (own.status_code, len(world.added)) == (201, 1)


def test_the_picture_comes_in_both_languages_and_by_the_minute(night):
    """Seconds are cut off: every seat shares the picture of a minute."""
    bodies = {
        language: call(night, path=f"/api/picture?at=2021-11-24T03:25:40Z&lang={language}").json()
        for language in LANGUAGES
    }
    assert {body["at"] for body in bodies.values()} == {"2021-11-24T03:25:00Z"}
    assert bodies["en"]["notice"].startswith("People died")
    assert bodies["fr"]["notice"].startswith("Des personnes")
    assert call(night, path="/api/picture").json()["at"] == "2021-11-24T06:00:00Z", "the end without an instant"


def test_one_minute_is_computed_once():
    """Two seats, two languages and the cloud of a boat cost one computation."""
    world = World()
    board = Board(world, clock=lambda: END)
    app = make_app(board)
    for path in ("/api/picture?lang=en", "/api/picture?lang=fr", "/api/geojson", "/api/cloud?boat=B-01"):
        joint = "&" if "?" in path else "?"
        assert call(app, path=f"{path}{joint}at=2021-11-24T03:25Z").status_code == 200
    board.close()
    assert world.computed == [utc("2021-11-24 03:25Z")]


def test_a_new_event_makes_a_new_picture(watch):
    """The cache knows the events: what was typed is in the next picture of the same minute."""
    world, app = watch
    before = call(app, path="/api/picture").json()
    assert call(app, "POST", "/api/reports", json={"words": "engine stopped"}).status_code == 201
    after = call(app, path="/api/picture").json()
    assert len(after["reports"]) == len(before["reports"]) + 1
    assert len(world.computed) == 2


def test_the_cloud_of_one_boat(night):
    """At most 5,000 particles as latitude and longitude, to a metre."""
    body = call(night, path="/api/cloud?boat=B-02&at=2021-11-24T03:25Z").json()
    assert (body["format"], body["boat"], len(body["particles"])) == ("cordiale.cloud/1", "B-02", 2000)
    lat, lon = body["particles"][0]
    assert 50 < lat < 52 and 1 < lon < 3


def test_the_chart_has_land_borders_lanes_and_names_in_both_languages(night):
    """One GeoJSON from the rooms of the sea; names follow the language."""
    charts = {language: call(night, path=f"/base.geojson?lang={language}").json()["features"] for language in LANGUAGES}
    kinds = {feature["properties"]["kind"] for feature in charts["en"]}
    assert kinds == {"land", "territorial", "median", "region", "lane", "place"}
    names = {language: {f["properties"].get("label") for f in chart} for language, chart in charts.items()}
    assert "Dover" in names["en"] and "Douvres" in names["fr"]


REFUSED = [
    ("/api/picture?at=yesterday", 400, "earth.instant"),
    ("/api/picture?lang=de", 422, "desk.request"),
    ("/api/cloud?boat=B-99&at=2021-11-24T03:25Z", 404, "desk.no_boat"),
    ("/api/cloud", 422, "desk.request"),
    ("/words/de.json", 422, "desk.request"),
    ("/web/../api.py", 404, "desk.not_found"),
    ("/docs", 404, "desk.not_found"),
]


@pytest.mark.parametrize(("path", "status", "key"), REFUSED)
def test_a_refusal_says_what_and_what_to_do(night, path, status, key):
    """Problem and hint, in the caller's language and, for a page that changes it, in both."""
    answer = call(night, path=path, headers={"accept-language": "fr-FR,fr"})
    body = answer.json()
    assert (answer.status_code, body["key"]) == (status, key)
    assert body["problem"] == body["texts"]["fr"]["problem"]
    for language in LANGUAGES:
        assert body["texts"][language]["problem"] and body["texts"][language]["hint"]


def test_a_replay_is_read_only(night):
    """A packaged night takes no reports and says where they go."""
    answer = call(night, "POST", "/api/reports", json={"words": "x"})
    assert (answer.status_code, answer.json()["key"]) == (403, "desk.read_only")


def test_the_form_refuses_what_it_does_not_know_and_what_is_too_long(watch):
    """Unknown fields and floods are answered, not kept."""
    world, app = watch
    assert call(app, "POST", "/api/reports", json={"name": "x"}).status_code == 422
    flood = call(app, "POST", "/api/reports", content=b"x" * (LONGEST_KB * 1024 + 1))
    assert (flood.status_code, flood.json()["key"]) == (413, "desk.too_long")
    assert call(app, "GET", "/api/reports").status_code == 405
    assert world.added == []


def test_a_fault_inside_is_answered_and_not_remembered(night):
    """A picture that failed is computed again when asked again; the answer names the fault."""
    world = World()
    board = Board(world, clock=lambda: END)
    app = make_app(board)
    whole, world.draw = world.draw, lambda at: 1 / 0
    broken = call(app, path="/api/picture?at=2021-11-24T03:25Z")
    assert (broken.status_code, broken.json()["key"]) == (500, "desk.inside")
    world.draw = whole
    assert call(app, path="/api/picture?at=2021-11-24T03:25Z").status_code == 200
    board.close()


def test_the_present_is_shown_at_once_when_a_report_came_in():
    """Live, the picture is of the last full minute, or of the last receipt when that was later."""
    world = World(writable=True)
    last = world.times().received[-1]
    for clock, expected in ((last + 100.0, (last + 100) // 60 * 60), (last + 40.0, last)):
        board = Board(world, clock=lambda clock=clock: clock)
        assert board.instant(None) == expected
        assert board.instant(last - 30) == (last - 30) // 60 * 60
        board.close()


def test_every_text_of_the_page_is_in_both_catalogues(night):
    """The page gets its own words only, the same keys in both languages."""
    words = {language: call(night, path=f"/words/{language}.json").json() for language in LANGUAGES}
    assert words["en"].keys() == words["fr"].keys()
    assert set(words["en"]) == {key for key in catalogue("en") if key.startswith("console.")}


def test_the_interface_is_described(night):
    """OpenAPI lists every call of the desk."""
    paths = call(night, path="/openapi.json").json()["paths"]
    assert {"/api/picture", "/api/geojson", "/api/times", "/api/cloud", "/api/reports", "/api/events"} <= paths.keys()


def test_a_seat_resumes_after_the_last_event_it_saw():
    """After a lost line nothing is missed and nothing told twice; a new seat begins at the present."""
    head = [7]

    async def listen(after, wanted):
        live = Live(lambda: head[0])
        await live.start()
        told = []
        async for text in live.messages(after):
            told += [line[4:] for line in text.splitlines() if line.startswith("id: ")]
            if len(told) == wanted and head[0] == 7:
                head[0] = 9
            if told and told[-1] == "9":
                live.close()
        return told

    assert asyncio.run(listen(4, 3)) == ["5", "6", "7", "8", "9"]
    head[0] = 7
    assert asyncio.run(listen(None, 0)) == ["8", "9"]


def test_a_slow_picture_does_not_hold_up_the_stream():
    """While a picture is computed the event stream goes on."""
    world = World(writable=True)
    board = Board(world, clock=lambda: END)
    world.gate = threading.Event()

    async def both():
        live = Live(world.head)
        await live.start()
        picture = asyncio.create_task(board.picture(None))
        stream = live.messages(0)
        told = [await anext(stream), await anext(stream)]
        waiting = not picture.done()
        world.gate.set()
        await picture
        live.close()
        return told, waiting

    told, waiting = asyncio.run(both())
    board.close()
    assert waiting
    assert json.loads(told[1].split("data: ")[1])["head"] == world.head()


def test_a_replay_is_computed_ahead():
    """With nobody asking, every ten-minute mark is ready before it is wanted."""
    world = World()
    board = Board(world, clock=lambda: END)
    board.warm()
    asyncio.run(board.picture(world.times().earliest))  # the mark farthest from the opening
    board.close()
    assert world.computed[0] in {utc("2021-11-24 03:20Z"), utc("2021-11-24 03:30Z"), world.times().earliest}
    assert all(at % 600 == 0 for at in world.computed)


def test_the_newest_wish_is_computed_first():
    """A slider that was dragged leaves wishes behind that nobody waits for: the last one is answered before them."""
    world = World()
    world.gate.clear()
    board = Board(world, clock=lambda: END)

    async def drag():
        wishes = [asyncio.create_task(board.picture(utc(f"2021-11-24 0{hour}:00Z"))) for hour in (1, 2, 3, 4)]
        await asyncio.sleep(0.5)
        world.gate.set()
        await asyncio.gather(*wishes)

    asyncio.run(drag())
    board.close()
    rest = world.computed[1:]
    assert rest == sorted(rest, reverse=True), "after the one under way, the newest first"


def test_a_ruling_is_kept_on_ones_own_record_and_nowhere_else(watch, night):
    """Written with role and reason, refused on a replay, from another page, and without a reason field."""
    world, app = watch
    wish = {"kind": "link", "report": "r-1", "other": "r-2", "because": "one phone", "by": "watch_officer"}
    kept = call(app, "POST", "/api/rulings", json=wish, headers={"origin": HOST})
    assert (kept.status_code, kept.json()) == (201, {"event": "w/1"})
    assert (world.ruled[0].report, world.ruled[0].other, world.ruled[0].by) == ("r-1", "r-2", "watch_officer")
    assert call(night, "POST", "/api/rulings", json=wish).status_code == 403
    assert call(app, "POST", "/api/rulings", json=wish, headers={"origin": "http://evil.example"}).status_code == 403
    for wrong in ({"because": None}, {"kind": "forget"}, {"name": "x"}):
        body = {name: value for name, value in {**wish, **wrong}.items() if value is not None}
        assert call(app, "POST", "/api/rulings", json=body).status_code == 422, wrong
    assert len(world.ruled) == 1
