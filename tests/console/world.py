"""A small invented sea for the tests of the console: known clouds, known reports, nothing computed."""

import math
import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from cordiale.desk.board import Drawn, Times, drawn, encoded
from cordiale.desk.ruling import RulingForm
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso, utc
from cordiale.earth.position import Position

BEGIN, END = utc("2021-11-24 00:00Z"), utc("2021-11-24 06:00Z")
STATES = ("in_the_water", "adrift", None, "under_way", "taking_water")
CENTRES = ((51.30, 1.70), (51.05, 1.60), (50.95, 1.45), (51.15, 2.05), (50.85, 1.40))
SPREAD = (0.09, 0.02, 0.03, 0.02, 0.015)  # degrees of latitude; the first is wide enough for Mercator to matter
DRIFT = 0.02  # degrees of latitude and longitude an hour
RADII = {0.5: math.sqrt(2 * math.log(2)), 0.9: math.sqrt(2 * math.log(10))}
MARKS = ("REAL", "SYNTHETIC", "SYNTHETIC", "SYNTHETIC", "REAL")


def cloud_of(number: int, at: float, count: int = 2000) -> np.ndarray:
    """The particles of one boat: a Gaussian that drifts north-east, the same numbers at every instant."""
    lat, lon = CENTRES[number]
    hours = (at - BEGIN) / 3600
    chance = np.random.default_rng(number).normal(size=(count, 2)) * SPREAD[number]
    return np.array([lat, lon]) + DRIFT * hours + chance * [1.0, 1 / math.cos(math.radians(lat))]


def ring_of(number: int, at: float, containment: float) -> list[list[float]]:
    """The contour of that Gaussian."""
    lat, lon = np.array(CENTRES[number]) + DRIFT * (at - BEGIN) / 3600
    radius = RADII[containment] * SPREAD[number]
    angles = np.linspace(0, 2 * np.pi, 73)
    east = radius / math.cos(math.radians(lat))
    return np.column_stack([lat + radius * np.cos(angles), lon + east * np.sin(angles)]).round(6).tolist()


def _place(lat: float, lon: float) -> dict[str, Any]:
    return {"lat": round(lat, 6), "lon": round(lon, 6), "on_chart": str(Position(lat=float(lat), lon=float(lon)))}


def watch_of(at: float, *, english: bool) -> dict[str, Any]:
    """Two alarms of each boat and a request of none, one line a boat; one ruling that is not followed."""
    alarms = [
        {
            "id": f"{cause} B-{number:02d}",
            "cause": cause,
            "boat": f"B-{number:02d}",
            "since": iso(at),
            "text": f"B-{number:02d}: {cause}",
            "to_do": "send the craft that can rescue first" if english else "envoyer le moyen le plus rapide",
        }
        for number in range(1, 6)
        for cause in ("no_task", "no_owner")
    ]
    request = {**alarms[0], "id": "request_unanswered r-0050", "cause": "request_unanswered", "boat": None}
    request["text"] = "a request without an answer" if english else "une demande sans réponse"
    lines = [
        {"boat": f"B-{k:02d}", "text": f"B-{k:02d}: 20-40", "alarms": [f"no_task B-{k:02d}", f"no_owner B-{k:02d}"]}
        for k in range(1, 6)
    ]
    doubt = {"key": "refused", "reports": ["r-0001", "r-0002"], "text": "r-0001 / r-0002", "to_do": "dover/7, gris/3"}
    return {
        "watch_list": [*alarms, request],
        "watch_lines": [*lines, {"boat": None, "text": None, "alarms": [request["id"]]}],
        "doubts": [doubt],
    }


class World:
    """A source as the desk serves it; `writable` worlds take reports and follow a clock that stands at END."""

    def __init__(self, *, writable: bool = False, name: str = "2021-11-24") -> None:
        self.writable = writable
        self.name = name
        self.added: list[dict[str, Any]] = []
        self.ruled: list[RulingForm] = []
        self.asleep = False
        self.flaws: list[dict[str, Any]] = []
        self.computed: list[float] = []
        self.gate = threading.Event()
        self.gate.set()

    def head(self) -> int:
        """One event for each boat, and those added since."""
        return len(CENTRES) + len(self.added) + len(self.ruled)

    def times(self) -> Times:
        """Six hours; a report every half hour."""
        received = tuple(BEGIN + 1800 * i for i in range(12))
        return Times(earliest=BEGIN, latest=END, received=received, opening=utc("2021-11-24 03:25Z"))

    def draw(self, at: float) -> Drawn:
        """The picture at an instant, in both languages."""
        self.gate.wait(10)
        self.computed.append(at)
        clouds = {f"B-{number + 1:02d}": cloud_of(number, at) for number in range(len(CENTRES))}
        return drawn(
            at,
            {language: self.body(at, language) for language in ("en", "fr")},
            {"type": "FeatureCollection", "features": []},
            clouds,
        )

    def links(self, at: float) -> Mapping[str, bytes]:
        """One new report, provisionally about the first boat, while a picture is computed."""
        early = {**self._report(7, at), "report": "r-0900", "boat": "B-02", "provisional": True}
        reports = [] if self.gate.is_set() else [early]
        body = {"format": "cordiale.live/1", "at": iso(at), "provisional": True, "reports": reports, "parted": []}
        return {language: encoded({**body, "note": language}) for language in ("en", "fr")}

    def add(self, form: Mapping[str, Any], received: float) -> Mapping[str, Any]:
        """Keep what was typed; positions that say `nowhere` are refused."""
        if form["position"] == "nowhere":
            raise CordialeError("earth.latitude", lat=99.0)
        self.added.append({**form, "received": received})
        return {"report": f"r-{100 + len(self.added)}", "flags": [], "problems": []}

    def rule(self, form: RulingForm, at: float) -> Mapping[str, Any]:
        """Keep what was decided, or take it back; a reason that says `apart` is refused."""
        if form.because == "apart":
            raise CordialeError("desk.held_apart", report=form.report, other=form.other, event="w/1", reason="x")
        self.ruled.append(form)
        return {"event": f"w/{len(self.ruled)}"}

    def _rulings(self, at: float) -> list[dict[str, Any]]:
        back = {form.event for form in self.ruled if form.kind == "withdraw"}
        kinds = {"link": "linked", "never": "forbidden", "confirm": "confirmed", "split": "divided"}
        return [
            {
                "event": f"w/{number}",
                "kind": kinds[form.kind],
                "before": list(form.before) or [form.report],
                "after": list(form.after) or [form.other],
                "boat": form.boat or None,
                "reason": form.because,
                "by": form.by,
                "at": iso(at),
            }
            for number, form in enumerate(self.ruled, 1)
            if form.kind != "withdraw" and f"w/{number}" not in back
        ]

    def body(self, at: float, language: str) -> dict[str, Any]:
        """cordiale.picture/1."""
        english = language == "en"
        boats = [self._boat(number, at) for number in range(len(CENTRES))]
        loose = {
            **self._report(9, at),
            "report": "r-0009",
            "boat": None,
            "disposition": "unassigned",
            "lat": 50.9,
            "lon": 1.7,
        }
        task = {
            **self._report(8, at),
            "report": "r-0008",
            "boat": None,
            "kind": "task",
            "disposition": "not_about_a_boat",
            "lat": None,
        }
        del task["lat"], task["lon"]
        added = [
            {**self._report(7, at), "report": f"r-{101 + i}", "boat": "B-02", "summary": a["words"]}
            for i, a in enumerate(self.added)
        ]
        return {
            "format": "cordiale.picture/1",
            "at": iso(at),
            "night": None if self.writable else self.name,
            "notice": None
            if self.writable
            else (
                "People died on this night.\n\nThis replay shows what was known."
                if english
                else "Des personnes sont mortes cette nuit-là.\n\nCette relecture montre ce qui était connu."
            ),
            "decision_aid": "",
            "seed": 1,
            "digest": "0" * 16,
            "environment": {"current": {"source": "tidal atlas"}, "wind": {"source": "calm"}},
            "boats": boats,
            "reports": [*(self._report(number, at) for number in range(len(CENTRES))), task, loose, *added],
            "assets": [
                {"asset": "HMC Valiant", "lat": 51.1, "lon": 1.4, "at": iso(at), "mark": {"kind": "SYNTHETIC"}},
                {"asset": "helicopter R163", "lat": 51.2, "lon": 1.9, "at": iso(at), "mark": {"kind": "SYNTHETIC"}},
            ],
            "log": [
                {
                    "at": iso(BEGIN),
                    "kind": "task",
                    "summary": "Valiant leaves Dover." if english else "Le Valiant quitte Douvres.",
                    "mark": {"kind": "REAL"},
                }
            ],
            "unaccounted": {"least": 100, "most": 140},
            "rulings": self._rulings(at),
            "record_flaws": self.flaws,
            **watch_of(at, english=english),
            "dormant": [{"boat": "B-03", "text": "nothing heard for 7 h 00"}] if self.asleep else [],
        }

    def _boat(self, number: int, at: float) -> dict[str, Any]:
        lat, lon = np.array(CENTRES[number]) + DRIFT * (at - BEGIN) / 3600
        areas = [
            {
                "containment": p,
                "area_m2": math.pi * (RADII[p] * SPREAD[number] * 111_200) ** 2,
                "rings": [ring_of(number, at, p)],
            }
            for p in (0.5, 0.9)
        ]
        fix = {
            "report": f"r-000{number}",
            **_place(*CENTRES[number]),
            "event_from": iso(BEGIN),
            "event_until": iso(BEGIN + 3000 * number),
            "age_s": at - BEGIN,
        }
        return {
            "boat": f"B-{number + 1:02d}",
            "first_report": f"r-000{number}",
            "persons": {"least": 20 + number, "most": 20 + 2 * number},
            "last_fix": fix,
            "centre": _place(lat, lon),
            "areas": areas,
            "state": STATES[number],
            "stale": number == 1,
            "stale_because": ["no position for 3 h"] if number == 1 else [],
            "reports": [f"r-000{number}"],
            "probability_ashore": 0.1 * number,
            "sample": cloud_of(number, at, 200).round(5).tolist(),
            "also_called": ["B-0077"] if number == 1 else [],
        }

    def _report(self, number: int, at: float) -> dict[str, Any]:
        place = _place(*CENTRES[number % len(CENTRES)])
        return {
            "report": f"r-000{number}",
            "would_name": f"B-000{number}",
            "received": iso(BEGIN + 600),
            "event_from": iso(BEGIN),
            "event_until": iso(BEGIN),
            "channel": "phone_112",
            "centre": "CROSS Gris-Nez",
            "kind": "distress_call",
            "summary": "A call for help from an inflatable boat; the caller speaks of water in the boat.",
            **place,
            "mark": {
                "kind": MARKS[number % 5],
                "source": "test",
                "synthetic_parts": ["persons"] if number == 0 else [],
            },
            "flags": [],
            "disposition": "new",
            "boat": f"B-{number % 5 + 1:02d}",
            "probability": 0.93,
            "alternatives": [{"boat": "B-05", "probability": 0.05}, {"boat": None, "probability": 0.02}],
            "reasons": [
                {"text": "its cloud covers the position", "log_bayes_factor": 3.1},
                {"text": "another colour was told", "log_bayes_factor": -0.7},
            ],
        }
