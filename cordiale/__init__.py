"""cordiale: one picture of every small boat in a sea that two coastguards share.

The public names, in reading order; each is loaded when it is first used.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "utc": "earth.instants",
    "Position": "earth.position",
    "the_strait": "sea.environment",
    "conditions": "sea.environment",
    "Report": "belief.report",
    "Fix": "belief.report",
    "Reading": "belief.report",
    "Belief": "belief.belief",
    "first_belief": "belief.scenario",
    "drift": "belief.drift",
    "update": "belief.update",
    "containment_region": "belief.region",
    "associate": "association.associate",
    "open_record": "record.log",
    "picture": "record.picture",
    "read_feed": "feeds.jsonl",
    "open_night": "feeds.nights",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'cordiale' has no attribute {name!r}")
    return getattr(import_module(f"cordiale.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
