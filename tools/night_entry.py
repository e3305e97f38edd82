"""One line of the packaged night before it gets its name: what is known, what was invented, and which boat it is
really about.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

# The key is public on purpose: the labels it hashes ("phone C1") are invented, no number ever existed behind them.
DEMO_KEY = b"cordiale, public demonstration key of the night of 2021-11-24"


@dataclass(kw_only=True)
class Entry:
    """A line to be: `key` is its private label here, `truth` the boat it is about (kept out of the feed)."""

    key: str
    kind: str
    event: tuple[str, str] | str
    received: str
    channel: str
    centre: str
    summary: str
    mark: tuple[str, str, tuple[str, ...]]
    truth: str | None = None
    at: tuple[float, float, float] | None = None  # lat, lon, within_m at 95 %
    readings: tuple[tuple[float, float, float, float], ...] = ()  # lat, lon, within_m, probability
    persons: tuple[int, int] | None = None
    boat: dict[str, object] = field(default_factory=dict)
    phone: str | None = None
    relay_of: str | None = None
    relays: tuple[str, ...] = ()
    asset: str | None = None


def caller_hmac(phone: str) -> str:
    """The keyed hash of an invented phone label."""
    return hmac.new(DEMO_KEY, phone.encode(), hashlib.sha256).hexdigest()


def chart(lat_deg: int, lat_min: float, lon_deg: int, lon_min: float) -> tuple[float, float]:
    """Degrees and decimal minutes, north and east, as decimal degrees."""
    return round(lat_deg + lat_min / 60, 6), round(lon_deg + lon_min / 60, 6)
