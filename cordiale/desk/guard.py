"""The door of the desk: who may call it, how much may be sent, and what a page of ours may load.

A desk that listens on this machine only can still be reached by any web page open in the same browser, through a name
that is made to point here (DNS rebinding). So the host named in the request must be an address, `localhost`, or a name
given on purpose; and only the console's own pages may write.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cordiale.earth.errors import CordialeError
from cordiale.words import LANGUAGES, Language

LONGEST_KB: Final = 64
POLICY: Final = (
    "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware: checks host, origin and length, and adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, *, names: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.names = names | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in HEADERS if h[0] not in named)]
            await send(message)

        request = Request(scope)
        refusal = self._refusal(request)
        if refusal is not None:
            status, error = refusal
            await answer(error, status, request)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)

    def _refusal(self, request: Request) -> tuple[int, CordialeError] | None:
        host = request.headers.get("host", "")
        port = (request.scope.get("server") or ("", 8750))[1]
        expected = f"http://127.0.0.1:{port}"
        if not self._ours(host):
            return 421, CordialeError("desk.host", host=host[:80], expected=expected)
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return 403, CordialeError("desk.origin", origin=origin[:80], expected=f"http://{host}")
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LONGEST_KB * 1024:
            return 413, CordialeError("desk.too_long", limit_kb=LONGEST_KB)
        return None

    def _ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.names or is_address(name)


def is_address(name: str) -> bool:
    """Whether a host name is a plain IP address, which no one else's name server can redirect."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def language_of(request: Request) -> Language:
    """The language a caller wants: `lang`, else Accept-Language, else English."""
    wishes = (request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
    for wish in wishes:
        for language in LANGUAGES:
            if wish.strip().lower().startswith(language):
                return language
    return "en"


def answer(error: CordialeError, status: int, request: Request) -> JSONResponse:
    """A problem and what to do about it, in the caller's language and, under `texts`, in both."""
    texts = {language: {"problem": error.problem(language), "hint": error.hint(language)} for language in LANGUAGES}
    return JSONResponse({**texts[language_of(request)], "key": error.key, "texts": texts}, status_code=status)
