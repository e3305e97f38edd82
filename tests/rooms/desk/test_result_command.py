"""`cordiale result`: a search with its real track, what it did, whether the search may end; and every wrong track."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from cordiale.desk.cli import main
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import iso
from cordiale.earth.units import NM, knots, minutes
from cordiale.record.log import events, open_record
from cordiale.record.searches import searches_of, suspensions_of
from tests.rooms.association.small_night import START
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import NORTH, SOUTH

__all__ = ["record_path"]  # a fixture
ROOT = Path(__file__).parents[3]
WIDE = ("--width", "any=0.5NM")


def ladder(begin=40, *, speed=20 * knots, legs=5, east=0.0):
    """Fixes (time, lat, lon) of a ladder over the place where the southern boat was last heard of."""
    points = []
    for k, north in enumerate(np.linspace(-1500, 1500, legs)):
        side = 1 if k % 2 else -1
        points += [(east - side * 1500.0, north), (east + side * 1500.0, north)]
    xy = np.array(points)
    lat, lon = destination(51.0, 1.5, xy[:, 0], xy[:, 1])
    when = START + begin * minutes + np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))) / speed
    return list(zip(when.tolist(), lat.tolist(), lon.tolist(), strict=True))


def csv_file(path, fixes):
    rows = [f"{iso(round(t))},{lat:.5f},{lon:.5f},yes" for t, lat, lon in fixes]
    path.write_text("\n".join(["time,lat,lon,looking", *rows]), encoding="utf-8")
    return path


def gpx_file(path, fixes, *, cut=None):
    """A GPX track; two segments where `cut` says."""
    points = [f'<trkpt lat="{lat:.5f}" lon="{lon:.5f}"><time>{iso(round(t))}</time></trkpt>' for t, lat, lon in fixes]
    parts = [points] if cut is None else [points[:cut], points[cut:]]
    body = "".join(f"<trkseg>{''.join(part)}</trkseg>" for part in parts)
    path.write_text(f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk>{body}</trk></gpx>', encoding="utf-8")
    return path


def json_file(path, fixes):
    rows = [{"at": iso(round(t)), "lat": lat, "lon": lon} for t, lat, lon in fixes]
    path.write_text(json.dumps({"track": rows}), encoding="utf-8")
    return path


def result(path, capsys, *more):
    code = main(["result", str(path), "--json", *more])
    said = capsys.readouterr()
    assert code in (0, 1), said.err
    return code, json.loads(said.out), said.err


def kept(path):
    with open_record(path, read_only=True) as record:
        return searches_of(events(record))


@pytest.mark.parametrize("write", [csv_file, gpx_file, json_file])
def test_a_search_is_kept_with_its_track_and_thins_the_boat_it_looked_for(record_path, capsys, tmp_path, write):
    """From a CSV, a GPX and a JSON alike: the record holds the track, POS by craft, area and object are told."""
    track = write(tmp_path / "track", ladder())
    arguments = ["--track", str(track), "--asset", "flamant", *WIDE, "--at", "02:30Z", "--water", "12-14"]
    code, told, _ = result(record_path, capsys, *arguments)
    (search,) = kept(record_path)
    assert code == 0 and (search.name, search.asset, search.at.size) == ("s-0001", "FS Flamant", 10)
    assert told["kept"] == told["searches"][0]["event"] and search.widths["piw"] == 0.5 * NM
    boats = {boat["boat"]: boat for boat in told["boats"]}
    south = boats[SOUTH]
    assert south["looked_for"] and 0.2 < south["pos"] <= 0.95 and not boats[NORTH]["looked_for"]
    assert south["by_asset"] == {"FS Flamant": south["pos"]}
    assert south["pos"] >= south["by_area"]["s-0001"]["pos"] > 0.5 * south["pos"]
    assert sum(kind["before"] for kind in south["by_object"].values()) == pytest.approx(1, abs=1e-3)
    assert south["survivors"] > 5 and south["may_end"] is False
    assert south["residual"] == pytest.approx(1 - south["pos"], abs=1e-3)


def test_every_picture_of_the_record_is_thinned_and_its_digest_is_not(record_path, capsys, tmp_path):
    """A replay after the search has another 50 % area for that boat, and the digest of the reports."""
    ask = ["replay", str(record_path), "--json", "--at", "02:30Z", "--particles", "1000"]
    shown = []
    for search in (False, True):
        if search:
            track = csv_file(tmp_path / "t.csv", ladder(east=-1500.0))
            result(record_path, capsys, "--track", str(track), "--asset", "flamant", *WIDE, "--at", "02:30Z")
        assert main(ask) == 0
        shown.append(json.loads(capsys.readouterr().out))
    areas = [{b["boat"]: b["areas"][0]["area_m2"] for b in one["boats"]} for one in shown]
    assert shown[0]["digest"] == shown[1]["digest"]
    assert areas[0][SOUTH] != areas[1][SOUTH] and areas[0][NORTH] == areas[1][NORTH]


def test_a_search_broken_off_has_a_reason_and_a_way_without_lookout_counts_for_nothing(record_path, capsys, tmp_path):
    """Without a reason it is refused and nothing is written; between two segments of a GPX nobody looked."""
    track = gpx_file(tmp_path / "t.gpx", ladder(), cut=5)
    broken = ["result", str(record_path), "--track", str(track), "--asset", "flamant", *WIDE, "--broken-off"]
    assert main(broken) == 2
    assert "broken off without a reason" in capsys.readouterr().err and kept(record_path) == ()
    assert main([*broken, "--reason", "fuel", "--at", "02:30Z"]) == 0
    (search,) = kept(record_path)
    assert search.broken_off and search.looked.tolist() == [k != 4 for k in range(9)]
    assert "BROKEN OFF" in capsys.readouterr().out


def test_the_same_track_counts_once_and_a_withdrawn_one_not_at_all(record_path, capsys, tmp_path):
    """Told twice it is refused, with what to do; withdrawn, no search is known."""
    track = csv_file(tmp_path / "t.csv", ladder())
    arguments = ["--track", str(track), "--asset", "flamant", *WIDE, "--at", "02:30Z"]
    _, told, _ = result(record_path, capsys, *arguments)
    assert main(["result", str(record_path), *arguments]) == 2
    assert "counts once" in capsys.readouterr().err and len(kept(record_path)) == 1
    withdrawn = ["withdraw", str(record_path), told["kept"], "--by", "watch_officer", "--because", "another craft"]
    assert main(withdrawn) == 0
    assert kept(record_path) == ()


def test_without_a_stated_width_only_eyes_count_and_it_is_said(record_path, capsys, tmp_path):
    """By night and by eye a ship sees next to nothing; its radar counts on demand only, and as a judgement."""
    track = csv_file(tmp_path / "t.csv", ladder())
    arguments = ["--track", str(track), "--asset", "flamant", "--dry-run", "--at", "02:30Z", "--visibility", "1NM"]
    _, eyes, told = result(record_path, capsys, *arguments)
    assert (
        "ONLY WHAT FS Flamant SAW BY EYE COUNTS" in told and "--instruments radar" in told and "NOT in a record" in told
    )
    _, radar, told = result(record_path, capsys, *arguments, "--instruments", "radar")
    assert "Judged, not measured, what the radar sees" in told and kept(record_path) == ()
    assert [one["searches"][0]["instruments"] for one in (eyes, radar)] == [[], ["radar"]]
    assert "watched by radar" in radar["searches"][0]["text"] and "watched" not in eyes["searches"][0]["text"]
    widths = [one["searches"][0]["widths_m"]["channel_inflatable"] for one in (eyes, radar)]
    assert 0 < widths[0] < widths[1]


@pytest.mark.parametrize(
    ("change", "more", "told"),
    [
        (lambda f: [f[0], f[2], f[1], *f[3:]], (), "do not rise"),
        (lambda f: [(t, 0.0, lon) for t, _, lon in f], (), "outside the sea"),
        (lambda f: [(t, lon, lat) for t, lat, lon in f], (), "outside the sea"),
        (lambda f: [(t - 86400, lat, lon) for t, lat, lon in f], (), "before it was told"),
        (lambda f: [(t + 864000, lat, lon) for t, lat, lon in f], ("--when", "01:55Z"), "after the instant"),
        (lambda f: [f[0], (f[1][0], f[1][1] + 0.3, f[1][2]), *f[2:]], (), "makes"),
        (lambda f: [(t, lat, 0.6) for t, lat, _ in f], (), "inland"),
        (lambda f: f[:1], (), "has 1 fixes"),
    ],
)
def test_a_track_that_cannot_be_is_refused_with_its_value(record_path, capsys, tmp_path, change, more, told):
    """Times, places, speed, age: exit code 2, what is wrong and what to do, and the record as it was."""
    track = csv_file(tmp_path / "t.csv", change(ladder()))
    assert main(["result", str(record_path), "--track", str(track), "--asset", "flamant", *WIDE, *more]) == 2
    said = capsys.readouterr().err
    assert told in said and "hint: " in said and kept(record_path) == ()


def test_what_is_only_unlikely_is_kept_by_who_is_sure(record_path, capsys, tmp_path):
    """Faster than the craft: refused, then kept with a warning and exit code 1."""
    track = csv_file(tmp_path / "t.csv", ladder(speed=60 * knots))
    arguments = ["--track", str(track), "--asset", "flamant", *WIDE, "--at", "02:30Z"]
    assert main(["result", str(record_path), *arguments]) == 2
    capsys.readouterr()
    code, _, told = result(record_path, capsys, *arguments, "--sure")
    assert code == 1 and "FS Flamant makes" in told and len(kept(record_path)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has 0 fixes"),
        ("<gpx><rte><rtept lat='51' lon='1.5'/></rte></gpx>", "no track points"),
        ("<gpx><trk><trkseg><trkpt lat='51' lon='1.5'/></trkseg></trk></gpx>", "has no time"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><gpx>&a;</gpx>", "declares a document type"),
        ("<gpx><trk>", "neither GPX nor CSV nor JSON"),
        ('{"track": 7}', "no list of fixes"),
        ("time,lat,lon\nnoon-ish,51,1.5\n", "cannot read the time"),
        ("time,lat,lon\n2021-11-24T01:40:00Z,north,1.5\n", "cannot read the position"),
        ("time,lat,lon,looking\n2021-11-24T01:40:00Z,51,1.5,perhaps\n", "as looking or not"),
        ("lat,lon\n51,1.5\n", "has no time"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(record_path, capsys, tmp_path, text, told):
    """The line and the value, never a traceback; nothing is written."""
    track = tmp_path / "track"
    track.write_text(text, encoding="utf-8")
    assert main(["result", str(record_path), "--track", str(track), "--asset", "flamant", *WIDE]) == 2
    said = capsys.readouterr().err
    assert told in said and "hint: " in said and kept(record_path) == ()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--track", "nowhere.gpx", "--asset", "flamant"], "cannot read the track"),
        (["--track", "nowhere.gpx"], "which craft"),
        (["--asset", "flamant"], "without its track"),
        (["--stop", "--track", "t", "--asset", "flamant"], "do not go together"),
    ],
)
def test_what_does_not_go_together_is_told(record_path, capsys, arguments, told):
    """Before any work is done."""
    assert main(["result", str(record_path), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_craft_nobody_knows_needs_a_stated_width(record_path, capsys, tmp_path):
    """A fishing vessel that helped: without a width it is refused, with one it counts."""
    track = csv_file(tmp_path / "t.csv", ladder(speed=10 * knots))
    arguments = ["--track", str(track), "--asset", "fishing vessel", "--at", "03:00Z"]
    assert main(["result", str(record_path), *arguments]) == 2
    assert "nobody knows what it sees" in capsys.readouterr().err
    assert main(["result", str(record_path), *arguments, "--width", "channel_inflatable=wide"]) == 2
    capsys.readouterr()
    _, told, _ = result(record_path, capsys, *arguments, *WIDE)
    assert told["searches"][0]["asset"] == "fishing vessel"


def test_the_search_does_not_end_by_one_person_and_then_ends_tasks_only(record_path, capsys):
    """Refused with survivors expected; two roles and a reason write it down, the task ends and the boat stays."""
    main(["task", str(record_path), "--give", SOUTH, "flamant", "--when", "01:30Z", "--quick"])
    capsys.readouterr()
    stop = ["result", str(record_path), "--stop", "--boat", SOUTH, "--at", "02:30Z", "--water", "12-14"]
    assert main(stop) == 1
    said = capsys.readouterr().out
    assert "must not end" in said and "no search with a track" in said and "Can still be there: " in said
    assert main([*stop, "--by", "watch_officer", "--reason", "fog"]) == 2
    assert "must not end" in capsys.readouterr().err
    two = ["--by", "watch_officer", "--second", "duty_commander", "--reason", "fog"]
    assert main([*stop, *two]) == 0
    assert "search.suspended" in capsys.readouterr().out
    with open_record(record_path, read_only=True) as record:
        written = events(record)
    (ended,) = suspensions_of(written)
    assert ended.override and ended.survivors > 5 and written[-1].type == "task.ended"


def test_it_is_told_in_french_within_a_hundred_columns(record_path, capsys, tmp_path):
    """What a coordinator at Gris-Nez reads."""
    track = csv_file(tmp_path / "t.csv", ladder())
    arguments = ["result", str(record_path), "--track", str(track), "--asset", "flamant", *WIDE, "--at", "02:30Z"]
    assert main([*arguments, "--lang", "fr"]) == 0
    said = capsys.readouterr().out
    words = " ".join(said.split())
    assert "Recherches connues" in words and "NE DOIT PAS PRENDRE FIN" in words and "NON RECHERCHÉES" in words
    assert max(map(len, said.splitlines())) <= 100 and "{" not in said


def keys_of(value, within=""):
    """Every key of a document but those that are names."""
    if isinstance(value, dict):
        named = within in ("by_asset", "by_area", "by_object", "widths_m")
        return (set() if named else set(value)).union(*(keys_of(v, k) for k, v in value.items()))
    return set().union(*(keys_of(v, within) for v in value)) if isinstance(value, list) else set()


def test_every_key_is_documented(record_path, capsys, tmp_path):
    """docs/result-json.md names each key of both documents."""
    track = csv_file(tmp_path / "t.csv", ladder())
    arguments = ["--track", str(track), "--asset", "flamant", *WIDE, "--at", "02:30Z"]
    _, told, _ = result(record_path, capsys, *arguments)
    _, stop, _ = result(record_path, capsys, "--stop", "--at", "02:30Z")
    page = (ROOT / "docs" / "result-json.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]*)`", page))))
    assert (keys_of(told) | keys_of(stop)) - words == set()
