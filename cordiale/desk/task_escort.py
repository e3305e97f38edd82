"""An escort relay at the desk: one craft after another stays with a boat, and none leaves before the next is there."""

import json
from typing import Any

from cordiale.earth.instants import iso
from cordiale.earth.units import Seconds
from cordiale.record.in_distress import Means, distress_seen
from cordiale.record.picture import BoatPicture, Picture
from cordiale.record.response_now import craft_of
from cordiale.response.escort import EscortRelay, escort_relay, possible_watch
from cordiale.words import Language, say


def escort_of(
    seen: Picture, boat: BoatPicture, means: Means, *, lasting: Seconds, absent: tuple[str, ...]
) -> EscortRelay:
    """The fewest watches that stay with a boat of a picture from now on for so long, and the times she would be alone.

    Craft that cannot go to her in this sea or wind, or see nothing, are not asked.
    """
    craft = craft_of(seen, absent)
    distress = distress_seen(seen, boat, [one.asset.craft for one in craft], means)
    limits = [
        one
        for one in craft
        if one.asset.craft.sea_limit >= means.weather.wave_height
        and one.asset.craft.visibility_limit <= means.weather.visibility
    ]
    watches = [possible_watch(one, distress.cloud, seen.environment, weather=means.weather) for one in limits]
    possible = [one for one in watches if one is not None]
    return escort_relay(boat.name, possible, begins=seen.at, ends=seen.at + lasting)


def escort_text(relay: EscortRelay, language: Language, *, as_json: bool) -> str:
    """The relay for a person, or as one JSON document."""
    if not as_json:
        return "\n".join([*relay.sentences(language), say("desk.decision_aid", language)])
    document: dict[str, Any] = {
        "format": "cordiale.escort/1",
        "boat": relay.boat,
        "watches": [
            {"asset": one.asset, "from": iso(round(one.begins)), "until": iso(round(one.ends))} for one in relay.watches
        ],
        "alone": [{"from": iso(round(a)), "until": iso(round(b))} for a, b in relay.gaps],
        "text": list(relay.sentences(language)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
