"""`cordiale replay`: a packaged night, a feed or a record, as it was known at an instant."""

import argparse
import json
import sys

from cordiale.desk.forecast_options import check_cloud, describe_cloud, describe_wind, write_file
from cordiale.desk.options import now
from cordiale.desk.replays import Replayed, picture_at, reports_to_replay
from cordiale.record.aliases import also_called
from cordiale.record.dormant import dormant_boats
from cordiale.record.picture import Picture
from cordiale.record.searches import searches_of, suspensions_of
from cordiale.record.searches_told import NO_SEARCHES, SearchesTold, boats_searched
from cordiale.record.watch_lines import watch_lines
from cordiale.record.watch_list import watch_list
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
    describe_cloud(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Compute the picture and print it; 1 when a line of the feed could not be read, or the record is damaged."""
    check_cloud(options)
    replayed = reports_to_replay(options.source, language, now=now())
    seen, known = picture_at(replayed, options, count=options.particles)
    if options.geojson:
        write_file(options.geojson, json.dumps(picture_geojson(seen, language=language), ensure_ascii=False))
    if options.json:
        alarms = watch_list(seen, known.duties, known.closings)
        dormant = dormant_boats(seen, known.duties)
        document = picture_json(
            seen,
            language=language,
            night=replayed.name,
            notice=replayed.notice,
            alarms=alarms,
            rulings=known.rulings,
            flaws=replayed.flaws,
            dormant=dormant,
            searches=_searches(replayed, seen),
            lines=watch_lines(seen, alarms, known.duties, dormant),
            aliases=also_called(seen, known),
        )
        json.dump(document, sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
        print()
    else:
        print(picture_text(seen, language, notice=replayed.notice))
    return _odd(replayed, language)


def _searches(replayed: Replayed, seen: Picture) -> SearchesTold:
    """What was searched by the instant of the picture, which is thinned by it already."""
    searches = searches_of(replayed.written, at=seen.at)
    if not searches:
        return NO_SEARCHES
    ended = suspensions_of(event for event in replayed.written if event.received <= seen.at)
    return SearchesTold(searches=searches, boats=boats_searched(seen, searches), suspensions=ended)


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
    return 1 if replayed.problems or replayed.flaws else 0
