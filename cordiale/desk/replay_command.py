"""`cordiale replay`: a packaged night, a feed or a record, as it was known at an instant."""

import argparse
import json
import sys
from pathlib import Path

from cordiale.desk.options import now, read_time
from cordiale.desk.replays import Replayed, reports_to_replay
from cordiale.desk.wind_option import choose_wind, describe_wind
from cordiale.earth.errors import CordialeError
from cordiale.record.picture import picture
from cordiale.sea.environment import the_strait
from cordiale.views.picture_geojson import picture_geojson
from cordiale.views.picture_json import picture_json
from cordiale.views.picture_text import picture_text
from cordiale.words import Language, say


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale replay`."""
    add = parser.add_argument
    add("source", help=say("desk.replay.source", language))
    add("--at", metavar="03:25Z", help=say("desk.replay.at", language))
    describe_wind(parser, language)
    add("--particles", type=int, default=5000, metavar="N", help=say("desk.drift.particles", language))
    add("--seed", type=int, default=1, metavar="N", help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    add("--geojson", metavar="FILE", help=say("desk.drift.geojson", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Compute the picture and print it; 1 when a line of the feed could not be read in full."""
    if not 1 <= options.particles <= 1_000_000:
        raise CordialeError("desk.particles", particles=options.particles)
    replayed = reports_to_replay(options.source, language, now=now())
    first, last = replayed.span
    at = last if options.at is None else read_time(options.at, reference=(first + last) / 2)
    environment = the_strait(choose_wind(options, first, last))
    seen = picture(replayed.reports, environment, at=at, seed=options.seed, count=options.particles)
    if options.geojson:
        _write(Path(options.geojson), json.dumps(picture_geojson(seen, language=language), ensure_ascii=False))
    if options.json:
        document = picture_json(seen, language=language, night=replayed.name, notice=replayed.notice)
        json.dump(document, sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
        print()
    else:
        print(picture_text(seen, language, notice=replayed.notice))
    return _odd(replayed, language)


def _odd(replayed: Replayed, language: Language) -> int:
    """Say on stderr what could not be read; nothing of it is lost, and the picture shows it."""
    for number, problems in replayed.problems:
        for problem in problems:
            print(
                say(
                    "desk.replay.line",
                    language,
                    line=number,
                    problem=problem.problem(language),
                    hint=problem.hint(language),
                ),
                file=sys.stderr,
            )
    return 1 if replayed.problems else 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CordialeError("desk.cannot_write", path=str(path), reason=error.strerror or "?") from error
