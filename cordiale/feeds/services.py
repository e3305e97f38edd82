"""The met-ocean services that cordiale can ask: what each gives, under which licence, with whose key, and how.

`orders_for` says what would be asked, `retrieve` asks, reads the answers and writes one file with its slip. Written
after the services' documentation, with answers made by hand in the tests: none of the services has been tried.
"""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, iso
from cordiale.earth.units import Degrees, Instant, Seconds, hours
from cordiale.feeds.climate_store import fetch_from_store
from cordiale.feeds.copernicus import fetch_with_toolbox
from cordiale.feeds.forcing_file import write_forcing
from cordiale.feeds.met_ocean import (
    NORTH_WEST_SHELF_PAST,
    arome_wind,
    copernicus_current,
    era5_wind,
    fetched,
    field_of,
)
from cordiale.feeds.open_meteo import open_meteo_current, open_meteo_wind
from cordiale.feeds.order import Fetch, Order
from cordiale.feeds.service_keys import Secret
from cordiale.feeds.web import Patience, Question, download
from cordiale.sea.tide import Window
from cordiale.words import Language, say

_RUN_EVERY: Final[Seconds] = 3 * hours
_RUN_TAKES: Final[Seconds] = 5 * hours  # judgement: from the start of a run of AROME until all of it can be had


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """One service: what it gives, and which secrets it wants.

    `names` are the environment variables of its secrets, those that the service's own client uses where it has one.
    """

    name: str
    quantity: Literal["wind", "current"]
    names: tuple[str, ...] = ()

    def said(self, what: Literal["title", "licence", "attribution"], language: Language = "en") -> str:
        """Its title, its licence, or whom to name as the source of its data."""
        return say(f"feeds.service.{self.name.replace('-', '_')}.{what}", language)

    def __str__(self) -> str:
        return f"{self.name}: {self.said('title')}"


_MARINE: Final = ("COPERNICUSMARINE_SERVICE_USERNAME", "COPERNICUSMARINE_SERVICE_PASSWORD")
SERVICES: Final[dict[str, Service]] = {
    service.name: service
    for service in (
        Service(name="open-meteo-wind", quantity="wind"),
        Service(name="open-meteo-past-wind", quantity="wind"),
        Service(name="open-meteo-current", quantity="current"),
        Service(name="copernicus-current", quantity="current", names=_MARINE),
        Service(name="copernicus-past-current", quantity="current", names=_MARINE),
        Service(name="era5-wind", quantity="wind", names=("CDSAPI_KEY",)),
        Service(name="arome-wind", quantity="wind", names=("METEOFRANCE_API_KEY",)),
    )
}


def service_of(name: str) -> Service:
    """A service by its name."""
    if name not in SERVICES:
        raise CordialeError("feeds.service_unknown", name=name, known=", ".join(SERVICES))
    return SERVICES[name]


def orders_for(
    service: Service,
    window: Window,
    span: Span,
    *,
    now: Instant,
    step: Degrees | None = None,
    run: Instant | None = None,
) -> tuple[Order, ...]:
    """What would be asked of a service for a window and a span.

    `step` is the distance of places asked of Open-Meteo; `run` the run of AROME, unless given the last one that
    begins before the span and can be had at `now`.
    """
    _check(window)
    last_run = min(span.earliest, now - _RUN_TAKES) // _RUN_EVERY * _RUN_EVERY
    ways: dict[str, Callable[[], Order | tuple[Order, ...]]] = {
        "open-meteo-wind": lambda: open_meteo_wind(window, span, step=step),
        "open-meteo-past-wind": lambda: open_meteo_wind(window, span, archive=True, step=step),
        "open-meteo-current": lambda: open_meteo_current(window, span, step=step),
        "copernicus-current": lambda: copernicus_current(window, span),
        "copernicus-past-current": lambda: copernicus_current(window, span, data_set=NORTH_WEST_SHELF_PAST),
        "era5-wind": lambda: era5_wind(window, span),
        "arome-wind": lambda: arome_wind(window, span, run=last_run if run is None else run),
    }
    orders = ways[service.name]()
    return (orders,) if isinstance(orders, Order) else orders


def fetch_over_network(service: Service, secrets: Sequence[Secret], patience: Patience | None = None) -> Fetch:
    """The real fetching of a service, with its secrets; its time limits and tries are those of `patience`."""
    waits = patience or Patience()
    if service.name.startswith("copernicus"):
        return lambda order, path: fetch_with_toolbox(order, path, (secrets[0], secrets[1]))
    if service.name == "era5-wind":
        return lambda order, path: fetch_from_store(order, path, secrets[0], waits)
    header = "apikey" if secrets else ""
    return partial(_fetch_page, header=header, secret=secrets[0] if secrets else None, patience=waits)


def _fetch_page(order: Order, path: Path, *, header: str, secret: Secret | None, patience: Patience) -> None:
    download(Question(service=order.service, url=order.url, header=header, secret=secret), path, patience)


def retrieve(
    service: Service,
    orders: Sequence[Order],
    window: Window,
    span: Span,
    path: str | Path,
    *,
    fetch: Fetch,
    now: Instant,
    answers: str | Path | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Fetch the answers to orders and write them as one file that `--wind-file` or `--current-file` reads.

    Returns the slip beside it. The answers themselves are kept in the folder `answers` if one is named. Nothing is
    written where one of them cannot be had or used.
    """
    done = 0

    def one_more(order: Order, place: Path) -> None:
        nonlocal done
        fetch(order, place)
        done += 1
        progress(done)

    with tempfile.TemporaryDirectory(prefix="cordiale-") as passing:
        folder = Path(passing) if answers is None else Path(answers)
        paths = fetched(orders, one_more, folder)
        field = field_of(orders, paths, service.quantity, window=window, span=span)
        slip = {
            "service": service.name,
            "title": service.said("title"),
            "retrieved": iso(now),
            "licence": service.said("licence"),
            "attribution": service.said("attribution"),
            "asked": [str(order) for order in orders],
            "answers": [{"name": p.name, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()} for p in paths],
        }
        return write_forcing(field, service.quantity, path, slip)


def _check(window: Window) -> None:
    box = (window.south, window.north, window.west, window.east)
    inside = -90 <= window.south < window.north <= 90 and -180 <= window.west < window.east <= 180
    if not inside:
        raise CordialeError("feeds.service_window", window=", ".join(f"{side:g}" for side in box))
