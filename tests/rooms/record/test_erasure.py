"""A text can be erased; nothing else can."""

import hashlib
import stat

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.record.arrivals import Arrival, append_report, append_reports
from cordiale.record.bodies import report_of
from cordiale.record.erasure import erase_text, node_key, read_origin, read_text
from cordiale.record.events import Entry
from cordiale.record.keys import keep_keys, text_key
from cordiale.record.log import append, events, head, open_record
from cordiale.record.witness import verify
from tests.rooms.record.examples import NOW, PLAIN, numbered


def files_of(record):
    """Everything on the disk that belongs to the record, as one run of bytes."""
    return b"".join(path.read_bytes() for path in sorted(record.path.parent.glob(f"{record.path.name}*")))


def test_an_erased_text_is_gone_and_the_chain_is_whole(record):
    """The report, the event and its hash stay; the text and everything sealed with it cannot be read by anybody."""
    event = append_report(record, PLAIN, text="le texte", origin={"note": "x"}, recorded_at=NOW, by="feed")
    erased = erase_text(record, "r-0001", by="watch_officer", reason="retention period over", at=NOW + 60)
    assert (erased.type, erased.by, erased.because) == ("text.erased", "watch_officer", ("dover/1",))
    for read in (read_text, read_origin):
        with pytest.raises(CordialeError, match=r"'r-0001' was erased at 2021-11-24T12:01:00Z by watch_officer"):
            read(record, "r-0001")
    assert events(record) == (event, erased)
    assert report_of(events(record)[0].body) == PLAIN
    assert verify(record).is_whole


def test_the_key_is_nowhere_on_the_disk_afterwards(record):
    """Neither the key file nor its journal nor the record holds the destroyed key; the others are still there."""
    arrivals = [Arrival(report=numbered(n), text=f"text {n}") for n in range(1, 30)]
    append_reports(record, arrivals, recorded_at=NOW, by="feed")
    key, other = text_key(record, "r-0011"), text_key(record, "r-0012")
    assert key in files_of(record)
    with record.keys.with_name(f"{record.keys.name}-journal").open("ab") as journal:
        journal.write(key)  # as an earlier, longer commit may have left it
    erase_text(record, "r-0011", by="watch_officer", reason="asked for", at=NOW)
    assert key not in files_of(record)
    assert other in files_of(record)
    assert read_text(record, "r-0012") == "text 12"


def test_an_erased_text_does_not_come_back(record):
    """The same feed read once more finds its report there, and its text stays erased."""
    origin = {"sha256": hashlib.sha256(b"line").hexdigest()}
    append_report(record, PLAIN, text="le texte", origin=origin, recorded_at=NOW, by="feed")
    erase_text(record, "r-0001", by="watch_officer", reason="asked for", at=NOW)
    for again in (origin, {"sha256": "00"}, None):
        append_report(record, PLAIN, text="le texte", origin=again, recorded_at=NOW, by="feed")
    assert head(record)[0] == 2
    with pytest.raises(CordialeError, match="was erased"):
        read_text(record, "r-0001")


def test_an_erasure_that_a_crash_interrupted_is_finished(record):
    """Written down but not done: nobody reads the text, and the next opening destroys the key."""
    append_report(record, PLAIN, text="le texte", recorded_at=NOW, by="feed")
    key = text_key(record, "r-0001")
    body = {"report": "r-0001", "reason": "asked for"}
    append(record, Entry(type="text.erased", body=body, at=NOW, received=NOW, by="watch_officer"), recorded_at=NOW)
    assert text_key(record, "r-0001") == key
    with pytest.raises(CordialeError, match="was erased"):
        read_text(record, "r-0001")
    with open_record(record.path) as reopened:
        assert text_key(reopened, "r-0001") is None
    assert key not in files_of(record)


def test_erasing_twice_is_one_erasure(record):
    """The second time gives the first event back."""
    append_report(record, PLAIN, text="le texte", recorded_at=NOW, by="feed")
    first = erase_text(record, "r-0001", by="watch_officer", reason="asked for", at=NOW)
    assert erase_text(record, "r-0001", by="supervisor", reason="again", at=NOW + 1) == first
    assert head(record)[0] == 2


def test_an_erasure_needs_a_report_and_a_reason(record):
    """Both are said in the error."""
    with pytest.raises(CordialeError, match="no report 'r-0001'"):
        erase_text(record, "r-0001", by="watch_officer", reason="asked for", at=NOW)
    append_report(record, PLAIN, text="le texte", recorded_at=NOW, by="feed")
    with pytest.raises(CordialeError, match="no reason"):
        erase_text(record, "r-0001", by="watch_officer", reason=" ", at=NOW)
    assert read_text(record, "r-0001") == "le texte"


def test_a_report_without_a_text_has_none(record):
    """None is not an error, an unknown report is."""
    append_report(record, PLAIN, recorded_at=NOW, by="feed")
    assert read_text(record, "r-0001") is None
    with pytest.raises(CordialeError, match="r-0002"):
        read_text(record, "r-0002")


def test_without_the_key_file_no_text_is_read(record):
    """The key file lost: the error names its path; the record itself is whole. A foreign key does not open the text."""
    append_report(record, PLAIN, text="le texte", recorded_at=NOW, by="feed")
    record.keys.unlink()
    with pytest.raises(CordialeError, match=r"no key file .*night\.db\.keys"):
        read_text(record, "r-0001")
    node_key(record)  # makes a new key file
    with pytest.raises(CordialeError, match="no key for the text"):
        read_text(record, "r-0001")
    assert verify(record).is_whole


def test_a_text_opens_only_with_its_own_key_and_name(record):
    """Swapping the keys of two texts opens neither."""
    append_reports(record, [Arrival(report=numbered(n), text=f"{n}") for n in (1, 2)], recorded_at=NOW, by="feed")
    record_keys = {name: text_key(record, name) for name in ("r-0001", "r-0002")}
    assert record_keys["r-0001"] != record_keys["r-0002"]
    record.keys.unlink()
    keep_keys(record, {"r-0001": record_keys["r-0002"], "r-0002": record_keys["r-0001"]})
    for name in record_keys:
        with pytest.raises(CordialeError, match="does not open with its key"):
            read_text(record, name)


def test_the_node_key_is_drawn_once_and_is_the_owners_alone(record):
    """32 secret bytes, the same in every process, in a file that only its owner reads."""
    key = node_key(record)
    assert len(key) == 32
    with open_record(record.path) as other:
        assert node_key(other) == key
    assert stat.S_IMODE(record.keys.stat().st_mode) == 0o600


def test_chance_is_passed_in(tmp_path):
    """With given bytes the ciphertext is the same in two records, so a test can hold it."""
    boxes = []
    for name in ("a.db", "b.db"):
        with open_record(tmp_path / name, draw=lambda count: b"\x07" * count) as record:
            event = append_report(record, PLAIN, text="le texte", recorded_at=NOW, by="feed")
            boxes.append(event.body["sealed"])
    assert boxes[0] == boxes[1]
