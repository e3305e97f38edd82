"""The other names under which decisions that stand speak of a boat.

A decision names the boat as she was called when it was taken. Where she has another name since, both are shown, so that
nobody who was told of B-0007 looks for her in vain.
"""

from collections.abc import Mapping

from cordiale.record.known import Known
from cordiale.record.names import names_of
from cordiale.record.picture import Picture


def also_called(picture: Picture, known: Known) -> Mapping[str, tuple[str, ...]]:
    """For each boat of the picture the names she has in closings, duties and divisions, her own left out."""
    goes_with, names = picture.follower(), names_of(picture.reports)
    said: list[tuple[str | None, str]] = [(goes_with(one.reports), one.boat) for one in known.closings]
    said += [(goes_with(part), one.boat) for one in known.rulings if one.boat for part in (one.before, one.after)]
    duties = (*known.duties.taken, *known.duties.offers, *known.duties.tasks)
    said += [(goes_with(one.about), one.boat or names.get(one.anchor, "")) for one in duties]
    return {
        boat.name: tuple(sorted({name for now, name in said if now == boat.name and name not in {"", boat.name}}))
        for boat in picture.boats
    }
