"""An empty record for one test."""

import pytest

from cordiale.record.log import open_record


@pytest.fixture
def record(tmp_path):
    """A new record of the node `dover` that waits a twentieth of a second for others."""
    with open_record(tmp_path / "night.db", node="dover", patience=0.05) as record:
        yield record
