"""Bodies are found at 12:49. Where did it begin? The answer is a belief, by the same drift as any forecast."""

import sys

from chart import chart, outline

from cordiale import Fix, Position, the_strait, utc
from cordiale.belief.backwards import Find, Origin, origin_of, origin_region
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import Span
from cordiale.earth.units import NM

found = Position(lat=51.093, lon=1.7235)
find = Find(
    where=Fix(position=found, within=700),
    at=utc("2021-11-24 12:49"),
    search_for=search_object("body"),
)
origin = Origin(
    where=Fix(position=found, within=30 * NM),
    when=Span(earliest=utc("2021-11-24 03:12"), latest=utc("2021-11-24 03:33")),
)
answer = origin_of([find], origin, the_strait(), stream=Stream.of_seed(1), count=3000)
print(answer.sentence("en"))

figure, axes = chart("Found at 12:49Z; where it began between 03:12Z and 03:33Z", west=1.3, south=50.85)
for probability, colour in ((0.5, "#d55e00"), (0.9, "#0072b2")):
    outline(axes, origin_region(answer, probability), color=colour, label=f"{probability:.0%}")
axes.plot(found.lon, found.lat, "kx", markersize=9, label="the find")
axes.plot(1.7595, 51.15075, "k+", markersize=12, label="last position the boat had sent")
axes.legend(loc="lower right")
figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "03_back_from_a_find.png", dpi=110)
