"""The sweep width of a radar, a camera or an infrared imager from what its operator states."""

import math
from typing import Final

from cordiale.earth.units import Metres, km
from cordiale.sensors.lateral_range import scaled, swept
from cordiale.sensors.reckoning import Factor, Part, SweepWidth
from cordiale.sensors.sensor import Conditions, Instrument
from cordiale.sensors.tables import ObjectClass, Tables

FOG: Final[Metres] = 1 * km  # visibility below 1 km, WMO


def width_by_instrument(tool: Instrument, what: ObjectClass, conditions: Conditions, tables: Tables) -> SweepWidth:
    """The area under the stated curve, held to what light, clouds and air let through; 0 where nothing was stated."""
    figures = tool.figures_for(what.key, conditions.sea_height)
    if figures is None:
        nothing = Factor(name="no_figures", value=0.0, source="", detail=f"{conditions.sea_height:.1f} m")
        return SweepWidth(
            sensor=tool.name, object_class=what.key, uncorrected=0.0, rows=(),
            parts=(Part(weight=1.0, mean=0.0, spread_ln=0.0),), factors=(nothing,), sources=(), curve=None,
        )  # fmt: skip
    curve = figures.curve
    width = swept(curve)
    factors = []
    if tool.kind == "camera" and conditions.light != "day":
        twilight = tables.factors["twilight"]
        factors.append(
            Factor(name="camera_dark", value=0.0, source="")
            if conditions.dark
            else Factor(name="twilight", value=twilight.value, source=twilight.source)
        )
    above = tool.height is not None and conditions.cloud_base is not None and tool.height >= conditions.cloud_base
    if tool.kind != "radar" and above:
        factors.append(Factor(name="cloud", value=0.0, source=""))
    held = tool.kind == "camera" or (tool.kind == "infrared" and conditions.visibility < FOG)
    so_far = width * math.prod(factor.value for factor in factors)
    if held and so_far > 2 * conditions.visibility:
        factors.append(Factor(name="visibility", value=2 * conditions.visibility / so_far, source=""))
    product = math.prod(factor.value for factor in factors)
    return SweepWidth(
        sensor=tool.name,
        object_class=what.key,
        uncorrected=width,
        rows=((tool.kind, width),),
        parts=(Part(weight=1.0, mean=width * product, spread_ln=figures.spread_ln),),
        factors=tuple(factors),
        sources=(figures.source,),
        curve=scaled(curve, product) if product > 0 else None,
    )
