"""Tables typed by hand: rows of a packaged CSV file and angles in chart notation."""

import csv
from importlib.resources import files

from cordiale.earth.units import Degrees

DATA = files("cordiale.sea") / "data"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a packaged table, by column name."""
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def chart_angle(text: str) -> Degrees:
    """Degrees of an angle in chart notation, north and east positive.

    >>> chart_angle("51 07.5 N"), chart_angle("000 03.0 W")
    (51.125, -0.05)
    """
    whole, minutes_of_arc, side = text.split()
    size = int(whole) + float(minutes_of_arc) / 60
    return -size if side in ("S", "W") else size
