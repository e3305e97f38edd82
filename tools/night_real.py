# ruff: noqa: E501  (a table typed by hand: one line of the night per entry)
"""The lines of the night of 23-24 November 2021 that stand in published sources, with what was invented to complete them.

Typed by hand from single facts; no sentence is copied. Where sources give no time, position or number, it is invented and named
in `synthetic_parts`. Summaries are neutral paraphrases: nobody is quoted, no person is named, nobody is blamed.
"""

from night_entry import Entry, chart

# Where each fact was read. "second-hand": a public research page or press article that cites it, not the document itself.
MAIB = "MAIB report 7/2023, read second-hand"
LEMONDE = "Le Monde of November 2022, as summarised by L'Avenir"
FRANCEINFO = "franceinfo, on the French investigation file"
RADIOFRANCE = "Radio France, on the French investigation file"
STANDARD = "Evening Standard, on the Cranston Inquiry hearings"
CRANSTON = "Cranston Inquiry hearings of March 2025, press reports"
EXPERTS = "Cranston Inquiry, expert evidence, press report"
SKY = "Sky News, analysis of ship positions"
INVENTED = "invented to complete the night"

FIX_0201 = chart(51, 8.5, 1, 44.5)
FIX_LAST = chart(51, 9.045, 1, 45.568)
FIND = chart(51, 5.58, 1, 43.41)
PIN = 100.0  # a phone's position, within 100 m at 95 %: judgement


def real(source, *parts):
    return ("REAL", source, tuple(parts))


def synthetic(source=INVENTED, *parts):
    return ("SYNTHETIC", source, tuple(parts))


def first_contacts():
    """Departure, the ship beside them, the first calls and pins, the first handover."""
    p1, p2, p3 = chart(51, 5.8, 1, 48.0), chart(51, 5.84, 1, 47.95), chart(51, 7.2, 1, 46.0)
    return [
        Entry(key="c-departure", kind="departure", event=("2021-11-23 20:45", "2021-11-23 21:15"), received="2021-11-23 23:35", channel="land_watch", centre="CROSS Gris-Nez",
              at=(51.02, 2.20, 1500.0), persons=(30, 36), boat={"length_m": (7.5, 8.5)}, truth="charlie",
              summary="Departure of one inflatable boat from the beach near Loon-Plage, about 33 people; passed on late.",
              mark=real(f"{MAIB}; {SKY}", "channel", "received", "within_m")),
        Entry(key="c-beside", kind="sighting", event="2021-11-23 23:00", received="2021-11-24 00:10", channel="vhf", centre="CROSS Gris-Nez", asset="French vessel",
              at=(*chart(51, 4.6, 1, 58.0), 800.0), boat={"engine": "running", "state": "under_way"}, truth="charlie",
              summary="A French vessel keeps one boat in its searchlight for more than an hour and turns back about 23:30Z; no handover in the sources.",
              mark=real(CRANSTON, "event", "received", "position", "channel")),
        Entry(key="c-fr-01", kind="distress_call", event="2021-11-24 00:48", received="2021-11-24 00:48", channel="phone_196", centre="CROSS Gris-Nez", phone="C1",
              persons=(33, 33), truth="charlie",
              summary="First call from the boat, in English: in difficulty; asked to send the position.",
              mark=real(f"{LEMONDE}; {FRANCEINFO}", "caller", "persons")),
        Entry(key="c-fr-02", kind="distress_call", event=("2021-11-24 00:51", "2021-11-24 01:05"), received="2021-11-24 00:51", channel="phone_112", centre="CROSS Gris-Nez", phone="C1",
              truth="charlie", relays=("SAMU",),
              summary="Call of 14 minutes passed on by the medical emergency line; the boat asks for help.",
              mark=real(LEMONDE, "event", "caller")),
        Entry(key="c-pin-1", kind="position_pin", event="2021-11-24 01:05", received="2021-11-24 01:05", channel="whatsapp", centre="CROSS Gris-Nez", phone="C1",
              at=(*p1, PIN), truth="charlie", summary="First position sent from a phone on the boat.", mark=real(LEMONDE, "position", "caller")),
        Entry(key="c-pin-2", kind="position_pin", event="2021-11-24 01:06", received="2021-11-24 01:06", channel="whatsapp", centre="CROSS Gris-Nez", phone="C1",
              at=(*p2, PIN), truth="charlie", summary="Second position, one minute after the first.", mark=real(LEMONDE, "position", "caller")),
        Entry(key="c-handover", kind="relay", event="2021-11-24 01:06", received="2021-11-24 01:08", channel="phone", centre="HM Coastguard Dover", at=(*p2, PIN),
              persons=(33, 33), relay_of="c-pin-2", relays=("CROSS Gris-Nez",), truth="charlie",
              summary="CROSS Gris-Nez passes the boat to Dover: near the line, 33 people.", mark=real(f"{LEMONDE}; {FRANCEINFO}", "received", "position", "summary")),
        Entry(key="c-fr-03", kind="distress_call", event="2021-11-24 01:21", received="2021-11-24 01:21", channel="phone_196", centre="CROSS Gris-Nez", phone="C2",
              truth="charlie", summary="Further call from the boat; the line drops.", mark=real(f"{FRANCEINFO} (18 call attempts)", "event", "caller", "summary")),
        Entry(key="c-pin-3", kind="position_pin", event="2021-11-24 01:28", received="2021-11-24 01:28", channel="whatsapp", centre="CROSS Gris-Nez", phone="C1",
              at=(*p3, PIN), truth="charlie", summary="Third position, in British waters; passed on to Dover.", mark=real(RADIOFRANCE, "position", "caller")),
        Entry(key="c-pin-3-relay", kind="relay", event="2021-11-24 01:28", received="2021-11-24 01:30", channel="phone", centre="HM Coastguard Dover", at=(*p3, PIN),
              relay_of="c-pin-3", relays=("CROSS Gris-Nez",), truth="charlie", summary="CROSS Gris-Nez tells Dover of the position in British waters.",
              mark=real(RADIOFRANCE, "received", "position")),
        Entry(key="c-uk-01", kind="distress_call", event="2021-11-24 01:30", received="2021-11-24 01:30", channel="phone_999", centre="HM Coastguard Dover", phone="C3",
              persons=(40, 40), boat={"state": "taking_water"}, truth="charlie",
              summary="A teenager aboard calls in English: caller says the boat is taking water, about 40 people.",
              mark=real(f"{STANDARD}; {CRANSTON}", "persons", "state", "caller", "summary")),
    ]


CALLS = (
    # minute of each further attempt, phone, state said; the count and the two ends are real, the minutes between invented
    ("01:43", "C2", None), ("01:49", "C2", None), ("01:55", "C1", None), ("02:00", "C2", "swamped"), ("02:06", "C1", None),
    ("02:12", "C1", "swamped"), ("02:18", "C2", None), ("02:25", "C4", None), ("02:31", "C3", "swamped"), ("02:38", "C4", None),
    ("02:46", "C2", "swamped"), ("02:54", "C3", None), ("03:03", "C4", "swamped"), ("03:10", "C2", None), ("03:22", "C3", None),
)  # fmt: skip


def later_calls():
    """Calls 4 to 18 to the French services: real in number, invented in their minutes."""
    entries = []
    for number, (minute, phone, state) in enumerate(CALLS, start=4):
        boat = {"state": state} if state else {}
        said = {"taking_water": "caller says taking water", "swamped": "caller says people are sitting in water"}.get(state, "the line drops")
        entries.append(
            Entry(key=f"c-fr-{number:02d}", kind="distress_call", event=f"2021-11-24 {minute}", received=f"2021-11-24 {minute}", channel="phone_196", centre="CROSS Gris-Nez",
                  phone=phone, boat=boat, truth="charlie", summary=f"Call attempt {number} of 18 to the French services: {said}.",
                  mark=real(f"{FRANCEINFO} (18 call attempts, 01:43Z to 03:22Z)", "event", "caller", "state", "summary"))
        )  # fmt: skip
    return entries


def last_contacts():
    """The positions and calls from 01:47 on, and the find."""
    return [
        Entry(key="c-pin-4", kind="position_pin", event="2021-11-24 01:47", received="2021-11-24 01:48", channel="whatsapp", centre="CROSS Gris-Nez", phone="C2",
              at=(*chart(51, 7.95, 1, 45.15), PIN), truth="charlie", summary="A further position sent from the boat.",
              mark=real(f"{FRANCEINFO} (six positions in all)", "event", "position", "channel", "caller")),
        Entry(key="c-pin-5", kind="position_pin", event="2021-11-24 02:01", received="2021-11-24 02:01", channel="whatsapp", centre="HM Coastguard Dover", phone="C3",
              at=(*FIX_0201, PIN), truth="charlie", summary="Position 51°08.5'N 001°44.5'E, the one used for the Mayday Relay.", mark=real(f"{MAIB}, p. 20", "caller")),
        Entry(key="c-mayday", kind="relay", event="2021-11-24 02:01", received="2021-11-24 02:27", channel="vhf_16", centre="HM Coastguard Dover", at=(*FIX_0201, PIN),
              persons=(40, 40), boat={"state": "taking_water"}, relay_of="c-pin-5", relays=("HM Coastguard Dover",), truth="charlie",
              summary="Mayday Relay to all ships: small craft with 40 people at the position of 02:01Z. No answer recorded in the sources.", mark=real(MAIB, "received")),
        Entry(key="c-pin-6", kind="position_pin", event=("2021-11-24 02:20", "2021-11-24 03:10"), received="2021-11-24 03:10", channel="whatsapp", centre="HM Coastguard Dover", phone="C4",
              at=(*FIX_LAST, PIN), truth="charlie", summary="Last reported position 51°09.045'N 001°45.568'E; the sources read do not give its time.",
              mark=real(f"{MAIB}, p. 11", "event", "received", "caller")),
        Entry(key="c-uk-02", kind="distress_call", event="2021-11-24 03:11", received="2021-11-24 03:11", channel="phone_999", centre="HM Coastguard Dover", phone="C3",
              boat={"state": "swamped"}, truth="charlie", summary="Last distress call received in Dover.", mark=real(EXPERTS, "caller", "state")),
        Entry(key="c-missed-1", kind="missed_call", event="2021-11-24 03:12", received="2021-11-24 03:12", channel="mobile", centre="HM Coastguard Dover", phone="C3",
              truth="charlie", summary="Call to a coastguard mobile; no answer recorded in the sources.", mark=real(f"{MAIB}; press report", "event", "caller")),
        Entry(key="c-missed-2", kind="missed_call", event="2021-11-24 03:16", received="2021-11-24 03:16", channel="mobile", centre="HM Coastguard Dover", phone="C4",
              truth="charlie", summary="Second call to the same mobile; no answer recorded in the sources.", mark=real(f"{MAIB}; press report", "event", "caller")),
        Entry(key="c-find", kind="find", event="2021-11-24 12:49", received="2021-11-24 12:49", channel="vhf_16", centre="CROSS Gris-Nez", asset="fishing vessel",
              at=(*FIND, 700.0), persons=(15, 15), truth="charlie", summary="A fishing vessel reports about 15 bodies over some hundreds of metres and a deflated tube.",
              mark=real(f"Le Monde; {MAIB}", "within_m")),
        Entry(key="c-find-relay", kind="relay", event="2021-11-24 12:49", received="2021-11-24 13:00", channel="vhf_16", centre="CROSS Gris-Nez", at=(*FIND, 700.0),
              persons=(15, 15), relay_of="c-find", relays=("CROSS Gris-Nez",), truth="charlie", summary="French Mayday Relay: about 15 people in the water.", mark=real(SKY, "received", "position")),
    ]  # fmt: skip


def _asset(number, at, asset, lat_lon, summary, mark):
    return Entry(key=f"a-{number:02d}", kind="asset_position", event=at, received=at, channel="ais", centre="HM Coastguard Dover", asset=asset, at=(*lat_lon, 100.0), summary=summary, mark=mark)


def orders_and_craft():
    """Tasks, requests, decisions and where the craft were. None of them is evidence about a boat."""
    dover, lydd = chart(51, 7.2, 1, 19.8), (50.956, 0.939)
    valiant, flamant, helicopter = "HMC Valiant", "FS Flamant", "helicopter R163"
    apart = real(SKY, "position")  # the distance of 12.9 km is real
    return [
        Entry(key="t-1", kind="task", event="2021-11-24 01:30", received="2021-11-24 01:30", channel="phone", centre="HM Coastguard Dover", asset=valiant,
              summary="Border Force cutter Valiant tasked from Dover.", mark=real(CRANSTON, "channel")),
        Entry(key="t-2", kind="request", event="2021-11-24 02:40", received="2021-11-24 02:40", channel="phone", centre="HM Coastguard Dover", asset=flamant,
              summary="Dover asks the French side for a vessel; the nearest is about 15 minutes away. No answer recorded in the sources.",
              mark=real("Le Monde, on the gendarmerie synthesis of 14 October 2022, read second-hand", "event")),
        Entry(key="t-3", kind="task", event="2021-11-24 03:25", received="2021-11-24 03:27", channel="vhf", centre="HM Coastguard Dover", asset=valiant,
              summary="Valiant at the position of the Mayday Relay: nothing seen, visibility under one mile.", mark=real(MAIB, "event", "visibility")),
        Entry(key="t-4", kind="task", event="2021-11-24 03:45", received="2021-11-24 03:45", channel="vhf", centre="HM Coastguard Dover", asset=helicopter,
              summary="Helicopter R163 from Lydd searches the area.", mark=real(f"{SKY}; {MAIB}", "position")),
        Entry(key="d-1", kind="decision", event="2021-11-24 05:50", received="2021-11-24 05:50", channel="log", centre="HM Coastguard Dover",
              summary="Recorded decision: the boat of the 02:01Z position is taken to be one of the three boats recovered. Shown here; never used as evidence.", mark=real(f"{MAIB}; {CRANSTON}", "event")),
        Entry(key="t-5", kind="task", event="2021-11-24 05:56", received="2021-11-24 05:56", channel="vhf", centre="HM Coastguard Dover", asset=valiant,
              summary="Valiant released from the search.", mark=real(CRANSTON, "event")),
        _asset(1, "2021-11-24 01:35", valiant, dover, "Valiant leaving Dover.", synthetic()),
        _asset(2, "2021-11-24 02:27", valiant, chart(51, 7.4, 1, 31.0), "Valiant on passage.", synthetic()),
        _asset(3, "2021-11-24 02:27", flamant, chart(51, 5.0, 1, 50.5), "French patrol vessel Flamant, about 15 minutes from the Mayday position.", real("Cranston Inquiry, read second-hand", "position")),
        _asset(4, "2021-11-24 03:00", valiant, chart(51, 7.9, 1, 39.0), "Valiant, 12.9 km from Flamant.", apart),
        _asset(5, "2021-11-24 03:00", flamant, chart(51, 5.9, 1, 49.65), "Flamant, 12.9 km from Valiant.", apart),
        _asset(6, "2021-11-24 03:25", valiant, FIX_0201, "Valiant at the Mayday position.", real(MAIB, "event")),
        _asset(7, "2021-11-24 03:35", helicopter, lydd, "R163 leaving Lydd.", synthetic()),
        _asset(8, "2021-11-24 03:45", helicopter, chart(51, 7.5, 1, 42.0), "R163 in the area.", real(SKY, "position")),
        _asset(9, "2021-11-24 04:40", helicopter, chart(51, 6.0, 1, 36.0), "R163 on its sweep.", synthetic()),
        _asset(10, "2021-11-24 05:40", valiant, chart(51, 8.0, 1, 33.0), "Valiant with 98 people aboard.", real(MAIB, "event", "position")),
        _asset(11, "2021-11-24 08:16", valiant, dover, "Valiant berthed in Dover, 98 people landed; another source gives an earlier return.", real(MAIB, "position")),
    ]  # fmt: skip


def all_real():
    """Every line that is not about the invented boats."""
    return [*first_contacts(), *later_calls(), *last_contacts(), *orders_and_craft()]
