"""Who answers for a boat: the first centre that received a report of her, until another has accepted her.

An offer that is not answered, or refused, changes nothing but the clock: the offerer answers for the boat. So a boat
always has an owner. Source: the IAMSAR principle that the first centre to receive a report keeps it until another
accepts, as told to the Cranston Inquiry (read second-hand); docs/response.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.units import Instant, Seconds, minutes
from cordiale.response.requests import CLOCK, Reply
from cordiale.words import Language, say

HandoverState = Literal["none", "offered", "overdue", "accepted", "refused"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One centre offers a boat to another; `id` is its name in the record, to which a `Reply` is given."""

    id: str
    boat: str
    by: str
    to: str
    at: Instant
    clock: Seconds = CLOCK

    def __post_init__(self) -> None:
        if self.by == self.to:
            raise CordialeError("response.offer_self", centre=self.by, boat=self.boat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Responsibility:
    """Who answers for a boat at an instant, since when, and how the last offer of her stands."""

    boat: str
    owner: str
    since: Instant
    at: Instant
    state: HandoverState = "none"
    offer: Offer | None = None
    reason: str = ""

    @property
    def alarm(self) -> bool:
        """An offer without an answer in time, or refused: the owner must act."""
        return self.state in ("overdue", "refused")

    def sentence(self, language: Language = "en") -> str:
        """What both centres should read."""
        offer = self.offer
        return say(
            f"response.handover.{self.state}",
            language,
            boat=self.boat,
            owner=self.owner,
            since=zulu(self.since),
            to="-" if offer is None else offer.to,
            offered="-" if offer is None else zulu(offer.at),
            age_min=0.0 if offer is None else (self.at - offer.at) / minutes,
            reason=self.reason or "-",
        )

    def __str__(self) -> str:
        return self.sentence("en")


def responsible(
    boat: str, *, first: str, since: Instant, offers: Sequence[Offer], replies: Sequence[Reply], at: Instant
) -> Responsibility:
    """Who answers for a boat at an instant.

    Parameters
    ----------
    first, since : str, Instant
        The centre that received the first report of her, and when.
    offers, replies : sequences
        Of any boats; those of this boat by the instant count, in order of time. An offer by a centre that does not
        answer for her then counts as a request to her owner and moves nothing. An answer counts whenever it comes,
        unless she has been given to somebody else since.
    """
    owner, began = first, since
    state: HandoverState = "none"
    last: Offer | None = None
    reason = ""
    moments: list[tuple[Instant, int, Offer, Reply | None]] = []
    for offer in offers:
        if offer.boat != boat or offer.at > at:
            continue
        moments.append((offer.at, 0, offer, None))
        moments += [(r.at, 1, offer, r) for r in replies if r.request == offer.id and r.at <= at]
    open_offers: set[str] = set()
    for when, _, offer, reply in sorted(moments, key=lambda moment: moment[:2]):
        if reply is None:
            if offer.by == owner:
                last, state, reason = offer, "offered", ""
                open_offers.add(offer.id)
        elif offer.id in open_offers and offer.by == owner:
            last, reason = offer, reply.reason
            if reply.answer == "accepted":
                owner, began, state = offer.to, when, "accepted"
                open_offers.clear()
            else:
                state = "refused"
                open_offers.discard(offer.id)
    if state == "offered" and last is not None and at >= last.at + last.clock:
        state = "overdue"
    return Responsibility(boat=boat, owner=owner, since=began, at=at, state=state, offer=last, reason=reason)
