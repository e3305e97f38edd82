"""eccodes brings libraries of its own, which must not take the place of those that other rooms use."""

import subprocess
import sys

VERSION = "import sqlite3; print(sqlite3.sqlite_version)"


def test_grib_files_leave_the_sqlite_of_python_alone():
    """A process that can read GRIB has the same SQLite as one that cannot: the record refuses an old one."""
    with_grib, without = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for code in (f"import cordiale.sea.grib; {VERSION}", VERSION)
    )
    assert with_grib == without
