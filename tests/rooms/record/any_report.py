"""Any report there can be, for tests that draw their own."""

from typing import get_args

from hypothesis import strategies as st

from cordiale.belief.report import (
    KINDS,
    Area,
    Between,
    Description,
    Engine,
    Fix,
    Mark,
    RangeBearing,
    Reading,
    Report,
    State,
)
from cordiale.earth.instants import Span
from cordiale.earth.position import Position

_numbers = st.floats(min_value=1e-3, max_value=1e7)
# Whole microseconds from 1970 to 2100: the record keeps a time to the microsecond.
_instants = st.integers(0, 4_102_444_800_000_000).map(lambda us: us / 1e6)
_positions = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))
_places = st.one_of(
    st.builds(Fix, position=_positions, within=_numbers, containment=st.floats(0.01, 0.99)),
    st.builds(Area, corners=st.lists(_positions, min_size=3, max_size=6).map(tuple)),
    st.builds(
        RangeBearing,
        origin=_positions,
        range=_numbers,
        range_std=_numbers,
        bearing=st.floats(0, 360),
        bearing_std=_numbers,
    ),
)
_wheres = st.sampled_from([(), (1.0,), (0.25, 0.75), (0.2, 0.3, 0.5)]).flatmap(
    lambda shares: st.tuples(*(st.builds(Reading, place=_places, probability=st.just(share)) for share in shares))
)
_betweens = st.tuples(st.floats(0, 500), st.floats(0, 500)).map(lambda p: Between(least=min(p), most=max(p)))
_spans = st.tuples(_instants, _instants).map(lambda p: Span(earliest=min(p), latest=max(p)))
_words = st.text(max_size=20)
_perhaps = st.none() | _words
_lists = st.lists(_words, max_size=3).map(tuple)


def reports() -> st.SearchStrategy[Report]:
    """Any report there can be, with times to the microsecond."""
    return st.builds(
        Report,
        name=_words,
        kind=st.sampled_from(KINDS),
        received=_instants,
        event=_spans,
        channel=_words,
        centre=_words,
        where=_wheres,
        persons=st.none() | _betweens,
        boat=st.builds(
            Description,
            colour=_perhaps,
            length_m=st.none() | _betweens,
            engine=st.none() | st.sampled_from(get_args(Engine)),
            state=st.none() | st.sampled_from(get_args(State)),
            tubes=_perhaps,
        ),
        caller=st.none() | st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64),
        relay_of=_perhaps,
        relays=_lists,
        asset=_perhaps,
        summary=_words,
        flags=_lists,
        mark=st.builds(
            Mark, kind=st.sampled_from(["REAL", "SYNTHETIC", "LIVE"]), source=_words, synthetic_parts=_lists
        ),
    )
