"""A bare chart for the gallery: the coast, a frame in degrees, north up and true to scale."""

import math

from matplotlib.figure import Figure

from cordiale.sea.coast import coast_polygons


def chart(title, *, west=0.8, east=2.6, south=50.65, north=51.45, width=9.0):
    """A figure with the land of the strait, to be drawn on with longitudes and latitudes."""
    scale = 1 / math.cos(math.radians((south + north) / 2))
    figure = Figure(figsize=(width, width * (north - south) * scale / (east - west) + 0.6), layout="constrained")
    axes = figure.add_subplot()
    for land in coast_polygons():
        axes.fill(land.outline[:, 0], land.outline[:, 1], facecolor="#e9e3d3", edgecolor="#8a8370", linewidth=0.5)
    axes.set(xlim=(west, east), ylim=(south, north), aspect=scale, title=title)
    axes.set(xlabel="longitude, degrees east", ylabel="latitude, degrees north")
    return figure, axes


def outline(axes, region, **style):
    """The rings of a region."""
    for number, ring in enumerate(region.rings):
        axes.plot(ring[:, 1], ring[:, 0], **(style if number == 0 else {**style, "label": None}))
