# ruff: noqa: E501  (lines of a table)
"""Build the packaged night of 2021-11-24: `python tools/build_night.py`.

Real skeleton (night_real.py) and invented boats (night_boats.py) become `cordiale/nights/2021-11-24/feed.jsonl`, in
order of receipt. Which line is really about which boat goes to `tests/worlds/data/`, where only tests can see it. Same
seed, same file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from night_boats import others, police_boat, recovered_three
from night_entry import Entry, caller_hmac
from night_real import all_real

from cordiale.earth.instants import iso, utc
from cordiale.sea.patch import Patch
from cordiale.sea.tide import load_tide
from cordiale.sea.tide_patch import tidal_patch

SEED = 20211124
ROOT = Path(__file__).parent.parent
NIGHT = ROOT / "cordiale" / "nights" / "2021-11-24"
TRUTH = ROOT / "tests" / "worlds" / "data" / "night-2021-11-24-truth.json"
TIDE = ROOT / "cordiale" / "sea" / "data" / "tide.npz"


@lru_cache(maxsize=512)
def snapshot(at: float) -> Patch:
    return tidal_patch(load_tide(), at)


def stream(at: float, lat: float, lon: float) -> tuple[float, float]:
    """The packaged tide to the nearest five minutes; no current where the atlas knows none (the beach itself)."""
    u, v = snapshot(round(at / 300) * 300)(np.array([lat]), np.array([lon]))
    return float(u[0]), float(v[0])


def main() -> None:
    entries = [*all_real(), *recovered_three(SEED, stream), *police_boat(SEED, stream), *others(SEED, stream)]
    entries.sort(key=lambda e: (utc(e.received), e.key))
    names = {e.key: f"r-{number:04d}" for number, e in enumerate(entries, start=1)}
    lines = "".join(json.dumps(line_of(e, names), ensure_ascii=False, separators=(",", ":")) + "\n" for e in entries)
    NIGHT.mkdir(parents=True, exist_ok=True)
    (NIGHT / "feed.jsonl").write_text(lines, encoding="utf-8")
    write_truth(entries, names)
    write_provenance(lines)
    real = sum(e.mark[0] == "REAL" for e in entries)
    boats = len({e.truth for e in entries if e.truth})
    print(f"{len(entries)} lines, {real} REAL, {len(entries) - real} SYNTHETIC, {boats} boats")


def line_of(entry: Entry, names: dict[str, str]) -> dict[str, object]:
    """One line of the documented report format (docs/reports.md); what is unknown is left out."""
    event = (entry.event, entry.event) if isinstance(entry.event, str) else entry.event
    kind, source, parts = entry.mark
    line: dict[str, object] = {
        "format": "cordiale.report/1", "report": names[entry.key], "kind": entry.kind, "received": iso(utc(entry.received)),
        "event": {"from": iso(utc(event[0])), "until": iso(utc(event[1]))}, "channel": entry.channel, "centre": entry.centre,
        "where": where_of(entry), "persons": between(entry.persons),
        "boat": {k: between(v) if isinstance(v, tuple) else v for k, v in entry.boat.items()},
        "caller": caller_hmac(entry.phone) if entry.phone else None, "relay_of": names.get(entry.relay_of or ""), "relays": list(entry.relays), "asset": entry.asset,
        "summary": entry.summary, "mark": {"kind": kind, "source": source, "synthetic_parts": list(parts)},
    }  # fmt: skip
    return {key: value for key, value in line.items() if value not in (None, [], {})}


def where_of(entry: Entry) -> list[dict[str, float]]:
    if entry.at:
        lat, lon, within = entry.at
        return [{"lat": lat, "lon": lon, "within_m": within, "containment": 0.95}]
    return [
        {"lat": lat, "lon": lon, "within_m": w, "containment": 0.95, "probability": p}
        for lat, lon, w, p in entry.readings
    ]


def between(pair: object) -> dict[str, float] | None:
    return {"least": pair[0], "most": pair[1]} if isinstance(pair, tuple) else None


def write_truth(entries: list[Entry], names: dict[str, str]) -> None:
    truth = {names[e.key]: e.truth for e in entries if e.truth}
    TRUTH.parent.mkdir(parents=True, exist_ok=True)
    note = "Which boat each line is really about. For scoring only: nothing in cordiale/ reads it."
    TRUTH.write_text(json.dumps({"note": note, "seed": SEED, "boat_of": truth}, indent=1) + "\n", encoding="utf-8")


def write_provenance(lines: str) -> None:
    tide = hashlib.sha256(TIDE.read_bytes()).hexdigest()
    feed = hashlib.sha256(lines.encode()).hexdigest()
    (NIGHT / "feed.jsonl.provenance.toml").write_text(
        PROVENANCE.format(tide=tide, feed=feed, seed=SEED), encoding="utf-8"
    )


PROVENANCE = (
    """\
title = "Report feed of the night of 23-24 November 2021 in the Dover Strait: a real skeleton with invented filling"
licence = "EUPL-1.2"
attribution = "Facts from the publications named in each line's mark.source; wording and inventions by the developers"
command = "python tools/build_night.py"
made_by = "tools/build_night.py"
sha256 = "{feed}"
notes = """
    + '"""'
    + """
Seed {seed}. Every line says REAL or SYNTHETIC, its source, and which parts of a real line were invented.
The invented boats were carried by the packaged tide named below."""
    + '"""'
    + """

[[sources]]
package = "cordiale (cordiale/sea/data/tide.npz)"
version = "0.1.0"
licence = "see tide.npz.provenance.toml"
sha256 = "{tide}"
"""
)

if __name__ == "__main__":
    main()
