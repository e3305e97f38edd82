"""The original text of a report can be erased and the chain stays whole.

The text, and whatever else of the input might name somebody, is encrypted (AES-256-GCM) under a key of its own. The
record holds the ciphertext and its hash for ever; the key lies in the key file. To erase a text is to destroy its key.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.earth.units import Instant
from cordiale.record.events import Entry, Event, canonical, spelt
from cordiale.record.keys import KEY_BYTES, destroy_keys, node_key, text_key
from cordiale.record.log import events_about, find, insert, writing
from cordiale.record.schema import Record

__all__ = ["erase_text", "node_key", "read_origin", "read_text", "sealed", "sealed_of", "unsealed"]
_NONCE_BYTES = 12


def sealed(
    record: Record, name: str, secret: Mapping[str, Any], key: bytes | None = None
) -> tuple[dict[str, str], bytes]:
    """What the record keeps of `secret` (JSON values) for the report `name`, and the key that opens it: a new one, or
    the one that the report has.
    """
    key, nonce = key or record.draw(KEY_BYTES), record.draw(_NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, canonical(secret), spelt(name).encode())
    return {
        "nonce": base64.b64encode(nonce).decode(),
        "ciphertext": base64.b64encode(ciphertext).decode(),
        "sha256": hashlib.sha256(ciphertext).hexdigest(),
    }, key


def unsealed(box: Mapping[str, str], name: str, key: bytes) -> dict[str, Any]:
    """What was sealed; a wrong key or a changed ciphertext is refused."""
    nonce, ciphertext = (base64.b64decode(box[part]) for part in ("nonce", "ciphertext"))
    try:
        plain = AESGCM(key).decrypt(nonce, ciphertext, spelt(name).encode())
    except InvalidTag:
        raise CordialeError("record.wrong_key", name=name) from None
    return dict(json.loads(plain))


def read_origin(record: Record, name: str) -> dict[str, Any]:
    """All that was kept of the input of a report beside the report: `text`, `sha256`, `problems`, fields not known.

    Raises
    ------
    CordialeError
        No such report, the text was erased (and when), or its key is not here.
    """
    event = _received(record, name)
    for other in events_about(record, name):
        if other.type == "text.erased":
            raise CordialeError("record.erased", name=name, at=iso(other.at), by=other.by)
    box = sealed_of(record, event)
    if box is None:
        return {}
    key = text_key(record, spelt(name))
    if key is None:
        raise CordialeError("record.erased", name=name, at="?", by="?")
    return unsealed(box, name, key)


def sealed_of(record: Record, received: Event) -> Mapping[str, str] | None:
    """What came sealed with a report; where it came again with its words, both; None where nothing was."""
    boxes = [
        event.body["sealed"] for event in events_about(record, str(received.subject)) if event.type == "text.added"
    ]
    box: Mapping[str, str] | None = boxes[-1] if boxes else received.body.get("sealed")
    return box


def read_text(record: Record, name: str) -> str | None:
    """The original text of a report; None when it came without one. Errors as `read_origin`."""
    text = read_origin(record, name).get("text")
    return None if text is None else str(text)


def erase_text(record: Record, name: str, *, by: str, reason: str, at: Instant) -> Event:
    """Erase the original text of a report: write down that it was, then destroy its key. The report itself stays.

    Parameters
    ----------
    by, reason : str
        The role that erases and why, without a name in it: both stay for ever.
    at : Instant
        Now. Erasing again finishes what a crash interrupted and gives the first erasure back.
    """
    original = _received(record, name)
    if not reason.strip():
        raise CordialeError("record.no_reason", name=name)
    with writing(record):
        known = [event for event in events_about(record, name) if event.type == "text.erased"]
        event = known[0] if known else insert(record, _erasure(original, name, by, reason, at), recorded_at=at)
    destroy_keys(record, [spelt(name)])
    return event


def _erasure(original: Event, name: str, by: str, reason: str, at: Instant) -> Entry:
    body = {"report": name, "reason": reason}
    return Entry(type="text.erased", body=body, at=at, received=at, by=by, because=(original.id,))


def _received(record: Record, name: str) -> Event:
    event = find(record, name=name)
    if event is None:
        raise CordialeError("record.no_report", name=name)
    return event
