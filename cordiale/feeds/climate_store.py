"""The Climate Data Store works on orders: hand one in, ask until it is done, fetch the file. ERA5 comes from there.

Over the web with the standard library, as OGC API Processes; no client of the store is needed. Written after the
documentation and not tried against the store.

Source: OGC API Processes part 1 (18-062r2), clauses 7.11 to 7.13; Climate Data Store, documentation of its API: the
header PRIVATE-TOKEN, the states of a job, the address of the file under `asset.value.href`.
"""

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Seconds
from cordiale.feeds.order import Order
from cordiale.feeds.service_keys import Secret, without_secrets
from cordiale.feeds.web import Patience, Question, document_of, download

HEADER: Final = "PRIVATE-TOKEN"
_FIRST_PAUSE: Final[Seconds] = 1.0
_LONGEST_PAUSE: Final[Seconds] = 60.0
_GROWTH: Final = 1.5
_WAITING: Final = ("accepted", "running")


def fetch_from_store(order: Order, path: Path, secret: Secret, patience: Patience) -> None:
    """Write the file that the store makes for an order; raises where the job fails or takes longer than is waited."""

    def ask(url: str, document: Any = None) -> dict[str, Any]:
        question = Question(service=order.service, url=url, header=HEADER, secret=secret, document=document)
        return document_of(question, patience)

    job = ask(order.url, order.document)
    name = str(job.get("jobID", ""))
    if not re.fullmatch(r"[\w-]{1,100}", name):
        raise _failed(order, f"no jobID in the answer, but {sorted(job)}", secret)
    address = f"{order.url.partition('/processes/')[0]}/jobs/{name}"
    waited, pause = 0.0, _FIRST_PAUSE
    while (status := str(job.get("status"))) in _WAITING:
        if waited + pause > patience.job:
            raise CordialeError("feeds.service_slow", service=order.service, job=name, minutes=waited / 60)
        patience.pause(pause)
        waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_PAUSE)
        job = ask(address)
    if status != "successful":
        raise _failed(order, f"{status}: {_why(ask, address)}", secret)
    result = ask(f"{address}/results")
    try:
        asset = result["asset"]["value"]
        href, size = urljoin(order.url, str(asset["href"])), asset.get("file:size")
    except (KeyError, TypeError, AttributeError) as error:
        raise _failed(order, f"no file in the answer, but {sorted(result)}", secret) from error
    download(Question(service=order.service, url=href), path, patience)  # the file lies elsewhere: no key goes there
    if isinstance(size, int) and path.stat().st_size != size:
        received = path.stat().st_size
        path.unlink()
        raise CordialeError("feeds.service_cut", service=order.service, received=received, wanted=f"{size} bytes")


def _why(ask: Any, address: str) -> str:
    """What the store says of a job that failed: that is its result, be it as an error or as a document."""
    try:
        told = ask(f"{address}/results")
    except CordialeError as error:
        return str(error.values.get("reason", error.problem()))
    return "; ".join(str(told[key]) for key in ("title", "detail", "traceback") if key in told)


def _failed(order: Order, reason: str, secret: Secret) -> CordialeError:
    return CordialeError(
        "feeds.service_job", service=order.service, reason=without_secrets(reason, (secret,))[:600], order=order
    )
