"""A forecast as a picture: one chart of a moment (PNG), and all moments as a short animation (GIF or animated PNG).

Mercator, north up. Colours are told apart by people who confuse red and green, and lines also by their dashes: orange
to brown for the cloud (lightness alone orders it), 50 % solid, 90 % dashed, triangles for who lies ashore. The shading
is the share of the cloud that lies less densely, so that a heap on a beach does not hide what is adrift. This is the
one place that imports matplotlib (the extra `cordiale[pictures]`, which brings Pillow).
"""

import io
import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import NM, Degrees, FloatArray, Fraction, Seconds, km, knots
from cordiale.sea.coast import coast_polygons
from cordiale.sea.places import Place, load_places
from cordiale.views.drift_forecast import DriftForecast, Moment, stream_of
from cordiale.views.drift_words import (
    area_words,
    early_end,
    moment_sentence,
    object_name,
    source_line,
    title,
    told_time,
)
from cordiale.words import Language, say

try:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import PathCollection
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.path import Path as Line
    from matplotlib.transforms import offset_copy
    from PIL import Image
except ImportError:  # the extra is not installed; the pictures say so
    matplotlib = None  # type: ignore[assignment]

SEA: Final = "#dcebf4"
LAND: Final = "#efe9db"
SHORE: Final = "#8a8371"
INK: Final = "#1b2733"
HALF: Final = "#5c1a00"
MOST: Final = "#5c1a00"
START: Final = "#004488"
TRACK: Final = "#004488"
AGROUND: Final = "#aa3377"
_DENSITY: Final = (SEA, "#fbe6b4", "#f5b45f", "#d8712c", "#8c2d04")
_EVEN: Final = 0.9  # power of 1 - containment that is shown: the outskirts stay visible
_ROUND_MINUTES: Final = (1, 2, 5, 10, 15, 20, 30, 60)
_ROUND_MILES: Final = (0.25, 0.5, 1, 2, 5, 10, 20)
_SIDES: Final[tuple[Fraction, Fraction]] = (0.12, 1.0)  # margin about what is shown, and height over width of the chart
LONGEST: Final[Seconds] = 18.0  # of an animation
_FRAME: Final[Seconds] = 0.6
_COLOURS: Final = 240  # of a GIF


def drift_picture(
    forecast: DriftForecast, path: str | Path, *, moment: Moment | None = None, language: Language = "en"
) -> None:
    """Draw one moment of a forecast, the last unless given, to a PNG file."""
    _require(forecast, path)
    shown = moment or forecast.moments[-1]
    figure = Figure(figsize=(8.4, 9.6), dpi=125, facecolor="white")
    FigureCanvasAgg(figure)
    chart = _chart(figure, forecast, [shown], language, bottom=0.215)
    _draw(chart, forecast, shown, language)
    _caption(figure, forecast, shown, language)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None, "Title": title(forecast, language)})
    _write(path, buffer.getvalue())


def drift_animation(forecast: DriftForecast, path: str | Path, *, language: Language = "en") -> None:
    """All moments of a forecast, one after the other, to a GIF or an animated PNG (by the suffix); at most 18 s."""
    _require(forecast, path)
    kind = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}.get(Path(path).suffix.lower())
    if kind is None:
        raise CordialeError("views.picture_suffix", path=path)
    figure = Figure(figsize=(6.8, 7.2), dpi=100, facecolor="white")
    canvas: Any = FigureCanvasAgg(figure)
    chart = _chart(figure, forecast, forecast.moments, language, bottom=0.13)
    figure.text(0.02, 0.012, say("views.drift.aid", language), fontsize=7, color=INK, weight="bold")
    frames = []
    for moment in forecast.moments:
        drawn = _draw(chart, forecast, moment, language)
        canvas.draw()
        frames.append(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]))
        for artist in drawn:
            artist.remove()
    shades = frames[-1].quantize(_COLOURS, dither=Image.Dither.NONE)
    still = [frame.quantize(palette=shades, dither=Image.Dither.NONE) for frame in frames]
    lasts = round(1000 * min(_FRAME, LONGEST / (len(still) + 2)))
    buffer = io.BytesIO()
    still[0].save(
        buffer, kind, save_all=True, append_images=still[1:], loop=0, optimize=False,
        duration=[lasts] * (len(still) - 1) + [3 * lasts],
    )  # fmt: skip
    _write(path, buffer.getvalue())


def require_matplotlib(path: str | Path) -> None:
    """Raise, and name the extra, where pictures cannot be drawn: better before a long run than after it."""
    if matplotlib is None:
        raise CordialeError("views.no_pictures", path=path)


def _require(forecast: DriftForecast, path: str | Path) -> None:
    require_matplotlib(path)
    if not forecast.moments:
        raise CordialeError("views.no_moments", path=path)


def _write(path: str | Path, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise CordialeError("views.cannot_write", path=path, reason=error.strerror or str(error)) from error


def _chart(figure: Any, forecast: DriftForecast, shown: Sequence[Moment], language: Language, *, bottom: float) -> Any:
    """The empty chart: sea, land, names, frame in degrees and minutes, scale; wide enough for what is shown."""
    west, east, south, north = _extent(forecast, shown)
    chart = figure.add_axes((0.095, bottom, 0.885, 0.945 - bottom))
    chart.set_facecolor(SEA)
    paths = [
        Line.make_compound_path(*(Line(ring, closed=True) for ring in (piece.outline, *piece.holes)))
        for piece in coast_polygons()
        if _overlaps(piece.outline, west, east, south, north)
    ]
    chart.add_collection(PathCollection(paths, facecolors=LAND, edgecolors=SHORE, linewidths=0.7, zorder=3))
    chart.set_xlim(west, east)
    chart.set_ylim(south, north)
    chart.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    _frame(chart, west, east, south, north)
    for place in load_places():
        across = (place.position.lon - west) / (east - west)
        inside = 0.03 < across < 0.9 and south < place.position.lat < north
        if inside and place.kind in ("port", "cape", "bank", "town"):
            _name(chart, place, language)
    _scale(chart, west, east, south, north)
    return chart


def _extent(forecast: DriftForecast, shown: Sequence[Moment]) -> tuple[Degrees, Degrees, Degrees, Degrees]:
    """West, east, south, north around the start and the 95 % areas, with a margin, no less than 4 NM."""
    rings = [ring for moment in shown for ring in moment.outline(0.95).rings]
    middles = [(place.lat, place.lon) for place in (forecast.start, *(moment.centre for moment in shown))]
    places = np.concatenate([np.array(middles), *rings])
    south, west = places.min(axis=0)
    north, east = places.max(axis=0)
    per_lat, per_lon = (float(m) for m in metres_per_degree((south + north) / 2))
    high = max((north - south) * per_lat, 4 * NM) * (1 + 2 * _SIDES[0])
    wide = max((east - west) * per_lon, 4 * NM) * (1 + 2 * _SIDES[0])
    wide, high = max(wide, high / _SIDES[1]), max(high, wide * _SIDES[1])
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    return (
        float(middle_lon - wide / per_lon / 2),
        float(middle_lon + wide / per_lon / 2),
        float(middle_lat - high / per_lat / 2),
        float(middle_lat + high / per_lat / 2),
    )


def _overlaps(outline: FloatArray, west: Degrees, east: Degrees, south: Degrees, north: Degrees) -> bool:
    (low_lon, low_lat), (high_lon, high_lat) = outline.min(axis=0), outline.max(axis=0)
    return bool(low_lon < east and high_lon > west and low_lat < north and high_lat > south)


def _frame(chart: Any, west: Degrees, east: Degrees, south: Degrees, north: Degrees) -> None:
    """Lines and labels at round minutes of latitude and longitude."""
    for axis, low, high, width, sides in ((chart.xaxis, west, east, 3, "EW"), (chart.yaxis, south, north, 2, "NS")):
        span = (high - low) * 60
        step = next((m for m in _ROUND_MINUTES if span / m <= 7), 120)
        ticks = np.arange(math.ceil(low * 60 / step), math.floor(high * 60 / step) + 1) * step
        axis.set_ticks(ticks / 60, [_chart_label(int(t), width, sides) for t in ticks])
    chart.tick_params(labelsize=8, colors=INK, length=3)
    chart.tick_params(axis="y", labelrotation=90)
    for label in chart.get_yticklabels():
        label.set_verticalalignment("center")
    chart.grid(color="#9fb6c6", linewidth=0.5, alpha=0.6, zorder=1)
    chart.set_axisbelow(False)


def _chart_label(minutes: int, width: int, sides: str) -> str:
    whole, part = divmod(abs(minutes), 60)
    return f"{whole:0{width}d}°{part:02d}'{sides[minutes < 0]}"


def _name(chart: Any, place: Place, language: Language) -> None:
    at_sea = place.kind == "bank"
    if not at_sea:
        chart.plot(place.position.lon, place.position.lat, "o", markersize=2.6, color=INK, zorder=6)
    chart.annotate(
        place.called(language), (place.position.lon, place.position.lat), xytext=(0 if at_sea else 4, 3),
        textcoords="offset points", ha="center" if at_sea else "left", fontsize=7, color="#5b7486" if at_sea else INK,
        style="italic" if at_sea else "normal", zorder=6, clip_on=True, annotation_clip=True,
    )  # fmt: skip


def _scale(chart: Any, west: Degrees, east: Degrees, south: Degrees, north: Degrees) -> None:
    """A bar of a round number of nautical miles in the lower left corner."""
    _, per_lon = metres_per_degree(south)
    wide = (east - west) * float(per_lon) / NM
    miles = max((m for m in _ROUND_MILES if m <= wide / 4), default=_ROUND_MILES[0])
    x0, y0 = west + 0.04 * (east - west), south + 0.035 * (north - south)
    length = miles * NM / float(per_lon)
    for part, colour in ((0, INK), (1, "white")):
        chart.plot([x0 + part * length / 2, x0 + (part + 1) * length / 2], [y0, y0], color=INK, linewidth=5,
                   solid_capstyle="butt", zorder=8)  # fmt: skip
        chart.plot([x0 + part * length / 2, x0 + (part + 1) * length / 2], [y0, y0], color=colour, linewidth=3,
                   solid_capstyle="butt", zorder=8)  # fmt: skip
    chart.annotate(f"{miles:g} NM = {miles * NM / km:.3g} km", (x0, y0), xytext=(0, 5), textcoords="offset points",
                   fontsize=7.5, color=INK, zorder=8)  # fmt: skip


def _draw(chart: Any, forecast: DriftForecast, moment: Moment, language: Language) -> list[Any]:
    """Density, contours, track and start of one moment; returns what was drawn, to take it away again."""
    shade = moment.shade
    colours = LinearSegmentedColormap.from_list("density", _DENSITY)
    drawn = [
        chart.pcolormesh(
            shade.lon, shade.lat, (1 - shade.containment) ** _EVEN, cmap=colours, shading="gouraud",
            vmin=0.0, vmax=1.0, zorder=2,
        )
    ]  # fmt: skip
    for probability, width, dashes, key in ((0.9, 1.4, (0, (4, 2)), "most"), (0.5, 2.0, "-", "half")):
        outline = moment.outline(probability)
        label = say(f"views.drift.map_legend_{key}", language, area_km2=area_words(outline.area, km**2, language))
        for ring in outline.rings:
            drawn += chart.plot(
                ring[:, 1], ring[:, 0], color=HALF, linewidth=width, linestyle=dashes, zorder=5, label=label
            )
            label = "_"
    if len(moment.aground):
        told = say("views.drift.map_legend_ashore", language, percent=100 * moment.ashore)
        drawn += chart.plot(
            moment.aground[:, 1], moment.aground[:, 0], "^", color=AGROUND, markersize=4, markeredgecolor="white",
            markeredgewidth=0.4, linestyle="none", zorder=6, label=told,
        )  # fmt: skip
    drawn += _track(chart, forecast, moment, language)
    chart.set_title(_heading(forecast, moment, language), fontsize=10.5, color=INK, loc="left", pad=7)
    legend = chart.legend(
        loc="upper right", fontsize=8, framealpha=0.92, edgecolor="#9fb6c6", labelcolor=INK, handlelength=2.6
    )
    legend.set_zorder(9)
    drawn.append(legend)
    drawn += _stream(chart, moment, language)
    return drawn


def _heading(forecast: DriftForecast, moment: Moment, language: Language) -> str:
    name = object_name(forecast.name, language)
    return say("views.drift.map_title", language, name=name[:1].upper() + name[1:], at=date_and_zulu(moment.at))


def _track(chart: Any, forecast: DriftForecast, moment: Moment, language: Language) -> list[Any]:
    """The start, and the middle of the cloud at every moment so far."""
    past = [m for m in forecast.moments if m.at <= moment.at]
    lat = [forecast.start.lat, *(m.centre.lat for m in past)]
    lon = [forecast.start.lon, *(m.centre.lon for m in past)]
    drawn = chart.plot(
        lon, lat, "-o", color=TRACK, linewidth=1.0, markersize=2.4, zorder=6,
        label=say("views.drift.map_legend_centre", language),
    )  # fmt: skip
    drawn += chart.plot(
        lon[:1], lat[:1], "X", color=START, markersize=9, markeredgecolor="white", markeredgewidth=0.9, zorder=7,
        linestyle="none",
        label=say("views.drift.map_legend_start", language, time=told_time(forecast.begin.latest, moment)),
    )  # fmt: skip
    drawn.append(
        chart.annotate(
            zulu(moment.at), (lon[-1], lat[-1]), xytext=(6, -11), textcoords="offset points", fontsize=8, color=TRACK,
            weight="bold", zorder=7, bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.2},
        )
    )  # fmt: skip
    return list(drawn)


def _stream(chart: Any, moment: Moment, language: Language) -> list[Any]:
    """An arrow in the upper left corner for the stream at the middle of the cloud, its speed in words."""
    speed, towards = stream_of(moment)
    told = say("views.drift.map_legend_stream", language, speed_kn=speed / knots, towards=towards)
    box = {"facecolor": "white", "alpha": 0.92, "edgecolor": "#9fb6c6", "boxstyle": "round,pad=0.35"}

    def corner(right: Fraction, down: Fraction) -> Any:
        return offset_copy(chart.transAxes, chart.figure, right, -down, units="points")

    words = chart.annotate(
        f"          {told}", (0, 1), xycoords=corner(9, 9), fontsize=8, color=INK, va="top", zorder=9, bbox=box
    )
    if speed < 0.05 * knots:
        return [words]
    east, north = 9 * math.sin(math.radians(towards)), 9 * math.cos(math.radians(towards))
    arrow = chart.annotate(
        "", (0, 1), xytext=(0, 1), xycoords=corner(20 + east, 14 - north), textcoords=corner(20 - east, 14 + north),
        zorder=10, arrowprops={"arrowstyle": "-|>", "color": START, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    return [words, arrow]


def _caption(figure: Any, forecast: DriftForecast, moment: Moment, language: Language) -> None:
    """The sentence, where it all comes from, and what it is not."""
    told = textwrap.wrap(moment_sentence(moment, language), 104)
    if forecast.ends_early:
        told.append(early_end(forecast, language))
    run = say("views.drift.run", language, particles=forecast.particles, seed=forecast.seed)
    credit = say("views.drift.coast_credit", language)
    small = [
        line for part in source_line(forecast.environment, language).split("\n") for line in textwrap.wrap(part, 150)
    ]
    small.append(f"{title(forecast, language)}; {run}. {credit}.")
    figure.text(0.03, 0.175, "\n".join(told), fontsize=9.2, color=INK, va="top", linespacing=1.35)
    figure.text(0.03, 0.09, "\n".join(small), fontsize=6.4, color="#4a5a66", va="top", linespacing=1.35)
    figure.text(0.03, 0.012, say("views.drift.aid", language), fontsize=8.5, color=INK, weight="bold")
