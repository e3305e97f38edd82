"""The watch list, doubts and names on the page: what a coordinator has to act on, and boats that changed their name."""

import pytest
from playwright.sync_api import expect

from tests.console.conftest import WINDOW, seated

pytestmark = pytest.mark.console

NIGHT = "?at=2021-11-24T03:25Z&boat=B-01&lang=en"


@pytest.fixture(scope="module")
def page(browser, desk):
    """One seat for the tests of this file."""
    with seated(browser, desk, viewport=dict(WINDOW)) as sitting:
        yield sitting.open(NIGHT)


def test_the_watch_list_has_one_line_a_boat_and_says_what_to_do(page):
    """Five lines in sight, each with its gravest cause and what to do; the sixth and other causes one press away."""
    watch = page.locator(".watch:not(.doubt)")
    expect(watch.locator("h3")).to_have_text("Watch list: 6 lines, 11 alarms")
    first = watch.locator("> ol > li").first
    assert watch.locator("> ol > li").count() == 5
    expect(first.locator("summary")).to_contain_text("B-01: 20-40")
    expect(first.locator("summary")).to_contain_text("Nobody sent +1: send the craft that can rescue first")
    expect(first.get_by_text("B-01: no_owner")).to_be_hidden()
    first.locator("summary").click()
    expect(first.get_by_text("B-01: no_owner")).to_be_visible()
    request = watch.get_by_text("a request without an answer").first
    expect(request).to_be_hidden()
    watch.get_by_text("1 more").click()
    expect(request).to_be_visible()


def test_a_line_opens_its_boat_and_stays_open_with_the_next_picture(page):
    """The button chooses the boat; at the next picture the opened line is still open."""
    line = page.locator(".watch > ol > li").nth(1)
    line.locator("summary").click()
    line.get_by_role("button", name="Show B-02").click()
    expect(page.locator(".detail h2")).to_contain_text("B-02")
    page.locator("#forward").click()
    page.locator('html[data-at="2021-11-24T03:30:00Z"]').wait_for(state="attached", timeout=10_000)
    assert page.locator(".watch > ol > li").nth(1).locator("details").evaluate("(e) => e.open")


def test_a_doubt_stands_above_the_watch_list_with_what_to_do(page):
    """A ruling that is not followed, by its event."""
    doubt = page.locator(".watch.doubt")
    expect(doubt).to_contain_text("r-0001 / r-0002")
    expect(doubt).to_contain_text("dover/7, gris/3")
    tops = [page.locator(selector).first.bounding_box()["y"] for selector in (".watch.doubt", ".watch:not(.doubt)")]
    assert tops[0] < tops[1]


def test_a_boat_is_found_by_the_name_of_any_of_her_reports(page):
    """B-0003, 3 and r-0003 all find the boat that r-0003 is about; a name of nobody says so; decisions name her too."""
    for typed in ("B-0003", "3", "r-0003", "b-04"):
        page.locator("[data-key=find-boat]").fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator(".detail h2")).to_contain_text("B-04")
    page.locator("[data-key=find-boat]").fill("B-0999")
    page.locator("[data-key=find-go]").click()
    expect(page.locator(".find [role=status]")).to_have_text("No boat goes by B-0999 in this picture.")
    page.locator("[data-key=find-boat]").fill("B-02")
    page.keyboard.press("Enter")
    expect(page.locator(".detail")).to_contain_text("In decisions also called B-0077.")


def test_a_link_to_an_old_name_shows_the_boat_of_now(sit, desk):
    """The address asks for B-0003: the boat that r-0003 is about is chosen, and the page says under which name."""
    seat = sit(desk, viewport=dict(WINDOW))
    page = seat.open("?at=2021-11-24T03:25Z&boat=B-0003&lang=en")
    expect(page.locator(".detail h2")).to_contain_text("B-04")
    expect(page.locator(".detail")).to_contain_text("Asked for as B-0003: that report is given to B-04 now.")
    assert page.locator('.boat[aria-pressed="true"]').get_attribute("data-boat") == "B-04"
    assert seat.complaints == []


def test_a_boat_says_what_speaks_against_her_conflicts_first(page):
    """A factor of 2 to 1 against is no conflict; one of 20 to 1 and one refused outright are, the refused first."""
    page.evaluate("""() => {
      const report = cordiale.now.picture.reports.find((one) => one.boat === 'B-02');
      const conflicts = [{text: 'another number', log_bayes_factor: -3}, {text: 'too fast', log_bayes_factor: null}];
      report.reasons = [...report.reasons, ...conflicts];
      report.probability = 0.6;
    }""")
    page.locator("[data-key=boat-B-01]").click()
    page.locator("[data-key=boat-B-02]").click()
    doubt = page.locator(".detail .doubtful")
    expect(doubt.locator("h3")).to_have_text(["Speaks against one boat (2)", "Least sure to be hers (1)"])
    first = doubt.locator("> .reasons").first.locator("> li")
    assert [text.split(":")[1].split("\n")[0].strip() for text in first.all_inner_texts()] == [
        "too fast",
        "another number",
    ]
    expect(first.nth(1)).to_contain_text("20 to 1 against")
    expect(doubt).to_contain_text("60 %")
    page.locator("[data-key=boat-B-01]").click()
    expect(page.locator(".detail .doubtful")).to_have_count(0)
