"""The record while processes are killed, stopped and crowded, and while its disk fills."""

import os
import random
import shutil
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from cordiale.record.erasure import read_text
from cordiale.record.log import events, open_record
from cordiale.record.witness import verify

ROOT = Path(__file__).parents[2]
FOR_EVER = 1_000_000
# Stands before the C library's fdatasync and writes down how long the write-ahead log was when it had reached the disk.
WATCHER = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static int watched(const char *name, int fd) {
    char link[64], path[4096] = {0};
    struct stat found;
    fstat(fd, &found);
    int failed = ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!failed && length > 4 && !strcmp(path + length - 4, "-wal")) {
        int told = open(getenv("SYNCED"), O_WRONLY | O_CREAT, 0644);
        snprintf(link, sizeof link, "%020lld", (long long)found.st_size);
        if (write(told, link, 20) != 20) abort();
        close(told);
    }
    return failed;
}
int fsync(int fd) { return watched("fsync", fd); }
int fdatasync(int fd) { return watched("fdatasync", fd); }
"""


def writer(path, first, count, group, limit=0):
    """A process that writes; its output is what was acknowledged."""
    command = [sys.executable, "-m", "tests.worlds.record_writer"]
    numbers = [str(number) for number in (first, count, group, limit)]
    pipe = subprocess.PIPE
    return subprocess.Popen([*command, str(path), *numbers], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def begin(*processes):
    """Let processes write, once all of them have opened the record."""
    for process in processes:
        assert process.stdout.readline() == "open\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.close()
        process.stdin = None  # so that `communicate` leaves it alone


def names_in(path):
    """The reports of a record in order of writing, after it was found whole."""
    with open_record(path) as record:
        verdict = verify(record)
        assert verdict.is_whole, str(verdict)
        return [event.body["name"] for event in events(record)]


def acknowledged(process, lines):
    """The next acknowledged reports, as many as asked for."""
    return [process.stdout.readline().strip() for _ in range(lines)]


def the_rest(process):
    """What a killed process had still acknowledged; a torn last line is no acknowledgement."""
    return process.stdout.read().split("\n")[:-1]


@pytest.mark.parametrize("group", [1, 7])
def test_what_was_acknowledged_survives_kill_9(tmp_path, group):
    """Killed at random moments, reopened, killed again: every acknowledged report is there, with its text."""
    chance = random.Random(group)
    path, kept = tmp_path / "night.db", []
    for run in range(3):
        process = writer(path, 1 + run * FOR_EVER // 10, FOR_EVER // 10, group)
        begin(process)
        kept += acknowledged(process, chance.randrange(1, 40))
        process.kill()
        kept += the_rest(process)
        process.wait()
        process.stdout.close()
        found = names_in(path)
        assert set(kept) <= set(found)
        assert len(found) == len(set(found))
        assert len(found) % group == 0  # a commit is whole or not there
    with open_record(path) as record:
        for name in (found[0], kept[-1], found[-1]):
            assert read_text(record, name) == f"text {int(name[2:])}"


def test_the_disk_at_any_moment_holds_what_was_acknowledged(tmp_path):
    """The files as a power cut would find them, taken while the writer stands still, open and are whole."""
    chance = random.Random(5)
    path = tmp_path / "night.db"
    process = writer(path, 1, FOR_EVER, 3)
    begin(process)
    kept, copies = [], []
    for number in range(6):
        kept += acknowledged(process, chance.randrange(2, 40))
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        copies.append((copy_files(path, tmp_path / f"copy{number}.db"), list(kept)))
        process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    process.stdout.close()
    for copy, known in copies:
        assert set(known) <= set(names_in(copy))


def test_a_write_ahead_log_cut_anywhere_is_a_shorter_record(tmp_path):
    """Cut back by bytes that had reached the disk, the rest is a good chain, and the witness tells what is missing."""
    chance = random.Random(6)
    path = tmp_path / "night.db"
    process = writer(path, 1, FOR_EVER, 2)
    begin(process)
    acknowledged(process, 60)
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    whole = copy_files(path, tmp_path / "whole.db")
    process.kill()
    process.wait()
    process.stdout.close()
    size = whole.with_name("whole.db-wal").stat().st_size
    assert size > 20_000
    for number in range(8):
        copy = copy_files(whole, tmp_path / f"cut{number}.db")
        os.truncate(copy.with_name(f"{copy.name}-wal"), chance.randrange(8000, size - 1))
        with open_record(copy) as record:
            verdict = verify(record)
            names = [event.body["name"] for event in events(record)]
        assert names == [f"r-{n:04d}" for n in range(1, len(names) + 1)]
        assert [flaw.key for flaw in verdict.flaws] == ["tail"]
        assert verdict.first_bad == len(names) + 1


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler to watch what reaches the disk")
def test_a_power_cut_takes_only_what_nobody_was_told(tmp_path, monkeypatch):
    """The write-ahead log cut back to its last fsync: every acknowledged report is there."""
    source, watcher = tmp_path / "synced.c", tmp_path / "synced.so"
    source.write_text(WATCHER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", watcher, source, "-ldl"], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(watcher))
    monkeypatch.setenv("SYNCED", str(tmp_path / "synced"))
    path = tmp_path / "night.db"
    process = writer(path, 1, FOR_EVER, 3)
    begin(process)
    kept = acknowledged(process, 100)
    process.kill()
    kept += the_rest(process)
    process.wait()
    process.stdout.close()
    monkeypatch.delenv("LD_PRELOAD")
    wal = path.with_name("night.db-wal")
    synced = int((tmp_path / "synced").read_text())
    assert 50_000 < synced <= wal.stat().st_size
    path.with_name("night.db-shm").unlink()
    os.truncate(wal, synced)
    assert set(kept) <= set(names_in(path))


def test_two_processes_write_one_chain(tmp_path):
    """Five hundred reports each at once: a thousand events, one chain, taking turns, no report lost."""
    path = tmp_path / "night.db"
    processes = [writer(path, first, 500, 10) for first in (1, 5001)]
    begin(*processes)
    told = [process.communicate()[0].split() for process in processes]
    names = names_in(path)
    assert len(names) == 1000
    for first, heard in zip((1, 5001), told, strict=True):
        mine = [f"r-{n:04d}" for n in range(first, first + 500)]
        assert heard == mine
        assert [name for name in names if name in set(mine)] == mine
    turns = sum(one[:3] != other[:3] for one, other in pairwise(names))
    assert turns >= 10, "one kept the other waiting"  # of at most 99; with the wait of SQLite alone it was 3


def test_two_processes_with_the_same_feed_keep_each_report_once(tmp_path):
    """Both read the same feed at once: every report is there once, and both were told that it is."""
    path = tmp_path / "night.db"
    processes = [writer(path, 1, 100, 4) for _ in range(2)]
    begin(*processes)
    told = [process.communicate()[0].split() for process in processes]
    mine = [f"r-{n:04d}" for n in range(1, 101)]
    assert told == [mine, mine]
    assert names_in(path) == mine


def test_a_disk_that_fills_refuses_aloud(tmp_path):
    """The writer is told that a report is refused; what it was told is kept is kept, and the record is whole."""
    path = tmp_path / "night.db"
    process = writer(path, 1, FOR_EVER, 1, 200_000)
    begin(process)
    told = process.communicate(timeout=60)[0].split("\n")
    assert told[-2] in {"refused record.full", "refused record.disk"}
    kept = told[:-2]
    assert len(kept) >= 5
    assert names_in(path) == kept


def copy_files(path, target):
    """The record's files as they are now, but for the shared memory, which a power cut does not leave."""
    for tail in ("", "-wal", ".witness", ".keys"):
        source = path.with_name(path.name + tail)
        if source.exists():
            shutil.copy(source, target.with_name(target.name + tail))
    return target
