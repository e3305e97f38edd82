"""Asking a service over the web: a time limit, a stated number of tries, and errors a person can act on.

Standard library only, over encrypted connections only (but for this very machine). A secret goes into one header and is
not handed on where the service redirects to. An answer takes its name when it is whole.
"""

import http.client
import json
import os
import re
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Seconds, hours, minutes
from cordiale.feeds.service_keys import Secret, without_secrets

T = TypeVar("T")
_AGENT: Final = "cordiale (drift forecasts for search and rescue)"
_AT_ONCE: Final = 1 << 16
_LONGEST_DOCUMENT: Final = 1_000_000  # bytes of a JSON document about a job
_PASSING: Final = frozenset({429, 500, 502, 503, 504})
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_REASONS: Final = ("reason", "detail", "message", "title", "description", "error")
_SIGNS: Final = {".nc": (b"\x89HDF", b"CDF"), ".grib2": (b"GRIB",), ".json": (b"{", b"[")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a service is waited for, and how often it is asked again. All of it judgement."""

    timeout: Seconds = 60.0  # without a byte
    whole: Seconds = 15 * minutes  # for one answer
    tries: int = 4
    first_pause: Seconds = 2.0  # doubled from try to try
    limit_pause: Seconds = 20.0  # the same where a service has been asked too often: most count by the minute
    longest_pause: Seconds = 2 * minutes  # a service that wants a longer one is not asked again
    job: Seconds = 1 * hours  # in the queue of a service that works on orders
    most_bytes: int = 500_000_000
    pause: Callable[[Seconds], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], Seconds] = field(default=time.monotonic, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question to an address: which service, its secret with the header for it, and a document to send."""

    service: str
    url: str
    header: str = ""
    secret: Secret | None = None
    document: Any = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that no text about the answer may show."""
        return (self.secret,) if self.secret else ()


class _Passing(Exception):
    """A fault that may be gone at the next try, what to say of it when it is not, and how long to wait before."""

    def __init__(self, problem: CordialeError, wait: Seconds | None = None) -> None:
        super().__init__(problem.key)
        self.problem, self.wait = problem, wait
        self.limit = problem.key == "feeds.service_limit"


def document_of(question: Question, patience: Patience) -> dict[str, Any]:
    """The JSON object that a service answers with."""

    def take(response: http.client.HTTPResponse) -> dict[str, Any]:
        raw = _read(response, _LONGEST_DOCUMENT, question, patience)
        try:
            found = json.loads(raw)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise _content(question, response, "JSON", raw)
        return found

    return _asked(question, take, patience)


def download(question: Question, path: Path, patience: Patience) -> None:
    """Write the answer to a path whose suffix says what it must be: .nc, .grib2 or .json; whole or not at all."""

    def take(response: http.client.HTTPResponse) -> None:
        raw = _read(response, patience.most_bytes, question, patience)
        if not raw.lstrip().startswith(_SIGNS[path.suffix]):
            raise _content(question, response, path.suffix, raw)
        if path.suffix == ".grib2" and not raw.endswith(b"7777"):
            raise _Passing(_cut(question, len(raw), "the end of a GRIB message"))
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_bytes(raw)
            os.replace(part, path)
        except OSError as error:
            raise CordialeError("feeds.forcing_write", path=path, reason=error.strerror or error) from error
        finally:
            part.unlink(missing_ok=True)

    _asked(question, take, patience)


def _asked(question: Question, take: Callable[[http.client.HTTPResponse], T], patience: Patience) -> T:
    """Ask, and ask again after a fault that may pass, each time after a longer pause."""
    request = _request(question)
    for left in range(patience.tries - 1, -1, -1):
        try:
            with urlopen(request, timeout=patience.timeout) as response:
                _check(question, response.url)  # where it led to, after redirections
                return take(response)
        except HTTPError as error:
            with error:
                fault = _of_status(question, error)
        except _Passing as passing:
            fault = passing
        except (URLError, OSError, http.client.HTTPException) as error:
            fault = _of_connection(question, error, patience.tries)
        first = patience.limit_pause if fault.limit and fault.wait is None else patience.first_pause
        usual = min(first * 2.0 ** (patience.tries - 1 - left), patience.longest_pause)
        wait = max(fault.wait or 0.0, usual)
        if not left or wait > patience.longest_pause:
            raise fault.problem
        patience.pause(wait)
    raise AssertionError("at least one try")


def _request(question: Question) -> Request:
    _check(question, question.url)
    body = None if question.document is None else json.dumps(question.document).encode()
    request = Request(question.url, data=body, headers={"User-Agent": _AGENT, "Accept": "*/*"})
    if body is not None:
        request.add_header("Content-Type", "application/json")
    if question.secret:
        request.add_unredirected_header(question.header, question.secret.reveal())
    return request


def _check(question: Question, url: str) -> None:
    """Refuse an address that is not encrypted, but for one on this very machine, and whatever is not the web."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise CordialeError("feeds.service_insecure", service=question.service, host=parts.hostname or url)


def _read(response: http.client.HTTPResponse, most: int, question: Question, patience: Patience) -> bytes:
    """All of an answer; one that breaks off, never ends or is too large is a fault."""
    announced = response.headers.get("Content-Length", "")
    expected = int(announced) if announced.isdigit() else None
    too_large = CordialeError("feeds.service_huge", service=question.service, most=most / 1e6)
    if expected is not None and expected > most:
        raise too_large
    began, raw = patience.clock(), bytearray()
    while piece := response.read1(_AT_ONCE):
        raw += piece
        if len(raw) > most:
            raise too_large
        if patience.clock() - began > patience.whole:
            raise _Passing(_cut(question, len(raw), f"the end within {patience.whole:.0f} s"))
    if expected is not None and len(raw) != expected:
        raise _Passing(_cut(question, len(raw), f"{expected} bytes"))
    return bytes(raw)


def _cut(question: Question, received: int, wanted: str) -> CordialeError:
    return CordialeError("feeds.service_cut", service=question.service, received=received, wanted=wanted)


def _content(question: Question, response: http.client.HTTPResponse, wanted: str, raw: bytes) -> CordialeError:
    return CordialeError(
        "feeds.service_content",
        service=question.service,
        wanted=wanted,
        kind=response.headers.get("Content-Type", "?"),
        begins=_plain(raw, question.secrets),
    )


def _of_connection(question: Question, error: Exception, tries: int) -> _Passing:
    """What a broken connection means; a certificate that is none will be none at the next try too."""
    reason = getattr(error, "reason", None) or error
    values = {
        "service": question.service,
        "host": urlsplit(question.url).hostname,
        "reason": without_secrets(str(reason) or type(reason).__name__, question.secrets),
    }
    if isinstance(reason, ssl.SSLCertVerificationError):
        raise CordialeError("feeds.service_certificate", **values) from None
    return _Passing(CordialeError("feeds.service_unreachable", **values, tries=tries))


def _of_status(question: Question, error: HTTPError) -> _Passing:
    """What an HTTP status means; raises at once where asking again is of no use."""
    values = {"service": question.service, "status": error.code, "reason": _reason(error, question.secrets)}
    if error.code in (401, 403):
        raise CordialeError("feeds.service_refused", **values) from None
    if error.code not in _PASSING:
        raise CordialeError("feeds.service_error", **values) from None
    wait = _retry_after(error.headers.get("Retry-After"), error.headers.get("Date"))
    if error.code == 429:
        return _Passing(CordialeError("feeds.service_limit", **values, wait=wait or 0.0), wait)
    return _Passing(CordialeError("feeds.service_error", **values), wait)


def _retry_after(text: str | None, now: str | None) -> Seconds | None:
    """Seconds to wait, said as such or as a date against the service's own clock (RFC 9110, 10.2.3)."""
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
        return max((at - parsedate_to_datetime(now or "")).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _reason(error: HTTPError, secrets: Sequence[Secret]) -> str:
    """What the service itself says of an error, in its first words."""
    try:
        raw = error.read(20_000)
    except (OSError, http.client.HTTPException):
        raw = b""
    try:
        told = json.loads(raw)
    except ValueError:
        told = None
    if isinstance(told, dict):
        words = [str(told[key]) for key in _REASONS if isinstance(told.get(key), str)]
        if words:
            raw = "; ".join(words).encode()
    return _plain(raw, secrets) or str(error.reason)


def _plain(raw: bytes, secrets: Sequence[Secret]) -> str:
    """The first words of an answer without marks, control characters and secrets."""
    text = without_secrets(raw[:4000].decode("utf-8", errors="replace"), secrets)
    text = re.sub(r"<[^>]*>", " ", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
