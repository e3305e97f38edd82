"""The command line: one table of commands, each loaded only when somebody asks for it."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

from cordiale.earth.errors import CordialeError
from cordiale.words import LANGUAGES, Language, say

INTERRUPTED = 130
TERMINATED = 143
COMMANDS = {
    "replay": "cordiale.desk.replay_command",
    "drift": "cordiale.desk.drift_command",
    "origin": "cordiale.desk.origin_command",
    "sea": "cordiale.desk.sea_command",
    "forcing": "cordiale.desk.forcing_command",
    "report": "cordiale.desk.report_command",
    "serve": "cordiale.desk.serve_command",
    "plan": "cordiale.desk.plan_command",
    "task": "cordiale.desk.task_command",
    "result": "cordiale.desk.result_command",
    "watch": "cordiale.desk.watch_command",
    "close": "cordiale.desk.close_command",
    "link": "cordiale.desk.ruling_command",
    "never": "cordiale.desk.ruling_command",
    "confirm": "cordiale.desk.ruling_command",
    "split": "cordiale.desk.ruling_command",
    "withdraw": "cordiale.desk.ruling_command",
    "record": "cordiale.desk.record_command",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when it did what was asked, 2 when it could not and said why, 130 when interrupted.

    143 when it was told to end (SIGTERM); like Ctrl-C that leaves nothing half written.
    """
    language, arguments = _language(list(sys.argv[1:] if argv is None else argv))
    try:
        with _terminable():
            return _run(arguments, language)
    except CordialeError as error:
        print(f"cordiale: {error.text(language)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as ended:
        print(f"cordiale: {say('desk.interrupted', language)}", file=sys.stderr)
        return TERMINATED if isinstance(ended, _Terminated) else INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: list[str], language: Language) -> int:
    """Load the command, read its options and do it."""
    parser = _parser(language)
    name = next((a for a in arguments if a in COMMANDS), None)
    if name is not None:
        command = import_module(COMMANDS[name])
        command.describe(parser.subcommands[name], language)
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    return int(command.run(options, language))


class _Terminated(KeyboardInterrupt):
    """The program was told to end."""


@contextmanager
def _terminable() -> Iterator[None]:
    """Within it SIGTERM ends the command as Ctrl-C does, unless somebody else waits for it."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield
        return

    def told(_number: int, _frame: FrameType | None) -> None:
        raise _Terminated

    signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


class _Parser(argparse.ArgumentParser):
    """The parser of the command line: its table of commands at hand, its headings in the reader's language."""

    subcommands: dict[str, argparse.ArgumentParser]
    language: Language = "en"

    def format_help(self) -> str:
        """The help text with the headings of the catalogue."""
        return self._translated(super().format_help())

    def format_usage(self) -> str:
        """The usage line with the heading of the catalogue."""
        return self._translated(super().format_usage())

    def _translated(self, text: str) -> str:
        for heading in ("usage", "positional arguments", "options", "show this help message and exit"):
            key = f"desk.heading.{heading.replace(' ', '_')}"
            text = text.replace(heading, say(key, self.language), 1)
        return text


def _parser(language: Language) -> _Parser:
    from cordiale import __version__

    _Parser.language = language
    parser = _Parser(
        prog="cordiale",
        description=say("desk.what", language),
        epilog=say("desk.decision_aid", language),
    )
    parser.add_argument("--version", action="version", version=f"cordiale {__version__}")
    parser.add_argument("--language", "--lang", choices=LANGUAGES, help=say("desk.option.language", language))
    table = parser.add_subparsers(dest="command", metavar=say("desk.command", language), parser_class=_Parser)
    parser.subcommands = {
        name: table.add_parser(name, help=text, description=text)
        for name, text in ((name, say(f"desk.{name}.what", language)) for name in COMMANDS)
    }
    return parser


def _language(arguments: list[str]) -> tuple[Language, list[str]]:
    """--language or --lang anywhere, else CORDIALE_LANGUAGE, else the start of LANG, else English; and the rest."""
    wishes, others = [], []
    words = iter(arguments)
    for word in words:
        if word in {"--language", "--lang"}:
            wishes.append(next(words, ""))
        elif word.startswith(("--language=", "--lang=")):
            wishes.append(word.partition("=")[2])
        else:
            others.append(word)
    wishes += [os.environ.get("CORDIALE_LANGUAGE", ""), os.environ.get("LC_ALL", "") or os.environ.get("LANG", "")]
    for wish in wishes:
        for language in LANGUAGES:
            if wish[:2].lower() == language:
                return language, others
    return "en", others
