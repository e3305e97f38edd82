"""Patterns of text that are compiled when they are first looked for: most are never needed by one command."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression as `re.compile` would make it, made at its first use."""

    pattern: str
    flags: int = 0

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the start of a text."""
        return _compiled(self.pattern, self.flags).match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return _compiled(self.pattern, self.flags).fullmatch(text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match anywhere in a text."""
        return _compiled(self.pattern, self.flags).search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in a text, one after the other."""
        return _compiled(self.pattern, self.flags).finditer(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """The text with its matches replaced."""
        return _compiled(self.pattern, self.flags).sub(by, text, count=count)

    def split(self, text: str, most: int = 0) -> list[str]:
        """The parts of a text between the matches."""
        return [part or "" for part in _compiled(self.pattern, self.flags).split(text, maxsplit=most)]


@cache
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)
