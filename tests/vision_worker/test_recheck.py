"""Second looks: gone by the ground, by the detector, hidden, blind, asked, and carried to the server."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.errors import DeliveryRefused, SourceFailed
from chengzhi_vision.recheck.answers import Answer, Question, Told, read_question
from chengzhi_vision.recheck.desk import Desk
from chengzhi_vision.recheck.mark import Scene
from chengzhi_vision.recheck.memory import load_marks, save_marks
from chengzhi_vision.recheck.outbox import Outbox
from chengzhi_vision.recheck.watcher import Watcher
from chengzhi_vision.rules.exploring import is_drawn, is_explored, scores_enough
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, ObjectClass, Still

LIMITS = thresholds().dwell
BOX = Box(x=200, y=150, w=80, h=60)
BORN = 1_000_000.0
RNG = np.random.default_rng(7)
GROUND = RNG.integers(60, 120, (360, 640), dtype=np.uint8)
THING = RNG.integers(0, 255, (60, 80), dtype=np.uint8)
OTHER = RNG.integers(0, 255, (60, 80), dtype=np.uint8)


def with_thing(patch=THING):
    picture = GROUND.copy()
    picture[150:210, 200:280] = patch
    return picture


def scene(at: float, luma=None, *seen: Detection) -> Scene:
    return Scene(
        at=BORN + at,
        luma=with_thing() if luma is None else luma,
        scale=1.0,
        size=(640, 360),
        seen=seen,
        named=frozenset({ObjectClass.VEHICLE}),
    )


def vehicle(box: Box = BOX) -> Detection:
    return Detection(box=box, kind=ObjectClass.VEHICLE, score=0.8)


def person() -> Detection:
    return Detection(box=BOX, kind=ObjectClass.PERSON, score=0.8)


def still() -> Still:
    return Still(pts=0.0, at=BORN, jpeg=b"\xff\xd8picture")


def place(*, before: bool) -> Place:
    anchor = look_at(with_thing(), BOX)
    assert anchor is not None
    return Place(
        kind=ObjectClass.VEHICLE,
        zone="kerb",
        box=BOX,
        anchor=anchor,
        since=BORN - 60,
        last_present=BORN,
        before=look_at(GROUND, BOX) if before else None,
    )


@pytest.fixture
def watcher() -> Watcher:
    made = Watcher(LIMITS)
    made.reported("F-1", place(before=True), scene(0))
    return made


def run(watcher: Watcher, start: float, seconds: float, luma, *seen: Detection) -> list[Told]:
    told: list[Told] = []
    for step in range(int(seconds / 2)):
        told += watcher.saw(scene(start + 2 * step, luma, *seen), still)
    return told


def question(number: int = 1, *, at: float, finding_id: str = "F-1") -> Question:
    return Question(
        number=number,
        finding_id=finding_id,
        camera="C001",
        kind=ObjectClass.VEHICLE,
        box=BOX,
        asked_at=BORN + at,
    )


def test_gone_is_told_once_with_a_picture_and_the_moment_the_ground_came_back(watcher):
    assert run(watcher, 60, 20, with_thing(), vehicle()) == []

    told = run(watcher, 100, 40, GROUND)

    assert [(t.answer, t.finding_id, t.number) for t in told] == [(Answer.ABSENT, "F-1", None)]
    assert told[0].looked_at == BORN + 100
    assert told[0].jpeg


def test_a_passer_by_in_front_is_not_gone(watcher):
    hidden = with_thing(OTHER)

    assert run(watcher, 60, 120, hidden, person()) == []


def test_another_vehicle_at_the_place_is_not_gone(watcher):
    assert run(watcher, 60, 120, with_thing(OTHER), vehicle()) == []


def test_a_glimpse_of_the_ground_is_not_gone(watcher):
    run(watcher, 60, 4, GROUND)

    assert run(watcher, 64, 20, with_thing(), vehicle()) == []


def test_where_nobody_saw_it_come_the_detector_and_the_surroundings_must_agree():
    watcher = Watcher(LIMITS)
    watcher.reported("F-1", place(before=False), scene(0))

    early = run(watcher, 60, 20, GROUND)
    told = run(watcher, 80, 40, GROUND)

    assert early == []
    assert [t.answer for t in told] == [Answer.ABSENT]


def test_a_moved_picture_proves_nothing():
    watcher = Watcher(LIMITS)
    watcher.reported("F-1", place(before=False), scene(0))
    elsewhere = RNG.integers(0, 255, (360, 640), dtype=np.uint8)

    assert run(watcher, 60, 120, elsewhere) == []


def test_a_question_is_answered_after_two_looks_that_agree(watcher):
    run(watcher, 60, 4, with_thing(), vehicle())
    watcher.ask(question(at=64))

    told = run(watcher, 65, 8, with_thing(), vehicle())

    assert [(t.answer, t.number, t.reason) for t in told] == [(Answer.PRESENT, 1, "")]


def test_a_question_about_an_empty_place_is_absent(watcher):
    run(watcher, 60, 40, GROUND)
    watcher.ask(question(at=100))

    told = run(watcher, 101, 8, GROUND)

    assert [t.answer for t in told] == [Answer.ABSENT]


def test_what_stays_hidden_or_has_no_memory_is_unknown(watcher):
    watcher.ask(question(1, at=70))
    watcher.ask(question(2, at=70, finding_id="F-2"))

    told = run(watcher, 71, 40, with_thing(OTHER), person())

    assert {(t.number, t.answer, t.reason) for t in told} == {
        (1, Answer.UNKNOWN, "hidden"),
        (2, Answer.UNKNOWN, "no_memory"),
    }


def test_without_a_memory_a_detector_may_say_that_it_is_there():
    watcher = Watcher(LIMITS)
    watcher.ask(question(at=0))

    told = run(watcher, 1, 8, with_thing(), vehicle())

    assert [(t.answer, t.number) for t in told] == [(Answer.PRESENT, 1)]


def test_a_blind_camera_and_one_without_pictures_answer_unknown(watcher):
    watcher.ask(question(1, at=0))
    blind = watcher.unfit("covered", at=BORN + 1, still=still)
    watcher.ask(question(2, at=0))
    early, late = watcher.late(at=BORN + 30), watcher.late(at=BORN + 61)

    assert [(t.number, t.answer, t.reason) for t in blind] == [(1, Answer.UNKNOWN, "covered")]
    assert early == []
    assert [(t.number, t.reason, t.jpeg) for t in late] == [(2, "no_picture", b"")]


def test_marks_survive_a_restart_and_gone_is_not_told_again(watcher, tmp_path):
    path = tmp_path / "C001.marks.json"
    run(watcher, 60, 40, GROUND)

    save_marks(list(watcher.marks.values()), path)
    again = Watcher(LIMITS, load_marks(path))

    assert run(again, 102, 20, GROUND) == []
    (tmp_path / "broken.json").write_text("{", "utf-8")
    assert load_marks(tmp_path / "broken.json") == []


def test_a_frame_costs_nothing_while_nothing_is_due(watcher):
    assert not watcher.is_due(BORN + 30)
    assert watcher.is_due(BORN + 61)


# ── the way to the server ──────────────────────────────────────────────────────────────


class FakePlatform:
    """Keeps what it is sent; fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.files: list[str] = []
        self.said: list[tuple[str, dict[str, object]]] = []

    def put_evidence(self, sha256: str, path: Path, *, media_type: str) -> None:
        self.files.append(sha256)

    def post_gone(self, finding_id: str, body: dict[str, object]) -> list[str]:
        return self._say(f"gone {finding_id}", body)

    def post_answer(self, number: int, body: dict[str, object]) -> list[str]:
        return self._say(f"answer {number}", body)

    def _say(self, what: str, body: dict[str, object]) -> list[str]:
        if self.failures:
            raise self.failures.pop(0)
        self.said.append((what, body))
        return []

    def questions(self) -> list[dict[str, object]]:
        if self.failures:
            raise self.failures.pop(0)
        row = {"id": 5, "finding_id": "F-1", "camera": "C001", "bbox": [1, 2, 3, 4]}
        return [row | {"kind": "motor_vehicle_parked"}, {"id": "nonsense"}, row | {"camera": "C9"}]


GONE = Told(finding_id="F-1", answer=Answer.ABSENT, looked_at=BORN, jpeg=b"a picture")


def send(outbox: Outbox, platform: FakePlatform, *, at: float = 0.0) -> int:
    return outbox.send(platform, clock=lambda: at, chance=lambda: 0.0)


def test_an_answer_waits_on_disk_and_leaves_nothing_behind(tmp_path):
    Outbox(tmp_path).put(GONE)
    Outbox(tmp_path).put(GONE)
    platform = FakePlatform()

    sent = send(Outbox(tmp_path), platform)

    assert sent == 1
    ((what, body),) = platform.said
    assert (what, body["still"]) == ("gone F-1", platform.files[0])
    assert body["gone_at"] == "1970-01-12T13:46:40.000+00:00"
    assert list(tmp_path.iterdir()) == []


def test_a_finding_still_on_its_way_is_waited_for(tmp_path):
    outbox = Outbox(tmp_path)
    outbox.put(GONE)

    assert send(outbox, FakePlatform(DeliveryRefused("404"))) == 0
    assert send(outbox, FakePlatform(SourceFailed("away")), at=1e9) == 0
    assert send(outbox, FakePlatform(), at=2e9) == 1


def test_an_answer_that_is_refused_is_dropped(tmp_path):
    outbox = Outbox(tmp_path)
    outbox.put(replace(GONE, number=5))

    send(outbox, FakePlatform(DeliveryRefused("404")))

    assert outbox.waiting() == []


def test_questions_reach_the_camera_that_is_watched(watcher):
    desk = Desk()
    desk.join("C001", watcher)

    assert desk.fetch(FakePlatform(), clock=lambda: BORN) == 1
    assert desk.fetch(FakePlatform(DeliveryRefused("404")), clock=lambda: BORN) == 0
    assert desk.fetch(FakePlatform(), clock=lambda: BORN + 60) == 0  # an older platform: rest

    assert watcher.is_due(BORN)


def test_a_kind_of_one_class_names_what_to_look_for():
    row = {"id": 1, "finding_id": "F", "camera": "C", "bbox": [0, 0, 5, 5]}

    assert read_question({**row, "kind": "motor_vehicle_parked"}, now=0).kind == "vehicle"
    assert read_question({**row, "kind": "something_new"}, now=0).kind is None


# ── exploring below the threshold ──────────────────────────────────────────────────────


def rule(**more: object):
    table = {"finding": "motor_vehicle_parked", "dwell_s": 60, **more}
    zone = {"name": "z", "kind": "no_parking", "polygon": [[0, 0], [9, 0], [9, 9]]}
    camera = read_camera({"camera": {"code": "C"}, "zones": [{**zone, "rules": [table]}]})
    return camera.zones[0].rules[0]


def scored(score: float, since: float = 0.0) -> Place:
    found = place(before=True)
    found.score_sum, found.seen, found.since = score, 1, since
    return found


def test_a_share_of_the_stays_below_the_threshold_is_reported_and_marked():
    below = rule(min_score=0.7, explore_share=0.2, explore_from=0.4)
    stays = [scored(0.5, since) for since in range(500)]

    drawn = [stay for stay in stays if scores_enough(stay, below, floor=0.4)]

    assert 70 <= len(drawn) <= 130
    assert all(is_explored(stay, below) for stay in drawn)
    assert drawn == [stay for stay in stays if is_drawn(stay, below)]


def test_above_the_threshold_all_are_reported_and_far_below_none():
    below = rule(min_score=0.7, explore_share=1.0, explore_from=0.4)

    assert scores_enough(scored(0.71), below, floor=0.4)
    assert not is_explored(scored(0.71), below)
    assert not scores_enough(scored(0.39), below, floor=0.4)
    assert not scores_enough(scored(0.5), rule(min_score=0.7), floor=0.4)


# ── a turning camera ───────────────────────────────────────────────────────────────────


@pytest.fixture
def turning() -> Watcher:
    """A watcher that remembers a car on a bay seen at the preset 东向."""
    made = Watcher(LIMITS)
    made.reported("F-1", place(before=True), replace(scene(0), view="东向"))
    return made


def look(watcher: Watcher, view: str, luma, *, until: int) -> list[Told]:
    told = []
    for at in range(100, until, 3):
        told += watcher.saw(replace(scene(at, luma), view=view), still)
    return told


def test_an_empty_place_of_another_preset_is_not_gone(turning):
    elsewhere = look(turning, "西向", GROUND, until=400)
    back = look(turning, "东向", GROUND, until=400)

    assert elsewhere == []
    assert [(one.finding_id, one.answer) for one in back] == [("F-1", Answer.ABSENT)]
    assert not turning.is_due(BORN + 500, "西向")
    assert turning.is_due(BORN + 500, "东向")


def test_a_question_about_another_preset_is_answered_unknown_and_why(turning):
    turning.ask(question(at=100))

    told = look(turning, "西向", with_thing(), until=160)

    assert [(one.answer, one.reason) for one in told] == [(Answer.UNKNOWN, "other_view")]


def test_without_memory_no_detector_speaks_for_a_turning_camera():
    watcher = Watcher(LIMITS)
    watcher.ask(question(at=100))

    told = []
    for at in range(100, 160, 3):
        told += watcher.saw(replace(scene(at, None, vehicle()), view="西向"), still)

    assert [(one.answer, one.reason) for one in told] == [(Answer.UNKNOWN, "no_memory")]


def test_the_preset_of_a_mark_survives_a_restart(turning, tmp_path):
    save_marks(list(turning.marks.values()), tmp_path / "marks.json")

    assert [mark.view for mark in load_marks(tmp_path / "marks.json")] == ["东向"]
