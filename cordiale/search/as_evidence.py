"""Empty searches as the association takes them: what a search says of which report is about which boat."""

from collections.abc import Iterable
from typing import Final

from cordiale.association.searched import Searched
from cordiale.search.result import Flown

BOAT: Final = "channel_inflatable"  # whose sweep width counts: a boat that makes reports is afloat


def as_evidence(searches: Iterable[Flown]) -> tuple[Searched, ...]:
    """The searches that could see an inflatable, for `associate(..., searches=)`; to be given in any order.

    Looks that are alike (`Flown.alike`) and a speed of its own (`Flown.speed`) are not carried over: looks count as
    independent of each other up to the floor of the association, and as made at the mean speed over the ground.
    """
    return tuple(
        Searched(
            at=tuple(s.at.tolist()),
            lat=tuple(s.lat.tolist()),
            lon=tuple(s.lon.tolist()),
            width=s.widths[BOAT],
            looked=tuple(s.looked.tolist()),
            doubt=s.worthless,
        )
        for s in searches
        if s.widths.get(BOAT, 0.0) > 0
    )
