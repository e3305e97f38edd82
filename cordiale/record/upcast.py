"""Old lines read in today's layout. The stored bytes, and so the chain, never change.

A step lifts the body of one type by one version. To change a layout: raise the version in `events.EVENT_TYPES`, add the
step here, and a stored line of the old version to the tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from cordiale.earth.errors import CordialeError
from cordiale.record.events import EVENT_TYPES, Body, Event

Step = Callable[[Body], dict[str, Any]]


def lifted(event: Event) -> Event:
    """The event with its body in the current layout; its hash stays that of the stored bytes.

    Raises
    ------
    CordialeError
        The line was written by a newer cordiale than this one.
    """
    kind = EVENT_TYPES.get(event.type)
    if kind is None or event.version == kind.version:
        return event
    if event.version > kind.version:
        raise CordialeError(
            "record.newer_event", id=event.id, type=event.type, version=event.version, known=kind.version
        )
    body: Body = event.body
    for version in range(event.version, kind.version):
        body = STEPS[event.type, version](body)
    return replace(event, version=kind.version, body=MappingProxyType(dict(body)))


def _persons_become_an_interval(body: Body) -> dict[str, Any]:
    """Version 1 held persons as one number; version 2 holds the least and the most."""
    persons = body.get("persons")
    if persons is None:
        return {name: value for name, value in body.items() if name != "persons"}
    return {**body, "persons": {"least": float(persons), "most": float(persons)}}


STEPS: Mapping[tuple[str, int], Step] = MappingProxyType({("report.received", 1): _persons_become_an_interval})
