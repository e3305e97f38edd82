"""Every word a person reads, in English and in French.

Rooms never write sentences. They return a key and values; this room renders them from `en.toml` or `fr.toml`.
"""

import string
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All texts of one language as `{"room.key": text}`; nested tables become dotted keys."""
    with files(__name__).joinpath(f"{language}.toml").open("rb") as file:
        return dict(_flatten(tomllib.load(file), ""))


def say(key: str, language: Language = "en", **values: object) -> str:
    """The text of `key` with `values` filled in.

    The catalogue formats the numbers (`{speed_kn:.1f}`); French prints them with a decimal comma.
    A missing key or value is a defect of the program: it raises `KeyError`, and `tests/house` looks for it first.
    """
    return _FORMATTERS[language].vformat(catalogue(language)[key], (), values)


def _flatten(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, entry in table.items():
        if isinstance(entry, dict):
            pairs.extend(_flatten(entry, f"{prefix}{name}."))
        else:
            pairs.append((f"{prefix}{name}", str(entry)))
    return pairs


class _DecimalComma(string.Formatter):
    """Formats numbers as a French reader writes them: 2,1 rather than 2.1."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One replacement field; only numbers given a numeric format change."""
        text = str(super().format_field(value, format_spec))
        if isinstance(value, float) and format_spec:
            return text.replace(".", ",")
        return text


_FORMATTERS: dict[Language, string.Formatter] = {"en": string.Formatter(), "fr": _DecimalComma()}
