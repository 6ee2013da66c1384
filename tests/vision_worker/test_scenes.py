"""The whole chain on seeded scenes whose truth is known exactly."""

import pytest

from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.snapshot import load_memory, save_memory
from chengzhi_vision.types import FindingKind, ObjectClass

from .scenes import (
    Player,
    Scene,
    Thing,
    arriving,
    camera_with,
    left,
    parked,
    passing,
    player,
    standing,
)

CAR, PERSON = ObjectClass.VEHICLE, ObjectClass.PERSON


def test_a_vehicle_that_stops_is_found_once_at_its_dwell():
    street = player(camera_with(parked(10)), Thing(kind=CAR, where=arriving(300, 200, start=5)))

    found = street.play(0, 40)

    assert [f.kind for f in found] == [FindingKind.MOTOR_VEHICLE_PARKED]
    assert found[0].start_pts == pytest.approx(5, abs=1)
    assert found[0].alarm_pts == pytest.approx(found[0].start_pts + 10, abs=0.01)
    assert not found[0].start_unknown
    assert found[0].box.rounded() == [300, 200, 90, 60]
    assert found[0].matter_code == "09009"


def test_a_vehicle_there_at_the_start_is_marked_start_unknown():
    street = player(camera_with(parked(10)), Thing(kind=CAR, where=standing(300, 200)))

    found = street.play(0, 40)

    assert [(f.start_pts, f.alarm_pts, f.start_unknown) for f in found] == [(0.0, 10.0, True)]


def test_a_vehicle_first_detected_late_but_always_there_is_marked_start_unknown():
    car = Thing(kind=CAR, where=standing(300, 200), missed=lambda t: t < 20)
    street = player(camera_with(parked(10)), car)

    found = street.play(0, 45)

    assert [f.start_unknown for f in found] == [True]
    assert found[0].start_pts == pytest.approx(20, abs=10)  # nothing changes: a look each 10 s


def test_passing_vehicles_are_never_found():
    cars = [
        Thing(kind=CAR, where=passing(200, start=2.0 * i, speed=200), seed=i) for i in range(20)
    ]
    street = player(camera_with(parked(5)), *cars)

    assert street.play(0, 50) == []


def test_a_vehicle_that_leaves_before_its_dwell_is_not_found():
    car = Thing(kind=CAR, where=standing(300, 200, start=5, end=14))
    street = player(camera_with(parked(10)), car)

    assert street.play(0, 40) == []


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_missed_detections_do_not_delay_the_alarm(share: float):
    car = Thing(kind=CAR, where=standing(300, 200), missed=lambda t: (t * 2) % 10 < share * 10)
    street = player(camera_with(parked(20)), car)

    found = street.play(0, 40)

    assert len(found) == 1
    assert found[0].alarm_pts == pytest.approx(found[0].start_pts + 20, abs=0.01)


def test_a_passer_by_in_front_does_not_restart_the_clock():
    car = Thing(kind=CAR, where=standing(300, 200), missed=lambda t: 8 <= t < 14)
    bus = Thing(kind=None, where=standing(250, 150, start=8, end=14), size=(220, 180), seed=9)
    street = player(camera_with(parked(20)), car, bus)

    found = street.play(0, 40)

    assert [(f.start_pts, f.alarm_pts) for f in found] == [(0.0, 20.0)]


def test_another_vehicle_at_the_same_place_starts_its_own_clock():
    one = Thing(kind=CAR, where=standing(300, 200, end=8), seed=1)
    other = Thing(kind=CAR, where=standing(300, 200, start=8), seed=2)
    street = player(camera_with(parked(15)), one, other)

    found = street.play(0, 40)

    assert len(found) == 1
    assert found[0].start_pts == pytest.approx(8, abs=5)
    assert found[0].alarm_pts >= 23


def test_jittering_boxes_and_new_track_ids_stay_one_stay():
    car = Thing(kind=CAR, where=standing(300, 200), jitter=4, missed=lambda t: 6 <= t < 11)
    street = player(camera_with(parked(20)), car)

    found = street.play(0, 90)

    assert [(f.start_pts, f.alarm_pts) for f in found] == [(0.0, 20.0)]


def test_two_vehicles_are_two_findings():
    cars = [Thing(kind=CAR, where=standing(x, 200), seed=x) for x in (100, 400)]
    street = player(camera_with(parked(10)), *cars)

    found = street.play(0, 30)

    assert len(found) == 2
    assert len({f.finding_id for f in found}) == 2


def test_the_same_stay_has_the_same_id_when_judged_again():
    def judge() -> list[str]:
        street = player(camera_with(parked(10)), Thing(kind=CAR, where=standing(300, 200)))
        return [f.finding_id for f in street.play(0, 20)]

    assert judge() == judge()


def test_a_long_stay_is_reported_again_only_when_the_rule_says_so():
    car = Thing(kind=CAR, where=standing(300, 200))

    once = player(camera_with(parked(10)), car).play(0, 100)
    again = player(camera_with(parked(10, re_alert_s=30)), car).play(0, 100)

    assert [f.alert_number for f in once] == [1]
    assert [f.alert_number for f in again] == [1, 2, 3]
    assert [round(f.alarm_pts) for f in again] == [10, 40, 70]


def test_exempt_small_and_doubtful_vehicles_are_not_found():
    bus = Thing(kind=CAR, where=standing(300, 200), label="bus")
    doubtful = Thing(kind=CAR, where=standing(300, 200), score=0.45)

    assert player(camera_with(parked(10, exempt=["bus"])), bus).play(0, 30) == []
    assert player(camera_with(parked(10, min_size=[120, 40])), bus).play(0, 30) == []
    assert player(camera_with(parked(10, min_score=0.6)), doubtful).play(0, 30) == []


def test_a_vehicle_outside_the_zone_is_not_found():
    street = player(camera_with(parked(10)), Thing(kind=CAR, where=standing(300, 60)))

    assert street.play(0, 30) == []


def test_a_bag_left_behind_is_found_from_the_moment_it_came():
    bag = Thing(kind=None, where=standing(300, 250, start=8), size=(36, 30), seed=3)
    street = player(camera_with(left(10), kind="pavement_clear"), bag)

    found = street.play(0, 40)

    assert [(f.kind, f.start_unknown) for f in found] == [(FindingKind.OBJECT_LEFT, False)]
    assert found[0].start_pts == pytest.approx(8, abs=1)
    assert found[0].model.name == "static-object-knn"


def test_a_bag_is_held_while_people_pass_in_front():
    bag = Thing(kind=None, where=standing(300, 250, start=8), size=(36, 30), seed=3)
    people = [
        Thing(kind=PERSON, where=passing(200, start=s, speed=90), size=(40, 100), seed=s)
        for s in (10, 16, 22)
    ]
    street = player(camera_with(left(20), kind="pavement_clear"), bag, *people)

    found = street.play(0, 50)

    assert len(found) == 1
    assert found[0].start_pts == pytest.approx(8, abs=1)


def test_a_person_who_stands_still_is_no_object():
    person = Thing(kind=PERSON, where=standing(300, 200, start=8), size=(40, 100), score=0.3)
    street = player(camera_with(left(10), kind="pavement_clear"), person)

    assert street.play(0, 40) == []


def test_the_empty_place_of_something_taken_away_is_no_object():
    crate = Thing(kind=None, where=standing(300, 250, end=10), size=(60, 50), seed=3)
    street = player(camera_with(left(10), kind="pavement_clear"), crate)

    assert street.play(0, 50) == []


@pytest.mark.parametrize("factor", [0.4, 1.6])
def test_a_light_step_is_no_object_and_ends_no_stay(factor: float):
    car = Thing(kind=CAR, where=standing(300, 200))
    camera = camera_with(parked(30), left(10), kind="pavement_clear")
    street = player(camera, car, light=lambda t: factor if t >= 15 else 1.0)

    found = street.play(0, 60)

    assert [(f.kind, f.start_pts) for f in found] == [(FindingKind.MOTOR_VEHICLE_PARKED, 0.0)]


def test_the_clock_goes_on_after_a_restart(tmp_path):
    camera, car = camera_with(parked(60)), Thing(kind=CAR, where=arriving(300, 200, start=5))
    without_restart = player(camera, car, base=1e9).play(0, 80)
    before = player(camera, car, base=1e9)
    before.play(0, 30)
    save_memory(before.pipeline, tmp_path / "C001.json")

    after = player(camera, car, base=1e9)
    load_memory(after.pipeline, tmp_path / "C001.json", at=1e9 + 45)
    found = after.play(45, 80)

    assert [f.finding_id for f in found] == [f.finding_id for f in without_restart]
    assert found[0].alarm_at == without_restart[0].alarm_at
    assert not found[0].start_unknown


def test_a_vehicle_gone_during_a_restart_is_forgotten(tmp_path):
    camera = camera_with(parked(40))
    before = player(camera, Thing(kind=CAR, where=standing(300, 200)), base=1e9)
    before.play(0, 30)
    save_memory(before.pipeline, tmp_path / "C001.json")

    street = Scene(things=())
    after = Player(scene=street, pipeline=Pipeline(camera, detector=street), base=1e9)
    load_memory(after.pipeline, tmp_path / "C001.json", at=1e9 + 31)

    assert after.play(31, 90) == []
    assert after.pipeline.places.items == []


def test_an_alarm_not_yet_in_the_spool_is_raised_again_after_a_restart(tmp_path):
    camera, car = camera_with(parked(10)), Thing(kind=CAR, where=standing(300, 200))
    street = Scene(things=[car])
    lost = Pipeline(camera, detector=street)
    one = Player(scene=street, pipeline=lost, base=1e9)
    ripe = one.ripe_unreported(0, 20)
    save_memory(lost, tmp_path / "C001.json")

    after = player(camera, car, base=1e9)
    load_memory(after.pipeline, tmp_path / "C001.json", at=1e9 + 21)
    found = after.play(21, 40)

    assert [f.finding_id for f in found] == ripe


def test_the_end_of_a_clip_confirms_what_has_reached_its_dwell():
    street = player(camera_with(parked(20)), Thing(kind=CAR, where=standing(300, 200)))

    before, at_end = street.play(0, 21), street.finish()

    assert before == []
    assert [f.alarm_pts for f in at_end] == [20.0]
