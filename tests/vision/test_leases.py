"""Cameras by lease: taken, renewed, lost, carried within capacity, fenced by epoch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengzhi.accounts.rules import NotPermitted
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.commands.leases import StaleEpoch
from chengzhi.vision.invariants import no_two_workers_held_a_camera_at_once
from chengzhi.vision.models import (
    Camera,
    CameraHealth,
    CameraLease,
    DwellMemory,
    Finding,
    LeaseTenure,
)
from chengzhi.vision.queries.access import access_camera
from chengzhi.vision.queries.fleet import figures
from chengzhi.vision.queries.leases import watch_of
from chengzhi.vision.rules.leases import TTL, choose, given_back, home, lively
from chengzhi.vision.tasks import tick
from chengzhi.vision.types import CameraBeat
from chengzhi.vision.types.leases import (
    Claimable,
    HeldLease,
    Holding,
    LeaseCall,
    PlaceMemory,
    Seat,
)
from tests.conftest import COUNTY
from tests.vision.conftest import incoming

T0 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
S = timedelta(seconds=1)


def seat(name: str, *, capacity: float = 1000, load: float = 0, seen=T0, joined=None) -> Seat:
    return Seat(
        name=name,
        capacity_ms=capacity,
        load_ms=load,
        seen_at=seen,
        joined_at=joined or T0 - timedelta(minutes=5),
    )


def free(number: int, *, cost: float = 10, since=T0, priority: int = 0) -> Claimable:
    return Claimable(code=f"C{number:03d}", cost_ms=cost, free_since=since, priority=priority)


def test_four_equal_workers_share_two_hundred_cameras_without_an_overlap():
    seats = [seat(f"w{n}", capacity=3000) for n in range(4)]
    cameras = [free(n) for n in range(200)]

    chosen = [choose(cameras, mine=mine, seats=seats, now=T0).codes for mine in seats]

    assert sorted(code for codes in chosen for code in codes) == [c.code for c in cameras]
    assert all(35 <= len(codes) <= 65 for codes in chosen)


def test_a_worker_that_leaves_moves_only_its_own_cameras():
    seats = [seat(f"w{n}", capacity=3000) for n in range(4)]
    before = {n: home(f"C{n:03d}", 10, seats).name for n in range(200)}

    after = {n: home(f"C{n:03d}", 10, seats[:3]).name for n in range(200)}

    moved = [n for n in before if before[n] != after[n]]
    assert moved == [n for n in before if before[n] == "w3"]


def test_important_cameras_go_first_and_nobody_takes_more_than_it_can_carry():
    cameras = [free(1), free(2, priority=9), free(3, priority=5)]

    choice = choose(cameras, mine=seat("w0", capacity=25), seats=[], now=T0)

    assert choice.codes == ("C002", "C003")


def test_a_free_camera_waits_for_its_home_but_not_for_long():
    seats = [seat("w0"), seat("w1")]
    other = next(n for n in range(50) if home(f"C{n:03d}", 10, seats).name == "w1")

    at_once = choose([free(other)], mine=seats[0], seats=seats, now=T0)
    later = choose([free(other)], mine=seats[0], seats=seats, now=T0 + 5 * S)

    assert (at_once.codes, at_once.is_more_soon) == ((), True)
    assert later.codes == (f"C{other:03d}",)


def test_a_worker_that_missed_a_call_is_not_waited_for():
    seats = [seat("w0", seen=T0 + 9 * S), seat("w1", seen=T0)]

    assert [s.name for s in lively(seats, now=T0 + 9 * S)] == ["w0"]


def test_an_overloaded_worker_gives_back_the_least_important_first():
    held = [
        Holding(code="A", cost_ms=60, priority=1),
        Holding(code="B", cost_ms=30),
        Holding(code="C", cost_ms=30),
    ]

    back = given_back(held, mine=seat("w0", capacity=100), seats=[], now=T0)

    assert back == ["B"]


def test_a_worker_within_its_capacity_keeps_all_and_a_newcomer_draws_nothing_at_once():
    held = [Holding(code=f"C{n:03d}", cost_ms=10) for n in range(40)]
    mine, fresh = seat("w0"), seat("w1", joined=T0 - 5 * S)

    assert given_back(held, mine=mine, seats=[mine, fresh], now=T0) == []


def test_a_steady_newcomer_draws_its_own_cameras_a_few_at_a_time():
    held = [Holding(code=f"C{n:03d}", cost_ms=10) for n in range(40)]
    mine, steady = seat("w0"), seat("w1")

    back = given_back(held, mine=mine, seats=[mine, steady], now=T0)

    assert len(back) == 4
    assert all(home(code, 10, [mine, steady]).name == "w1" for code in back)


@pytest.fixture
def call(worker, now):
    """Let a worker call, with what it was last told it holds."""
    held: dict[str, tuple[HeldLease, ...]] = {}

    def make(name: str, *, at: datetime | None = None, actor=worker, **changes: object):
        asked = LeaseCall(worker=name, instance=name, capacity_ms=1000, held=held.get(name, ()))
        answer = commands.call_for_leases(replace(asked, **changes), actor=actor, now=at or now)
        held[name] = tuple(HeldLease(code=v.code, epoch=v.epoch) for v in answer.leases)
        return answer

    return make


def test_the_first_worker_takes_the_camera_with_its_file(camera, call, now):
    answer = call("w1")

    (lease,) = answer.leases
    assert (lease.code, lease.epoch, answer.lost) == ("C001", 1, ())
    assert lease.table["camera"]["source"] == "rtsp://user:secret@10.0.0.8/live"
    assert CameraLease.objects.get().expires_at == now + TTL


def test_a_renewal_keeps_the_epoch_and_another_worker_gets_nothing(camera, call, now):
    call("w1")

    again, other = call("w1", at=now + 5 * S), call("w2", at=now + 6 * S)

    assert [(v.epoch, v.table) for v in again.leases] == [(1, None)]
    assert other.leases == ()
    assert CameraLease.objects.get().expires_at == now + 5 * S + TTL


def test_a_dead_workers_camera_goes_to_another_and_its_findings_are_refused(
    camera, call, worker, now
):
    call("w1")

    taken = call("w2", at=now + 21 * S)
    with pytest.raises(StaleEpoch, match="租约已到第2期，来文属第1期"):
        commands.record_finding(incoming(now, epoch=1), actor=worker, now=now + 22 * S)
    with pytest.raises(StaleEpoch):
        commands.record_finding(incoming(now), actor=worker, now=now + 22 * S)

    assert [v.epoch for v in taken.leases] == [2]
    assert not Finding.objects.exists()


def test_the_holders_finding_is_taken_and_stays_known_after_the_camera_moved(
    camera, call, worker, now
):
    call("w1")
    first = commands.record_finding(incoming(now, epoch=1), actor=worker, now=now)
    call("w2", at=now + 21 * S)

    again = commands.record_finding(incoming(now, epoch=1), actor=worker, now=now + 22 * S)

    assert (first.is_new, again.is_new) == (True, False)
    assert len(again.evidence_missing) == 3


def test_a_finding_that_lay_in_the_spool_is_taken_when_its_worker_held_the_camera_then(
    camera, call, worker, now
):
    call("w1")
    call("w1", at=now + 15 * S)
    call("w2", at=now + 40 * S)
    late = incoming(now, epoch=1, alarm_at=now + 30 * S)

    receipt = commands.record_finding(late, actor=worker, now=now + timedelta(days=2))

    assert receipt.is_new
    assert list(no_two_workers_held_a_camera_at_once()) == []


@pytest.mark.parametrize("after", [timedelta(seconds=-1), timedelta(seconds=40)])
def test_what_was_observed_before_or_after_ones_own_time_is_stale(camera, call, worker, now, after):
    call("w1")
    call("w2", at=now + 40 * S)

    with pytest.raises(StaleEpoch, match="发现时已不由本程序看守"):
        commands.record_finding(
            incoming(now, epoch=1, alarm_at=now + after), actor=worker, now=now + 60 * S
        )

    assert not Finding.objects.exists()


def test_the_time_of_a_worker_that_gave_its_cameras_back_ends_at_once(camera, call, worker, now):
    call("w1")
    call("w1", at=now + 5 * S, is_leaving=True)
    call("w2", at=now + 40 * S)

    with pytest.raises(StaleEpoch):
        commands.record_finding(
            incoming(now, epoch=1, alarm_at=now + 6 * S), actor=worker, now=now + 60 * S
        )
    kept = commands.record_finding(
        incoming(now, epoch=1, alarm_at=now + 4 * S), actor=worker, now=now + 60 * S
    )

    assert kept.is_new


def test_nobody_tells_under_an_epoch_that_another_took(camera, call, worker, now):
    call("w1")
    call("w2", at=now + 40 * S)
    other = replace(worker, ref="system:another")

    with pytest.raises(StaleEpoch):
        commands.record_finding(
            incoming(now, epoch=1, alarm_at=now + 5 * S), actor=other, now=now + 60 * S
        )

    assert not Finding.objects.exists()


def test_who_held_a_camera_is_forgotten_after_a_month(camera, call, worker, now):
    call("w1")
    call("w2", at=now + 40 * S)

    commands.forget_memories(actor=worker, now=now + timedelta(days=31))

    assert [tenure.epoch for tenure in LeaseTenure.objects.all()] == [2]


def test_a_worker_that_comes_back_late_is_told_to_stop(camera, call, now):
    call("w1")
    call("w2", at=now + 21 * S)

    back = call("w1", at=now + 22 * S)

    assert (back.leases, back.lost) == ((), ("C001",))


def test_when_nobody_took_the_camera_a_late_holder_goes_on_with_its_epoch(camera, call, now):
    call("w1")

    back = call("w1", at=now + timedelta(hours=3))

    assert [(v.epoch, v.table) for v in back.leases] == [(1, None)]


def test_a_worker_that_forgot_takes_the_camera_anew(camera, call, now):
    call("w1")

    fresh = call("w1", at=now + S, held=(), instance="again")

    assert [(v.epoch, v.table is not None) for v in fresh.leases] == [(2, True)]


def test_a_worker_that_leaves_hands_its_memory_to_the_next(camera, call, now):
    call("w1")
    memory = PlaceMemory(code="C001", epoch=1, body='{"version": 1, "places": []}')
    call("w1", at=now + S, memories=(memory,), is_leaving=True)

    taken = call("w2", at=now + 2 * S)

    (lease,) = taken.leases
    assert (lease.epoch, lease.memory, lease.memory_at) == (2, memory.body, now + S)


def test_what_a_former_holder_remembers_is_not_kept(camera, call, now):
    call("w1")
    call("w2", at=now + 21 * S)

    call("w1", at=now + 22 * S, memories=(PlaceMemory(code="C001", epoch=1, body="{}"),))

    assert not DwellMemory.objects.exists()


@pytest.fixture
def remembered(camera, call, now) -> DwellMemory:
    """What the worker of one camera remembers, a second later."""
    call("w1")
    call("w1", at=now + S, memories=(PlaceMemory(code="C001", epoch=1, body="{}"),))
    return DwellMemory.objects.get()


def test_what_is_remembered_of_a_camera_is_deleted_after_a_day(remembered, now):
    tick(now + timedelta(hours=24))
    kept = DwellMemory.objects.count()

    deleted = tick(now + timedelta(hours=24) + 2 * S)

    assert (kept, deleted) == (1, 1)
    assert not DwellMemory.objects.exists()


def test_what_is_remembered_of_a_camera_goes_when_it_is_switched_off(remembered, now):
    Camera.objects.update(enabled=False)

    assert tick(now + 2 * S) == 1
    assert not DwellMemory.objects.exists()


def test_only_the_machine_forgets(remembered, administrator, now):
    with pytest.raises(NotPermitted):
        commands.forget_memories(actor=administrator, now=now + timedelta(days=9))

    assert DwellMemory.objects.exists()


def test_a_camera_given_to_one_worker_goes_to_no_other(camera, call, now):
    Camera.objects.update(worker="w2")

    assert call("w1").leases == ()
    assert [v.code for v in call("w2").leases] == ["C001"]


def test_a_disabled_camera_is_lost(camera, call, now):
    call("w1")
    Camera.objects.update(enabled=False)

    assert call("w1", at=now + S).lost == ("C001",)


def test_a_stale_heartbeat_is_not_kept_and_says_which_camera_to_stop(camera, call, worker, now):
    call("w1")
    call("w2", at=now + 21 * S)
    said = CameraBeat(
        code="C001", frames=9, dropped=0, fps=1, blind_s=0, lag_s=0, state="ok", restarts=0, epoch=1
    )

    receipt = commands.record_heartbeat("w1", (said,), actor=worker, now=now + 22 * S)

    assert receipt.stop == ("C001",)
    assert not CameraHealth.objects.exists()


def test_the_camera_says_why_nobody_watches_it(camera, call, administrator, now):
    call("w1", capacity_ms=5)

    watch = watch_of(access_camera(administrator, camera), county=COUNTY, now=now)

    assert not watch.is_watched
    assert watch.note == (
        "识别程序余力不足，暂不看守：本路约需15毫秒/秒，1个程序中余力最多的还剩5毫秒/秒。"
        "请增加识别程序，或把不太要紧的摄像头停用、改为只看关键帧。"
    )


def test_the_fleet_in_figures(camera, call, worker, administrator, now):
    call("w1", held=())
    call("w1", held=(HeldLease(code="C001", epoch=1, cost_ms=12),), at=now + S)

    told = figures(administrator, now=now + 2 * S)

    assert (told.leases_held, told.leases_free, told.workers) == (1, 0, 1)
    assert (told.capacity_ms, told.load_ms) == (1000, 12)
    assert (told.cameras["never"], told.cameras["running"]) == (1, 0)


def test_only_a_worker_may_call_and_a_call_that_cannot_be_meant_changes_nothing(
    camera, call, jiang_lina
):
    with pytest.raises(NotPermitted):
        call("w1", actor=jiang_lina)
    with pytest.raises(InvalidInput, match="capacity_ms：应在0到10000000之间"):
        call("w1", capacity_ms=-1)

    assert not CameraLease.objects.exists()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "forget", "leave", "find"]),
        st.sampled_from(["w1", "w2", "w3"]),
        st.sampled_from([1, 5, 12, 21]),
    ),
    max_size=14,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@pytest.mark.django_db
def test_whatever_workers_do_there_are_never_two_valid_epochs(camera, worker, now, steps):
    """At every moment one epoch at most is accepted for a camera, and it never falls."""
    CameraLease.objects.all().delete()
    LeaseTenure.objects.all().delete()
    Finding.objects.all().delete()
    believed: dict[str, int] = {}
    at, last, number = now, 0, 0
    for deed, name, seconds in steps:
        at += seconds * S
        if deed == "find":
            number += 1
            accepted = _accepted(worker, at, f"F{number}", believed)
            assert len(accepted) <= 1
            assert all(epoch >= last for epoch in accepted)
            last = max([last, *accepted])
            continue
        held = () if deed == "forget" else tuple(_held(believed.get(name)))
        asked = LeaseCall(
            worker=name, instance=name, capacity_ms=50, held=held, is_leaving=deed == "leave"
        )
        answer = commands.call_for_leases(asked, actor=worker, now=at)
        believed.pop(name, None)
        if answer.leases:
            believed[name] = answer.leases[0].epoch
    assert list(no_two_workers_held_a_camera_at_once()) == []


def _held(epoch: int | None) -> list[HeldLease]:
    return [] if epoch is None else [HeldLease(code="C001", epoch=epoch, cost_ms=10)]


def _accepted(worker, at, finding_id: str, believed: dict[str, int]) -> set[int]:
    """Return the epochs under which a finding is taken now, of all that anybody believes in."""
    taken = set()
    for epoch in sorted(set(believed.values())):
        message = incoming(at, f"{finding_id}-{epoch}", epoch=epoch, alarm_at=at, evidence=())
        try:
            commands.record_finding(message, actor=worker, now=at)
        except StaleEpoch:
            continue
        taken.add(epoch)
    return taken
