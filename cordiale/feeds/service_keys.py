"""Keys and passwords of met-ocean services: from the environment or from a file, and from there into nothing else.

A secret prints as `(secret)`. It goes into the header of a request to the service it belongs to, over an encrypted
connection, and into no record, file, error or log; `without_secrets` takes it out of what a service sends back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from cordiale.earth.errors import CordialeError

_NAMED: Final = re.compile(r"\s*([A-Za-z_]+)\s*[:=]\s*(\S.*?)\s*")
_COMMON: Final = ("key", "apikey", "token", "username", "password")  # what services' own files call them
_SHOWN: Final = "(secret)"


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A key or a password; only `reveal` gives it away."""

    _value: str

    def reveal(self) -> str:
        """The key itself, for the header of a request."""
        return self._value

    def __str__(self) -> str:
        return _SHOWN

    __repr__ = __str__


def secrets_of(
    service: str, names: Sequence[str], environment: Mapping[str, str], path: str | Path | None = None
) -> tuple[Secret, ...]:
    """The secrets that a service needs, in the order of `names` (environment variables); from a file if one is given.

    A file has a line for each: the secret alone, or `NAME=secret` or `key: secret`; lines that begin with # do not
    count. Raises CordialeError by name, never by value: one that is missing, or one that can be no key.
    """
    found = dict(environment) if path is None else _of_file(path, names)
    secrets = []
    for name in names:
        value = found.get(name, "").strip()
        if not value:
            raise CordialeError("feeds.service_key", service=service, name=name, names=", ".join(names))
        if not value.isprintable() or not value.isascii() or (" " in value and "PASSWORD" not in name):
            raise CordialeError("feeds.service_key_odd", service=service, name=name, length=len(value))
        secrets.append(Secret(value))
    return tuple(secrets)


def without_secrets(text: str, secrets: Sequence[Secret]) -> str:
    """A text of a service with every secret taken out, as such and as it stands in an address."""
    for secret in secrets:
        for form in (secret.reveal(), quote(secret.reveal(), safe="")):
            text = text.replace(form, _SHOWN)
    return text


def _of_file(path: str | Path, names: Sequence[str]) -> dict[str, str]:
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text"
        raise CordialeError("feeds.service_key_file", path=path, reason=reason) from None
    found: dict[str, str] = {}
    bare: list[str] = []
    for line in lines:
        named = _NAMED.fullmatch(line)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if named and (named[1] in names or named[1].lower() in (*_COMMON, "url")):
            found[named[1]] = named[2]
        else:
            bare.append(line.strip())
    lower = {key.lower(): value for key, value in found.items()}
    common = [lower[word] for word in _COMMON if word in lower]
    for name, value in zip([n for n in names if n not in found], [*common, *bare], strict=False):
        found[name] = value
    return found
