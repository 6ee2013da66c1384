"""People and vehicles by the worker's model, whatever classes its head was cut to."""

import json

import numpy as np
import pytest

from chengzhi_redaction.folder import models_folder
from chengzhi_redaction.things import ANCHORS, CLASSES, FILE, RECEIPT, Things, columns_of


@pytest.mark.parametrize(
    ("receipt", "columns"),
    [
        (None, list(CLASSES)),
        ({"name": "x"}, list(CLASSES)),
        ({"head": [1, 2, 3, 4, 6, 8, 18, 28]}, [0, 1, 2, 3, 4, 5]),
        ({"head": [28, 8, 6, 4, 3, 2, 1]}, [6, 5, 4, 3, 2, 1]),
    ],
)
def test_the_columns_are_those_that_the_receipt_tells(receipt, columns, tmp_path):
    if receipt is not None:
        (tmp_path / RECEIPT).write_text(json.dumps(receipt), "utf-8")

    assert columns_of(tmp_path) == columns


def test_the_model_that_was_set_up_is_read_with_its_own_head():
    folder = models_folder()
    if not all((folder / name).is_file() for name in (FILE, ANCHORS, RECEIPT)):
        pytest.skip("the SSDLite model is not set up: make models")
    picture = np.random.default_rng(3).integers(0, 256, (240, 320, 3)).astype(np.uint8)

    found = Things(folder, floor=0.01).things(picture)

    assert found != []
    assert all(0 <= one.area.x <= 320 and 0.01 < one.score < 1 for one in found)
