"""The files of a search plan: the message, the SITREP, routes for plotters and bridges, maps, the briefing."""

import argparse
import errno
import json
import os
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from cordiale.desk.drift_files import check_writable
from cordiale.earth.errors import CordialeError
from cordiale.views.search_brief import SearchBrief
from cordiale.views.search_geojson import search_geojson
from cordiale.views.search_gpx import search_gpx
from cordiale.views.search_kml import search_kml
from cordiale.views.search_map import search_map
from cordiale.views.search_rtz import rtz_name, search_rtz
from cordiale.views.search_sitrep import sitrep_text
from cordiale.views.search_sitrep_of import sitrep_of
from cordiale.views.search_text import search_text
from cordiale.words import Language, say

FILES: Final = ("text", "sitrep", "gpx", "kml", "rtz", "geojson", "pdf", "svg")
FOLDERS: Final = ("gpx", "rtz")  # a file for each craft: RTZ always, GPX where a folder is named


def describe_files(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that name files."""
    metavars = {"gpx": "DIR|FILE.gpx", "rtz": "DIR"}
    group = parser.add_argument_group(say("desk.plan.files", language))
    for name in FILES:
        group.add_argument(f"--{name}", metavar=metavars.get(name, "FILE"), help=say(f"desk.plan.{name}", language))
    group.add_argument("--title", metavar="GRIS-NEZ/2021/0849", help=say("desk.plan.title", language))
    group.add_argument("--centre", default="", metavar="'CROSS Gris-Nez'", help=say("desk.plan.centre", language))


def check_plan_files(options: argparse.Namespace) -> None:
    """Refuse what cannot be written, or two of one name, before a long run and not after it."""
    taken: dict[str, str] = {}
    for name in FILES:
        path = getattr(options, name)
        if path is None:
            continue
        if _is_folder(name, path):
            _check_folder(path)
        else:
            check_writable(path)
        whole = os.path.realpath(path)
        if whole in taken and not (_is_folder(name, path) and os.path.isdir(whole)):
            raise CordialeError("desk.one_file_twice", first=taken[whole], second=f"--{name}", path=path)
        taken[whole] = f"--{name}"
    if options.pdf is not None and import_module("cordiale.views.search_pdf").typst is None:
        raise CordialeError("views.no_briefing")


def write_plan_files(options: argparse.Namespace, brief: SearchBrief, language: Language) -> list[str]:
    """Write what was asked for; returns the names of what was written."""
    makers: dict[str, Callable[[], bytes]] = {
        "text": lambda: search_text(brief, language).encode(),
        "sitrep": lambda: _sitrep(brief, language).encode(),
        "gpx": lambda: search_gpx(brief, language),
        "kml": lambda: search_kml(brief, language),
        "geojson": lambda: json.dumps(search_geojson(brief), ensure_ascii=False, allow_nan=False).encode(),
        "pdf": lambda: _pdf(brief, language),
        "svg": lambda: search_map(brief, language).encode(),
    }
    written = []
    for name in FILES:
        path = getattr(options, name)
        if path is None:
            continue
        if _is_folder(name, path):
            for file, content in _by_craft(name, brief, language):
                written.append(_write(Path(path) / file, content))
        else:
            written.append(_write(Path(path), makers[name]()))
    return written


def _by_craft(name: str, brief: SearchBrief, language: Language) -> list[tuple[str, bytes]]:
    """A file for each craft; RTZ for ships alone, for aircraft have no ECDIS."""
    if name == "gpx":
        crews = dict.fromkeys(sortie.asset for sortie in brief.sorties)
        return [(f"{_plain(asset)}.gpx", search_gpx(brief, language, asset=asset)) for asset in crews]
    return [(f"{rtz_name(one)}.rtz", search_rtz(brief, one, language)) for one in brief.sorties if not one.flies]


def _sitrep(brief: SearchBrief, language: Language) -> str:
    everybody = say("desk.plan.addressees", language)
    told = sitrep_of(brief, case=brief.title, number=1, at=brief.made_at, addressees=(everybody,), language=language)
    return sitrep_text(told, language)


def _pdf(brief: SearchBrief, language: Language) -> bytes:
    content: Any = import_module("cordiale.views.search_pdf").search_pdf(brief, language)
    return bytes(content)


def _write(path: Path, content: bytes) -> str:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise CordialeError("desk.cannot_write", path=str(path), reason=error.strerror or "?") from error
    return str(path)


def _is_folder(name: str, path: str) -> bool:
    return name == "rtz" or (name == "gpx" and not path.lower().endswith(".gpx"))


def _check_folder(path: str) -> None:
    """A folder that may be written to, or one that can be made in a folder that is there."""
    folder = Path(path)
    at = folder if folder.exists() else folder.parent
    fault = 0
    if not path or not at.is_dir():
        fault = errno.ENOTDIR if at.exists() else errno.ENOENT
    elif not os.access(at, os.W_OK):
        fault = errno.EACCES
    if fault:
        raise CordialeError("desk.cannot_write", path=path, reason=os.strerror(fault))


def _plain(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).strip("_.") or "craft"
