"""What is drawn lies where the particles are.

A map stretches a picture linearly in Mercator: one gridded in equal latitude is drawn miles away from its particles.
"""

import base64
import math

import numpy as np
import pytest

from cordiale.earth.instants import utc
from tests.console.conftest import seated
from tests.console.world import cloud_of, ring_of

pytestmark = pytest.mark.console

AT = utc("2021-11-24 03:25Z")
ONLY = """(keep) => { const map = cordiale.now.chart.map;
  for (const layer of map.getStyle().layers) map.setLayoutProperty(layer.id, 'visibility', 'none');
  for (const name of ['particles-other', 'particles']) map.setLayoutProperty(name, 'visibility', 'none');
  for (const name of keep) map.setLayoutProperty(name, 'visibility', 'visible');
  map.setLayoutProperty('sea', 'visibility', 'visible');
  return new Promise((resolve) => { map.once('idle', () => resolve(true)); map.triggerRepaint(); }); }"""
INKED = """async (png) => { const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d', {willReadFrequently: true});
  pen.drawImage(picture, 0, 0);
  const {data, width, height} = pen.getImageData(0, 0, picture.width, picture.height);
  const sea = 4 * (width * Math.floor(height / 2) + 3), found = [];
  for (let i = 0; i < data.length; i += 4) {
    const far = [0, 1, 2].reduce((sum, band) => sum + Math.abs(data[i + band] - data[sea + band]), 0);
    if (far > 60) found.push((i / 4) % width, Math.floor(i / 4 / width));
  }
  return found; }"""
HIDE = """() => { for (const e of document.querySelectorAll('.chart > :not(#map)')) e.hidden = true;
  document.querySelector('.maplibregl-control-container').style.display = 'none'; }"""
VIEW = """() => { const map = cordiale.now.chart.map, box = map.getContainer().getBoundingClientRect();
  return { zoom: map.getZoom(), lat: map.getCenter().lat, lon: map.getCenter().lng, left: box.left, top: box.top,
           width: box.width, height: box.height }; }"""


def on_screen(places, view) -> np.ndarray:
    """Pixels (x, y) by the published Mercator formula, not by the map: 512 * 2^zoom pixels round the Earth."""
    world = 512 * 2 ** view["zoom"]

    def mercator(lat, lon):
        return world * (lon + 180) / 360, world * (0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * math.pi))

    x, y = mercator(places[:, 0], places[:, 1])
    x0, y0 = mercator(np.float64(view["lat"]), np.float64(view["lon"]))
    return np.column_stack([x - x0 + view["width"] / 2, y - y0 + view["height"] / 2])


def inked(page, view) -> np.ndarray:
    """Pixels (x, y) of the map that differ from the sea."""
    shot = page.screenshot(clip={"x": view["left"], "y": view["top"], "width": view["width"], "height": view["height"]})
    flat = np.array(page.evaluate(INKED, base64.b64encode(shot).decode())).reshape(-1, 2)
    return flat + 0.5


@pytest.fixture(scope="module")
def bare(browser, desk):
    """The widest cloud chosen, whole on the screen, and everything that lies over the map put away."""
    with seated(browser, desk) as seat:
        page = seat.open("?at=2021-11-24T03:25Z&boat=B-01&lang=en&palette=day")
        page.locator("#notice-continue").click()
        yield laid_bare(page)


def laid_bare(page):
    """Nothing over the map, and one view of it."""
    page.locator("html[data-particles='2000']").wait_for(state="attached")
    page.evaluate("() => cordiale.now.chart.map.setMaxBounds(null).jumpTo({center: [1.77, 51.37], zoom: 7})")
    page.evaluate(HIDE)
    return page


@pytest.mark.parametrize("zoom", [7, 8.6])
def test_the_cloud_is_drawn_where_its_particles_are(bare, zoom):
    """The centroid and the spread of the painted pixels are those of the particles' discs, within 0.75 px and 2 %."""
    bare.evaluate("(zoom) => cordiale.now.chart.map.jumpTo({zoom})", zoom)
    bare.evaluate(ONLY, ["particles"])
    view = bare.evaluate(VIEW)
    dots = on_screen(cloud_of(0, AT).round(5), view)
    seen = (dots > 3).all(axis=1) & (dots[:, 0] < view["width"] - 3) & (dots[:, 1] < view["height"] - 3)
    assert seen.mean() > 0.98
    painted = inked(bare, view)
    grid = np.zeros((int(view["height"]) + 1, int(view["width"]) + 1), dtype=bool)
    ys, xs = np.mgrid[0 : grid.shape[0], 0 : grid.shape[1]]
    for x, y in dots[seen]:
        window = np.s_[max(int(y) - 3, 0) : int(y) + 4, max(int(x) - 3, 0) : int(x) + 4]
        grid[window] |= (xs[window] + 0.5 - x) ** 2 + (ys[window] + 0.5 - y) ** 2 <= 1.25**2
    expected = np.column_stack(np.nonzero(grid)[::-1]) + 0.5
    np.testing.assert_allclose(painted.mean(axis=0), expected.mean(axis=0), atol=0.75, err_msg="pixels; 0.3 seen")
    np.testing.assert_allclose(painted.std(axis=0), expected.std(axis=0), rtol=0.02)
    assert zoom > 7 or abs(stretched(cloud_of(0, AT), view)[:, 1].mean() - painted[:, 1].mean()) > 3, (
        "the trap would be seen, pixels"
    )


def stretched(places, view) -> np.ndarray:
    """Where a picture of the whole view gridded in equal latitude would put the particles: the trap."""
    world = 512 * 2 ** view["zoom"]
    middle = math.asinh(math.tan(math.radians(view["lat"])))
    edges = [middle + sign * math.pi * view["height"] / world for sign in (1, -1)]
    north, south = (math.degrees(math.atan(math.sinh(y))) for y in edges)
    return np.column_stack([places[:, 1], (north - places[:, 0]) / (north - south) * view["height"]])


@pytest.mark.parametrize(("layer", "containment"), [("area-90", 0.9), ("area-50", 0.5)])
def test_a_contour_is_drawn_round_its_particles(bare, layer, containment):
    """The painted line is the ring of that containment, and lies about the mean of the particles, within 2 px."""
    chosen = ["all", ["==", ["get", "boat"], "B-01"], ["==", ["get", "containment"], containment]]
    bare.evaluate("([layer, chosen]) => cordiale.now.chart.map.setFilter(layer, chosen)", [layer, chosen])
    bare.evaluate(ONLY, [layer])
    view = bare.evaluate(VIEW)
    painted = inked(bare, view)
    ring = on_screen(np.array(ring_of(0, AT, containment)), view)
    np.testing.assert_allclose(painted.min(axis=0), ring.min(axis=0), atol=2.5, err_msg="west and north edge, pixels")
    np.testing.assert_allclose(painted.max(axis=0), ring.max(axis=0), atol=2.5, err_msg="east and south edge, pixels")
    mean = on_screen(cloud_of(0, AT).mean(axis=0)[np.newaxis], view)[0]
    middle = (painted.min(axis=0) + painted.max(axis=0)) / 2
    np.testing.assert_allclose(
        middle, mean, atol=6, err_msg="2,000 particles leave their own mean 2 % of 150 px uncertain"
    )
