"""How far a long run has come, and how it is ended early."""

import io

import pytest

from cordiale.desk.progress import Interruption, Progress


class Clock:
    """A clock that shows what it is told."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def shown(stream, *, until, step=0.5, lasts=20.0):
    """What a run of `lasts` seconds shows in its first `until` seconds."""
    clock = Clock()
    progress = Progress(stream, "en", clock)
    while clock.now < until:
        clock.now += step
        progress.show(clock.now / lasts, "03:00Z")
    progress.end()
    return stream.getvalue()


def test_a_short_run_says_nothing():
    """Nobody needs a bar for less than two seconds."""
    assert shown(io.StringIO(), until=1.5) == ""
    assert shown(Terminal(), until=1.5) == ""


def test_a_terminal_gets_a_bar_that_goes_away():
    """One line, drawn again and again, cleared at the end."""
    text = shown(Terminal(), until=10.0)
    assert "\n" not in text and text.count("\r") > 10
    assert "[###############...............] 50 %, at 03:00Z, about 10 s left" in text
    assert text.endswith("\r\x1b[K")


def test_a_log_gets_a_line_every_ten_seconds():
    """No bar where nobody can see it move."""
    lines = shown(io.StringIO(), until=19.0, lasts=40.0).splitlines()
    assert lines == ["5 %, at 03:00Z, about 38 s left", "30 %, at 03:00Z, about 28 s left"]


def test_a_first_step_that_takes_long_is_said_and_only_that():
    """The very first run of a machine compiles for some ten seconds; once something moved nothing more is said."""
    for moved, said in ((False, 1), (True, 0)):
        stream = io.StringIO()
        progress = Progress(stream, "en", Clock())
        progress.begin(after=0.02)
        waiting = progress._waiting
        if moved:
            progress.show(0.1, "03:00Z")
        waiting.join(timeout=5.0)
        progress.end()
        assert stream.getvalue().count("compiled now, once") == said


def test_the_time_left_does_not_count_the_compiling():
    """Twenty seconds of it, then 49 % in 10.9 s: 11 s are left for the other half, not 31."""
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, "en", clock)
    progress.begin(after=0.0)
    progress._waiting.join(timeout=5.0)
    for now, part in ((20.0, 0.0), (20.1, 0.01), (31.0, 0.5)):
        clock.now = now
        progress.show(part, "03:00Z")
    progress.end()
    assert "about 11 s left" in stream.getvalue()


def test_no_time_is_foretold_from_the_first_steps():
    """The first step may take long for reasons that do not come again."""
    assert "left" not in shown(io.StringIO(), until=3.0, lasts=1000.0)


def test_the_second_ctrl_c_waits_for_nothing():
    """The first asks for an early end, the second ends."""
    interruption = Interruption()
    assert not interruption.asked()
    interruption.press()
    assert interruption.asked()
    with pytest.raises(KeyboardInterrupt):
        interruption.press()
