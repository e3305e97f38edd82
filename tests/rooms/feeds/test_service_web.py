"""Asking services over the web: time limits, tries, errors and secrets, against a server on this machine."""

import json
import pickle
import threading

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import minutes
from cordiale.feeds import web
from cordiale.feeds.service_keys import Secret, secrets_of, without_secrets
from cordiale.feeds.web import Patience, Question, download
from tests.rooms.feeds.answers import self_signed, server

KEY = "s3cr3t+key/of-somebody="
GOOD = (200, {"Content-Type": "application/json"}, b'[{"latitude": 50.5}]')


def patient(**changed):
    """A patience whose pauses take no time, and the list of them."""
    pauses = []
    return Patience(timeout=changed.pop("timeout", 5.0), pause=pauses.append, **changed), pauses


def get(url, path, patience, secret=None):
    """Download an address of the server as the file of a service."""
    question = Question(service="open-meteo", url=f"{url}/v1/forecast?a=1", header="apikey", secret=secret)
    download(question, path, patience)


def test_an_answer_is_written_whole_with_the_key_in_its_header(tmp_path):
    """The bytes of the answer, under the name they were to have, and nothing beside it."""
    patience, pauses = patient()
    with server(GOOD) as (url, asked):
        get(url, tmp_path / "a.json", patience, Secret(KEY))
    assert (tmp_path / "a.json").read_bytes() == GOOD[2]
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert asked[0].headers["apikey"] == KEY
    assert "cordiale" in asked[0].headers["user-agent"]
    assert pauses == []


@pytest.mark.parametrize(("status", "first"), [(429, 20.0), (500, 2.0), (502, 2.0), (503, 2.0), (504, 2.0)])
def test_a_fault_that_passes_is_asked_again_after_longer_and_longer_pauses(tmp_path, status, first):
    """Two faults, then the answer: pauses of 2 and 4 s; of 20 and 40 s where requests are counted by the minute."""
    fault = (status, {}, b'{"error": true, "reason": "Minutely limit"}')
    patience, pauses = patient()
    with server(fault, fault, GOOD) as (url, asked):
        get(url, tmp_path / "a.json", patience)
    assert len(asked) == 3
    assert pauses == [first, 2 * first]


def test_a_service_that_stays_at_fault_is_given_up_after_the_stated_tries(tmp_path):
    """The status and its own reason stand in the message, and nothing is written."""
    patience, _ = patient(tries=3)
    with (
        server((500, {}, b"<html><b>out of order</b></html>")) as (url, asked),
        pytest.raises(CordialeError, match="HTTP 500: out of order") as caught,
    ):
        get(url, tmp_path / "a.json", patience)
    assert caught.value.key == "feeds.service_error"
    assert len(asked) == 3
    assert list(tmp_path.iterdir()) == []


RETRY_AFTER = {
    "seconds": ({"Retry-After": 30}, [30.0]),
    "a date": (
        {"Retry-After": "Wed, 24 Nov 2021 02:01:30 GMT", "Date": "Wed, 24 Nov 2021 02:01:00 GMT"},
        None,  # the server adds a date of its own, so that only the count is sure
    ),
    "nonsense": ({"Retry-After": "soon"}, [20.0]),
    "less than our own": ({"Retry-After": 1}, [2.0]),
}


@pytest.mark.parametrize("name", list(RETRY_AFTER))
def test_a_service_says_how_long_to_wait(tmp_path, name):
    """`Retry-After` in seconds or as a date; never less than one's own pause."""
    headers, expected = RETRY_AFTER[name]
    patience, pauses = patient()
    with server((429, headers, b""), GOOD) as (url, _):
        get(url, tmp_path / "a.json", patience)
    assert len(pauses) == 1
    assert expected is None or pauses == expected


def test_a_service_that_wants_a_long_pause_is_not_asked_again(tmp_path):
    """A day's allowance that is used up: the message says how long, at once."""
    patience, pauses = patient()
    with (
        server((429, {"Retry-After": 7200}, b'{"error": true, "reason": "Daily limit"}')) as (url, asked),
        pytest.raises(CordialeError, match=r"Daily limit.*7200 s") as caught,
    ):
        get(url, tmp_path / "a.json", patience)
    assert caught.value.key == "feeds.service_limit"
    assert (len(asked), pauses) == (1, [])


@pytest.mark.parametrize(
    ("status", "key"),
    [(400, "service_error"), (401, "service_refused"), (403, "service_refused"), (404, "service_error")],
)
def test_what_will_not_pass_is_asked_once(tmp_path, status, key):
    """A wrong question, a wrong key, a page that is not there."""
    patience, pauses = patient()
    told = json.dumps({"title": "not so", "detail": "required licences not accepted"}).encode()
    with server((status, {}, told)) as (url, asked), pytest.raises(CordialeError) as caught:
        get(url, tmp_path / "a.json", patience)
    assert caught.value.key == f"feeds.{key}"
    assert "required licences not accepted; not so" in str(caught.value)
    assert (len(asked), pauses) == (1, [])


def test_silence_ends_at_the_time_limit(tmp_path):
    """A server that accepts and says nothing is left after the stated time, and after the stated tries."""
    patience, pauses = patient(timeout=0.05, tries=2)
    over = threading.Event()

    def silent(request):
        over.wait(10)
        return GOOD

    with server(silent) as (url, _):
        with pytest.raises(CordialeError, match=r"does not answer at 127\.0\.0\.1 \(tries: 2\)") as caught:
            get(url, tmp_path / "a.json", patience)
        over.set()
    assert "timed out" in str(caught.value)
    assert pauses == [2.0]


def test_an_answer_that_drips_ends_at_the_limit_for_the_whole(tmp_path):
    """Bytes that keep coming do not keep a person waiting for ever; the clock here is not the one on the wall."""
    ticks = iter(range(0, 10**6, 400))
    patience, _ = patient(tries=1, whole=10 * minutes, clock=lambda: float(next(ticks)))
    with server((200, {}, b"[" + b" " * 1_000_000)) as (url, _), pytest.raises(CordialeError, match="within 600 s"):
        get(url, tmp_path / "a.json", patience)


def test_nobody_at_the_address_is_said_with_the_host(tmp_path):
    """A port on which nobody listens."""
    with server(GOOD) as (url, _):
        pass
    patience, pauses = patient(tries=2)
    with pytest.raises(CordialeError, match=r"127\.0\.0\.1 \(tries: 2\): .*refused"):
        get(url, tmp_path / "a.json", patience)
    assert len(pauses) == 1


def test_an_answer_cut_short_is_asked_again_and_then_refused(tmp_path):
    """Fewer bytes than announced; a whole GRIB ends with 7777."""
    cut = (200, {"Content-Length": 500}, b"[1, 2")
    patience, pauses = patient()
    with server(cut, GOOD) as (url, _):
        get(url, tmp_path / "a.json", patience)
    assert pauses == [2.0]
    patience, _ = patient(tries=2)
    with server(cut) as (url, _), pytest.raises(CordialeError, match="after 5 bytes; 500 bytes"):
        get(url, tmp_path / "b.json", patience)
    with server((200, {}, b"GRIB and no end")) as (url, _), pytest.raises(CordialeError, match="end of a GRIB"):
        get(url, tmp_path / "b.grib2", patience)
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("suffix", [".nc", ".json", ".grib2"])
def test_a_page_where_a_field_was_asked_is_refused_in_its_own_words(tmp_path, suffix):
    """A login page with status 200; its kind and its first words are said, and the file is not written."""
    patience, pauses = patient()
    page = (200, {"Content-Type": "text/html"}, b"<html><h1>Please sign in</h1></html>")
    with server(page) as (url, _), pytest.raises(CordialeError, match=r"text/html.*Please sign in") as caught:
        get(url, tmp_path / f"a{suffix}", patience)
    assert caught.value.key == "feeds.service_content"
    assert (list(tmp_path.iterdir()), pauses) == ([], [])


def test_an_answer_beyond_all_bounds_is_not_taken_in(tmp_path):
    """Announced or not: it stops at the bound."""
    patience, _ = patient(most_bytes=1000)
    for length in (5000, None):
        large = (200, {"Content-Length": length, "Connection": "close"}, b"[" * 5000)
        with server(large) as (url, _), pytest.raises(CordialeError, match="larger than"):
            get(url, tmp_path / "a.json", patience)


def test_a_key_is_not_handed_on_to_where_a_service_redirects(tmp_path):
    """The second server sees the question and not the key."""
    patience, _ = patient()
    with server(GOOD) as (elsewhere, seen), server((302, {"Location": f"{elsewhere}/moved"}, b"")) as (url, asked):
        get(url, tmp_path / "a.json", patience, Secret(KEY))
    assert asked[0].headers["apikey"] == KEY
    assert "apikey" not in seen[0].headers
    assert KEY not in str(seen[0].headers)


def test_an_answer_from_where_a_redirection_left_encryption_is_not_taken(tmp_path, monkeypatch):
    """Only the first address counts as this machine here; the second is as any in the clear."""
    monkeypatch.setattr(web, "_HERE", frozenset({"127.0.0.1"}))
    with server(GOOD) as (elsewhere, _):
        moved = (302, {"Location": elsewhere.replace("127.0.0.1", "localhost")}, b"")
        with server(moved) as (url, _), pytest.raises(CordialeError, match="at localhost without encryption"):
            get(url, tmp_path / "a.json", patient()[0])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["http://example.org/a", "file:///etc/hostname", "ftp://127.0.0.1/a"])
def test_a_key_goes_over_an_encrypted_connection_or_not_at_all(tmp_path, url):
    """Neither in the clear nor to anything but the web; the key is not in the message."""
    patience, _ = patient()
    with pytest.raises(CordialeError, match="encryption") as caught:
        download(Question(service="x", url=url, header="apikey", secret=Secret(KEY)), tmp_path / "a.json", patience)
    assert KEY not in str(caught.value)
    with pytest.raises(CordialeError, match="encryption"):
        download(Question(service="x", url=url), tmp_path / "a.json", patience)


def test_a_server_that_cannot_prove_who_it_is_gets_no_key(tmp_path):
    """A certificate that nobody vouches for: refused at the first try, before anything is sent."""
    patience, pauses = patient()
    with server(GOOD, certificate=self_signed(tmp_path)) as (url, asked), pytest.raises(CordialeError) as caught:
        get(url, tmp_path / "a.json", patience, Secret(KEY))
    assert url.startswith("https://")
    assert caught.value.key == "feeds.service_certificate"
    assert (asked, pauses) == ([], [])


def test_a_secret_shows_itself_nowhere():
    """Printed, formatted, in a list or in a question it is `(secret)`."""
    secret = Secret(KEY)
    question = Question(service="x", url="https://example.org", header="apikey", secret=secret)
    assert KEY not in f"{secret} {secret!r} {[secret]} {question} {question!r}"
    assert secret.reveal() == KEY
    assert without_secrets(f"key {KEY} and s3cr3t%2Bkey%2Fof-somebody%3D", [secret]) == "key (secret) and (secret)"
    assert pickle.loads(pickle.dumps(secret)).reveal() == KEY


def test_a_service_that_echoes_the_key_does_not_bring_it_into_a_message(tmp_path):
    """In an error, in a page, and in the reason of a failed job."""
    patience, _ = patient(tries=1)
    for answer in ((401, {}, f"no such key: {KEY}".encode()), (200, {}, f"hello {KEY}".encode())):
        with server(answer) as (url, _), pytest.raises(CordialeError) as caught:
            get(url, tmp_path / "a.json", patience, Secret(KEY))
        assert KEY not in str(caught.value) + caught.value.text("fr")
        assert "(secret)" in str(caught.value)


FILES = {
    "alone": KEY,
    "by its name": f"# of the portal\nTHE_KEY={KEY}\n",
    "as cdsapi has it": f"url: https://cds.climate.copernicus.eu/api\nkey: {KEY}\n",
    "with a mark of order": f"\ufeff{KEY}\r\n",
}


@pytest.mark.parametrize("name", list(FILES))
def test_a_key_is_read_from_a_file(tmp_path, name):
    """Alone on its line, by name, or as the file of a service's own client."""
    path = tmp_path / "key"
    path.write_bytes(FILES[name].encode())
    (secret,) = secrets_of("x", ("THE_KEY",), {}, path)
    assert secret.reveal() == KEY


def test_a_user_name_and_a_password_are_read_in_their_order(tmp_path):
    """On two lines, by their common names in any order, or from the environment."""
    names = ("X_USERNAME", "X_PASSWORD")
    path = tmp_path / "account"
    for text in ("anna\nopen sea\n", "password: open sea\nusername: anna\n", "X_PASSWORD=open sea\nX_USERNAME=anna\n"):
        path.write_text(text)
        assert [s.reveal() for s in secrets_of("x", names, {}, path)] == ["anna", "open sea"]
    environment = {"X_USERNAME": "anna", "X_PASSWORD": "open sea"}
    assert [s.reveal() for s in secrets_of("x", names, environment)] == ["anna", "open sea"]


def test_a_key_that_is_missing_or_can_be_none_is_said_by_name_only(tmp_path):
    """Missing, empty, of two lines, with a space; no file; the value is never in the message."""
    with pytest.raises(CordialeError, match="needs THE_KEY"):
        secrets_of("x", ("THE_KEY",), {"THE_KEY": "  "})
    for odd in ("abc\ndef-secret", "abc def-secret", "clé-secret"):
        with pytest.raises(CordialeError, match="can be no key") as caught:
            secrets_of("x", ("THE_KEY",), {"THE_KEY": odd})
        assert "secret" not in caught.value.problem()
    with pytest.raises(CordialeError, match="No such file"):
        secrets_of("x", ("THE_KEY",), {}, tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00key")
    with pytest.raises(CordialeError, match="not a text") as caught:
        secrets_of("x", ("THE_KEY",), {}, tmp_path / "binary")
    assert caught.value.__context__ is None or caught.value.__suppress_context__
