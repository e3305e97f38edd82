"""The front door: few public names, loaded lazily; the command line answers at once."""

import subprocess
import sys

import cordiale

HEAVY = ("xarray", "scipy", "numba", "fastapi", "pandas", "netCDF4", "matplotlib", "PIL", "uvicorn", "pydantic")


def test_there_are_at_most_twenty_public_names_and_all_exist():
    """Whoever imports cordiale sees one short list, in reading order."""
    assert 5 <= len(cordiale.__all__) <= 20
    for name in cordiale.__all__:
        assert getattr(cordiale, name) is not None
    assert set(cordiale.__all__) <= set(dir(cordiale))


def _modules_after(code: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(result.stdout.splitlines())


def test_importing_cordiale_loads_nothing_heavy():
    """`import cordiale` costs nothing, not even NumPy."""
    loaded = _modules_after("import cordiale")
    assert not loaded & {*HEAVY, "numpy"}


def test_help_loads_nothing_heavy():
    """`cordiale --help` imports none of the heavy packages, and no NumPy either."""
    code = "from cordiale.desk.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert not _modules_after(code) & {*HEAVY, "numpy"}
