"""A plan depends on its arguments alone, and its truth says what the scenario promises."""

import math

import pytest

from tools.scene.streetscene.codes import MATTER_CODES
from tools.scene.streetscene.dice import Dice
from tools.scene.streetscene.light import exposure_at, sun_at
from tools.scene.streetscene.paths import pose_at
from tools.scene.streetscene.planner import UnknownScenario, frame, plan_clip
from tools.scene.streetscene.scenarios import SCENARIOS
from tools.scene.streetscene.truth import truth, truth_text
from tools.scene.streetscene.types import Plan

PROMISED = {
    "goods_out": ["goods_on_pavement"],
    "stall": ["stall"],
    "bag_left": ["object_left"],
    "garbage_exposed": ["garbage_exposed"],
    "bin_overflow": ["bin_overflow"],
    "vehicle_parked": ["motor_vehicle_parked"],
    "dog_unattended": ["dog_unattended"],
    "street_trading": ["street_trading"],
    "goods_alone": [],
    "umbrella_out": ["umbrella_out"],
    "banner_hung": ["banner_hung"],
    "materials_piled": ["materials_piled"],
    "dog_walked": [],
    "quiet": [],
    "night": ["goods_on_pavement"],
    "rain": ["motor_vehicle_parked"],
    "light_step": [],
}


def planned(scenario: str, *, seed: int = 5, seconds: float = 75) -> Plan:
    return plan_clip(scenario=scenario, seed=seed, seconds=seconds, fps=5, size=(960, 540))


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_same_seed_gives_the_same_truth_to_the_byte(scenario: str) -> None:
    first = truth_text(planned(scenario, seconds=40))

    assert truth_text(planned(scenario, seconds=40)) == first


def test_boxes_of_all_objects_are_the_same_to_the_byte_too() -> None:
    first = truth_text(planned("rain", seconds=8), boxes=True)

    assert truth_text(planned("rain", seconds=8), boxes=True) == first


def test_another_seed_gives_another_street() -> None:
    first, second = planned("quiet", seed=1), planned("quiet", seed=2)

    assert first.street.shops != second.street.shops
    assert first.lens != second.lens


@pytest.mark.parametrize(("scenario", "kinds"), PROMISED.items())
def test_scenario_yields_exactly_the_findings_it_is_named_for(
    scenario: str, kinds: list[str]
) -> None:
    found = [event.kind for event in planned(scenario).events]

    assert found == kinds


def test_cycles_scenario_leaves_one_or_two_two_wheelers() -> None:
    counts = {len([e for e in planned("bicycle_parked", seed=seed).events]) for seed in range(1, 9)}

    assert counts == {1, 2}


@pytest.mark.parametrize("scenario", [name for name, kinds in PROMISED.items() if kinds])
def test_every_event_lasts_longer_than_its_dwell_and_lies_in_a_declared_zone(scenario: str) -> None:
    plan = planned(scenario)
    rules = {(zone.name, rule.finding): rule for zone in plan.zones for rule in zone.rules}

    for event in plan.events:
        last = plan.seconds if event.end is None else event.end
        assert last - event.start > rules[(event.zone, event.kind)].dwell_s
        assert event.matter_code == MATTER_CODES[event.kind]


def test_boxes_lie_in_the_picture_once_a_second_while_the_event_lasts() -> None:
    found = truth(planned("vehicle_parked", seed=1))["events"][0]

    times = [box["t"] for box in found["boxes"]]
    assert times == list(range(math.ceil(found["start_s"]), 75))
    for box in found["boxes"]:
        x, y, w, h = box["bbox"]
        assert x >= 0 and y >= 0 and x + w <= 960 and y + h <= 540
        assert 0 <= box["visible"] <= 1


def test_visible_share_drops_while_a_vehicle_passes_in_front() -> None:
    shares = [
        box["visible"] for box in truth(planned("vehicle_parked", seed=1))["events"][0]["boxes"]
    ]

    assert max(shares) == 1.0
    assert min(shares) < 0.6


def test_lawful_stops_of_the_quiet_street_are_shorter_than_the_dwell() -> None:
    plan = planned("quiet")
    stops = {decoy.what: decoy for decoy in plan.decoys}

    assert set(stops) == {"queue", "taxi_stop", "red_light"}
    assert stops["taxi_stop"].end - stops["taxi_stop"].start < 20


def test_light_step_darkens_and_the_gain_follows_with_a_lag() -> None:
    plan = planned("light_step")
    at, level = plan.sky.steps[0]

    assert sun_at(plan, at - 0.1) == 1.0
    assert sun_at(plan, at + 0.4) == pytest.approx(level)
    assert exposure_at(plan, at + 8) > exposure_at(plan, at + 0.5) > plan.sky.exposure


def test_frames_hold_only_what_is_there() -> None:
    plan = planned("bag_left")
    start = plan.events[0].start
    bag = plan.events[0].members[0].thing_id
    thing = next(one for one in plan.things if one.id == bag)

    shown = frame(plan, int((start + 5) * plan.fps))["poses"]

    assert bag in [pose[0] for pose in shown]
    assert pose_at(thing, start + 5) == pose_at(thing, start + 50)


def test_walkers_keep_clear_of_what_is_left_on_the_pavement() -> None:
    plan = planned("bag_left", seed=13)
    bags = {member.thing_id for member in plan.events[0].members}
    start = max(member.since for member in plan.events[0].members)
    spots = [pose_at(one, 70) for one in plan.things if one.id in bags]

    for t in range(int(start) + 8, 75):
        for thing in plan.things:
            if thing.kind == "person" and thing.present(t):
                pose = pose_at(thing, t)
                assert all(math.hypot(pose.x - s.x, pose.z - s.z) > 0.25 for s in spots)


def test_unknown_scenario_is_refused_with_the_list_of_scenarios() -> None:
    with pytest.raises(UnknownScenario, match="choose one of .*goods_out"):
        planned("parade")


def test_streams_of_dice_do_not_disturb_one_another() -> None:
    lone = Dice(7, "street").stream("trees").between(0, 1)
    dice = Dice(7, "street")
    dice.between(0, 1)

    assert dice.stream("trees").between(0, 1) == lone
