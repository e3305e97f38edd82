"""How far a long run has come, on stderr, and the key that ends it early with what it has."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, TextIO

from cordiale.earth.units import Fraction, Seconds
from cordiale.words import Language, say

QUIET: Final[Seconds] = 2.0  # a run shorter than this says nothing
BAR: Final = 30
_UNSURE: Final[Fraction] = 0.05  # before it no time is foretold: the first step may compile
_BETWEEN_LINES: Final[Seconds] = 10.0  # where stderr is no terminal
_BETWEEN_FRAMES: Final[Seconds] = 0.1


class Progress:
    """A bar on a terminal, a line every ten seconds elsewhere; nothing in the first two seconds."""

    def __init__(self, stream: TextIO, language: Language, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._stream, self._language, self._clock = stream, language, clock
        self._began = clock()
        self._last: Seconds | None = None
        self._bar = stream.isatty()
        self._waiting: threading.Timer | None = None
        self._compiled = False
        self._pace_from: tuple[Seconds, Fraction] = (self._began, 0.0)

    def begin(self, after: Seconds = QUIET, key: str = "desk.progress.waiting") -> None:
        """Say that the first step is under way if nothing was shown for so long: the first of all is compiled."""
        self._waiting = threading.Timer(after, self._say_waiting, [key])
        self._waiting.daemon = True
        self._waiting.start()

    def show(self, part: Fraction, doing: str) -> None:
        """The part done, from 0 to 1, and what is being done."""
        now = self._clock()
        if part > 0:
            self._stop_waiting()
            if self._compiled:  # what that took says nothing of the rest
                self._compiled, self._pace_from = False, (now, part)
        if now - self._began < QUIET:
            return
        if self._last is not None and now - self._last < (_BETWEEN_FRAMES if self._bar else _BETWEEN_LINES):
            return
        self._last = now
        values = {"percent": 100 * part, "doing": doing}
        since, done = self._pace_from
        if part - done < _UNSURE:
            text = say("desk.progress.first", self._language, **values)
        else:
            left = (now - since) * (1 - part) / (part - done)
            text = say("desk.progress.left", self._language, seconds=left, **values)
        if self._bar:
            full = round(BAR * part)
            self._stream.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {text}\x1b[K")
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def end(self) -> None:
        """Take the bar away."""
        self._stop_waiting()
        if self._bar and self._last is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _say_waiting(self, key: str) -> None:
        self._compiled = True
        self._stream.write(f"{say(key, self._language)}\n")
        self._stream.flush()


@dataclass(frozen=True, slots=True)
class Interruption:
    """Whether Ctrl-C was pressed; a second one ends the program at once."""

    _pressed: threading.Event = field(default_factory=threading.Event)

    def asked(self) -> bool:
        """True once it was pressed."""
        return self._pressed.is_set()

    def press(self) -> None:
        """Ask for an early end; the second time there is no waiting."""
        if self._pressed.is_set():
            raise KeyboardInterrupt
        self._pressed.set()


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Within it the first Ctrl-C asks for an early end instead of breaking off."""
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return

    def pressed(_number: int, _frame: FrameType | None) -> None:
        interruption.press()

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)
