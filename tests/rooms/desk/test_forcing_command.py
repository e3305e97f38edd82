"""`cordiale forcing`: what would be asked, what was fetched, what a file holds."""

import json

import numpy as np
import pytest

from cordiale.desk import forcing_command
from cordiale.desk.cli import main
from cordiale.feeds import open_meteo
from cordiale.feeds.forcing_file import slip_of
from cordiale.feeds.services import SERVICES
from tests.rooms.feeds import answers
from tests.rooms.feeds.answers import SPAN, WINDOW, server
from tests.rooms.sea.cf_files import write_regular

KEY = "s3cr3t+key/of-somebody="
TIMES = "--from 2021-11-24T00:30Z --to 02:12Z --window 50.5,51.5,1,2".split()


def run(capsys, *words):
    """Exit code, what was printed and what was said aside."""
    code = main(["forcing", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    """Whatever keys this machine has, the tests do not see them."""
    for service in SERVICES.values():
        for name in service.names:
            monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", list(SERVICES))
def test_a_dry_run_prints_what_would_be_asked_and_asks_nothing(capsys, tmp_path, monkeypatch, name, language):
    """Every service, in both languages: orders, licence, names of keys, target; no file, no request, no key."""
    monkeypatch.setattr(forcing_command, "retrieve", None)
    monkeypatch.setattr(forcing_command, "fetch_over_network", None)
    for word in SERVICES[name].names:
        monkeypatch.setenv(word, KEY)
    out = str(tmp_path / "f.nc")
    code, text, _ = run(capsys, "fetch", name, *TIMES, "--out", out, "--dry-run", "--language", language)
    assert code == 0
    assert any(
        line.startswith(("GET https://", "POST https://", "copernicusmarine.subset(")) for line in text.split("\n")
    )
    assert "f.nc.source.json" in text
    assert all(word in text for word in SERVICES[name].names)
    assert KEY not in text
    assert list(tmp_path.iterdir()) == []


def of_open_meteo(asked):
    """The wind of Open-Meteo for the small window of the tests."""
    (order,) = open_meteo.open_meteo_wind(WINDOW, SPAN)
    return 200, {}, json.dumps(answers.open_meteo(order)).encode()


def test_a_fetched_file_is_shown_and_drifts_a_boat(capsys, tmp_path, monkeypatch):
    """Fetch, show, drift: the wind of the file is the wind of the forecast, by its own title."""
    path = str(tmp_path / "wind.nc")
    with server(of_open_meteo) as (url, asked):
        monkeypatch.setattr(open_meteo, "FORECAST", f"{url}/v1/forecast")
        code, out, err = run(capsys, "fetch", "open-meteo-wind", *TIMES, "--out", path)
    assert (code, err, len(asked)) == (0, "", 1)
    assert "2021-11-24 00:00Z to 2021-11-24 03:00Z, 4 instants" in out
    assert "10.00 to 13.00 m/s, 0.0 % of the points without one" in out
    assert "Fetched 20" in out
    assert "CC BY 4.0" in out
    words = "drift 51,1.5 --at 2021-11-24T00:30Z --for 1h --particles 300 --quiet --json --wind-file".split()
    assert main([*words, path]) == 0
    document = json.loads(capsys.readouterr().out)
    assert "forecast of Open-Meteo (wind.nc" in json.dumps(document)


def test_a_fault_of_a_service_ends_the_command_with_problem_and_hint(capsys, tmp_path, monkeypatch):
    """Exit code 2, in the reader's language, and nothing is written."""
    path = str(tmp_path / "wind.nc")
    fault = (400, {}, b'{"error": true, "reason": "Parameter start_date is out of allowed range"}')
    for language, word in (("en", "answers with HTTP 400"), ("fr", "répond par HTTP 400")):
        with server(fault) as (url, _):
            monkeypatch.setattr(open_meteo, "FORECAST", f"{url}/v1/forecast")
            code, out, err = run(capsys, "fetch", "open-meteo-wind", *TIMES, "--out", path, "--language", language)
        assert (code, out) == (2, "")
        assert word in err
        assert "out of allowed range" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service.names])
def test_a_missing_key_is_said_before_anything_is_asked(capsys, tmp_path, name):
    """Which variable, and that a file may hold it."""
    code, _, err = run(capsys, "fetch", name, *TIMES, "--out", str(tmp_path / "f.nc"))
    assert code == 2
    assert SERVICES[name].names[0] in err
    assert "--key-file" in err


WRONG = {
    "an unknown service": (["fetch", "nobody", *TIMES], "no service nobody"),
    "times in the wrong order": (["fetch", "era5-wind", "--from", "2021-11-24", "--to", "2021-11-23"], "lies before"),
    "a window that is none": (["fetch", "era5-wind", *TIMES[:4], "--window", "here"], "cannot be read: here"),
    "a window turned over": (["fetch", "era5-wind", *TIMES[:4], "--window", "52,51,1,2"], "window 52, 51, 1, 2"),
    "no tries": (["fetch", "era5-wind", *TIMES, "--tries", "0"], "--tries cannot be 0"),
    "too many places": (["fetch", "open-meteo-wind", *TIMES, "--step", "0.01"], "10201 places"),
    "a run too late": (["fetch", "arome-wind", *TIMES, "--run", "2021-11-24T03:00Z"], "the run of 2021-11-24T03"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_what_cannot_be_asked_is_refused(capsys, tmp_path, name):
    """Exit code 2, the value in the problem, and a hint."""
    words, part = WRONG[name]
    code, _, err = run(capsys, *words, "--out", str(tmp_path / "f.nc"), "--dry-run")
    assert code == 2
    assert part in err
    assert "hint:" in err


def test_show_says_what_a_file_holds_as_a_person_and_as_a_program_reads_it(capsys, tmp_path):
    """Quantity, window, time, step, values; the same in the document."""
    path = str(write_regular(tmp_path / "c.nc", land=lambda lat, lon: lon > 2.5))
    code, out, _ = run(capsys, "show", path)
    assert code == 0
    assert "50.00-52.00 N, 0.00-3.00 E, 21 x 31 points, 0.1° by 0.1°" in out
    assert "step: 60 min" in out
    code, out, _ = run(capsys, "show", path, "--json", "--window", "50.55,50.95,2.05,2.95")
    document = json.loads(out)
    assert (code, document["format"], document["problems"]) == (0, "cordiale.forcing/1", [])
    (field,) = document["fields"]
    assert (field["quantity"], field["instants"], field["step_s"], field["gaps"]) == ("current", 5, 3600.0, [])
    assert field["window"] == {"south": 50.5, "north": 51.0, "west": 2.0, "east": 3.0}
    assert field["missing_share"] == pytest.approx(5 / 11, abs=1e-3)  # the lines from 2.6 to 3.0 of 2.0 to 3.0


def test_show_finds_the_gaps_and_the_members(capsys, tmp_path):
    """A hole in time gives exit code 1; an ensemble says how many."""
    path = str(write_regular(tmp_path / "hole.nc", hour=np.array([0.0, 1, 2, 3, 9, 10])))
    code, out, _ = run(capsys, "show", path)
    assert code == 1
    assert "nothing between 2021-11-24 03:00Z and 2021-11-24 09:00Z" in out
    code, out, _ = run(capsys, "show", str(write_regular(tmp_path / "ensemble.nc", members=3)), "--language", "fr")
    assert code == 0
    assert "ensemble de 3 membres" in out


def test_show_says_what_cannot_be_used(capsys, tmp_path):
    """An unknown unit is a problem of the file, exit code 1; a file that is none or holds nothing known, 2."""
    code, out, _ = run(capsys, "show", str(write_regular(tmp_path / "odd.nc", units="furlongs")))
    assert code == 1
    assert "is in 'furlongs'" in out
    (tmp_path / "junk.nc").write_bytes(b"hello")
    nameless = write_regular(tmp_path / "nameless.nc", names=("", ""))
    for path in (tmp_path / "junk.nc", tmp_path / "none.nc", nameless):
        code, out, err = run(capsys, "show", str(path))
        assert (code, out) == (2, "")
        assert path.name in err


def test_a_file_that_was_changed_after_it_was_fetched_is_told(capsys, tmp_path):
    """The checksum of the slip is held against the file."""
    path = write_regular(tmp_path / "c.nc")
    slip = {"format": "cordiale.forcing-source/1", "service": "x", "title": "t", "retrieved": "r", "sha256": "0"}
    slip_of(path).write_text(json.dumps(slip))
    code, out, _ = run(capsys, "show", str(path))
    assert code == 1
    assert "not the one that was fetched" in out
    code, out, _ = run(capsys, "show", str(path), "--json")
    assert json.loads(out)["as_fetched"] is False


def test_show_without_a_file_says_what_is_packaged(capsys):
    """The tide and the wind of the night, with their sources."""
    code, out, _ = run(capsys, "show")
    assert code == 0
    assert "M2 S2" in out
    code, out, _ = run(capsys, "show", "--json")
    assert [one["quantity"] for one in json.loads(out)["packaged"]] == ["current", "wind"]


def test_the_services_are_listed_with_their_keys(capsys, monkeypatch):
    """Set or not set, never which; and that none has been tried."""
    monkeypatch.setenv("METEOFRANCE_API_KEY", KEY)
    code, out, _ = run(capsys, "services")
    assert code == 0
    assert all(name in out for name in SERVICES)
    assert "METEOFRANCE_API_KEY (set)" in out
    assert "CDSAPI_KEY (not set)" in out
    assert "none has been tried" in out
    assert KEY not in out
