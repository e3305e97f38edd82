"""One's own record: a report typed at one seat is on every seat at once, and what cannot be read is answered."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.conftest import serving
from tests.console.world import World

pytestmark = pytest.mark.console
OVERFLOW = """() => ['html', '#tabs', '#page', '.form'].map((name) => document.querySelector(name))
  .map((e) => e.scrollWidth - e.clientWidth)"""


def test_a_new_report_is_shown_provisionally_while_the_picture_is_computed(sit):
    """Before the picture comes, in the list of reports, marked; with the picture it is gone."""
    world = World(writable=True, name="watch")
    with serving(world) as base:
        page = sit(base).open("?lang=en&tab=reports")
        expect(page.locator("#state")).to_have_attribute("data-kind", "live")
        world.gate.clear()
        page.request.post(f"{base}/api/reports", data={"words": "engine stopped"})
        early = page.locator(".entry.provisional")
        expect(early).to_have_count(1, timeout=2000)
        expect(early).to_contain_text("provisional")
        expect(early).to_contain_text("B-02")
        world.gate.set()
        expect(early).to_have_count(0, timeout=5000)


def test_a_report_reaches_another_seat_within_two_seconds(sit):
    """Typed in the form, kept by the desk, told by the event stream, drawn in the list of reports."""
    with serving(World(writable=True, name="watch")) as base:
        seat = sit(base)
        page = seat.open("?lang=en&tab=reports")
        expect(page.locator("#state")).to_have_attribute("data-kind", "live")
        expect(page.locator("#notice")).to_be_hidden()
        before = page.locator(".entry").count()
        sent = page.request.post(
            f"{base}/api/reports", data={"position": "51 08.5N 001 44.5E", "words": "engine stopped"}
        )
        assert sent.status == 201
        expect(page.locator(".entry").filter(has_text="engine stopped")).to_be_visible(timeout=2000)
        assert page.locator(".entry").count() == before + 1

        page.evaluate("() => document.activeElement.blur()")
        page.keyboard.press("a")
        page.locator("[name=position]").fill("nowhere")
        page.locator("[name=words]").fill("n l 5 ?")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#form-answer")).to_contain_text("latitude is 99.0°")
        expect(page.locator("#form-answer")).to_contain_text("latitude comes first")
        expect(page.locator("[name=words]")).to_have_value("n l 5 ?")
        page.locator("[name=position]").fill("51 08.5N 001 44.5E")
        page.locator(".send").click()
        expect(page.locator("#form-answer")).to_contain_text("r-102")
        page.locator("[data-key=tab-reports]").click()
        expect(page.locator(".entry").filter(has_text="n l 5 ?")).to_be_visible(timeout=2000)

        page.keyboard.press("l")
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        page.locator("[data-key=tab-add]").click()
        assert page.evaluate(OVERFLOW) == [0, 0, 0, 0], "five tabs and the form in French, pixels too wide"

        page.locator("#back").click()
        expect(page.locator("#state")).to_have_attribute("data-kind", "replay")
        page.locator("#live").click()
        expect(page.locator("#state")).to_have_attribute("data-kind", "live")
        assert seat.complaints == ["Failed to load resource: the server responded with a status of 400 (Bad Request)"]
        assert seat.foreign == []


def test_a_lost_link_is_an_alarm(sit):
    """When the desk stops, the page says so and keeps the last picture with its time."""
    with serving(World(writable=True, name="watch")) as base:
        page = sit(base).open("?lang=en")
        clock = page.locator("#clock").inner_text()
    expect(page.locator("#state")).to_have_attribute("data-kind", "lost", timeout=2000)
    expect(page.locator("#state")).to_have_text(re.compile(r"Link lost · picture \d+ s old"))
    expect(page.locator("#clock")).to_have_text(clock)


@pytest.fixture
def hanging_desk(tmp_path):
    """A desk in a process of its own, that can be stopped, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("cordiale")),
        "serve",
        str(tmp_path / "watch.db"),
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert str(port) in process.stdout.readline()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None
    yield process, f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_desk_that_hangs_is_an_alarm_within_two_seconds(sit, hanging_desk):
    """I10: no line is closed, nobody answers any more: the age of the picture is shown, and counts on."""
    process, base = hanging_desk
    page = sit(base).open("?lang=en")
    state = page.locator("#state")
    expect(state).to_have_attribute("data-kind", "live", timeout=5000)
    os.kill(process.pid, signal.SIGSTOP)
    expect(state).to_have_attribute("data-kind", "lost", timeout=2200)  # 1.9 s, and the look of the test itself
    first = int(re.search(r"(\d+) s old", state.inner_text())[1])
    expect(state).to_have_text(re.compile(rf"picture ({first + 2}|{first + 3}) s old"), timeout=5000)
    os.kill(process.pid, signal.SIGCONT)
    expect(state).to_have_attribute("data-kind", "live", timeout=5000)


def test_a_person_decides_under_a_report_and_takes_it_back(sit):
    """A report is ruled not to be about its boat, with role and reason; the log shows it, and it is taken back."""
    world = World(writable=True, name="watch")
    with serving(world) as base:
        seat = sit(base)
        page = seat.open("?lang=en&tab=reports")
        world.add({"position": "", "words": "one more"}, 0.0)
        entry = page.locator("#report-r-101")
        expect(entry).to_be_visible(timeout=3000)
        entry.locator(".decide summary").click()
        form = entry.locator(".decide form")
        form.locator("select").select_option(label="it is not about B-02")
        form.locator("[name=because]").fill("apart")
        form.locator("[name=by]").fill("watch_officer")
        world.add({"position": "", "words": "another one"}, 0.0)  # a new picture leaves what was typed alone
        expect(page.locator("#report-r-102")).to_be_visible(timeout=3000)
        expect(form.locator("[name=because]")).to_have_value("apart")
        form.locator(".send").click()
        expect(form.locator(".answer")).to_contain_text("take it back first")
        form.locator("[name=because]").fill("another colour")
        form.locator(".send").click()
        page.locator("[data-key=tab-log]").click()
        ruling = page.locator(".rulings .entry")
        expect(ruling).to_contain_text("about different boats", timeout=3000)
        expect(ruling).to_contain_text("another colour")
        assert (world.ruled[0].kind, world.ruled[0].report, world.ruled[0].other) == ("never", "r-101", "r-0001")
        assert page.evaluate(OVERFLOW)[:3] == [0, 0, 0]
        ruling.locator("summary").click()
        ruling.locator("[name=because]").fill("no, the same")
        expect(ruling.locator("[name=by]")).to_have_value("watch_officer")
        ruling.locator(".send").click()
        expect(page.locator(".rulings")).to_have_count(0, timeout=3000)
        assert world.ruled[1].event == "w/1"
        assert page.evaluate("() => [...cordiale.missing]") == []
        page.locator("#back").click()
        page.locator("[data-key=tab-reports]").click()
        expect(page.locator(".decide")).to_have_count(0)  # of the past nothing is decided


def test_a_damaged_record_is_a_banner_that_comes_back(sit):
    """It names the event; put away, it is there again with the next picture."""
    world = World(writable=True, name="watch")
    world.flaws = [{"seq": 17, "text": "event 17: its content is not what was hashed"}]
    with serving(world) as base:
        page = sit(base).open("?lang=en")
        banner = page.locator("#problem-record")
        expect(banner).to_contain_text("event 17")
        expect(banner).to_contain_text("cordiale record restore")
        banner.locator("button").click()
        expect(banner).to_have_count(0)
        world.add({"position": "", "words": "one more"}, 0.0)
        expect(banner).to_contain_text("event 17", timeout=3000)


def test_boats_perhaps_ashore_stand_below_the_others_and_say_that_they_are_not_closed(sit):
    """The dormant one is the last of the list, under a heading of its own, and can be chosen like any other."""
    world = World(writable=True, name="watch")
    world.asleep = True
    with serving(world) as base:
        page = sit(base).open("?lang=en")
        names = [name.split()[0] for name in page.locator(".boat .name").all_inner_texts()]
        assert names[-1] == "B-03" and len(names) == 5
        expect(page.locator(".dormant")).to_contain_text("Not closed")
        page.locator("[data-key=boat-B-03]").click()
        expect(page.locator(".detail h2")).to_contain_text("B-03")
        assert page.evaluate("() => [...cordiale.missing]") == []
