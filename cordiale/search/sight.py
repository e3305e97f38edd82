"""What a craft sees with: the one rule that a plan, orders and an empty search share.

Eyes always count, by the published tables. An instrument counts when it is named. Unasked, a plan and orders count
infrared and cameras, whose packaged figures follow from their geometry; an empty search counts none, for that a boat is
not somewhere must not rest on a figure that nobody measured or on a screen that nobody watched. Radar counts only when
it is named: what a radar sees of an inflatable is published nowhere (docs/why/013-which-instruments-count.md).

The widest sensor counts: they look at once, but nobody has measured how much they add to each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from cordiale.assets.craft import Craft, Kind, speed_in
from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Fraction, Metres, MetresPerSecond, knots
from cordiale.search.plan_sought import alike_of
from cordiale.sensors.sensor import Conditions, Instrument, Lookout, Platform, Sensor, packaged_instrument
from cordiale.sensors.sweep_width import best_height, sweep_width
from cordiale.sensors.tables import FEET, ObjectClass, Tables, packaged_tables

Use = Literal["plan", "result"]
INSTRUMENTS: Final = ("radar", "infrared", "camera")
UNASKED: Final[Mapping[Use, frozenset[str]]] = {
    "plan": frozenset({"infrared", "camera"}),  # and orders: both look ahead
    "result": frozenset(),
}
EYES: Final = "eyes"
JUDGED: Final = "judgement"  # how the source of a figure begins that nobody measured
LOW: Final[Metres] = 300 * FEET  # the lowest tabulated height of an aircraft
AS_WIDE: Final[Fraction] = 0.95  # judgement: other heights of an aircraft at which a width still holds
# Judgement: the tables hold their widths at 60 to 90 kn for helicopters and 150 kn and more for aeroplanes; a boat or
# ship that looks for people low in the water goes slower than it can.
SEARCH_SPEED: Final[Mapping[Kind, MetresPerSecond]] = {
    "helicopter": 70 * knots,
    "aeroplane": 150 * knots,
    "drone": 60 * knots,
    "lifeboat": 15 * knots,
    "ship": 14 * knots,
}
PLATFORMS: Final[Mapping[Kind, Platform]] = {
    "ship": "bridge",
    "lifeboat": "boat",
    "helicopter": "helicopter",
    "aeroplane": "fixed_wing",
    "drone": "fixed_wing",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Sight:
    """How wide a strip a craft sees, in some conditions.

    Parameters
    ----------
    widths : mean sweep width in m by search object class
    by_eye : what of it eyes alone see, from the same height
    looks_with : `eyes` or an instrument by search object class
        With which the width was had; a class that is not seen is not named.
    judged : instruments with which any of the widths was had and whose figures are judgements
    not_counted : instruments aboard that the tables hold and that did not count
    height : Metres
        At which an aircraft flies; 0 for ships.
    heights : others at which the widths hold
    alike : shape kappa of the gamma law for looks at the object that was asked for; None: no doubt about the width
    """

    widths: Mapping[str, Metres]
    by_eye: Mapping[str, Metres]
    looks_with: Mapping[str, str]
    judged: tuple[str, ...]
    not_counted: tuple[str, ...]
    height: Metres
    heights: tuple[Metres, ...]
    alike: Fraction | None

    @property
    def blind(self) -> bool:
        """Whether it sees nothing of all that a small boat may have become."""
        return not any(self.widths.values())

    def judged_widths(self, instrument: str) -> dict[str, Metres]:
        """The widths by search object class that rest on the judged figures of an instrument."""
        if instrument not in self.judged:
            return {}
        return {what: self.widths[what] for what, name in self.looks_with.items() if name == instrument}


def instruments_counted(named: Iterable[str] | None, use: Use) -> frozenset[str]:
    """The instruments that count: those named, or, where nobody named any, those of the rule.

    Raises
    ------
    CordialeError
        A name that is none of `INSTRUMENTS`.
    """
    if named is None:
        return UNASKED[use]
    wanted = frozenset(named)
    for name in sorted(wanted - set(INSTRUMENTS)):
        raise CordialeError("search.instrument", name=name, known=", ".join(INSTRUMENTS))
    return wanted


def sight_of(
    craft: Craft,
    conditions: Conditions,
    *,
    instruments: Iterable[str] = UNASKED["plan"],
    look_for: str | ObjectClass = "channel_inflatable",
    height: Metres | None = None,
    speed: MetresPerSecond | None = None,
    tables: Tables | None = None,
) -> Sight:
    """What a craft sees of all that a small boat may have become, by eye and by the instruments that count.

    Parameters
    ----------
    instruments : of `instruments_counted`
    look_for : a search object class
        An aircraft of which no height is given flies at the tabulated one below the clouds from which it sees this
        best.
    height, speed : Metres, MetresPerSecond, optional
        As flown; the speed is `search_speed` unless given.
    """
    known = tables or packaged_tables()
    what = known.object_class(look_for) if isinstance(look_for, str) else look_for
    looks = _Looks(
        craft,
        search_speed(craft, conditions.sea_height) if speed is None else speed,
        conditions,
        known,
        frozenset(instruments),
    )
    aloft, others = looks.heights(what) if height is None else (height if craft.flies else 0.0, ())
    classes = {key: known.object_class(key) for key in (known.phases[phase] for phase in PHASES)} | {what.key: what}
    widths: dict[str, Metres] = {}
    by_eye: dict[str, Metres] = {}
    with_what: dict[str, str] = {}
    judged: set[str] = set()
    for key in sorted(classes):
        seen = [(looks.width(one, classes[key]), one) for one in looks.sensors(classes[key], aloft)]
        by_eye[key] = max((width for width, one in seen if isinstance(one, Lookout)), default=0.0)
        widths[key], sensor = max(seen, key=lambda pair: pair[0], default=(0.0, None))
        if sensor is not None and widths[key] > 0:
            with_what[key] = EYES if isinstance(sensor, Lookout) else sensor.name
            if isinstance(sensor, Instrument) and _is_judged(sensor, key, conditions):
                judged.add(sensor.name)
    best = max(looks.sensors(what, aloft), key=lambda one: looks.width(one, what), default=None)
    return Sight(
        widths=widths,
        by_eye=by_eye,
        looks_with=with_what,
        judged=tuple(sorted(judged)),
        not_counted=looks.left_out(what, aloft),
        height=aloft,
        heights=others,
        alike=None if best is None else alike_of(best, what.key, conditions),
    )


def search_speed(craft: Craft, waves: Metres) -> MetresPerSecond:
    """At which a craft searches in a sea: that of its kind, no more than it makes."""
    return min(SEARCH_SPEED[craft.kind], craft.cruise, speed_in(craft, waves))


def sensors_of(
    craft: Craft,
    conditions: Conditions,
    what: ObjectClass,
    tables: Tables,
    *,
    height: Metres | None = None,
    speed: MetresPerSecond | None = None,
) -> tuple[Sensor, ...]:
    """The sensors of a craft that the tables hold: eyes, radar, and infrared or a camera of aircraft.

    Aircraft fly at `height`, or at their best tabulated one below the clouds for what they look for. What the tables do
    not hold (night glasses, searchlight, a ship's infrared) adds nothing.
    """
    platform = PLATFORMS[craft.kind]
    aloft = None
    eyes = Lookout(platform=platform, height=LOW, speed=speed) if craft.flies else Lookout(platform=platform)
    if craft.flies:
        aloft = height or best_height(eyes, what, conditions, tables) or LOW
        eyes = replace(eyes, height=aloft)
    listed: list[Sensor] = []
    for key in craft.sensors:
        if key == "eye" and craft.kind == "drone":
            listed.append(packaged_instrument("airborne_camera", height=aloft, tables=tables))
        elif key == "eye":
            listed.append(eyes)
        elif key == "infrared" and craft.flies:
            listed.append(packaged_instrument("airborne_infrared", height=aloft, tables=tables))
        elif key == "radar":
            by = "airborne_radar" if craft.flies else "small_craft_radar" if craft.kind == "lifeboat" else "ship_radar"
            listed.append(packaged_instrument(by, height=aloft, tables=tables))
    return tuple(listed)


@dataclass(frozen=True, slots=True)
class _Looks:
    """The sensors of one craft that count, in some conditions."""

    craft: Craft
    speed: MetresPerSecond
    conditions: Conditions
    tables: Tables
    instruments: frozenset[str]

    def all_sensors(self, what: ObjectClass, height: Metres) -> tuple[Sensor, ...]:
        """All that the tables hold, at a height."""
        return sensors_of(self.craft, self.conditions, what, self.tables, height=height or None, speed=self.speed)

    def sensors(self, what: ObjectClass, height: Metres) -> tuple[Sensor, ...]:
        """Those that count."""
        found = self.all_sensors(what, height)
        return tuple(one for one in found if isinstance(one, Lookout) or one.name in self.instruments)

    def left_out(self, what: ObjectClass, height: Metres) -> tuple[str, ...]:
        """The instruments that do not count."""
        names = {one.name for one in self.all_sensors(what, height) if isinstance(one, Instrument)}
        return tuple(sorted(names - self.instruments))

    def width(self, sensor: Sensor, what: ObjectClass) -> Metres:
        """Mean sweep width of one sensor."""
        return sweep_width(sensor, what, self.conditions, self.tables).mean

    def heights(self, what: ObjectClass) -> tuple[Metres, tuple[Metres, ...]]:
        """The tabulated height below the clouds from which it sees the object best, and others nearly as good."""
        if not self.craft.flies:
            return 0.0, ()
        listed = [float(h) for h in self.tables.widths[what.rows[0][0], PLATFORMS[self.craft.kind]].heights]
        base = self.conditions.cloud_base
        below = [h for h in listed if base is None or h < base] or [LOW]
        seen = {h: max((self.width(one, what) for one in self.sensors(what, h)), default=0.0) for h in below}
        best = max(below, key=lambda h: (seen[h], -h))
        return best, tuple(h for h in below if h != best and seen[h] >= AS_WIDE * seen[best])


def _is_judged(tool: Instrument, what: str, conditions: Conditions) -> bool:
    figures = tool.figures_for(what, conditions.sea_height)
    return figures is not None and figures.source.lower().startswith(JUDGED)
