"""The desk over HTTP: the page, the picture at an instant, the event stream, and a form for new reports.

Thin: it reads the request, asks the board or the source, and sends what they say. `/openapi.json` describes it.
"""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import anyio
from fastapi import FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

import cordiale
from cordiale.desk.board import Board, cloud_body, encoded
from cordiale.desk.chart import chart_geojson
from cordiale.desk.guard import Guard, answer
from cordiale.desk.live import Live
from cordiale.desk.ruling import RulingForm
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso, utc
from cordiale.earth.units import Instant, hours
from cordiale.words import Language, catalogue

WEB: Final = Path(__file__).parent / "web"
STATUS: Final = {
    "desk.no_boat": 404,
    "desk.not_found": 404,
    "desk.method": 405,
    "desk.read_only": 403,
    "desk.inside": 500,
}

At = Annotated[
    str | None, Query(description="UTC instant, rounded down to the minute; the present or the end without it")
]
Lang = Annotated[Language, Query(description="language of the texts in the picture")]

for suffix, kind in ((".mjs", "text/javascript"), (".js", "text/javascript"), (".woff2", "font/woff2")):
    mimetypes.add_type(kind, suffix)


class ReportForm(BaseModel):
    """A report typed at the desk: every field as it was said, all optional."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field("distress_call", max_length=40)
    position: str = Field("", max_length=1000)
    time: str = Field("", max_length=200)
    persons: str = Field("", max_length=40)
    state: str = Field("", max_length=40)
    phone: str = Field("", max_length=60, description="kept only as a keyed hash")
    words: str = Field("", max_length=20_000)


class RulingWish(BaseModel):
    """What a person decides about which report is about which boat, or takes back."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["link", "never", "confirm", "split", "withdraw"]
    report: str = Field("", max_length=200)
    other: str = Field("", max_length=200)
    boat: str = Field("", max_length=200, description="split: the boat that is two")
    before: tuple[str, ...] = Field((), max_length=5000, description="split: its reports before that moment")
    after: tuple[str, ...] = Field((), max_length=5000, description="split: its reports from it on")
    event: str = Field("", max_length=200, description="withdraw: the id of the decision")
    because: str = Field(max_length=1000, description="why, without a name; it stays for ever")
    by: str = Field(max_length=60, description="the role that decides, never a name")


def make_app(board: Board, *, names: frozenset[str] = frozenset()) -> FastAPI:
    """The application that serves one board.

    Parameters
    ----------
    board : Board
        The pictures of a night, a feed or a record.
    names : frozenset of str
        Host names the desk answers to, beside `localhost` and plain addresses.
    """
    live = Live(board.source.head)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        await live.start()
        if not board.source.writable:
            board.warm()
        yield
        live.close()
        board.close()

    app = FastAPI(title="cordiale", version=cordiale.__version__, lifespan=running, docs_url=None, redoc_url=None)
    app.state.live = live
    app.add_middleware(Guard, names=names)
    _add_errors(app)
    _add_pages(app)
    _add_pictures(app, board)
    _add_record(app, board, live)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    return app


def _add_pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(WEB / "index.html", media_type="text/html", headers={"cache-control": "no-cache"})

    @app.get("/words/{language}.json", summary="Every text of the page")
    async def words(language: Language) -> dict[str, str]:
        return {key: text for key, text in catalogue(language).items() if key.startswith("console.")}

    @app.get("/base.geojson", summary="Coast, borders, lanes and places as GeoJSON")
    async def base(lang: Lang = "en") -> Response:
        return _json(await anyio.to_thread.run_sync(chart_geojson, lang))


def _add_pictures(app: FastAPI, board: Board) -> None:
    @app.get("/api/picture", summary="The picture as known at an instant (cordiale.picture/1)")
    async def picture(at: At = None, lang: Lang = "en") -> Response:
        return _json((await board.picture(_instant(at))).texts[lang])

    @app.get("/api/live", summary="What the newest reports may be about, provisionally (cordiale.live/1)")
    async def provisional(lang: Lang = "en") -> Response:
        return _json((await board.links())[lang])

    @app.get("/api/geojson", summary="The same picture as GeoJSON")
    async def geojson(at: At = None) -> Response:
        return _json((await board.picture(_instant(at))).geojson, "application/geo+json")

    @app.get("/api/cloud", summary="The particles of one boat, at most 5,000 (cordiale.cloud/1)")
    async def cloud(boat: str, at: At = None) -> Response:
        drawn = await board.picture(_instant(at))
        return _json(await anyio.to_thread.run_sync(lambda: encoded(cloud_body(drawn, boat))))

    @app.get("/api/times", summary="The span of the replay or record, and when each report was received")
    async def times() -> dict[str, Any]:
        span = await anyio.to_thread.run_sync(board.source.times)
        earliest, latest = span.earliest, span.latest
        if board.source.writable:
            latest = max(latest, board.clock())
            earliest = min(earliest, latest - hours) if span.received else latest - hours
        return {
            "name": board.source.name,
            "live": board.source.writable,
            "writable": board.source.writable,
            "earliest": iso(round(earliest)),
            "latest": iso(round(latest)),
            "opening": iso(span.opening),
            "received": [iso(received) for received in span.received],
        }


def _add_record(app: FastAPI, board: Board, live: Live) -> None:
    @app.post("/api/reports", status_code=201, summary="Add a report to one's own record")
    async def add_report(form: ReportForm) -> dict[str, Any]:
        if not board.source.writable:
            raise CordialeError("desk.read_only", name=board.source.name)
        kept = await anyio.to_thread.run_sync(board.source.add, form.model_dump(), board.clock())
        live.hurry()
        return dict(kept)

    @app.post("/api/rulings", status_code=201, summary="Decide which report is about which boat, or take it back")
    async def add_ruling(wish: RulingWish) -> dict[str, Any]:
        if not board.source.writable:
            raise CordialeError("desk.read_only", name=board.source.name)
        kept = await anyio.to_thread.run_sync(board.source.rule, RulingForm(**wish.model_dump()), board.clock())
        live.hurry()
        return dict(kept)

    @app.get("/api/events", summary="Server-sent events; the id is the number of the event in the record")
    async def events(last_event_id: Annotated[str | None, Header()] = None) -> StreamingResponse:
        after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else None
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(live.messages(after), media_type="text/event-stream", headers=headers)


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(CordialeError)
    async def refused(request: Request, error: CordialeError) -> Response:
        return answer(error, STATUS.get(error.key, 400), request)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        what = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()[:3])
        return answer(CordialeError("desk.request", what=what), 422, request)

    @app.exception_handler(HTTPException)
    async def absent(request: Request, error: HTTPException) -> Response:
        path = request.url.path[:200]
        if error.status_code == 405:
            return answer(CordialeError("desk.method", path=path, method=request.method), 405, request)
        key = "desk.not_found" if error.status_code == 404 else "desk.request"
        values = {"path": path} if error.status_code == 404 else {"what": str(error.detail)}
        return answer(CordialeError(key, **values), error.status_code, request)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        return answer(CordialeError("desk.inside", what=f"{type(error).__name__}: {error}"[:300]), 500, request)


def _instant(at: str | None) -> Instant | None:
    return None if not at else utc(at)


def _json(body: bytes, media_type: str = "application/json") -> Response:
    return Response(body, media_type=media_type, headers={"cache-control": "no-store"})
