"""`cordiale drift`: its files, its warnings, its early end."""

import json
import signal
import subprocess
import sys

import netCDF4
import numpy as np
import pytest

from cordiale.desk import drift_command
from cordiale.desk.cli import main
from cordiale.desk.drift_sea import read_error
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.units import hours, knots
from cordiale.sea.environment import NO_ERROR

MID_STRAIT = "51 08.5N 001 44.5E"
RUN = ["drift", MID_STRAIT, *"--at 2021-11-24T02:01Z --for 3h --every 1h --particles 300 --quiet".split()]


def run(capsys, *more, start=RUN):
    """Exit code, what was printed and what was said aside."""
    code = main([*start, *more])
    said = capsys.readouterr()
    return code, said.out, said.err


def document(capsys, *more, start=RUN):
    """The JSON document of a run that went well."""
    code, out, _ = run(capsys, "--json", *more, start=start)
    assert code == 0
    return json.loads(out)


def test_the_answer_ends_with_a_sentence_its_sources_and_the_notice(capsys):
    """One row for each hour, then what a coordinator would say."""
    code, out, err = run(capsys)
    assert code == 0 and err == ""
    lines = out.splitlines()
    assert [line[:6] for line in lines[1:4]] == ["03:01Z", "04:01Z", "05:01Z"]
    assert lines[5].startswith("05:01Z inflatable: 90 % within")
    assert "Sandettie" in lines[5]
    assert lines[-1].startswith("A decision aid")


def test_every_file_that_is_asked_for_is_written_and_named(capsys, tmp_path, monkeypatch):
    """NetCDF, map, chart, animation and GeoJSON of one run."""
    monkeypatch.chdir(tmp_path)
    files = {"netcdf": "t.nc", "map": "m.nc", "png": "p.png", "animation": "a.gif", "geojson": "g.json"}
    found = document(capsys, *(part for name, path in files.items() for part in (f"--{name}", path)))
    assert found["files"] == list(files.values())
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(files.values())
    with netCDF4.Dataset("t.nc") as tracks:
        first = utc("2021-11-24 02:01")
        assert tracks["time"][:].tolist() == [first + h * hours for h in range(4)]
    assert len(json.loads((tmp_path / "g.json").read_text())["features"]) == 1 + 3 * 4 + 1


def test_trajectories_are_kept_as_often_as_asked(capsys, tmp_path):
    """Every half hour, while the lines stay at every hour; and they change nothing of the answer."""
    kept = document(capsys, "--netcdf", str(tmp_path / "t.nc"), "--trajectories", "30m", "--step", "1m")
    assert [row["at"][11:16] for row in kept["forecast"]] == ["03:01", "04:01", "05:01"]
    with netCDF4.Dataset(tmp_path / "t.nc") as tracks:
        assert tracks.dimensions["time"].size == 7
    plain = document(capsys, "--step", "1m")
    assert [row["digest"] for row in kept["forecast"]] == [row["digest"] for row in plain["forecast"]]


def test_a_start_on_land_is_said_aloud_with_the_nearest_water(capsys):
    """How far inland, how many ashore, where the water is; and the exit code says that it deserves attention."""
    start = ["drift", "50 57N 001 52E", "--at", "2021-11-24T02:01Z", "--for", "1h", "--particles", "200"]
    code, out, err = run(capsys, start=start)
    assert code == 1
    assert "m inland: 100 % of the particles are ashore" in err and "nearest open water: 50°5" in err
    assert "ashore 100 %" in out


def test_a_long_horizon_and_no_wind_are_said_aloud(capsys):
    """Both stand on stderr and in the document; neither is an error."""
    start = ["drift", MID_STRAIT, "--at", "2022-06-01T02:00Z", "--for", "73h", "--particles", "20", "--step", "30m"]
    code, out, err = run(capsys, "--json", start=start)
    assert code in (0, 1)
    keys = [w["key"] for w in json.loads(out)["warnings"]]
    assert keys[:2] == ["desk.drift_long", "desk.drift_no_wind"]
    assert "over 73 h" in err and "calm is assumed" in err


def test_an_ordinary_run_warns_of_nothing(capsys):
    """A warning that is always there is none."""
    assert document(capsys)["warnings"] == []


def test_ctrl_c_gives_what_there_is_with_its_time(capsys, tmp_path, monkeypatch):
    """The hours before it and the instant it came at; files are whole, the exit code is that of an interruption."""
    calls = []

    def interrupted(belief, environment, **options):
        calls.append(belief.at)
        if len(calls) == 3:
            signal.raise_signal(signal.SIGINT)
        return original(belief, environment, **options)

    original = drift_command.drift
    monkeypatch.setattr(drift_command, "drift", interrupted)
    before = signal.getsignal(signal.SIGINT)
    code, out, err = run(capsys, "--json", "--netcdf", str(tmp_path / "t.nc"))
    assert code == 130
    found = json.loads(out)
    assert found["ends_early"]
    last = found["forecast"][-1]["at"]
    assert "2021-11-24T04:01:00Z" < last < "2021-11-24T05:01:00Z"
    assert f"ends at {last[11:16]}Z" in err
    with netCDF4.Dataset(tmp_path / "t.nc") as tracks:
        assert tracks.dimensions["time"].size == 4
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_that_fails_leaves_no_half_written_file(tmp_path, monkeypatch):
    """Neither the file nor its beginning."""

    def broken(*_, **__):
        raise CordialeError("desk.range", text="a fault")

    monkeypatch.setattr(drift_command, "drift", broken)
    assert main([*RUN, "--netcdf", str(tmp_path / "t.nc"), "--map", str(tmp_path / "m.nc")]) == 2
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_said_before_the_run(capsys, tmp_path, monkeypatch):
    """Not after a minute of drifting."""
    monkeypatch.setattr(drift_command, "drift", None)
    code, _, err = run(capsys, "--png", str(tmp_path / "nowhere" / "p.png"))
    assert code == 2 and "nowhere" in err


def test_persons_in_the_water_get_a_band_of_survivors_and_never_one_number(capsys):
    """Stated water and number of persons; of people in a boat it is said as a supposition."""
    more = ("--persons", "30-40", "--water-temperature", "12-13", "--object")
    for what in ("person_in_water", "inflatable"):
        _, out, _ = run(capsys, *more, what)
        assert "of 30 to 40 people may be alive (80 % band)" in out
        assert ("If the people are in the water" in out) == (what == "inflatable")
    assert "survivors" not in document(capsys)
    band = document(capsys, *more, "person_in_water")["survivors"][0]
    assert 0 <= band["low"] < band["median"] < band["high"] <= 40 and band["sentence"].startswith("after 3.0 h")


def test_a_temperature_without_persons_is_refused(capsys):
    """It would change nothing, and the message says what is missing."""
    code, _, err = run(capsys, "--water-temperature", "12")
    assert code == 2 and "--persons" in err


def test_stated_errors_make_the_area_larger_or_smaller(capsys):
    """A current and a wind taken as exact leave a smaller cloud than the usual errors, larger ones a larger cloud."""
    exact = document(capsys, "--current-error", "0m/s", "--wind-error", "0kn")
    usual = document(capsys)
    rough = document(capsys, "--current-error", "0.6m/s 12h")
    sizes = [d["forecast"][-1]["areas"][1]["area_m2"] for d in (exact, usual, rough)]
    assert sizes[0] < sizes[1] < sizes[2]
    assert exact["sources"]["residual_current_std_m_s"] == 0
    assert rough["sources"]["current_error_time_s"] == 12 * hours


def test_an_error_is_read_with_its_time_scale():
    """Speed with a unit, then a duration; without one the usual time."""
    assert read_error("4kn 6h", NO_ERROR, "--wind-error").std == pytest.approx(4 * knots)
    assert read_error("4kn 6h", NO_ERROR, "--wind-error").time_scale == 6 * hours
    with pytest.raises(CordialeError, match="speed"):
        read_error("4", NO_ERROR, "--wind-error")


def test_schemes_and_threads_are_passed_on(capsys):
    """Threads change nothing; Euler differs from midpoint by a little."""
    one, two = (document(capsys, "--threads", n)["forecast"][-1]["digest"] for n in ("1", "2"))
    assert one == two
    middle, euler = (document(capsys, "--scheme", s)["forecast"][-1]["centre"] for s in ("midpoint", "euler"))
    assert 0 < abs(middle["lat"] - euler["lat"]) < 0.02


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_object_is_listed_with_what_it_is(capsys, language):
    """`--object list` needs no position; in French every one has a French name."""
    assert main(["--language", language, "drift", "--object", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"inflatable", "person_in_water", "debris"} <= {line.split()[0] for line in lines}
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines)


def current_file(path, speed):
    """A CF file of a current that sets east at one speed, far from the packaged strait."""
    with netCDF4.Dataset(path, "w") as data:
        for name, values, units in (
            ("time", np.arange(0, 13) * hours, "seconds since 2024-03-01 00:00:00"),
            ("latitude", np.arange(57.0, 60.1, 0.25), "degrees_north"),
            ("longitude", np.arange(1.0, 5.1, 0.25), "degrees_east"),
        ):
            data.createDimension(name, len(values))
            variable = data.createVariable(name, "f8", (name,))
            variable.units, variable.standard_name = units, name
            variable[:] = values
        for name, value in (("eastward_sea_water_velocity", speed), ("northward_sea_water_velocity", 0.0)):
            variable = data.createVariable(name, "f4", ("time", "latitude", "longitude"))
            variable.units, variable.standard_name = "m s-1", name
            variable[:] = value


def test_a_current_from_a_file_carries_the_cloud_anywhere(capsys, tmp_path):
    """Half a metre a second for three hours is 5.4 km to the east; the coast there is not known, and that is said."""
    path = tmp_path / "current.nc"
    current_file(path, 0.5)
    start = ["drift", "58.5 3.0", "--at", "2024-03-01T02:00Z", "--for", "3h", "--particles", "500", "--wind", "calm"]
    exact = ("--current-file", str(path), "--object", "drifter", "--current-error", "0m/s", "--wind-error", "0kn")
    found = document(capsys, *exact, start=start)
    last = found["forecast"][-1]
    assert last["moved_m"] == pytest.approx(5400, rel=0.01)
    assert last["moved_to_deg_true"] == pytest.approx(90, abs=1)
    assert [w["key"] for w in found["warnings"]] == ["desk.drift_no_coast"]
    assert "current.nc" in found["sources"]["current"]


def test_a_file_that_ends_too_early_is_refused_by_name_and_time(capsys, tmp_path):
    """The forecast does not go on with the last field."""
    current_file(tmp_path / "short.nc", 0.5)
    start = ["drift", "58.5 3.0", "--at", "2024-03-01T02:00Z", "--for", "24h", "--particles", "50", "--wind", "calm"]
    code, out, err = run(capsys, "--current-file", str(tmp_path / "short.nc"), start=start)
    assert code == 2 and out == "" and "short.nc" in err and "2024-03-01" in err


def test_a_forecast_without_pictures_loads_no_library_for_them():
    """matplotlib, Pillow and xarray cost a second: they are loaded only when a picture is asked for."""
    code = f"from cordiale.desk.cli import main\nmain({RUN!r})\nimport sys\nprint('|'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split("|"))
    assert not loaded & {"matplotlib", "PIL", "xarray", "scipy", "pandas", "cordiale.views.drift_netcdf"}
