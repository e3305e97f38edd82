"""How far the craft of a catalogue see a boat: by the rule that plans and empty searches follow (`search/sight.py`)."""

from collections.abc import Iterable

from cordiale.assets.craft import Craft
from cordiale.response.distress import Search
from cordiale.search.sight import UNASKED, sight_of
from cordiale.sensors.sensor import Conditions
from cordiale.sensors.tables import ObjectClass, Tables


def search_of(
    craft: Iterable[Craft],
    conditions: Conditions,
    search_object_class: str | ObjectClass = "channel_inflatable",
    *,
    instruments: Iterable[str] = UNASKED["plan"],
    tables: Tables | None = None,
) -> Search:
    """A search with the sweep width of each class of craft, mean over what is uncertain about it."""
    key = search_object_class if isinstance(search_object_class, str) else search_object_class.key
    counted = frozenset(instruments)
    sights = {
        one.key: sight_of(one, conditions, instruments=counted, look_for=search_object_class, tables=tables)
        for one in {one.key: one for one in craft}.values()
    }
    return Search(
        widths={name: sight.widths[key] for name, sight in sights.items()},
        looked_for=key,
        judged={
            name: sight.looks_with[key] for name, sight in sights.items() if sight.looks_with.get(key) in sight.judged
        },
    )
