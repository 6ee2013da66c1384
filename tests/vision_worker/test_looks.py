"""A look keeps what the detectors saw, takes nothing of the test side, and names what failed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks import looks
from benchmarks.failures import failures
from benchmarks.remembered import Remembered
from chengzhi_vision.bench.match import match
from chengzhi_vision.bench.types import AlarmRow, ClipTruth, TimedBox, TruthEvent
from chengzhi_vision.types import Box, Detection, FindingKind, ModelRef, ObjectClass, Picture

BOX = Box(x=10, y=10, w=20, h=20)


class Counting:
    """A detector that counts how often it looks."""

    model = ModelRef(name="counting", version="1")
    classes = frozenset([ObjectClass.BIN])

    def __init__(self) -> None:
        self.looks = 0

    def load(self) -> None: ...

    def detect(self, image: Picture) -> list[Detection]:
        self.looks += 1
        return [Detection(box=BOX, kind=ObjectClass.BIN, score=float(image.mean()) / 255)]


def test_a_picture_is_looked_at_once_in_all_runs(tmp_path: Path) -> None:
    bright, flat = np.full((8, 8, 3), 200, np.uint8), np.full((4, 16, 3), 200, np.uint8)
    first, again = Remembered(Counting(), folder=tmp_path), Remembered(Counting(), folder=tmp_path)
    told = [first.detect(bright), first.detect(bright), first.detect(flat)]
    first.save()

    again.load()

    assert [again.detect(bright), again.detect(bright), again.detect(flat)] == told
    assert [eye._detector.looks for eye in (first, again)] == [2, 0]  # type: ignore[attr-defined]
    assert again.classes == Counting.classes


def test_a_run_that_saw_nothing_new_writes_nothing(tmp_path: Path) -> None:
    Remembered(Counting(), folder=tmp_path).save()

    assert list(tmp_path.iterdir()) == []


def test_only_what_no_model_learned_from_is_cut_out() -> None:
    parts = looks._parts()
    shown = {name for name, part in parts.items() if not part.is_held_out}
    rows = [line.split(",") for line in looks.SPLIT.read_text("utf-8").splitlines()[1:]]

    assert shown == {name for name, _, part in rows if part == "val"}
    assert len(shown) > 100


def test_what_was_missed_and_what_was_wrong_is_named_with_its_clip() -> None:
    event = TruthEvent(
        event_id="E1", clip="7", kind=FindingKind.OBJECT_LEFT, start_s=10, end_s=None, dwell_s=20,
        boxes=(TimedBox(at=10, box=BOX),), zone="walk", what="event:bag",
    )  # fmt: skip
    clip = ClipTruth(clip="7", seconds=60, events=(event,), conditions=("night",), origin="own")
    alarm = AlarmRow(
        clip="7", kind=FindingKind.BIN_OVERFLOW, start_s=5, alarm_s=25, emitted_s=26, box=BOX
    )

    missed, wrong = reversed(failures(match([clip], [alarm])))

    assert missed.startswith("missed 7 own night object_left walk start 10.0 due 30.0")
    assert wrong.startswith("false 7 own night bin_overflow")
