"""An order to a met-ocean service: what would be asked, word for word. A key or a password is never part of it.

Printing an order is the dry run. Who sends it is another matter: `cordiale.feeds.services`.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from cordiale.earth.instants import Span
from cordiale.earth.units import Instant, hours

Method = Literal["GET", "POST", "subset"]
_TOOLBOX: Final = "copernicusmarine.subset"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One question to a service: the address or data set, and the parameters in the words of its documentation.

    `method` is GET for parameters in the address, POST for parameters sent as a document, subset for the arguments of
    the Copernicus Marine toolbox. `suffix` says what kind of file the answer is.
    """

    service: str
    method: Method
    address: str
    parameters: tuple[tuple[str, Any], ...]
    suffix: Literal[".nc", ".json", ".grib2"]

    @property
    def url(self) -> str:
        """The address; with its parameters where they are part of it."""
        if self.method != "GET":
            return self.address
        return f"{self.address}?{urlencode(self.parameters, safe='(),:', quote_via=quote)}"

    @property
    def arguments(self) -> dict[str, Any]:
        """The parameters by name, as the service's own client takes them; of a name given twice the last."""
        return {key: value for key, value in self.parameters}

    @property
    def document(self) -> dict[str, Any] | None:
        """What is sent with a POST; None otherwise."""
        return {"inputs": self.arguments} if self.method == "POST" else None

    def __str__(self) -> str:
        if self.method == "GET":
            return f"GET {self.url}"
        if self.method == "POST":
            return f"POST {self.url} {json.dumps(self.document)}"
        return f"{_TOOLBOX}({', '.join(f'{key}={value!r}' for key, value in self.parameters)})"


Fetch = Callable[[Order, Path], None]  # writes the answer to an order to a path, or says why not


def hour_before(at: Instant) -> Instant:
    """The whole hour at or before an instant."""
    return math.floor(at / hours) * hours


def hour_after(at: Instant) -> Instant:
    """The whole hour at or after an instant."""
    return math.ceil(at / hours) * hours


def hours_of(span: Span) -> list[Instant]:
    """The whole hours that enclose a span, both ends included."""
    first, last = hour_before(span.earliest), hour_after(span.latest)
    return [first + k * hours for k in range(round((last - first) / hours) + 1)]
