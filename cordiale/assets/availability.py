"""Where an asset is just now and what is left of it: at its station or at sea, ready when, room for how many, how long.

What follows from the table (at the station, by day or by night) is the default; what the watch knows goes over it.
"""

from dataclasses import dataclass

from cordiale.assets.catalogue import Asset
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Seconds, hours
from cordiale.sea.light import SUNRISE_ALTITUDE, sun_altitude


@dataclass(frozen=True, kw_only=True, slots=True)
class Availability:
    """One asset at one instant.

    Parameters
    ----------
    asset : Asset
    at : Instant
        When this was known.
    where : Position
    at_sea : bool
        Already out; the time from the berth to the gate falls away.
    ready : Instant
        When it can begin to move towards a boat.
    aboard : int
        Survivors it carries already.
    endurance_left : Seconds
        Of fuel or of the crew's hours, whichever ends first.
    """

    asset: Asset
    at: Instant
    where: Position
    at_sea: bool
    ready: Instant
    aboard: int = 0
    endurance_left: Seconds = 0.0

    def __post_init__(self) -> None:
        if self.aboard < 0:
            raise CordialeError("assets.aboard", asset=self.asset.name, aboard=self.aboard)

    @property
    def room(self) -> int:
        """How many more people it may take; never below 0."""
        return max(self.asset.craft.survivors - self.aboard, 0)


def readiness(asset: Asset, at: Instant) -> Seconds:
    """From the order to under way: the figure of daylight, or that of the dark, by the sun at its station."""
    berth = asset.station.berth
    up = float(sun_altitude(at, berth.lat, berth.lon)) > SUNRISE_ALTITUDE
    return asset.day if up else asset.night


def at_station(asset: Asset, at: Instant, *, ready: Instant | None = None, crew_used: Seconds = 0.0) -> Availability:
    """An asset at its berth: ready after its readiness, or when the watch says so (s since 1970)."""
    return Availability(
        asset=asset,
        at=at,
        where=asset.station.berth,
        at_sea=False,
        ready=max(at, at + readiness(asset, at) if ready is None else ready),
        endurance_left=_left(asset, crew_used),
    )


def at_sea(
    asset: Asset,
    at: Instant,
    where: Position,
    *,
    ready: Instant | None = None,
    aboard: int = 0,
    out_for: Seconds = 0.0,
) -> Availability:
    """An asset that is out, ready at once or when its present task lets it go; `out_for` s are off its endurance."""
    return Availability(
        asset=asset,
        at=at,
        where=where,
        at_sea=True,
        ready=max(at, at if ready is None else ready),
        aboard=aboard,
        endurance_left=_left(asset, out_for),
    )


def _left(asset: Asset, used: Seconds) -> Seconds:
    if not 0 <= used <= 1000 * hours:
        raise CordialeError("assets.used", asset=asset.name, hours=used / hours)
    return max(min(asset.craft.endurance, asset.craft.crew_hours) - used, 0.0)
