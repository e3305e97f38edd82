"""The page as a coordinator meets it: both languages, both palettes, keyboard, no dialog, no network, no WebGL."""

import re

import pytest
from playwright.sync_api import expect

from tests.console.conftest import FLAGS, WINDOW, chromium_path, seated

pytestmark = pytest.mark.console

NIGHT = "?at=2021-11-24T03:25Z&boat=B-01"
WIDGETS = (
    ".top > *, .notice h2, .notice p, .notice button, .tabs button, .boat .name, .boat .age, .boat .area, "
    ".boat .facts, .tag, .detail h2, .chart-position, .sentence, .figures dt, .figures dd, .steps button, "
    ".asked output, .entry .head, .entry .given, .form label > span, .form button, .keys dd, .keys kbd, .lists h3"
)
CUT_OFF = """(selector) => [...document.querySelectorAll(selector)]
  .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
  .map((e) => `${e.className || e.id || e.tagName}: ${e.textContent}`)"""
OUTSIDE = """() => [...document.querySelectorAll('.top > *, .steps button, .tabs button')]
  .filter((e) => e.offsetParent)
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5 || e.getBoundingClientRect().left < 0)
  .map((e) => e.textContent)"""
SMALL = """() => [...document.querySelectorAll('button, input, select, textarea, summary')]
  .filter((e) => e.offsetParent)
  .filter((e) => e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24)
  .map((e) => `${e.id || e.className}: ${e.textContent}`)"""
CONTRAST = """() => {
  const numbers = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => sum + w * linear(c[i] / 255), 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length && (c.length < 4 || c[3] > 0.5)) return c;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent || e.closest('#map')) continue;
    const [a, b] = [light(numbers(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) weak.push(`${e.className || e.id} ${ratio.toFixed(2)}: ${e.textContent.slice(0, 40)}`);
  }
  return weak; }"""


@pytest.mark.parametrize(
    ("language", "palette", "width", "height"), [("en", "day", 1360, 800), ("fr", "night", 1024, 700)]
)
def test_the_page_is_whole(sit, desk, language, palette, width, height):
    """It draws with nothing from outside and no complaint; no text is missing, cut off, faint, or too small to hit."""
    seat = sit(desk, viewport={"width": width, "height": height})
    page = seat.open(f"{NIGHT}&lang={language}&palette={palette}")
    assert page.locator("html").get_attribute("data-map") == "drawn"
    for tab in ("boats", "reports", "log", "keys"):
        page.locator(f"[data-key=tab-{tab}]").click()
        for summary in page.locator(".entry summary").all()[:2]:
            summary.click()
        assert page.evaluate(CUT_OFF, WIDGETS) == [], tab
        assert page.evaluate(OUTSIDE) == [], tab
        assert page.evaluate(SMALL) == [], tab
        assert page.evaluate(CONTRAST) == [], tab
        assert page.locator("[role=dialog], dialog").count() == 0
    assert page.evaluate("() => [...cordiale.missing]") == []
    assert "console." not in page.locator("body").inner_text()
    assert seat.complaints == []
    assert seat.foreign == []


@pytest.fixture(scope="module")
def steady(browser, desk):
    """One seat for the tests that leave the page as they found it, apart from its time."""
    with seated(browser, desk, viewport=dict(WINDOW)) as sitting:
        sitting.open(f"{NIGHT}&lang=en")
        yield sitting


def test_what_a_coordinator_reads_first(steady):
    """Clock in UTC, the aid's limits, the mark of every line, positions in minutes, and the chance in words."""
    page = steady.page
    expect(page.locator("#clock")).to_have_text("03:25Z")
    expect(page.get_by_text("Decision aid, not approved for operations")).to_be_visible()
    expect(page.locator("#synthetic")).to_be_visible()
    expect(page.locator("#notice")).to_have_attribute("role", "note")
    names = page.locator(".boat .name").all_inner_texts()
    assert [name.split()[0] for name in names] == ["B-01", "B-05", "B-02", "B-03", "B-04"], "people in the water first"
    for row in page.locator(".boat").all():
        assert re.search(r"REAL|SYNTHETIC|LIVE", row.inner_text())
    detail = page.locator(".detail")
    expect(detail.locator(".chart-position")).to_have_text("51°22.1'N 001°46.1'E")
    expect(detail.locator(".sentence")).to_have_text(
        "Nine chances in ten inside 1,449 km² (422 NM²); one in two inside 436 km² (127 NM²)."
    )
    assert "REAL" in detail.locator(".entry").first.inner_text()
    page.locator("[data-key=tab-reports]").click()
    entries = page.locator(".entry")
    assert entries.count() == 7
    for entry in entries.all():
        assert re.search(r"REAL|SYNTHETIC|LIVE", entry.locator(".head").inner_text())
    assert "Given to no boat" in page.locator(".lists h3").first.inner_text()
    page.locator("[data-key=tab-boats]").click()


def test_every_key_works(seat):
    """Arrows move ten minutes, N the palette, L the language, a number chooses a boat; the address follows."""
    page = seat.open("?at=2021-11-24T03:20Z&lang=en&palette=day")
    page.locator("#notice-continue").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    seat.at("03:30")
    assert "at=2021-11-24T03:30Z" in page.url
    page.keyboard.press("ArrowLeft")
    seat.at("03:20")
    page.keyboard.press(".")
    seat.at("03:21")
    page.keyboard.press("n")
    expect(page.locator("html")).to_have_attribute("data-palette", "night")
    page.keyboard.press("l")
    expect(page.locator("#play")).to_have_text("Lecture")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.keyboard.press("2")
    expect(page.locator(".detail h2")).to_contain_text("B-05")
    assert all(part in page.url for part in ("boat=B-05", "lang=fr", "palette=night"))
    page.keyboard.press("?")
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("b")
    page.locator("body").focus()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press(" ")
    seat.at("03:30")
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_text("Lecture")
    page.keyboard.press("Tab")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert seat.complaints == []


def test_the_slider_moves_the_picture(steady):
    """The clock at the top is the time of the picture shown, not of the one asked for."""
    page = steady.page
    page.locator("#slider").fill(str(1637719200 - 60 * 60))
    steady.at("01:00")
    before = page.locator(".chart-position").inner_text()
    assert page.locator("#slider").get_attribute("aria-valuetext") == "01:00Z"
    page.locator("#slider").fill(str(1637719200 + 10 * 60))
    steady.at("02:10")
    expect(page.locator("#clock")).to_have_text("02:10Z")
    assert page.locator(".chart-position").inner_text() != before


def test_while_a_picture_is_computed_the_page_says_so(steady, world):
    """The last picture stays, with its own time, until the next one is there."""
    page = steady.page
    page.locator("#slider").fill(str(1637719200 - 60 * 60))
    steady.at("01:00")
    page.evaluate("() => document.activeElement.blur()")
    world.gate.clear()
    try:
        page.keyboard.press(".")  # a single minute is not computed ahead
        expect(page.locator("#progress")).to_have_text("computing…")
        expect(page.locator("#clock")).to_have_text("01:00Z")
        expect(page.locator("#asked")).to_have_text("01:01Z")
    finally:
        world.gate.set()
    steady.at("01:01")
    expect(page.locator("#progress")).to_have_text("")


def test_without_webgl_the_lists_stand_alone(desk, request):
    """A browser that cannot draw the map says so and shows everything else."""
    playwright = request.getfixturevalue("browser").browser_type
    blind = playwright.launch(
        executable_path=chromium_path(), args=[*FLAGS[:1], "--disable-gpu", "--disable-3d-apis"], headless=True
    )
    try:
        with seated(blind, desk) as seat:
            page = seat.open(f"{NIGHT}&lang=en")
            assert page.locator("html").get_attribute("data-map") == "missing"
            expect(page.locator("#no-map")).to_contain_text("WebGL")
            assert page.locator(".boat").count() == 5
            page.keyboard.press("ArrowRight")
            seat.at("03:30")
    finally:
        blind.close()


def test_a_fault_of_the_map_is_seen(steady):
    """What MapLibre reports as an event only becomes a banner on the page."""
    page = steady.page
    page.evaluate("() => cordiale.now.chart.map.addLayer({id: 'wrong', type: 'line', source: 'nowhere'})")
    expect(page.locator("#problem-map")).to_contain_text("nowhere")
    page.locator("#problem-map button").click()
    expect(page.locator(".problem")).to_have_count(0)
