"""Thirty-three people go into the water at 03:12. How many may be alive, and when may a search stop?"""

import sys

import numpy as np
from matplotlib.figure import Figure

from cordiale.boats.survival import survival_curve
from cordiale.boats.survival_count import expected_survivors
from cordiale.boats.survival_horizon import last_reasonable_time
from cordiale.boats.survival_table import Immersion
from cordiale.earth.units import hours

people = Immersion(place="in_water", lifejacket="ineffective", panic=True, children=8 / 33, persons=(33, 33))
curve = survival_curve(people, water=(12.0, 13.0))
times = np.linspace(0.25, 14, 56)
counts = [expected_survivors(curve, float(t * hours)) for t in times]

figure = Figure(figsize=(9, 5), layout="constrained")
axes = figure.add_subplot(xlabel="hours since entry", ylabel="people alive of 33")
axes.fill_between(
    times, [c.low for c in counts], [c.high for c in counts], color="#56b4e9", alpha=0.5, label="10 to 90 %"
)
axes.plot(times, [c.expected for c in counts], color="#0072b2", label="expected")
axes.plot([2.8, 2.8], [0, 33], "k:", label="06:00Z: the search was stopped")
axes.plot([4.23, 4.23], [8, 15], "k", linewidth=3, label="dawn: 8 to 15 (evidence to the inquiry)")
axes.plot([9.6], [2], "kx", markersize=10, label="12:49Z: two survivors")
axes.set_title("24 November 2021. One factor was fitted to this night: no validation")
axes.legend()
figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "02_who_may_still_live.png", dpi=110)
print(curve)
print(last_reasonable_time(curve))
