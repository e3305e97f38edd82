"""The compiled uniform numbers against their readable twin."""

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.draw import uniforms


def test_compiled_uniform_numbers_are_those_of_the_stream_bit_for_bit():
    """Any ids, also of later generations, and any counter."""
    stream = Stream.of_seed(7).child("life")
    ids = np.concatenate([np.arange(500), 3 * 2**32 + np.arange(500)])
    for counter in (0, 1, 909_000):
        assert np.array_equal(uniforms(stream, ids, counter), stream.uniforms(ids, counter).T)
