"""The lower floors are pure, and nothing below the desk talks or ends the process (HOUSE rules 2, 3, 9)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import BELOW_DESK, PURE_ROOMS, ROOT, calls, name_of, python_files, tree

PURE = [p for room in PURE_ROOMS for p in python_files("cordiale", room)]
QUIET = [p for room in BELOW_DESK for p in python_files("cordiale", room)]
HIDDEN = ("datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic", "perf_counter", "time.sleep",
          "random.seed", "default_rng", "np.random", "numpy.random", "random.random", "uuid4", "urandom")  # fmt: skip


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_time_and_chance_are_passed_in(path):
    """Ground and first floor ask no clock and draw no hidden numbers."""
    for line, call in calls(path):
        assert not any(call == h or call.endswith("." + h) or h in call for h in HIDDEN), f"line {line}: {call}()"


@pytest.mark.parametrize("path", QUIET, ids=name_of)
def test_nothing_below_the_desk_prints_or_exits(path):
    """Only the desk speaks to a person or ends the process."""
    for line, call in calls(path):
        assert call not in {"print", "input", "exit", "quit", "sys.exit", "os._exit"}, f"line {line}: {call}()"


@pytest.mark.parametrize("path", python_files("cordiale"), ids=name_of)
def test_no_error_is_swallowed(path):
    """No bare except, no except Exception that goes on as if nothing had happened."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: bare except"
            caught = ast.unparse(node.type)
            if caught in {"Exception", "BaseException"}:
                assert any(isinstance(n, ast.Raise) for n in ast.walk(node)), f"line {node.lineno}: except {caught}"
            only_pass = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            assert not only_pass, f"line {node.lineno}: an error is passed over in silence"


def test_rooms_look_down_never_up():
    """The storey contracts of pyproject.toml hold."""
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_optional_packages_are_imported_in_one_named_place():
    """netCDF4 in one place that reads and two that write; pictures in one place; fastapi and uvicorn only in desk."""
    homes = {
        "netCDF4": {"cordiale/sea/cf.py", "cordiale/views/drift_netcdf.py", "cordiale/feeds/forcing_file.py"},
        "copernicusmarine": {"cordiale/feeds/copernicus.py"},
        "zarr": {"cordiale/sea/zarr_store.py"},
        "eccodes": {"cordiale/sea/grib.py"},
        "pyproj": {"cordiale/sea/projection.py"},
        "cftime": {"cordiale/sea/cf_axes.py"},
        "matplotlib": {"cordiale/views/drift_picture.py"},
        "PIL": {"cordiale/views/drift_picture.py"},
        "typst": {"cordiale/views/search_pdf.py"},
        "fastapi": None,
        "uvicorn": None,
        "starlette": None,
        "pydantic": None,
    }
    for path in python_files("cordiale"):
        for node in ast.walk(tree(path)):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            for module in modules:
                top = module.split(".")[0]
                if top in homes:
                    home = homes[top]
                    where = name_of(path)
                    assert where in home if home else where.startswith("cordiale/desk/"), f"{where} imports {module}"
