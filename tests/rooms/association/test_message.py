"""A message is a report with everything that only passes it on."""

from cordiale.association.message import messages
from tests.rooms.association.small_night import told


def test_relays_of_relays_belong_to_the_first_telling():
    """Family to police, police to coastguard: one message, three tellings."""
    first = told("r-1", 0, east_km=0.0)
    second = told("r-2", 1, kind="relay", relay_of="r-1")
    third = told("r-3", 2, kind="relay", relay_of="r-2")
    (message,) = messages([third, second, first])
    assert message.lead is first and message.relays == (second, third)


def test_a_relay_stands_for_itself_until_its_original_arrives():
    """What a relay passes on may come hours later, or never."""
    relay = told("r-2", 1, kind="relay", relay_of="r-1")
    assert messages([relay])[0].lead is relay


def test_a_ring_of_relays_is_one_message():
    """Two reports that each claim to pass on the other do not hang the night."""
    (message,) = messages([told("r-1", 0, relay_of="r-2"), told("r-2", 1, relay_of="r-1")])
    assert message.lead.name == "r-1"


def test_a_relay_may_bring_the_only_position():
    """The call had none, the police found it out."""
    (message,) = messages([told("r-1", 0), told("r-2", 1, east_km=1.0, kind="relay", relay_of="r-1")])
    assert message.placed is not None and message.placed.name == "r-2"
