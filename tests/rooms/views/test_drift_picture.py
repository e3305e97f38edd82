"""A forecast as a chart and as an animation."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PIL.ImageColor import getrgb

from cordiale.earth.errors import CordialeError
from cordiale.views import drift_picture as pictures
from cordiale.views.drift_picture import LAND, SEA, START, drift_animation, drift_picture

from .small_drift import HOURS, forecast


def share_of(image, colour):
    """The part of the pixels that have exactly this colour."""
    return float((np.asarray(image.convert("RGB")) == getrgb(colour)).all(axis=-1).mean())


@pytest.fixture(scope="module")
def chart(tmp_path_factory):
    """The chart of the last hour."""
    path = tmp_path_factory.mktemp("chart") / "chart.png"
    drift_picture(forecast(), path)
    return path


def test_the_chart_shows_sea_land_the_cloud_and_the_start(chart):
    """Off Calais there is land, sea, a dark heart of the cloud and a blue cross."""
    with Image.open(chart) as image:
        assert image.format == "PNG" and image.size == (1050, 1200)
        assert share_of(image, LAND) > 0.03
        assert share_of(image, SEA) > 0.001
        assert share_of(image, START) > 1e-5
        red, green, blue = np.asarray(image.convert("RGB")).astype(int).transpose(2, 0, 1)
        assert ((red - blue > 80) & (green < 150)).mean() > 0.002, "no dark heart of the cloud"


def test_the_same_forecast_gives_the_same_bytes(chart, tmp_path):
    """No clock and no version stands in the file."""
    drift_picture(forecast(), tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == chart.read_bytes()


def test_another_language_and_another_moment_make_another_chart(chart, tmp_path):
    """The caption is French, the hour is the first."""
    drift_picture(forecast(), tmp_path / "fr.png", moment=forecast().moments[0], language="fr")
    assert (tmp_path / "fr.png").read_bytes() != chart.read_bytes()


@pytest.mark.parametrize("name", ["a.gif", "a.apng"])
def test_the_animation_has_a_frame_for_every_hour_and_is_short_and_small(tmp_path, name):
    """Less than 2 MB and 20 s, whatever the number of hours; every frame differs from the one before."""
    drift_animation(forecast(), tmp_path / name)
    assert (tmp_path / name).stat().st_size < 2_000_000
    lasts, frames = 0.0, []
    with Image.open(tmp_path / name) as image:
        assert image.n_frames == HOURS
        for k in range(HOURS):
            image.seek(k)
            lasts += image.info["duration"] / 1000
            frames.append(np.asarray(image.convert("RGB")))
    assert 2 < lasts < 20
    assert all((one != other).any() for one, other in zip(frames, frames[1:], strict=False))


def test_a_long_forecast_goes_by_faster(tmp_path, monkeypatch):
    """However many hours there are, the whole stays within its time: here two seconds instead of eighteen."""
    assert pictures.LONGEST <= 18
    monkeypatch.setattr(pictures, "LONGEST", 2.0)
    drift_animation(forecast(), tmp_path / "long.gif")
    with Image.open(tmp_path / "long.gif") as image:
        lasts = 0.0
        for k in range(image.n_frames):
            image.seek(k)
            lasts += image.info["duration"] / 1000
    assert lasts <= 2.1


def test_an_animation_needs_a_suffix_that_says_what_it_is(tmp_path):
    """The message names the suffixes."""
    with pytest.raises(CordialeError, match=r"\.gif"):
        drift_animation(forecast(), tmp_path / "film.mp4")


def test_a_forecast_without_a_moment_is_refused(tmp_path):
    """There is nothing to draw."""
    with pytest.raises(CordialeError, match="no moment"):
        drift_picture(replace(forecast(), moments=()), tmp_path / "x.png")


def test_without_the_package_the_extra_is_named(tmp_path, monkeypatch):
    """Who has no matplotlib reads what to install."""
    monkeypatch.setattr(pictures, "matplotlib", None)
    with pytest.raises(CordialeError, match=r"cordiale\[pictures\]"):
        drift_picture(forecast(), tmp_path / "x.png")
