"""Where a message stands among the groups agreed on: how often it is given to each, and how often it belongs there."""

import numpy as np
import pytest

from cordiale.association.agreed import standing, votes


def test_a_message_stands_with_both_pieces_of_one_boat():
    """Of four partitions two have the groups 0 and 1 as one boat: message 0 stands with group 1 in these two."""
    labels = np.array([0, 0, 0, 1, 1])
    apart, one = [0, 0, 0, 1, 1], [0, 0, 0, 0, 0]
    found = standing(np.array([apart, apart, one, one]), labels)
    assert found[0] == pytest.approx([1.0, 0.5])
    assert found[4] == pytest.approx([0.5, 1.0])
    assert votes(np.array([apart, apart, one, one]), labels)[0] == pytest.approx([1.0, 0.0, 0.0])


def test_a_message_does_not_speak_for_itself():
    """Message 2 stands with its group only where the two others stand with it; alone it stands with nobody."""
    labels = np.array([0, 0, 0, 1])
    visited = np.array([[0, 0, 0, 1], [0, 0, 1, 2], [0, 0, 1, 1], [0, 0, 0, 0]])
    found = standing(visited, labels)
    assert found[2] == pytest.approx([0.5, 0.5])
    assert found[0, 0] == 0.75  # 1 and 2 are a tie where 2 left
    assert found[3, 1] == 0.0


def test_a_tie_is_shared():
    """Where the others of a group are parted two ways, each way stands for half of them."""
    assert standing(np.array([[0, 1, 0]]), np.array([0, 0, 1]))[2, 0] == 0.5
    assert standing(np.array([[0, 0, 1]]), np.array([0, 0, 0]))[:, 0] == pytest.approx([0.5, 0.5, 0.0])
