"""Average precision on hand-made boxes, against values worked out on paper."""

import numpy as np
import pytest

from chengzhi_vision.bench.average_precision import Seen, average_precision, precision_recall

NONE = np.zeros((0, 4))
LEFT, RIGHT = [0.0, 0.0, 10.0, 10.0], [20.0, 0.0, 30.0, 10.0]
NOWHERE = [50.0, 50.0, 60.0, 60.0]


def seen(truth: list[list[float]], found: list[list[float]], scores: list[float]) -> Seen:
    return Seen(
        truth=np.array(truth or NONE), found=np.array(found or NONE), scores=np.array(scores)
    )


def test_all_found_and_nothing_else_is_one() -> None:
    assert average_precision([seen([LEFT, RIGHT], [RIGHT, LEFT], [0.4, 0.9])]) == 1.0


def test_a_false_box_above_a_true_one_costs_precision_at_that_recall() -> None:
    pictures = [seen([LEFT, RIGHT], [LEFT, NOWHERE, RIGHT], [0.9, 0.8, 0.7])]

    assert average_precision(pictures) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_a_second_box_on_one_object_is_false() -> None:
    pictures = [seen([LEFT], [LEFT, LEFT], [0.9, 0.8])]

    assert average_precision(pictures) == 1.0
    assert precision_recall(pictures, score=0.5) == (0.5, 1.0)


def test_boxes_of_another_picture_do_not_count() -> None:
    assert average_precision([seen([LEFT], [], []), seen([], [LEFT], [0.9])]) == 0.0


def test_a_box_that_overlaps_too_little_is_false() -> None:
    shifted = [4.0, 0.0, 14.0, 10.0]

    assert average_precision([seen([LEFT], [shifted], [0.9])]) == 0.0
    assert average_precision([seen([LEFT], [shifted], [0.9])], overlap=0.4) == 1.0


def test_nothing_to_be_found_is_zero() -> None:
    assert average_precision([]) == 0.0
