"""Which boat a decision goes with when the grouping changes: the one that keeps most of what it was taken about.

A decision is taken about the reports that a boat had then. Where the group comes apart, the boat that keeps most of its
contacts is meant (its callers are who is in danger), then the one with most reports of any kind, then the one with the
earliest of them. The other pieces have nothing of it, and say so (`watch_list`).
"""

from collections.abc import Callable, Iterable, Sequence, Set

from cordiale.association.disposition import Boat

Follower = Callable[[Sequence[str]], str | None]


def follower(boats: Iterable[Boat], contacts: Set[str]) -> Follower:
    """What tells of reports, in order of event, the boat that a decision about them goes with now; None where no boat
    has any.

    Parameters
    ----------
    boats : iterable of Boat
        The boats of now.
    contacts : set of str
        Which reports came from people aboard (`names.contacts_in`).
    """
    given = {report: boat.name for boat in boats for report in boat.reports}

    def followed(reports: Sequence[str]) -> str | None:
        kept: dict[str, list[str]] = {}
        for report in dict.fromkeys(reports):
            if report in given:
                kept.setdefault(given[report], []).append(report)
        # a dictionary keeps the order of the reports, and max the first of equals: the boat with the earliest of them
        return max(kept, key=lambda boat: (len(contacts & set(kept[boat])), len(kept[boat])), default=None)

    return followed
