"""Tide gauges: which are fitted, which are kept back, and their harmonic constants from the packaged database."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# TICON-4 names after "ticon/". Left out: gauges in rivers, harbours behind locks, the Solent and the Oosterschelde.
FITTED = (
    "arun_platform-arn-gbr-cco",
    "ouistreham-311-fra-refmar",
    "brighton-btn-gbr-cco",  # the database calls it Teignmouth Pier; it stands at Brighton
    "newhaven-nha-gbr-bodc",
    "le_havre-4-fra-refmar",
    "hastings_pier-hgp-gbr-cco",  # the database calls it Brighton; it stands at Hastings
    "dieppe-24-fra-refmar",
    "herne_bay-hby-gbr-cco",
    "harwich-har-gbr-bodc",
    "felixstowe-fel-gbr-bodc",
    "dunkerque-2-fra-refmar",
    "euro_platform-eurpfm-nld-rws",
    "cadzand-cadzd-nld-rws",
    "westkapelle-westkple-nld-rws",
    "oosterschelde_15-oostsde15-nld-rws",
    "oosterschelde_11-oostsde11-nld-rws",
    "oosterschelde_13-oostsde13-nld-rws",
    "brouwershavensche_gat_punt_02-brouwhvsgt02-nld-rws",
    "lichteiland_goeree-lichtelgre-nld-rws",
    "maasmond_stroommeetpaal-maasmsmpl-nld-rws",
)
KEPT_BACK = (
    "dover-dov-gbr-bodc",
    "calais-55-fra-refmar",
    "deal_pier-dlp-gbr-cco",
    "boulogne_sur_mer-111-fra-refmar",
)
# Gauges of the strait and its approaches, whose left-out errors choose friction and smoothing.
JUDGES = FITTED[0:1] + FITTED[2:4] + FITTED[5:8] + FITTED[10:11] + FITTED[12:14]

EXPORT = """
import { allStations } from "@neaps/tide-database";
import { writeFileSync } from "node:fs";
const wanted = new Set(JSON.parse(process.argv[2]));
const found = allStations.filter((s) => wanted.has(s.id));
writeFileSync(process.argv[3], JSON.stringify(found));
"""


@dataclass(frozen=True)
class Gauge:
    """A tide gauge: its database name, place (degrees) and complex constants A exp(-ig) in metres."""

    name: str
    lat: float
    lon: float
    constants: dict[str, complex]


def export(work: Path, version: str) -> Path:
    """Install the database package under work and write the wanted stations as JSON."""
    subprocess.run(["npm", "install", "--silent", "--prefix", str(work), f"@neaps/tide-database@{version}"], check=True)
    script, out = work / "export.mjs", work / "gauges.json"
    script.write_text(EXPORT)
    wanted = json.dumps([f"ticon/{name}" for name in FITTED + KEPT_BACK])
    subprocess.run(["node", str(script), wanted, str(out)], check=True, cwd=work)
    return out


def read(path: Path) -> dict[str, Gauge]:
    """Gauges by name; refuses records that are not CC BY 4.0."""
    gauges = {}
    for station in json.loads(path.read_text()):
        if station["license"]["type"] != "cc-by-4.0":
            raise ValueError(f"{station['id']} is {station['license']['type']}, not cc-by-4.0")
        constants = {
            line["name"]: line["amplitude"] * np.exp(-1j * np.radians(line["phase"]))
            for line in station["harmonic_constituents"]
        }
        name = station["id"].removeprefix("ticon/")
        gauges[name] = Gauge(name, station["latitude"], station["longitude"], constants)
    missing = set(FITTED + KEPT_BACK) - set(gauges)
    if missing:
        raise ValueError(f"gauges not in the database: {sorted(missing)}")
    return gauges


def ratio(gauges: dict[str, Gauge], child: str, parent: str) -> tuple[complex, float]:
    """Least-squares complex ratio child / parent over the fitted gauges, and the rms of what it leaves (m)."""
    pairs = [
        (gauges[n].constants[child], gauges[n].constants[parent])
        for n in FITTED
        if child in gauges[n].constants and parent in gauges[n].constants
    ]
    children, parents = np.array(pairs).T
    found = np.vdot(parents, children) / np.vdot(parents, parents).real
    return complex(found), float(np.sqrt(np.mean(np.abs(children - found * parents) ** 2)))
