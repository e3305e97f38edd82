"""What comes out of a feed: a report, what was odd about it, and the original words handed over separately."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from cordiale.belief.report import Report
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Seconds, hours, km

FORMAT = "cordiale.report/1"
KEPT_OF_A_HUGE_LINE = 65_536  # bytes
LONGEST_LINE = 1_048_576  # bytes; a longer line is no report and is kept by hash, length and beginning
UNKNOWN_EVENT: Seconds = 3 * hours  # an event without a readable time lies in the three hours before receipt: judgement
MAP_CENTRE_WITHIN = 1 * km  # the middle of a map somebody looked at: judgement
# Every flag this room sets; docs/reports.md says when.
FLAGS: tuple[str, ...] = (
    "boat_unreadable", "caller_unreadable", "clock_fold", "clock_gap", "colour_unreadable", "duplicate_keys",
    "duplicate_line", "duplicate_name", "engine_unreadable", "event_after_receipt", "event_assumed_just_now",
    "event_missing", "event_reversed", "event_unreadable", "far_away", "field_ignored", "format_unknown",
    "found_in_text", "huge_line", "in_future", "kind_unknown", "length_unreadable", "map_centre", "mark_unreadable",
    "mmsi_unreadable", "name_unreadable", "not_a_number", "not_utf8", "off_the_sea", "personal_field_removed",
    "persons_unreadable", "place_only", "position_ambiguous", "position_swapped", "position_unreadable",
    "probabilities_rescaled", "probability_unreadable", "received_missing", "received_unreadable", "state_unreadable",
    "unreadable_line", "within_unreadable", "zone_unreadable",
)  # fmt: skip
DigestOf = Literal["line", "line_under_key", "other_fields"]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedLine:
    """One line as it came in.

    Parameters
    ----------
    report : Report
        Always there: what cannot be read becomes a report without a place, with flags that say why.
    sha256 : str
        Hex digest of the line without its end, taken as `digest_of` says.
    digest_of : str
        `line`: of its bytes. A line that held a plain telephone number is not hashed as it is, because the number could
        be guessed from the digest: `line_under_key` (HMAC with the node's key) or, without a key, `other_fields`.
    number, length : int
        Line number, the first is 1, and its length in bytes.
    problems : tuple of CordialeError
        Each flag's reason, with the value and a hint; never a telephone number.
    text : str, optional
        The original words; of an unreadable line its first 64 kB. The record encrypts it under its own key.
    as_given : mapping
        Times, zones and positions as they were written, where they were not plain UTC or numbers.
    extra : mapping
        Fields this format does not know, passed on; without personal ones.
    name_given : str, optional
        The name the line gave, where another report of the feed had it.
    """

    report: Report
    sha256: str
    number: int
    length: int
    problems: tuple[CordialeError, ...] = ()
    text: str | None = field(default=None, repr=False)
    as_given: Mapping[str, str] = field(default_factory=dict, repr=False)
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)
    digest_of: DigestOf = "line"
    name_given: str | None = None

    @property
    def as_claimed(self) -> Report:
        """The report under the name the line gave, whoever else has it: a record decides for itself what to call it."""
        if self.name_given is None:
            return self.report
        flags = tuple(flag for flag in self.report.flags if flag != "duplicate_name")
        return replace(self.report, name=self.name_given, flags=flags)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """What a door needs to know: the time now, the node's secret key, the places it can name, and its centre."""

    now: Instant
    key: bytes | None = field(default=None, repr=False)
    places: Mapping[str, Position] = field(default_factory=dict, repr=False)
    centre: str = "unknown"


class Findings:
    """What is odd about one line, gathered while it is read: flags, problems, texts as given, unknown fields."""

    def __init__(self) -> None:
        self.flags: list[str] = []
        self.problems: list[CordialeError] = []
        self.as_given: dict[str, str] = {}
        self.extra: dict[str, object] = {}

    def note(self, flag: str, problem: CordialeError | None = None) -> None:
        """Keep a flag once, and its problem."""
        if flag not in self.flags:
            self.flags.append(flag)
        if problem is not None:
            self.problems.append(problem)

    def attempt(self, flag: str, read: Callable[[], T]) -> T | None:
        """What `read` gives; when it cannot read, the flag and the problem are kept and nothing else is lost."""
        try:
            return read()
        except CordialeError as problem:
            self.note(flag, problem)
            return None

    def unknown_fields(self, given: Mapping[str, object], known: frozenset[str], inside: str = "") -> None:
        """Pass on the fields that nobody here knows."""
        self.extra.update({f"{inside}{name}": value for name, value in given.items() if name not in known})
