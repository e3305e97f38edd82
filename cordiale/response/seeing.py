"""How far the craft of a catalogue see a boat: the sensors each one names, by the tables of the room `sensors`.

The widest of a craft's sensors counts: they look at once, but nobody has measured how much they add to each other.
What the tables do not hold (night glasses, searchlight, a ship's infrared) adds nothing here. Most figures of radar
and infrared are judgements until an operator states its own.
"""

from collections.abc import Iterable
from typing import Final

from cordiale.assets.craft import Craft
from cordiale.earth.units import Metres
from cordiale.response.distress import Search
from cordiale.sensors.sensor import Conditions, Lookout, Platform, Sensor, packaged_instrument
from cordiale.sensors.sweep_width import best_height, sweep_width
from cordiale.sensors.tables import FEET, ObjectClass, Tables, packaged_tables

LOW: Final[Metres] = 300 * FEET  # the lowest tabulated height of an aircraft
_PLATFORM: Final[dict[str, Platform]] = {
    "ship": "bridge",
    "lifeboat": "boat",
    "helicopter": "helicopter",
    "aeroplane": "fixed_wing",
    "drone": "fixed_wing",
}


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


def sensors_of(craft: Craft, conditions: Conditions, what: ObjectClass, tables: Tables) -> tuple[Sensor, ...]:
    """The sensors of a craft that the tables hold; aircraft fly at their best tabulated height below the clouds."""
    platform = _PLATFORM[craft.kind]
    eyes = Lookout(platform=platform, height=LOW) if craft.flies else Lookout(platform=platform)
    height = None
    if craft.flies:
        height = best_height(eyes, what, conditions, tables) or LOW
        eyes = Lookout(platform=platform, height=height)
    listed: list[Sensor] = []
    for key in craft.sensors:
        if key == "eye" and craft.kind == "drone":
            listed.append(packaged_instrument("airborne_camera", height=height, tables=tables))
        elif key == "eye":
            listed.append(eyes)
        elif key == "infrared" and craft.flies:
            listed.append(packaged_instrument("airborne_infrared", height=height, tables=tables))
        elif key == "radar":
            by = "airborne_radar" if craft.flies else "small_craft_radar" if craft.kind == "lifeboat" else "ship_radar"
            listed.append(packaged_instrument(by, height=height, tables=tables))
    return tuple(listed)
