"""What a record knew at an instant: the reports as they stood, and the decisions that stood, by what was received then.

A decision taken back later stood; a report corrected later stood as it was first written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cordiale.association.constraints import Constraints
from cordiale.belief.report import Report
from cordiale.earth.units import Instant
from cordiale.record.bodies import reports_of
from cordiale.record.closing import Closing, closings_of
from cordiale.record.duties import Duties, duties_of
from cordiale.record.events import Event
from cordiale.record.rulings import Ruling, constraints_from, rulings_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The reports and decisions that stood."""

    reports: tuple[Report, ...]
    closings: tuple[Closing, ...] = ()
    duties: Duties = field(default_factory=Duties)
    rulings: tuple[Ruling, ...] = ()

    @property
    def constraints(self) -> Constraints:
        """The rulings as the association takes them."""
        return constraints_from(self.rulings)


def known_at(events: Iterable[Event], at: Instant | None = None) -> Known:
    """What stood at an instant by the events received until then; without one, by all of them."""
    written = tuple(event for event in events if at is None or event.received <= at)
    return Known(
        reports=reports_of(written),
        closings=closings_of(written),
        duties=duties_of(written),
        rulings=rulings_of(written),
    )
