"""The life a boat and her people live after her last word: what is to be seen of them then.

A picture carries a boat on as she was last heard of. Who searches for her, or weighs what a search missed, must reckon
with what has become of her since: she may have swamped, and let her people into the water, who are seen from a tenth as
far. So a plan, an empty search and the stop test take her particles as those of a small boat with people, begun in the
phases that her last state stands for.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.life_cycle import changed
from cordiale.boats.life import PHASES
from cordiale.boats.search_object import search_object
from cordiale.record.in_distress import GRAVE
from cordiale.response.alive import phases_of_state
from cordiale.sea.environment import Environment

LIVES_AS: Final = "small_boat_people"


def living(belief: Belief, state: str, environment: Environment) -> Belief:
    """The same particles with the life of a small boat and her people, in the phases that grave words stand for."""
    what = search_object(LIVES_AS)
    chance = belief.stream.child("plan")
    draws = chance.uniforms(belief.ids, 0)
    as_people = replace(belief, search_object=what, leeway_class=what.draw_class(draws[:, 0], belief.phase))
    if state not in GRAVE:
        return as_people
    shares = phases_of_state(state)
    edges = np.cumsum(list(shares.values()))
    after = np.array([PHASES.index(phase) for phase in shares])
    chosen = after[np.minimum(np.searchsorted(edges, draws[:, 1]), len(after) - 1)]
    return changed(as_people, chosen, environment, chance, 1, draws[:, 0])
