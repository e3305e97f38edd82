"""`cordiale serve`: the console of a packaged night, a feed, or your own record."""

import argparse
import socket
from pathlib import Path

from cordiale.desk.board import Source
from cordiale.desk.forecast_options import choose_wind, describe_wind
from cordiale.desk.options import now
from cordiale.desk.replays import is_record, notice_of, reports_to_replay
from cordiale.desk.serve import LOOPBACK, PORT, desk_server
from cordiale.desk.sources import Artist, Replay, record_source
from cordiale.earth.errors import CordialeError
from cordiale.feeds.nights import packaged_nights
from cordiale.record.picture import picture
from cordiale.sea.environment import the_strait
from cordiale.views.picture_text import picture_text
from cordiale.words import LANGUAGES, Language, say


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale serve`."""
    add = parser.add_argument
    add("source", nargs="?", help=say("desk.serve.source", language))
    add("--night", metavar="2021-11-24", help=say("desk.serve.night", language))
    add("--host", default=LOOPBACK, help=say("desk.serve.host", language))
    add("--port", type=int, default=PORT, help=say("desk.serve.port", language))
    add("--seed", type=int, default=1, metavar="N", help=say("desk.option.seed", language))
    describe_wind(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Print the picture of a replay, say where the console is, and serve until interrupted."""
    if (options.source is None) == (options.night is None):
        raise CordialeError("desk.serve_what")
    _port_is_free(options.host, options.port)
    source = _source(options, language)
    server = desk_server(source, options.host, options.port)
    host = f"[{options.host}]" if ":" in options.host else options.host
    print(say("desk.serve.ready", language, url=f"http://{host}:{options.port}", name=source.name), flush=True)
    server.run()
    return 0


def _source(options: argparse.Namespace, language: Language) -> Source:
    name = options.night or options.source
    path = Path(name)
    if options.night is None and name not in packaged_nights() and (not path.exists() or is_record(path)):
        return record_source(path, the_strait(choose_wind(options, now(), now())), seed=options.seed)
    replayed = reports_to_replay(name, language, now=now())
    environment = the_strait(choose_wind(options, *replayed.span))
    notices = {each: notice_of(name, each) for each in LANGUAGES} if name in packaged_nights() else {}
    night = name if notices else None
    artist = Artist(environment=environment, seed=options.seed, night=night, notices=notices)
    source = Replay(replayed.name, replayed.reports, artist)
    print(say("desk.serve.replaying", language, name=replayed.name, reports=len(replayed.reports)), flush=True)
    at = source.times().opening
    seen = picture(replayed.reports, environment, at=at, seed=options.seed, memory=artist.memory)
    print(picture_text(seen, language, notice=replayed.notice), flush=True)
    return source


def _port_is_free(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as error:
        raise CordialeError("desk.port", host=host, port=port, reason=str(error)) from error
