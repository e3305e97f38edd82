"""One odd report may not take the picture of the others away."""

import json

import pytest

from cordiale.desk.cli import main

GOOD = {
    "report": "r1",
    "kind": "position_pin",
    "received": "2021-11-24T02:02Z",
    "event": "2021-11-24T02:01Z",
    "where": {"lat": 51.1417, "lon": 1.7417, "within_m": 50},
}
ODD = {
    "west instead of east": {"where": {"lat": 51.1417, "lon": -1.7417, "within_m": 50}},
    "another sea": {"where": {"lat": 36.0, "lon": 14.0, "within_m": 50}},
    "nine years ago": {"event": "2012-11-24T02:01Z"},
    "ten years ahead": {"received": "2031-11-24T02:02Z", "event": "2031-11-24T02:01Z"},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_one_odd_report_leaves_the_other_boats_their_areas(odd, tmp_path, capsys):
    """The odd report is in the picture with its fate; the boat of the good one keeps its two areas."""
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(json.dumps(line) for line in (GOOD, {**GOOD, "report": "r2", **odd})), encoding="utf-8")
    main(["replay", str(feed), "--at", "2021-11-24T03:25Z", "--json", "--particles", "300"])
    document = json.loads(capsys.readouterr().out)
    assert {r["report"] for r in document["reports"]} == {"r1", "r2"}
    assert any("r1" in boat["reports"] and len(boat["areas"]) == 2 for boat in document["boats"])
