"""A record that is not whole is announced aloud, before whatever else was asked for."""

import sys
from collections.abc import Sequence

from cordiale.record.witness import Flaw
from cordiale.words import Language, say


def announce(name: str, flaws: Sequence[Flaw], language: Language) -> bool:
    """Say on stderr what is wrong with a record and what to do; whether there was anything to say."""
    if flaws:
        lines = [say("desk.damage.problem", language, name=name), *(f"- {flaw.text(language)}" for flaw in flaws)]
        print("\n".join([*lines, say("desk.damage.hint", language, name=name)]), file=sys.stderr, flush=True)
    return bool(flaws)
