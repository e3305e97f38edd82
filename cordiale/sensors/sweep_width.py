"""The sweep width of a sensor for a search object in given conditions: a mean, a bracket, and why.

    W = W0(object, platform, height, visibility) x speed x weather x light x fatigue x flotation

Published factors are steps and stay as published. Where the class of the object is uncertain (an inflatable of 7 to
12 m lies on both sides of the 10 m at which the weather class changes) the answer is a mixture with a wide bracket.
"""

from dataclasses import replace

from cordiale.earth.units import Metres, Probability
from cordiale.sensors.by_eye import width_by_eye
from cordiale.sensors.by_instrument import width_by_instrument
from cordiale.sensors.pod import Curve, pod
from cordiale.sensors.reckoning import SweepWidth
from cordiale.sensors.sensor import Conditions, Lookout, Sensor
from cordiale.sensors.tables import ObjectClass, Tables, packaged_tables


def sweep_width(
    sensor: Sensor, search_object_class: str | ObjectClass, conditions: Conditions, tables: Tables | None = None
) -> SweepWidth:
    """The sweep width of a sensor for a class of search object: mean, 10 to 90 % bracket and every factor with source.

    The class is a key of `object_classes.csv` (`channel_inflatable`, `piw`, `raft4`, `power33`, ...), or one made by
    `channel_inflatable(...)`. A width of 0 means that it cannot be counted on to see anything: above the clouds, a
    camera by night, a radar in a sea for which nobody has stated figures.
    """
    known = tables or packaged_tables()
    what = known.object_class(search_object_class) if isinstance(search_object_class, str) else search_object_class
    if isinstance(sensor, Lookout):
        return width_by_eye(sensor, what, conditions, known)
    return width_by_instrument(sensor, what, conditions, known)


def channel_inflatable(*, length: tuple[Metres, Metres] = (7.0, 12.0), tables: Tables | None = None) -> ObjectClass:
    """The class of a Channel inflatable whose length (m) lies in an interval, all lengths in it equally likely.

    Below 10 m she is small for the weather (factor 0.25 above 25 kn), from 10 m she is not (0.9 by IAMSAR, 0.5 by
    NatSAR; half each). How many people are in her changes nothing here: no table tells of it.
    """
    packaged = (tables or packaged_tables()).object_class("channel_inflatable")
    least, most = length
    small = 1.0 if most <= 10 else max(10 - least, 0.0) / (most - least) if most > least else 0.0
    rest = (1 - small) / 2
    return ObjectClass(
        key=packaged.key,
        rows=packaged.rows,
        bridge=packaged.bridge,
        weather=(("small", small), ("other", rest), ("other_natsar", rest)),
        sources=packaged.sources,
    )


def expected_pod(sweep: SweepWidth, spacing: Metres, curve: Curve | None = None) -> Probability:
    """POD of parallel tracks at `spacing` (m), mean over all that the width may be: less than the POD of its mean.

    On the ideal or the normal curve; None: the one that the manuals allow.
    """
    widths, weights = sweep.nodes()
    return float(weights @ pod(widths / spacing, curve or ("ideal" if sweep.ideal else "normal")))


def best_height(
    lookout: Lookout, search_object_class: str | ObjectClass, conditions: Conditions, tables: Tables | None = None
) -> Metres | None:
    """The tabulated height of an aircraft with the widest sweep below the cloud base; the lowest of equals, else None.

    None: there is no tabulated height below the clouds (300 ft is the lowest), or nothing can be seen from any.
    """
    known = tables or packaged_tables()
    what = known.object_class(search_object_class) if isinstance(search_object_class, str) else search_object_class
    best, best_width = None, 0.0
    for height in known.widths[what.rows[0][0], lookout.platform].heights:
        at = replace(lookout, height=float(height))
        width = sweep_width(at, what, conditions, known).mean
        if width > best_width * (1 + 1e-9):
            best, best_width = float(height), width
    return best
