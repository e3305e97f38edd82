"""The event stream: every seat hears of every new event, in order, and resumes where it left off.

Server-sent events (WHATWG HTML, section 9.2). The id of a message is the number of the event in the record, so a
browser that lost the line asks again with `Last-Event-ID` and misses nothing. The message says that the record has
moved on; the seat then asks for the picture, which is computed once for all.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Final

from cordiale.earth.units import Seconds

POLL: Final[Seconds] = 0.25  # another process may write to the record too, so its head is asked for
KEEP_ALIVE: Final[Seconds] = 0.7  # so that a seat notices within 2 s that nobody answers; proxies wait 30-60 s
ALIVE: Final = "event: alive\ndata: {}\n\n"


class Live:
    """Watches the head of a record and wakes the seats."""

    def __init__(self, head: Callable[[], int]) -> None:
        self._head = head
        self._closing = False
        self._seats: set[asyncio.Event] = set()
        self._now = 0
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to watch; called when the server starts."""
        self._now = await asyncio.to_thread(self._head)
        self._watching = asyncio.create_task(self._watch())

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self._closing = True
        self._wake()
        if self._watching is not None:
            self._watching.cancel()

    def hurry(self) -> None:
        """Look now rather than at the next poll: this process has just written."""
        self._wake()

    async def messages(self, after: int | None) -> AsyncIterator[str]:
        """The stream of one seat: what it has missed after that event, then what comes.

        Parameters
        ----------
        after : int, optional
            The last event the seat saw; without it the stream begins at the present.
        """
        woken = asyncio.Event()
        self._seats.add(woken)
        told = self._now if after is None else min(after, self._now)
        try:
            yield f"retry: 1000\n: {told}\n\n"
            while not self._closing:
                head = self._now
                for number in range(told + 1, head + 1):
                    yield message(number, head)
                told = max(told, head)
                woken.clear()
                if self._now == told and not self._closing and not await heard(woken, KEEP_ALIVE):
                    yield ALIVE
        finally:
            self._seats.discard(woken)

    async def _watch(self) -> None:
        while not self._closing:
            head = await asyncio.to_thread(self._head)
            if head != self._now:
                self._now = head
                self._wake()
            await asyncio.sleep(POLL)

    def _wake(self) -> None:
        for woken in tuple(self._seats):
            woken.set()


def message(number: int, head: int) -> str:
    """One server-sent event: its id is the number of the event, its data the newest number known."""
    return f"id: {number}\nevent: record\ndata: {json.dumps({'event': number, 'head': head})}\n\n"


async def heard(event: asyncio.Event, patience: Seconds) -> bool:
    """Whether the event came within the patience."""
    try:
        await asyncio.wait_for(event.wait(), patience)
    except TimeoutError:
        return False
    return True
