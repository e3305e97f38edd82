"""`cordiale plan`: from the picture of an instant to who searches where, in words, numbers and files."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cordiale.desk import plan_command
from cordiale.desk.cli import main
from cordiale.earth.instants import utc
from cordiale.earth.units import NM, minutes
from cordiale.feeds.jsonl import read_feed
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.log import append, open_record
from cordiale.record.searches import search_entry
from cordiale.sea.places import place_positions
from cordiale.search.result import Flown
from cordiale.views.search_sitrep import read_sitrep
from tests.rooms.search.searches_flown import a_ladder

AT = "2021-11-24 03:00Z"
LINES = (
    {"report": "r-1", "kind": "distress_call", "received": "2021-11-24T01:40:00Z", "event": "2021-11-24T01:40:00Z",
     "channel": "whatsapp", "centre": "CROSS Gris-Nez", "position": {"lat": 51.08, "lon": 1.62, "within_m": 3000},
     "persons": {"least": 28, "most": 34}, "boat": {"state": "swamped"}},
    {"report": "r-2", "kind": "distress_call", "received": "2021-11-24T02:50:00Z", "event": "2021-11-24T02:50:00Z",
     "channel": "whatsapp", "centre": "CROSS Gris-Nez", "position": {"lat": 50.88, "lon": 1.45, "within_m": 50},
     "persons": 20, "boat": {"state": "under_way", "engine": "running"}},
    {"report": "r-3", "kind": "asset_position", "received": "2021-11-24T02:55:00Z", "event": "2021-11-24T02:55:00Z",
     "channel": "ais", "centre": "CROSS Gris-Nez", "asset": "FS Flamant", "position": {"lat": 51.0, "lon": 1.55}},
)  # fmt: skip
QUICK = ("--quick", "--hours", "2", "--particles", "300", "--quiet")


def feed_in(folder):
    """A night of two boats, one of them swamped, and one craft at sea."""
    path = folder / "feed.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def feed(tmp_path):
    """The feed, as a path."""
    return str(feed_in(tmp_path))


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A plan with a few moves and its bounds, every file written: exit code, document, what was said aside, folder."""
    folder = tmp_path_factory.mktemp("plan")
    files = [f"--{name}={folder / name}.out" for name in ("text", "sitrep", "kml", "geojson", "svg")]
    files += [f"--gpx={folder / 'gpx'}", f"--rtz={folder / 'rtz'}", f"--pdf={folder / 'plan.pdf'}"]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["plan", str(feed_in(folder)), "--at", AT, "--hours", "3", "--moves", "60", "--particles", "500",
                     "--title", "TEST 1", "--centre", "CROSS Gris-Nez", "--json", *files])  # fmt: skip
    return code, json.loads(out.getvalue()), err.getvalue(), folder


def test_the_boat_whose_people_will_be_in_the_water_is_searched_for(planned):
    """The swamped one, and not the one under way; two craft at least, the one at sea among them."""
    code, plan, _, _ = planned
    assert code == 0
    (boat,) = plan["boats"]
    assert boat["state"] == "swamped"
    names = {sortie["asset"] for sortie in plan["sorties"]}
    assert "flamant" in names and len(names) >= 2
    assert 28 <= boat["expected_persons_each"] <= 34
    assert 0.2 < plan["probability_of_success"] <= 1


def test_it_says_what_it_is_worth_and_what_no_plan_exceeds(planned):
    """Survivors no more than sought, a value under both bounds, the loss of each craft, what nobody verified."""
    _, plan, _, _ = planned
    assert plan["complete"] and plan["objective"] == "lives"
    assert plan["value"] == pytest.approx(plan["expected_survivors"], abs=0.01)
    assert plan["expected_survivors"] < plan["persons_sought"]
    assert plan["value"] <= plan["bounds"]["same"] <= plan["bounds"]["rigorous"] * (1 + 1e-6)
    assert all(sortie["loss"] >= 0 and sortie["loss_of_pos"] >= 0 for sortie in plan["sorties"])
    assert any("Not verified of FS Flamant" in line for line in plan["assumptions_en"])
    assert any("visibilité" in line or "l'on voit" in line for line in plan["assumptions_fr"])
    assert plan["not_sent"] and all(row["would_add"] < 0.5 for row in plan["not_sent"])


def test_every_file_is_written_and_says_the_same(planned):
    """Message, SITREP, a GPX for each crew, an RTZ for each ship and none for aircraft, and the rest."""
    _, plan, _, folder = planned
    assert (
        len(plan["files"])
        == len(set(plan["files"]))
        == 6 + len(list((folder / "gpx").iterdir())) + len(list((folder / "rtz").iterdir()))
    )
    assert all(Path(name).stat().st_size > 100 for name in plan["files"])
    assert len(list((folder / "gpx").iterdir())) == len(plan["sorties"])
    assert len(list((folder / "rtz").iterdir())) == sum(not sortie["height_m"] for sortie in plan["sorties"])
    sitrep = read_sitrep((folder / "sitrep.out").read_text(encoding="utf-8"))
    assert sitrep.case == "TEST 1" and sitrep.sender == "CROSS Gris-Nez"
    text = (folder / "text.out").read_text(encoding="utf-8")
    assert "TEST 1" in text and "7. ASSUMPTIONS" in text
    assert all(sortie["name"] in text for sortie in plan["sorties"])


def test_it_says_that_it_is_at_work(planned):
    """On stderr, so that the document on stdout stays one."""
    assert "Making the picture" in planned[2]


def test_another_plan_begins_with_it(planned, capsys):
    """The sorties of the earlier plan are where it starts: the same craft go, and with no move they go the same way."""
    _, plan, _, folder = planned
    start = folder / "plan.json"
    start.write_text(json.dumps(plan), encoding="utf-8")
    asked = ["plan", str(folder / "feed.jsonl"), "--at", AT, "--hours", "3", "--particles", "500", "--json", "--quiet"]
    assert main([*asked, "--start", str(start), "--moves", "0"]) == 0
    again = json.loads(capsys.readouterr().out)
    before = {sortie["asset"]: sortie["standing"] for sortie in plan["sorties"]}
    after = {sortie["asset"]: sortie["standing"] for sortie in again["sorties"]}
    assert set(before) <= set(after)
    assert any(after[asset]["bearing"] == pytest.approx(one["bearing"], abs=0.01) for asset, one in before.items())
    assert again["probability_of_success"] >= plan["probability_of_success"] - 0.05


def test_the_summary_comes_first_and_in_the_language_of_the_reader(feed, capsys):
    """What it is worth, who goes and what it costs to lose them, then the message."""
    assert main(["plan", feed, "--at", AT, *QUICK]) in (0, 1)
    english = capsys.readouterr().out
    assert main(["--lang", "fr", "plan", feed, "--at", AT, *QUICK]) in (0, 1)
    french = capsys.readouterr().out
    assert english.startswith("SEARCH PLAN from 03:00Z to 05:00Z")
    assert french.startswith("PLAN DE RECHERCHE de 03:00Z à 05:00Z")
    assert english.index("FS Flamant for") < english.index("1. SITUATION")
    assert "How far it is from the best plan was not worked out." in english
    assert "sans ce moyen" in french and "7. HYPOTHÈSES" in french
    assert max(len(line) for line in (english + french).splitlines()) <= 100


def test_a_boat_by_name_craft_by_name_and_all_of_them(feed, capsys):
    """The boat under way, searched for by one craft alone; and both boats."""
    asked = ["plan", feed, "--at", AT, *QUICK, "--json"]
    assert main([*asked, "--boat", "r-2", "--asset", "rnli_dover"]) == 0
    one = json.loads(capsys.readouterr().out)
    assert [sortie["asset"] for sortie in one["sorties"]] == ["rnli_dover"]
    assert [boat["state"] for boat in one["boats"]] == ["under_way"]
    assert main([*asked, "--all", "--without", "FS Flamant"]) in (0, 1)
    both = json.loads(capsys.readouterr().out)
    assert {boat["state"] for boat in both["boats"]} == {"swamped", "under_way"}
    assert "flamant" not in {sortie["asset"] for sortie in both["sorties"]}


def test_boats_nobody_has_reported_count_too(feed, capsys):
    """One more cloud whose number is not a probability."""
    assert main(["plan", feed, "--at", AT, *QUICK, "--json", "--unreported"]) in (0, 1)
    boats = json.loads(capsys.readouterr().out)["boats"]
    assert [boat["unreported"] for boat in boats] == [False, True]
    assert boats[1]["expected_boats"] > 0


def test_a_search_in_the_record_thins_the_cloud(feed, tmp_path, capsys):
    """A search over where she lay that found nothing: the same plan finds her less likely."""
    path = tmp_path / "night.db"
    reports = [line.report for line in read_feed(Path(feed), now=utc("2021-11-24 04:00"), places=place_positions())]
    ladder = a_ladder(length=12000.0, legs=12, spacing=500.0, begin=utc("2021-11-24 01:45"), speed=60.0)
    where = {"lat": ladder.lat + 0.08, "lon": ladder.lon + 0.12}
    search = Flown(
        name="s-1", asset="r163", at=ladder.at, **where, widths={"swamped_inflatable": 1 * NM, "piw": 1 * NM}
    )
    assert search.end < utc("2021-11-24 02:55")
    with open_record(path, node="dover") as record:
        append_reports(record, [Arrival(report=r) for r in reports], recorded_at=utc("2021-11-24 03:00"), by="feed")
    asked = ["plan", str(path), "--at", AT, *QUICK, "--json", "--asset", "flamant"]
    assert main(asked) in (0, 1)
    before = json.loads(capsys.readouterr().out)["probability_of_success"]
    with open_record(path) as record:
        append(record, search_entry(search, at=search.end + minutes, by="watch"), recorded_at=search.end + minutes)
    assert main(asked) in (0, 1)
    assert json.loads(capsys.readouterr().out)["probability_of_success"] < before - 0.01


@pytest.mark.parametrize(
    "more, said",
    [
        (["--boat", "B-9999"], "B-9999"),
        (["--asset", "Nautilus"], "no craft 'Nautilus'"),
        (["--asset", "king_air"], "not in service"),
        (["--text", "nowhere/plan.txt"], "nowhere/plan.txt"),
        (["--gpx", "nowhere/deeper/gpx"], "nowhere/deeper/gpx"),
        (["--text", "one.txt", "--kml", "one.txt"], "one.txt"),
        (["--hours", "48"], "48 h"),
        (["--until", "03:05Z"], "cannot be made"),
        (["--moves", "-1"], "-1 moves"),
        (["--start", "no.json"], "no.json"),
        (["--waves", "9m", "--asset", "rnli_walmer"], "sea is above its limit"),
        (["--visibility", "5"], "5"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_hint(feed, tmp_path, monkeypatch, capsys, more, said):
    """Unknown boat or craft, files that cannot be written, numbers that make no plan: exit code 2, and what to do."""
    monkeypatch.chdir(tmp_path)
    assert main(["plan", feed, "--at", AT, "--particles", "200", "--quick", "--quiet", *more]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err and "hint:" in told.err


def test_a_boat_without_a_position_cannot_be_searched_for(feed, monkeypatch, capsys):
    """She has called, and nobody knows where she is."""
    seen = plan_command.picture_at

    def lost(*given, **more):
        picture, known = seen(*given, **more)
        return replace(picture, boats=tuple(replace(boat, cloud=None) for boat in picture.boats)), known

    monkeypatch.setattr(plan_command, "picture_at", lost)
    assert main(["plan", feed, "--at", AT, *QUICK, "--boat", "r-1"]) == 2
    assert "has no position" in capsys.readouterr().err
    assert main(["plan", feed, "--at", AT, *QUICK]) == 2
    assert "no boat is in distress" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_gives_the_best_plan_so_far(feed, tmp_path):
    """A real process, a real signal: exit code 130, and the plan is printed and its files are written."""
    text = tmp_path / "plan.txt"
    script = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    script += "from cordiale.desk.cli import main; raise SystemExit(main())"
    asked = ["plan", feed, "--at", AT, "--moves", "1000000", "--particles", "1000", "--json", "--text", str(text)]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said = ""
    for line in process.stderr:
        said += line
        if "%" in line:  # the work has begun
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, said + err
    plan = json.loads(out)
    assert not plan["complete"] and plan["bounds"] == {}
    assert len(plan["sorties"]) >= 2 and plan["probability_of_success"] > 0.2
    assert "best" in plan["notices_en"][0] or any("broken off" in one for one in plan["notices_en"])
    assert "SEARCH ACTION PLAN" in text.read_text(encoding="utf-8")
    assert "broken off" in err


def test_of_a_record_in_use_the_plan_begins_now(feed, tmp_path, monkeypatch, capsys):
    """An hour after the last report nobody can set out at the last report; a feed is planned from its end."""
    path, present = tmp_path / "night.db", utc("2021-11-24 03:55")
    reports = [line.report for line in read_feed(Path(feed), now=present, places=place_positions())]
    with open_record(path, node="dover") as record:
        append_reports(record, [Arrival(report=r) for r in reports], recorded_at=utc("2021-11-24 02:55"), by="feed")
    monkeypatch.setattr(plan_command, "now", lambda: present)
    for source, begin in ((str(path), "03:55:00Z"), (feed, "02:55:00Z")):
        assert main(["plan", source, *QUICK, "--json", "--asset", "flamant"]) in (0, 1)
        assert json.loads(capsys.readouterr().out)["begin"].endswith(begin)
