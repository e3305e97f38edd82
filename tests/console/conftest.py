"""A desk on a free port and a headless Chromium, for the tests of the page."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cordiale.desk.board import Source
from cordiale.desk.serve import desk_server
from tests.console.world import END, World

FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
WINDOW = {"width": 1024, "height": 700}  # software drawing costs by the pixel


def chromium_path() -> str:
    """Debian's Chromium, or another one on the path."""
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("no Chromium on this machine; the console is tested in one: apt-get install -y chromium", pytrace=False)


@contextmanager
def serving(source: Source) -> Iterator[str]:
    """The address of a desk that runs in a thread until the block ends."""
    server = desk_server(source, port=0, clock=lambda: END)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the desk did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the desk did not stop"


@dataclass
class Seat:
    """One page and what it complained about."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Page:
        """Load the console and wait until map and picture are drawn."""
        self.page.goto(f"{self.base}/{query}")
        self.page.locator("html[data-ready=true]").wait_for(state="attached", timeout=25_000)
        return self.page

    def at(self, minute: str) -> None:
        """Wait until the picture of that minute is on the screen."""
        self.page.locator(f'html[data-at="2021-11-24T{minute}:00Z"]').wait_for(state="attached", timeout=10_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; the flags give WebGL without a graphics card."""
    path = chromium_path()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def world() -> World:
    """A replay, read only."""
    return World()


@pytest.fixture(scope="package")
def desk(world: World) -> Iterator[str]:
    """Its desk."""
    with serving(world) as base:
        yield base


@contextmanager
def seated(browser: Browser, base: str, **options: Any) -> Iterator[Seat]:
    """A new seat at a desk."""
    context = browser.new_context(viewport=options.pop("viewport", WINDOW), **options)
    page = context.new_page()
    seat = Seat(page, base)
    page.on("console", lambda said: seat.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: seat.complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((base, "data:", "blob:")) else seat.foreign.append(asked.url),
    )
    try:
        yield seat
    finally:
        context.close()


@pytest.fixture
def seat(browser: Browser, desk: str) -> Iterator[Seat]:
    """A seat at the replay."""
    with seated(browser, desk) as sitting:
        yield sitting


@pytest.fixture
def sit(browser: Browser) -> Iterator[Callable[..., Seat]]:
    """Take seats with other windows or at other desks."""
    open_seats = []

    def take(base: str, **options: Any) -> Seat:
        manager = seated(browser, base, **options)
        open_seats.append(manager)
        return manager.__enter__()

    yield take
    for manager in open_seats:
        manager.__exit__(None, None, None)
