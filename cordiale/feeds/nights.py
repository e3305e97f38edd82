"""The nights that are packaged with the program: a feed each, with a notice to be read before its replay."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.units import Instant
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import FeedLine
from cordiale.words import Language

LONG_AFTER: Instant = utc("2100-01-01")  # a packaged night lies in the past: nothing in it is in the future


def packaged_nights() -> tuple[str, ...]:
    """The names of the packaged nights, in order of their dates.

    >>> "2021-11-24" in packaged_nights()
    True
    """
    root = files("cordiale").joinpath("nights")
    if not root.is_dir():
        return ()
    return tuple(sorted(night.name for night in root.iterdir() if night.joinpath("feed.jsonl").is_file()))


def open_night(name: str, *, now: Instant = LONG_AFTER, key: bytes | None = None) -> tuple[FeedLine, ...]:
    """Every line of a packaged night, in order of receipt; raises `CordialeError` for a name that is none."""
    with _file(name, "feed.jsonl").open("rb") as lines:
        return tuple(read_feed(lines, now=now, key=key))


def night_notice(name: str, language: Language = "en") -> Mapping[str, str]:
    """The notice of a packaged night: its `title` and its `text`, and what else its file says in this language."""
    file = _file(name, "notice.toml")
    if not file.is_file():
        return {"title": name, "text": ""}
    said = tomllib.loads(file.read_text(encoding="utf-8")).get(language, {})
    return {key: str(value) for key, value in said.items()}


def _file(name: str, file: str) -> Traversable:
    if name not in packaged_nights():
        raise CordialeError("feeds.no_night", name=name, known=", ".join(packaged_nights()) or "-")
    return files("cordiale").joinpath("nights", name, file)
