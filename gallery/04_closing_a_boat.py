"""Three boats are recovered. May the fourth be closed on one of them? The guard says why not."""

import sys

from chart import chart

from cordiale import Fix, Position, Report, picture, utc
from cordiale.belief.report import Between, Description, Reading
from cordiale.earth.instants import Span
from cordiale.record.closing import Identity
from cordiale.record.closure import judge_closing
from cordiale.sea.environment import the_strait


def told(name, time, lat, lon, **said):
    """One report of 24 November, positions within half a nautical mile."""
    at = utc(f"2021-11-24 {time}")
    place = Reading(place=Fix(position=Position(lat=lat, lon=lon), within=900))
    kind = said.pop("kind", "distress_call")
    event = Span(earliest=at, latest=at)
    return Report(
        name=name, kind=kind, received=at, event=event, where=(place,), channel="telephone", centre="?", **said
    )


reports = [
    told(
        "r-1", "01:30", 51.110, 1.700, persons=Between(least=33, most=33), boat=Description(colour="grey"), caller="a"
    ),
    told("r-2", "02:01", 51.142, 1.742, persons=Between(least=40, most=40), caller="a"),
    told("r-3", "02:20", 51.150, 1.760, caller="a"),
    told("r-4", "03:40", 51.060, 1.480, persons=Between(least=32, most=32), boat=Description(colour="black")),
    told("r-5", "04:20", 51.075, 1.500, kind="recovery", persons=Between(least=31, most=31)),
]
shown = picture(reports, the_strait(), at=utc("2021-11-24 05:50"), count=2000)
boat = next(b for b in shown.boats if "r-3" in b.boat.reports)
verdict = judge_closing(shown, boat.name, endings=["r-5"], evidence=[Identity(kind="survivors_word", report="r-5")])
print(verdict.text("en"))

figure, axes = chart(verdict.text("en").splitlines()[0].replace("; ", ";\n"), west=1.2, south=50.9)
for seen, colour in zip(shown.boats, ("#0072b2", "#d55e00", "#009e73"), strict=False):
    if seen.cloud is not None:
        axes.plot(seen.cloud.lon, seen.cloud.lat, ".", markersize=1, color=colour, alpha=0.4)
        axes.plot([], [], "o", color=colour, label=f"{seen.name}: {', '.join(seen.boat.reports)}")
axes.plot(1.5, 51.075, "k*", markersize=12, label="r-5: 31 people taken off at 04:20Z")
axes.legend(loc="lower right")
figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "04_closing_a_boat.png", dpi=110)
