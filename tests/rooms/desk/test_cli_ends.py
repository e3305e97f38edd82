"""The command line ends with one line and its exit code, whenever it is interrupted."""

import signal
from types import SimpleNamespace

import pytest

from cordiale.desk import cli


def test_ctrl_c_while_a_command_is_loaded_is_one_line(capsys, monkeypatch):
    """Loading takes a second, and it is then that people think better of it."""

    def pressed(_name):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", pressed)
    assert cli.main(["drift", "--object", "list"]) == 130
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "interrupted" in said.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command_with_its_own_code(capsys, monkeypatch, number, code):
    """128 and the number of the signal; what waits to be cleared away is cleared away, the handler is put back."""
    cleared = []

    def run(_options, _language):
        try:
            signal.raise_signal(number)
        finally:
            cleared.append(number)
        return 0

    monkeypatch.setattr(cli, "import_module", lambda _: SimpleNamespace(describe=lambda *_: None, run=run))
    before = signal.getsignal(signal.SIGTERM)
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background inherits none
    try:
        assert cli.main(["drift"]) == code
    finally:
        signal.signal(signal.SIGINT, inherited)
    assert cleared == [number]
    assert signal.getsignal(signal.SIGTERM) == before
    assert "interrupted" in capsys.readouterr().err


def test_whoever_waits_for_sigterm_keeps_it(monkeypatch):
    """A program that calls the command line with a handler of its own is not robbed of it."""
    heard = []

    def run(_options, _language):
        signal.raise_signal(signal.SIGTERM)
        return 0

    monkeypatch.setattr(cli, "import_module", lambda _: SimpleNamespace(describe=lambda *_: None, run=run))
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        assert cli.main(["drift"]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]
