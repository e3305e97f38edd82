"""A phone sends one position at 02:01. Where is the boat at 03:25, at 06:00 and at 12:49, when nobody tells?"""

import sys

from chart import chart, outline

from cordiale import Fix, Position, containment_region, drift, first_belief, the_strait, utc
from cordiale.earth.chance import Stream
from cordiale.earth.units import km

strait = the_strait()
pin = Fix(position=Position.parse("51 08.5N 001 44.5E"), within=50)
boat = first_belief(pin, at=utc("2021-11-24 02:01"), stream=Stream.of_seed(1), under_way=0)

figure, axes = chart(
    "One position of 02:01Z, 24 November 2021: nine chances in ten lie inside (no wind given)", west=1.3, south=50.85
)
for time, colour in (("03:25", "#0072b2"), ("06:00", "#d55e00"), ("12:49", "#009e73")):
    boat = drift(boat, strait, until=utc(f"2021-11-24 {time}"))
    area = containment_region(boat, 0.9)
    axes.plot(boat.lon[::5], boat.lat[::5], ".", markersize=1, color=colour, alpha=0.4)
    outline(axes, area, color=colour, label=f"{time}Z, {area.area / km**2:.0f} km2")
    print(boat)
axes.plot(pin.position.lon, pin.position.lat, "k+", markersize=12, label="the position sent at 02:01Z")
axes.plot(1.7235, 51.093, "kx", markersize=9, label="where the dead were found at 12:49Z")
axes.legend(loc="lower right")
figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "01_a_pin_drifts.png", dpi=110)
