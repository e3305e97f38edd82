"""`cordiale drift`: a file that cannot be written is refused before the run, and never costs its answer."""

import os

import pytest

from cordiale.desk import drift_command
from cordiale.desk.cli import main
from cordiale.views import drift_netcdf

RUN = ["drift", "51 08.5N 001 44.5E", *"--at 2021-11-24T02:01Z --for 1h --every 1h --particles 200 --quiet".split()]


@pytest.mark.parametrize("option", ["--netcdf", "--map", "--png", "--animation", "--geojson"])
def test_a_folder_is_no_file(capsys, tmp_path, monkeypatch, option):
    """Said before the run, and nothing is left beside it."""
    monkeypatch.setattr(drift_command, "drift", None)
    (tmp_path / "here.png").mkdir()
    assert main([*RUN, option, str(tmp_path / "here.png")]) == 2
    assert "here.png" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["here.png"]


@pytest.mark.parametrize("second", ["y.nc", "sub/../y.nc"])
def test_one_name_for_two_files_is_refused(capsys, tmp_path, monkeypatch, second):
    """Both options and the name are said, however it is spelt."""
    monkeypatch.setattr(drift_command, "drift", None)
    (tmp_path / "sub").mkdir()
    assert main([*RUN, "--netcdf", str(tmp_path / "y.nc"), "--map", str(tmp_path / second)]) == 2
    err = capsys.readouterr().err
    assert "--netcdf and --map name the same file" in err
    assert [p.name for p in tmp_path.iterdir()] == ["sub"]


def test_what_is_read_is_not_written_over(capsys, tmp_path):
    """The wind file of the run is no place for its trajectories."""
    wind = tmp_path / "wind.nc"
    wind.write_bytes(b"wind")
    assert main([*RUN, "--wind-file", str(wind), "--netcdf", str(wind)]) == 2
    assert "--wind-file and --netcdf name the same file" in capsys.readouterr().err
    assert wind.read_bytes() == b"wind"


@pytest.mark.parametrize(("option", "name"), [("--png", "x.jpg"), ("--animation", "x.mp4")])
def test_a_picture_has_the_suffix_of_its_format(capsys, tmp_path, monkeypatch, option, name):
    """A PNG by another name would deceive whoever opens it."""
    monkeypatch.setattr(drift_command, "drift", None)
    assert main([*RUN, option, str(tmp_path / name)]) == 2
    err = capsys.readouterr().err
    assert name in err and ".png" in err


def test_a_file_that_fails_at_last_does_not_cost_the_answer(capsys, tmp_path, monkeypatch):
    """The lines are printed, then why the file is not there; no beginning of it stays behind."""

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(drift_netcdf.os, "replace", full)
    assert main([*RUN, "--netcdf", str(tmp_path / "t.nc"), "--map", str(tmp_path / "m.nc")]) == 2
    said = capsys.readouterr()
    assert "90 % within" in said.out and "written:" not in said.out
    assert "t.nc" in said.err and os.strerror(28) in said.err
    assert not list(tmp_path.iterdir())


def test_the_second_file_that_cannot_be_opened_takes_the_first_with_it(tmp_path, monkeypatch):
    """Nothing half written stays behind."""

    def refused(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(drift_netcdf, "ProbabilityMapFile", refused)
    assert main([*RUN, "--netcdf", str(tmp_path / "t.nc"), "--map", str(tmp_path / "m.nc")]) == 130
    assert not list(tmp_path.iterdir())


def test_bodies_are_not_asked_how_many_live(capsys):
    """The two options contradict each other, and the message names both."""
    assert main([*RUN, "--object", "body", "--persons", "3"]) == 2
    err = capsys.readouterr().err
    assert "--object body" in err and "--persons 3" in err
