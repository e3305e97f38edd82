"""A speed and a direction that a file labels as eastward and northward components, where nothing proves it.

No component of a real field is bound to be positive. Where neither is ever negative and the northward one is large, the
field may be a storm from the south, or a light wind whose direction stands where the northward component should: 20 to
30 for a breeze from the north-north-east. Values cannot tell the two apart, so the field is kept and the doubt is said.
"""

from dataclasses import replace
from typing import Final

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import date_and_zulu
from cordiale.earth.units import MetresPerSecond
from cordiale.sea.grid import GriddedField
from cordiale.sea.tile import open_tile

# Judgements: a northward component above these, with no negative component anywhere, is rare enough to be looked at.
DOUBTFUL_WIND: Final[MetresPerSecond] = 20.0  # a storm of force 8 to 9
DOUBTFUL_CURRENT: Final[MetresPerSecond] = 3.0  # more than the strongest stream of the strait
MARK: Final = "IN DOUBT: perhaps a speed and a direction labelled as components"


def doubt_of(field: GriddedField) -> CordialeError | None:
    """The caution that a field deserves whose components may be a speed and a direction; None where there is none.

    Neither component is negative anywhere, and the northward one reaches further than the eastward one and further than
    20 m/s (a current 3 m/s). A wind of 3 to 6 m/s from the south-west, or a gale from any quarter but that, has none.
    """
    if "direction" in field.quantity or "," not in field.quantity:
        return None
    most_east, most_north = 0.0, 0.0
    for step in field.tile:  # one instant at a time: a cache may be larger than the memory
        if step[..., :2].min() < 0:
            return None
        most_east, most_north = max(most_east, float(step[..., 0].max())), max(most_north, float(step[..., 1].max()))
    if most_north <= max(DOUBTFUL_CURRENT if field.coastal else DOUBTFUL_WIND, most_east):
        return None
    return CordialeError(
        "sea.cf_doubt",
        variables=field.quantity,
        east=most_east,
        north=most_north,
        first=date_and_zulu(float(field.instants[0])),
        last=date_and_zulu(float(field.instants[-1])),
        source=field.source.removesuffix(f"; {MARK}"),
    )


def with_doubt(field: GriddedField) -> GriddedField:
    """The field as it is, or with the doubt in its `source`, so that it stands in every product."""
    if doubt_of(field) is None:
        return field
    reopen = None if field.reopen is None else (_reopened, field.reopen[1])
    return replace(field, source=f"{field.source}; {MARK}", reopen=reopen)


def _reopened(path: str) -> GriddedField:
    return with_doubt(open_tile(path))
