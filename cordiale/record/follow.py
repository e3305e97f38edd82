"""Which boat a decision goes with when the grouping changes: the one that keeps most of what it was taken about.

A decision is taken about the reports that a boat had then. Where the group comes apart, the boat that keeps most of its
contacts is meant (its callers are who is in danger), then the one with most reports of any kind, then the one with the
earliest of them. The other pieces have nothing of it, and say so (`watch_list`).
"""

from collections.abc import Iterable, Sequence, Set

from cordiale.association.disposition import Boat


def followed(reports: Sequence[str], boats: Iterable[Boat], contacts: Set[str]) -> str | None:
    """The boat that a decision about these reports goes with now; None where none of them is about a boat any more.

    Parameters
    ----------
    reports : sequence of str
        What the boat had when it was decided, in order of event.
    boats : iterable of Boat
        The boats of now.
    contacts : set of str
        Which reports came from people aboard (`names.contacts_in`).
    """
    then = dict.fromkeys(reports)
    best, chosen = (0, 0, 0, 0), None
    for boat in boats:
        kept = then.keys() & set(boat.reports)
        if kept:
            earliest = min(number for number, report in enumerate(then) if report in kept)
            rank = (1, len(kept & contacts), len(kept), -earliest)
            best, chosen = max((best, chosen), (rank, boat.name), key=lambda pair: pair[0])
    return chosen
