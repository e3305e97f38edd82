"""How far the craft of a catalogue see a boat: the sensors each one names, by the tables of the room `sensors`.

The widest of a craft's sensors counts: they look at once, but nobody has measured how much they add to each other.
What the tables do not hold (night glasses, searchlight, a ship's infrared) adds nothing here. Most figures of radar
and infrared are judgements until an operator states its own.
"""

from collections.abc import Iterable

from cordiale.assets.craft import Craft
from cordiale.response.distress import Search
from cordiale.search.craft import sensors_of
from cordiale.sensors.sensor import Conditions
from cordiale.sensors.sweep_width import sweep_width
from cordiale.sensors.tables import ObjectClass, Tables, packaged_tables


def search_of(
    craft: Iterable[Craft],
    conditions: Conditions,
    search_object_class: str | ObjectClass = "channel_inflatable",
    *,
    tables: Tables | None = None,
) -> Search:
    """A search with the sweep width of each class of craft, mean over what is uncertain about it."""
    known = tables or packaged_tables()
    what = known.object_class(search_object_class) if isinstance(search_object_class, str) else search_object_class
    widths = {
        one.key: max(
            (sweep_width(sensor, what, conditions, known).mean for sensor in sensors_of(one, conditions, what, known)),
            default=0.0,
        )
        for one in craft
    }
    return Search(widths=widths)
