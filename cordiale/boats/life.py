"""The life of a small boat at sea: the phases it may pass through."""

from typing import Final

PHASES: Final = (
    "adrift",
    "under_way",
    "swamped",
    "in_the_water",
    "debris",
    "beached",
    "towed",
)
ADRIFT, UNDER_WAY, SWAMPED, IN_THE_WATER, DEBRIS, BEACHED, TOWED = range(len(PHASES))
