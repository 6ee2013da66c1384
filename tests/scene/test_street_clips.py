"""The street clips of the event benchmark: who stands by, and which kinds they measure."""

import math
from pathlib import Path

import pytest

from benchmarks.events import FOOTAGE
from benchmarks.street import SECONDS, StreetClip, street_clips
from chengzhi_vision.bench.staged.plot import CATEGORIES
from chengzhi_vision.bench.truth import load_truth
from chengzhi_vision.findings import kind_table
from chengzhi_vision.types import FindingKind
from tools.scene.streetscene.cli import write_truth
from tools.scene.streetscene.paths import pose_at
from tools.scene.streetscene.types import Plan

NOT_STREET = FindingKind.CAMERA_BLIND


def clips() -> list[StreetClip]:
    return list(street_clips(Path("nowhere")))


def people_near(plan: Plan, things: set[str], t: float, *, reach: float) -> int:
    """Count who is within `reach` meters of any of the things."""
    there = [(one, pose_at(one, t)) for one in plan.things if one.present(t)]
    spots = [pose for one, pose in there if one.id in things]
    return sum(
        any(math.hypot(pose.x - s.x, pose.z - s.z) <= reach for s in spots)
        for one, pose in there
        if one.kind == "person" and one.id not in things
    )


def test_every_kind_of_the_street_is_measured_somewhere() -> None:
    street = {event.kind for clip in clips() for event in clip.plan().events}
    rendered = {
        event.kind
        for path in FOOTAGE.glob("*.truth.json")
        for event in load_truth(path, dwell_s=20).events
    }

    assert street | rendered | set(CATEGORIES) == set(kind_table()) - {NOT_STREET}


@pytest.mark.parametrize("clip", clips(), ids=lambda clip: clip.name)
def test_an_event_is_due_long_before_the_clip_ends_and_its_truth_loads(
    clip: StreetClip, tmp_path: Path
) -> None:
    write_truth(clip.plan(), tmp_path, clip.name)

    truth = load_truth(tmp_path / f"{clip.name}.truth.json", dwell_s=20)

    assert truth.conditions == (clip.sky,)
    assert all(event.is_due and event.alarm_s + 10 < SECONDS for event in truth.events)
    assert bool(truth.events) != bool(truth.decoys)


@pytest.mark.parametrize(
    ("scenario", "is_near"), [("street_trading", True), ("stall", True), ("goods_alone", False)]
)
def test_a_vendor_stands_by_or_does_not(scenario: str, is_near: bool) -> None:
    for sky in ("day", "night"):
        plan = StreetClip(scenario=scenario, sky=sky, folder=Path("nowhere")).plan()
        held = [member.thing_id for event in plan.events for member in event.members]
        things = set(held or plan.decoys[0].thing_ids)
        late = [people_near(plan, things, t, reach=1.5) > 0 for t in range(45, SECONDS)]

        assert (sum(late) / len(late) > 0.9) is is_near


@pytest.mark.parametrize(("scenario", "is_near"), [("dog_walked", True), ("dog_unattended", False)])
def test_an_owner_stands_by_or_does_not(scenario: str, is_near: bool) -> None:
    for sky in ("day", "night"):
        plan = StreetClip(scenario=scenario, sky=sky, folder=Path("nowhere")).plan()
        dog = {one.id for one in plan.things if one.kind == "dog"}
        near = [people_near(plan, dog, t, reach=1.0) > 0 for t in range(20, SECONDS)]

        assert all(near) if is_near else sum(near) / len(near) < 0.2


def test_a_clip_is_made_when_its_truth_is_that_of_the_plan(tmp_path: Path) -> None:
    clip = StreetClip(scenario="dog_walked", sky="day", folder=tmp_path)
    write_truth(clip.plan(), tmp_path, clip.name)
    assert not clip.is_made()

    clip.instance.clip.write_bytes(b"drawn")
    assert clip.is_made()

    clip.instance.truth.write_text("{}", "utf-8")
    assert not clip.is_made()
