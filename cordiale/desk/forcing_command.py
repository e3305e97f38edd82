"""`cordiale forcing`: fetch wind or current from a service, show what a file of forcing holds, list the services."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.desk.options import now, read_duration, read_time
from cordiale.desk.progress import Progress
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu, iso, utc
from cordiale.earth.units import minutes
from cordiale.feeds.forcing_file import read_slip, slip_fits, slip_of
from cordiale.feeds.order import Order
from cordiale.feeds.service_keys import secrets_of
from cordiale.feeds.services import SERVICES, Service, fetch_over_network, orders_for, retrieve, service_of
from cordiale.feeds.web import Patience
from cordiale.sea.cf import STRAIT, open_current, open_scalar, open_stokes, open_wind
from cordiale.sea.cf_names import SCALARS
from cordiale.sea.grid import GriddedField
from cordiale.sea.tide import Window, load_tide
from cordiale.sea.wind import wind_of_the_night
from cordiale.words import Language, say

_EVERYWHERE: Final = Window(south=-90.0, north=90.0, west=-180.0, east=180.0)
_VECTORS: Final = {"wind": open_wind, "current": open_current, "stokes": open_stokes}
_MOST_TRIES: Final = 20


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The actions of `cordiale forcing` and their arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=say("desk.forcing.action", language))

    def words(name: str) -> str:
        return say(f"desk.forcing.{name}", language)

    fetch = actions.add_parser("fetch", help=words("fetch"), description=words("fetch"))
    add = fetch.add_argument
    add("service", help=words("service"))
    add("--from", dest="begin", required=True, metavar="TIME", help=words("begin"))
    add("--to", dest="end", required=True, metavar="TIME", help=words("end"))
    add("--out", required=True, metavar="FILE.nc", help=words("out"))
    add("--window", metavar="S,N,W,E", help=words("window"))
    add("--step", type=float, metavar="0.25", help=words("step"))
    add("--run", metavar="TIME", help=words("run"))
    add("--key-file", metavar="FILE", help=words("key_file"))
    add("--answers", metavar="FOLDER", help=words("answers"))
    add("--timeout", default="60s", metavar="60s", help=words("timeout"))
    add("--tries", type=int, default=4, metavar="N", help=words("tries"))
    add("--dry-run", action="store_true", help=words("dry_run"))
    show = actions.add_parser("show", help=words("show"), description=words("show"))
    show.add_argument("file", nargs="?", help=words("file"))
    show.add_argument("--window", metavar="S,N,W,E", help=words("part"))
    show.add_argument("--json", action="store_true", help=say("desk.option.json", language))
    actions.add_parser("services", help=words("services"), description=words("services"))


def run(options: argparse.Namespace, language: Language) -> int:
    """Do one action; 1 when what a file holds has gaps or something in it cannot be used."""
    if options.action == "services":
        for service in SERVICES.values():
            print(_offer(service, _keys(service, None, language), language))
        print(say("desk.forcing.untried", language))
        return 0
    if options.action == "show":
        if options.file is None:
            return _packaged(options, language)
        part = _EVERYWHERE if options.window is None else _window(options.window)
        return _show(options.file, part, options.json, language)
    return _fetch(options, language)


def _fetch(options: argparse.Namespace, language: Language) -> int:
    service, at = service_of(options.service), now()
    begin = read_time(options.begin)
    end = read_time(options.end, reference=begin)
    if end < begin:
        raise CordialeError("desk.forcing_order", begin=iso(begin), end=iso(end))
    span, window = Span(earliest=begin, latest=end), _window(options.window)
    if not 1 <= options.tries <= _MOST_TRIES:
        raise CordialeError("desk.forcing_number", option="--tries", value=options.tries)
    patience = Patience(timeout=read_duration(options.timeout), tries=options.tries)
    start = None if options.run is None else read_time(options.run, reference=begin)
    orders = orders_for(service, window, span, now=at, step=options.step, run=start)
    if options.dry_run:
        _print_dry_run(options, service, orders, patience, language)
        return 0
    secrets = secrets_of(service.name, service.names, os.environ, options.key_file)
    fetch = fetch_over_network(service, secrets, patience)
    shown = Progress(sys.stderr, language)
    try:
        retrieve(
            service,
            orders,
            window,
            span,
            options.out,
            fetch=fetch,
            now=at,
            answers=options.answers,
            progress=lambda done: shown.show(done / len(orders), service.name),
        )
    finally:
        shown.end()
    return _show(options.out, _EVERYWHERE, False, language)


def _print_dry_run(
    options: argparse.Namespace, service: Service, orders: Sequence[Order], patience: Patience, language: Language
) -> None:
    print(say("desk.forcing.dry", language))
    print(_offer(service, _keys(service, options.key_file, language), language))
    print(say("desk.forcing.limits", language, timeout=patience.timeout, tries=patience.tries))
    print(say("desk.forcing.target", language, path=options.out, slip=slip_of(options.out)))
    print(say("desk.forcing.requests", language, count=len(orders)))
    for order in orders:
        print(order)


def _offer(service: Service, keys: str, language: Language) -> str:
    return say(
        "desk.forcing.offer",
        language,
        name=service.name,
        title=service.said("title", language),
        licence=service.said("licence", language),
        attribution=service.said("attribution", language),
        keys=keys,
    )


def _keys(service: Service, path: str | None, language: Language) -> str:
    """Which secrets a service wants and whether they are there; never what they are."""
    if not service.names:
        return say("desk.forcing.no_key", language)
    if path is not None:
        return say("desk.forcing.key_from_file", language, path=path)
    return ", ".join(
        say(f"desk.forcing.key_{'set' if os.environ.get(name, '').strip() else 'unset'}", language, name=name)
        for name in service.names
    )


def _window(text: str | None) -> Window:
    if text is None:
        return STRAIT
    try:
        south, north, west, east = (float(part) for part in text.replace(",", " ").replace(";", " ").split())
    except ValueError:
        raise CordialeError("desk.forcing_window", text=text) from None
    return Window(south=south, north=north, west=west, east=east)


def _packaged(options: argparse.Namespace, language: Language) -> int:
    atlas, wind = load_tide(), wind_of_the_night()
    first, last = (date_and_zulu(float(t)) for t in (wind.instants[0], wind.instants[-1]))
    if options.json:
        packaged = [
            {"quantity": "current", "window": _box(atlas), "source": atlas.source},
            {"quantity": "wind", "first": first, "last": last, "source": wind.source},
        ]
        print(json.dumps({"format": "cordiale.forcing/1", "packaged": packaged}, ensure_ascii=False, indent=1))
        return 0
    print(say("desk.forcing.packaged", language))
    print(say("desk.forcing.tide", language, atlas=atlas))
    print(say("desk.forcing.wind", language, first=first, last=last, source=wind.source))
    return 0


def _box(place: Any) -> dict[str, Any]:
    return {side: round(float(getattr(place, side)), 6) for side in ("south", "north", "west", "east")}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    """One quantity that a file holds: its field, the unit of its values, and how many members of an ensemble.

    Of an ensemble the field is that of its first member.
    """

    quantity: str
    field: GriddedField
    unit: str
    members: int


def _show(path: str, window: Window, as_json: bool, language: Language) -> int:
    held, troubles = _contents(path, window)
    slip = read_slip(path)
    fits = slip is None or not Path(path).is_file() or slip_fits(path, slip)
    rows = [_row(one) for one in held]
    if as_json:
        problems = [{"quantity": name, "problem": e.problem(), "hint": e.hint()} for name, e in troubles]
        document = {"format": "cordiale.forcing/1", "file": path, "fields": rows, "problems": problems}
        print(json.dumps(document | {"slip": slip, "as_fetched": fits}, ensure_ascii=False, indent=1))
    else:
        for one, row in zip(held, rows, strict=True):
            _print_field(one, row, language)
        for name, error in troubles:
            print(say("desk.forcing.trouble", language, quantity=name, problem=error.text(language)))
        if slip is not None:
            known = {key: slip.get(key, "?") for key in ("retrieved", "service", "title", "licence", "attribution")}
            print(say("desk.forcing.origin", language, **known))
        if not fits:
            print(say("desk.forcing.changed", language, slip=slip_of(path)))
    return 0 if fits and not troubles and not any(row["gaps"] for row in rows) else 1


def _contents(path: str, window: Window) -> tuple[list[_Held], list[tuple[str, CordialeError]]]:
    """What the readers make of a file; what they refuse, with their reasons. Raises where there is nothing at all."""
    held: list[_Held] = []
    troubles: list[tuple[str, CordialeError]] = []
    absent: CordialeError | None = None
    for name in (*_VECTORS, *SCALARS):
        try:
            held.append(_one(path, name, window))
        except CordialeError as error:
            if error.key in ("sea.cf_open", "sea.no_netcdf"):
                raise
            if error.key == "sea.cf_no_vector":
                absent = absent or error
            else:
                troubles.append((name, error))
    if absent is not None and not held and not troubles:
        raise absent
    return held, troubles


def _one(path: str, name: str, window: Window) -> _Held:
    """One quantity of a file, on its own grid as far as it goes; of an ensemble the first member."""

    def opened(member: int | None) -> GriddedField:
        reading: dict[str, Any] = {"window": window, "partial": True, "refine": 1, "member": member}
        return _VECTORS[name](path, **reading) if name in _VECTORS else open_scalar(path, name, **reading).field

    unit = "m/s" if name in _VECTORS else ""
    try:
        return _Held(quantity=name, field=opened(None), unit=unit, members=1)
    except CordialeError as error:
        if error.key != "sea.cf_members":
            raise
        return _Held(quantity=name, field=opened(0), unit=unit, members=int(str(error.values["count"])))


def _row(one: _Held) -> dict[str, Any]:
    """A quantity in numbers: window, time, gaps in time, least and greatest value, points without one."""
    field, box = one.field, one.field.lattice
    steps = np.diff(field.instants)
    holes = np.flatnonzero(steps > field.longest_step)
    known = field.tile[..., 2]
    inside = np.broadcast_to(field.covered, known.shape)
    values = np.hypot(field.tile[..., 0], field.tile[..., 1]) if one.unit else np.asarray(field.tile[..., 0])
    found = values[known > 0] / known[known > 0]
    return {
        "quantity": one.quantity,
        "variables": field.quantity,
        "window": _box(box),
        "rows": box.rows,
        "columns": box.columns,
        "first": iso(float(field.instants[0])),
        "last": iso(float(field.instants[-1])),
        "instants": int(field.instants.size),
        "members": one.members,
        "step_s": float(np.median(steps)) if steps.size else None,
        "gaps": [[iso(float(field.instants[k])), iso(float(field.instants[k + 1]))] for k in holes],
        "least": round(float(found.min()), 3),
        "most": round(float(found.max()), 3),
        "missing_share": round(1 - float((known[inside] > 0).mean()), 4),
        "source": field.source,
    }


def _print_field(one: _Held, row: dict[str, Any], language: Language) -> None:
    box = one.field.lattice
    known = f"desk.forcing.quantity.{one.quantity}"
    print(
        say(
            "desk.forcing.field",
            language,
            quantity=say(known, language) if one.quantity in _VECTORS else one.quantity,
            variables=row["variables"],
            area=box,
            rows=box.rows,
            columns=box.columns,
            lat_step=box.lat_step,
            lon_step=box.lon_step,
            first=date_and_zulu(float(one.field.instants[0])),
            last=date_and_zulu(float(one.field.instants[-1])),
            count=row["instants"],
            least=row["least"],
            most=row["most"],
            unit=one.unit,
            missing=100 * row["missing_share"],
        )
    )
    if row["step_s"] is not None:
        print(say("desk.forcing.step_usual", language, minutes=row["step_s"] / minutes))
    for before, after in row["gaps"]:
        told = {"before": date_and_zulu(utc(before)), "after": date_and_zulu(utc(after))}
        print(say("desk.forcing.gap", language, **told))
    if one.members > 1:
        print(say("desk.forcing.members", language, count=one.members))
    print(say("desk.forcing.source", language, source=row["source"]))
