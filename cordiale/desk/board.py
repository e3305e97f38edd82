"""The board keeps the pictures that were computed: one for each set of events and minute, shared by all seats.

A picture may take a second or more. It is computed once, away from the event loop, whoever asks; the newest wish comes
first, for a slider that was dragged leaves wishes behind that nobody waits for. While nobody asks, the pictures of a
replay are computed ahead at ten-minute marks.
"""

import asyncio
import json
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, LifoQueue
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cordiale.desk.ruling import RulingForm
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.earth.units import Instant, minutes
from cordiale.words import LANGUAGES, Language

MARK: Final = 10 * minutes
KEPT: Final = 128  # pictures; about 1.5 MB each with twenty boats
CLOUD: Final = 5000  # particles sent of one boat


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """The span a slider runs over, when each report came in, and the instant a replay opens at."""

    earliest: Instant
    latest: Instant
    received: tuple[Instant, ...]
    opening: Instant


class Source(Protocol):
    """What a desk serves: a packaged night, a feed file, or one's own record."""

    @property
    def name(self) -> str:
        """What the top bar calls it."""

    @property
    def writable(self) -> bool:
        """Whether reports can be added; such a source also follows the clock."""

    def head(self) -> int:
        """Number of the last event; it only grows."""

    def times(self) -> Times:
        """Span and arrivals as of the last event."""

    def draw(self, at: Instant) -> "Drawn":
        """Compute the picture as known at an instant; may take seconds."""

    def links(self, at: Instant) -> Mapping[Language, bytes]:
        """What the reports since the last association may be about, as JSON in both languages, in under a second."""

    def add(self, form: Mapping[str, Any], received: Instant) -> Mapping[str, Any]:
        """Keep a report typed at the desk; say how it was read."""

    def rule(self, form: RulingForm, at: Instant) -> Mapping[str, Any]:
        """Keep what a person decided about reports; say under which number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A picture ready to send: JSON in both languages, GeoJSON, and the particles of each boat (n, 2) as lat, lon."""

    at: Instant
    texts: Mapping[Language, bytes]
    geojson: bytes
    clouds: Mapping[str, NDArray[np.float32]]


def encoded(body: object) -> bytes:
    """JSON as sent: UTF-8, no NaN, no spaces."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def drawn(at: Instant, texts: Mapping[Language, Any], geojson: Any, clouds: Mapping[str, Any]) -> Drawn:
    """Encode a picture once, for every seat that will ask for it."""
    return Drawn(
        at=at,
        texts={language: encoded(texts[language]) for language in LANGUAGES},
        geojson=encoded(geojson),
        clouds={boat: np.asarray(cloud, dtype=np.float32)[:CLOUD] for boat, cloud in clouds.items()},
    )


class Board:
    """Pictures of one source by (events, minute), computed one at a time: the newest wish first, then those ahead."""

    def __init__(self, source: Source, *, clock: Callable[[], Instant] = time.time) -> None:
        self.source = source
        self.clock = clock
        self._kept: OrderedDict[tuple[int, Instant], Future[Drawn]] = OrderedDict()
        self._lock = threading.Lock()
        self._wishes: LifoQueue[tuple[Instant, Future[Drawn]]] = LifoQueue()
        self._ahead: deque[tuple[int, Instant]] = deque()
        self._closed = threading.Event()
        self._worker = threading.Thread(target=self._work, name="pictures", daemon=True)
        self._worker.start()

    def instant(self, at: Instant | None) -> Instant:
        """The minute of `at`; without one, the present on one's own record and the end of a replay.

        The present is the last full minute, or the last report's receipt when that came since: it is shown at once.
        """
        if at is not None:
            if not math.isfinite(at):
                raise CordialeError("earth.not_finite", what="at", value=at)
            return at // minutes * minutes
        if not self.source.writable:
            return math.ceil(self.source.times().latest / minutes) * minutes
        present = self.clock()
        past = [received for received in self.source.times().received if received <= present]
        return max([present // minutes * minutes, *past[-1:]])

    async def picture(self, at: Instant | None) -> Drawn:
        """The picture as known at `at`; shared with everyone who asks for the same minute of the same events."""
        instant = await asyncio.to_thread(self.instant, at)
        head = await asyncio.to_thread(self.source.head)
        return await asyncio.wrap_future(self._begun(head, instant))

    async def links(self) -> Mapping[Language, bytes]:
        """What the newest reports may be about, provisionally, while the picture that counts is computed."""
        instant = await asyncio.to_thread(self.instant, None)
        return await asyncio.to_thread(self.source.links, instant)

    def warm(self) -> None:
        """Compute the pictures of a replay ahead, at ten-minute marks, the nearest to its opening first."""
        times, head = self.source.times(), self.source.head()
        first = times.earliest // MARK * MARK
        marks = [first + number * MARK for number in range(math.ceil((times.latest - first) / MARK) + 1)]
        self._ahead.extend((head, mark) for mark in sorted(marks, key=lambda mark: abs(mark - times.opening)))

    def close(self) -> None:
        """Compute nothing more."""
        self._closed.set()

    def _begun(self, head: int, at: Instant) -> "Future[Drawn]":
        key = (head, at)
        with self._lock:
            if key not in self._kept or (self._kept[key].done() and self._kept[key].exception() is not None):
                self._kept[key] = Future()
                self._wishes.put((at, self._kept[key]))
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _work(self) -> None:
        while not self._closed.is_set():
            try:
                at, future = self._wishes.get(timeout=0.05)
            except Empty:
                if self._ahead:
                    self._begun(*self._ahead.popleft())
                continue
            try:
                future.set_result(self.source.draw(at))
            except BaseException as fault:
                future.set_exception(fault)
                if not isinstance(fault, Exception):
                    raise


def cloud_body(picture: Drawn, boat: str) -> dict[str, Any]:
    """Particles of one boat as JSON, to 1e-5 degrees, about a metre: fine to see, never to compute."""
    if boat not in picture.clouds:
        raise CordialeError("desk.no_boat", boat=boat, at=iso(picture.at))
    rounded = np.round(picture.clouds[boat].astype(np.float64), 5)
    return {"format": "cordiale.cloud/1", "boat": boat, "at": iso(picture.at), "particles": rounded.tolist()}
