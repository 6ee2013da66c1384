"""Two who know people agree, a piece leaves the clock to the whole, and what came later is new."""

from dataclasses import replace

import numpy as np
import pytest

from chengzhi_vision.detectors.boxes import together
from chengzhi_vision.dwell.dating import heed_names
from chengzhi_vision.dwell.growing import grow_to
from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.places import Places
from chengzhi_vision.dwell.view import Observation, View
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.rules.violations import is_believable
from chengzhi_vision.types import Box, Detection, FindingKind, ObjectClass, Still

from .scenes import Player, Scene, Thing, camera_with, left, standing
from .test_arrival import BOX, GROUND, LIMITS, place, view_of, with_thing
from .test_naming import Names

PERSON, CYCLE, THING = ObjectClass.PERSON, ObjectClass.TWO_WHEELER, ObjectClass.OBJECT
HERE, ALSO_HERE = Box(x=100, y=100, w=40, h=100), Box(x=104, y=108, w=40, h=96)
ELSEWHERE = Box(x=400, y=100, w=40, h=100)


def seen(kind: ObjectClass, box: Box, score: float) -> Detection:
    return Detection(box=box, kind=kind, score=score)


@pytest.mark.parametrize(
    ("other", "score"),
    [([seen(PERSON, ALSO_HERE, 0.5)], 0.7), ([seen(PERSON, ELSEWHERE, 0.5)], 0.45), ([], 0.45)],
    ids=["both", "somewhere else", "one of two"],
)
def test_somebody_is_as_sure_as_those_who_know_people_are_on_the_mean(
    other: list[Detection], score: float
) -> None:
    found = together([[seen(PERSON, HERE, 0.9)], other], agreed=frozenset([PERSON]))

    (here,) = [one for one in found if one.box in (HERE, ALSO_HERE)]
    assert here.score == pytest.approx(score)


def test_of_other_classes_the_surest_box_is_kept() -> None:
    answers = [[seen(CYCLE, HERE, 0.3)], [seen(CYCLE, ALSO_HERE, 0.8)]]

    assert together(answers, agreed=frozenset([PERSON])) == [seen(CYCLE, ALSO_HERE, 0.8)]


@pytest.mark.parametrize(
    ("second", "found"),
    [(0.8, []), (0.0, [FindingKind.OBJECT_LEFT])],
    ids=["both see somebody", "only one does"],
)
def test_a_thing_that_one_of_two_takes_for_somebody_is_reported(
    second: float, found: list[FindingKind]
) -> None:
    box = Box(x=300, y=220, w=50, h=50)
    crate = Thing(kind=None, where=standing(300, 220, start=5), size=(50, 50), seed=3)
    pipeline = Pipeline(
        camera_with(left(10), kind="pavement_clear"),
        detector=Names(PERSON, score=0.9, box=box),
        slow=[Paced(detector=Names(PERSON, score=second, box=box), every_s=10)],
    )

    told = Player(scene=Scene(things=[crate]), pipeline=pipeline).play(0, 30, fps=2)

    assert [one.kind for one in told] == found


def whole_view(came: int) -> View:
    """Twenty seconds in which a thing comes to bare ground."""
    view = replace(view_of(ground=GROUND), stream_age_s=60.0)
    for at in range(21):
        view.past.note(with_thing() if at >= came else GROUND, at=float(at))
    return view


@pytest.mark.parametrize(
    ("found_at", "width", "since"),
    [(18.0, 11.0, 12.0), (12.0, 11.0, 5.0), (18.0, 30.0, 5.0)],
    ids=["noticed just now", "watched for long", "most of it"],
)
def test_a_piece_noticed_just_now_leaves_the_clock_to_the_whole(
    found_at: float, width: float, since: float
) -> None:
    """Of the piece, somebody's legs may have told that it came at five."""
    piece = place(100, 60, since=5.0)
    piece.box, piece.found_at = Box(x=BOX.x, y=BOX.y, w=width, h=BOX.h), found_at
    piece.is_dated, piece.looks, piece.seen = True, 10, 10

    grow_to(piece, BOX, whole_view(came=12), rested=12.0)

    assert piece.since == since


@pytest.mark.parametrize(
    ("reported", "dated", "since"),
    [(0, True, 15.0), (1, True, 8.0), (0, False, 8.0)],
    ids=["heeded", "reported already", "nobody saw it come"],
)
def test_a_nameless_piece_of_what_is_named_goes_by_the_clock_of_the_whole(
    reported: int, dated: bool, since: float
) -> None:
    named, piece = place(100, 60, since=15.0), place(100, 60, since=8.0)
    named.kind, named.box, named.is_dated = ObjectClass.OVERFLOW, BOX, dated
    piece.box = Box(x=BOX.x + 5, y=BOX.y + 5, w=20, h=30)
    piece.alert_count = reported

    heed_names([piece, named])

    assert piece.since == since


@pytest.mark.parametrize(
    ("found_at", "dated", "vetoes", "since"),
    [(11.0, True, 0, 8.0), (13.0, True, 0, 15.0), (11.0, False, 0, 15.0), (11.0, True, 6, 15.0)],
    ids=["seen before", "at the same time", "nobody saw it come", "rather somebody"],
)
def test_what_was_seen_for_itself_well_before_a_named_thing_came_keeps_its_clock(
    found_at: float, dated: bool, vetoes: int, since: float
) -> None:
    """At night a full bin is named late, and its name's clock may begin later than its own."""
    named, piece = place(100, 60, since=15.0), place(100, 60, since=8.0)
    named.kind, named.box, named.is_dated = ObjectClass.OVERFLOW, BOX, True
    piece.box = Box(x=BOX.x + 5, y=BOX.y + 5, w=20, h=30)
    piece.found_at, piece.is_dated, piece.looks = found_at, dated, 10
    piece.seen, piece.vetoes = 10, vetoes

    heed_names([piece, named])

    assert piece.since == since


@pytest.mark.parametrize(("came", "since"), [(12, 12.0), (0, 2.0)], ids=["came later", "was there"])
def test_what_comes_to_ground_that_was_seen_bare_since_is_new_though_it_looks_the_same(
    came: int, since: float
) -> None:
    """Nobody saw the first one leave: somebody stood before it."""
    view = replace(whole_view(came), still=lambda: Still(pts=20.0, at=20.0, jpeg=b""))
    view = replace(view, luma=with_thing())
    gone = place(100, 60, since=2.0)
    gone.box, gone.alert_count, gone.last_present = BOX, 1, 8.0
    gone.anchor = look_at(view.luma, BOX)  # type: ignore[assignment]
    gone.checked_at = view.at - 0.2
    places = Places(limits=LIMITS.dwell, items=[gone])
    back = Detection(box=BOX, kind=THING, score=0.6)

    places.update(view, [Observation(zone="street", detection=back, since=2.0)])

    assert places.items[0].since == since


@pytest.mark.parametrize(
    ("change", "believed"),
    [
        ({}, True),
        ({"is_dated": False}, False),
        ({"steady": 16}, False),
        ({"score_sum": 4.0}, False),
    ],
    ids=["seen to come, always there", "nobody saw it come", "on and off", "too faint"],
)
def test_a_faint_thing_is_believed_if_it_was_seen_to_come_and_is_always_there(
    change: dict[str, object], believed: bool
) -> None:
    (rule,) = camera_with(left(10), kind="pavement_clear").zones[0].rules
    faint = place(100, 60, since=0.0)
    faint.looks = faint.seen = faint.samples = faint.steady = 20
    faint.score_sum, faint.is_dated = 6.0, True
    for name, value in change.items():
        setattr(faint, name, value)

    assert is_believable(faint, rule, LIMITS) is believed


def test_shipped_weights_go_on_as_the_same_net() -> None:
    torch = pytest.importorskip("torch")
    from importlib import resources
    from pathlib import Path

    from chengzhi_vision.detectors.garbage import GarbageHead
    from tools.training.reopen import reopened

    picture = np.random.default_rng(1).integers(0, 255, (320, 320, 3)).astype(np.uint8)
    with resources.as_file(resources.files("chengzhi_vision.data") / "garbage.onnx") as path:
        net = reopened(Path(path), torch.from_numpy(picture[None])).eval()
    head = GarbageHead(floor=0.3)
    head.load()

    scores = net(torch.from_numpy(picture[None])).logits.sigmoid().detach().numpy()

    assert np.allclose(head._net(picture[None])[0], scores, atol=1e-4)
