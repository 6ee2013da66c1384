"""Dark cameras: which incidents open, what counts as blind time, and when people are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.accounts.types import Role
from chengzhi.audit.interface import history
from chengzhi.audit.models import Event
from chengzhi.vision import commands
from chengzhi.vision.models import Camera, CameraDay, Finding, Incident
from chengzhi.vision.queries.cameras import camera_detail
from chengzhi.vision.queries.fleet import figures
from chengzhi.vision.queries.outages import dark, fleet_parties, thresholds_parties
from chengzhi.vision.rules.outages import hint_of, kinds_text, named, outage_settings
from chengzhi.vision.tasks import tick
from chengzhi.vision.types import FindingKind
from tests.conftest import actor
from tests.vision.conftest import incoming
from tests.vision.test_health import beat

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def hear(worker, now):
    def heartbeat(*beats, at=now, name="一号识别机"):
        return commands.record_heartbeat(name, beats, actor=worker, now=at)

    return heartbeat


@pytest.fixture
def minutes(jiang_lina):
    """Blind minutes of the day as the camera's page shows them."""

    def shown(at, code="C001") -> float:
        return camera_detail(jiang_lina, code, now=at).row.blind_minutes

    return shown


@pytest.fixture
def dozen(camera, draft, administrator, now):
    """Twelve cameras, four of them in the district of a squad."""
    codes = [f"C{number:03d}" for number in range(1, 13)]
    for code in codes[1:]:
        commands.register_camera(code, draft, actor=administrator, now=now)
    Camera.objects.filter(code__in=codes[:4]).update(squad="S01")
    return codes


def ticks(since, *, until, every=MINUTE) -> None:
    while since <= until:
        tick(since)
        since += every


def told(name: str) -> list[dict[str, object]]:
    """Return what the county was told by events of a name, oldest first."""
    rows = [row for row in history("fleet:330225") if row.name == name]
    return [dict(row.data) for row in rows]


# ── incidents ──────────────────────────────────────────────────────────────────────────


def test_a_source_that_never_gives_a_picture_opens_an_incident_by_its_heartbeats(camera, hear, now):
    for second in range(0, 61, 10):
        hear(beat(frames=0, state="no_source"), at=now + second * SECOND)

    incident = Incident.objects.get()
    assert (incident.kind, incident.started_at, incident.finding) == ("blind", now, None)
    event = Event.objects.get(name="vision.camera-blind")
    assert '"zone":"重连中"' in event.data


def test_a_short_break_opens_none(camera, hear, now):
    for second, state in ((0, "no_source"), (50, "no_source"), (60, "ok"), (70, "no_source")):
        hear(beat(state=state), at=now + second * SECOND)

    assert not Incident.objects.exists()


@pytest.mark.parametrize("state", ["failed", "refused", "covered"])
def test_no_state_in_which_nothing_is_seen_stays_without_incident(camera, hear, now, state):
    hear(beat(state=state))
    hear(beat(state=state), at=now + MINUTE)
    hear(beat(state="ok"), at=now + 2 * MINUTE)

    assert Incident.objects.get().ended_at == now + 2 * MINUTE


def test_the_picture_that_comes_later_joins_the_open_incident(camera, hear, worker, now):
    hear(beat(state="covered"))
    hear(beat(state="covered"), at=now + MINUTE)
    message = incoming(now, "B-1", kind=FindingKind.CAMERA_BLIND, evidence=())

    commands.record_finding(message, actor=worker, now=now + 2 * MINUTE)

    assert Incident.objects.get().finding == Finding.objects.get()
    assert Event.objects.filter(name="vision.camera-blind").count() == 1


def test_a_camera_never_heard_of_is_as_dark_as_a_silent_one(camera, hear, now):
    counts = [tick(now + 89 * SECOND), tick(now + 90 * SECOND), tick(now + 120 * SECOND)]

    incident = Incident.objects.get()
    assert (counts, incident.kind, incident.started_at) == ([0, 1, 0], "never", now)
    hear(beat(), at=now + HOUR)
    assert Incident.objects.get().ended_at == now + HOUR


def test_a_camera_without_an_address_cannot_be_watched(camera, draft, administrator, now):
    commands.change_camera("C001", replace(draft, source=""), actor=administrator, now=now)

    assert tick(now + HOUR) == 0
    assert not Incident.objects.exists()


def test_switching_a_camera_off_ends_what_is_open_of_it(camera, hear, draft, administrator, now):
    hear(beat())
    ticks(now, until=now + 13 * MINUTE)
    off = now + HOUR

    commands.change_camera("C001", replace(draft, enabled=False), actor=administrator, now=off)
    ticks(off, until=off + 10 * MINUTE)

    incident = Incident.objects.get()
    assert (incident.ended_at, incident.end_told_at) == (off, off)
    assert Event.objects.filter(name="vision.incident-dropped").count() == 1
    assert not told("vision.cameras-see-again")


def test_the_days_in_which_a_camera_was_off_are_not_silent(
    camera, hear, draft, administrator, minutes, now
):
    hear(beat(blind_s=0))
    commands.change_camera("C001", replace(draft, enabled=False), actor=administrator, now=now)
    on = now + timedelta(days=3)
    commands.change_camera("C001", draft, actor=administrator, now=on)

    tick(on + 89 * SECOND)
    assert not Incident.objects.exists()
    tick(on + 2 * MINUTE)

    assert Incident.objects.get().started_at == on
    assert minutes(on + 2 * MINUTE) == 2


# ── blind time ─────────────────────────────────────────────────────────────────────────


def test_the_time_after_a_worker_died_is_blind_time(camera, hear, minutes, jiang_lina, now):
    hear(beat(blind_s=30))
    tick(now + 2 * MINUTE)

    at = now + HOUR
    fleet = figures(jiang_lina, now=at)
    assert minutes(at) == 60.5
    assert (fleet.blind_s, fleet.unwatched_s) == (3630, 3600)


def test_a_camera_that_no_worker_ever_took_is_blind_time(camera, minutes, now):
    tick(now + 2 * MINUTE)

    assert minutes(now + HOUR) == 60


def test_a_camera_that_is_switched_off_has_no_blind_time(
    camera, hear, draft, administrator, minutes, now
):
    hear(beat(blind_s=0))
    tick(now + 2 * MINUTE)
    off = now + 10 * MINUTE
    commands.change_camera("C001", replace(draft, enabled=False), actor=administrator, now=off)

    assert minutes(now + 2 * HOUR) == 10


def test_a_worker_that_was_started_again_counts_nothing_twice(camera, hear, minutes, now):
    hear(beat(frames=1000, blind_s=30))
    tick(now + 2 * MINUTE)
    back = now + HOUR

    hear(beat(frames=5, blind_s=8), at=back)
    hear(beat(frames=50, blind_s=20), at=back + 10 * SECOND)

    assert minutes(back + 10 * SECOND) == (30 + 3600 + 12) / 60


def test_another_worker_that_takes_over_counts_nothing_twice(camera, hear, minutes, now):
    hear(beat(frames=10, blind_s=0))
    tick(now + 2 * MINUTE)

    hear(beat(frames=900, blind_s=500), at=now + HOUR, name="二号识别机")

    assert minutes(now + HOUR) == 60


def test_a_worker_that_was_only_cut_off_takes_the_time_back(camera, hear, minutes, now):
    """Its own counter knows what it did not see; its findings lie in the spool."""
    hear(beat(frames=1000, blind_s=30))
    tick(now + 2 * MINUTE)
    assert minutes(now + HOUR) == 60.5

    hear(beat(frames=19000, blind_s=90), at=now + HOUR)

    assert minutes(now + HOUR) == 1.5
    assert Incident.objects.get().was_watched


def test_the_night_is_shared_by_its_two_days(camera, hear, minutes, now):
    evening = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)  # 23:30 by the county's clock
    hear(beat(blind_s=0), at=evening)
    tick(evening + 2 * MINUTE)

    assert minutes(evening + 29 * MINUTE) == 29
    assert minutes(evening + 2 * HOUR) == 90
    hear(beat(frames=1, blind_s=0, dropped=0), at=evening + 2 * HOUR)
    assert minutes(evening + 20 * HOUR) == 90
    assert CameraDay.objects.filter(blind_s__gt=0).count() == 0


# ── people ─────────────────────────────────────────────────────────────────────────────


def test_a_dead_worker_is_told_of_once_as_one_sentence(dozen, hear, now):
    hear(*(beat(code=code) for code in dozen))

    ticks(now, until=now + 40 * MINUTE)

    (event,) = told("vision.cameras-dark")
    assert (event["count"], event["size"], event["cameras"]) == (12, "many", dozen)
    assert event["cameras_text"].startswith("C001 靖南大街天安路口北、C002 ")
    assert event["cameras_text"].endswith("等")
    assert (event["why"], event["since"]) == ("失联", "11-25 10:30")
    assert event["hint"] == "都由识别程序“一号识别机”看守，请先看它是否在运行"


def test_each_squad_is_told_of_its_own_cameras(dozen, hear, now):
    hear(*(beat(code=code) for code in dozen))

    ticks(now, until=now + 13 * MINUTE)

    (row,) = history("fleet:330225:S01")
    assert (row.data["scope"], row.data["squad"], row.data["cameras"]) == (
        "squad",
        "S01",
        dozen[:4],
    )
    assert row.data["size"] == "few"


def test_nobody_is_told_of_a_camera_that_is_back_soon(camera, hear, now):
    hear(beat())
    ticks(now, until=now + 9 * MINUTE)
    hear(beat(), at=now + 9 * MINUTE)
    ticks(now + 9 * MINUTE, until=now + 10 * MINUTE)

    assert Incident.objects.count() == 1
    assert not told("vision.cameras-dark")
    assert not told("vision.cameras-see-again")


def test_what_sees_again_is_told_once_when_it_can_be_believed(dozen, hear, now):
    hear(*(beat(code=code) for code in dozen))
    ticks(now, until=now + 13 * MINUTE)
    for second in range(0, 601, 30):
        at = now + HOUR + second * SECOND
        hear(*(beat(code=code) for code in dozen), at=at)
        tick(at)

    (event,) = told("vision.cameras-see-again")
    assert (event["count"], event["longest"]) == (12, "1小时")
    assert len(told("vision.cameras-dark")) == 1


def test_a_camera_that_comes_and_goes_is_one_outage(camera, hear, now):
    at = now
    for _ in range(4):  # ten minutes dark, one minute well
        hear(beat(), at=at)
        ticks(at, until=at + 11 * MINUTE)
        at += 12 * MINUTE

    assert len(told("vision.cameras-dark")) == 1
    assert not told("vision.cameras-see-again")


def test_blind_and_then_silent_is_told_once(camera, hear, now):
    for second in range(0, 901, 45):
        hear(beat(state="covered"), at=now + second * SECOND)
        tick(now + second * SECOND)
    ticks(now + 900 * SECOND, until=now + 40 * MINUTE)

    assert sorted(Incident.objects.values_list("kind", flat=True)) == ["blind", "silent"]
    assert len(told("vision.cameras-dark")) == 1


def test_those_that_go_dark_one_by_one_are_not_told_one_by_one(dozen, hear, now):
    for minute in range(60):
        alive = [code for number, code in enumerate(dozen) if minute < 5 * (number + 1)]
        hear(*(beat(code=code) for code in alive), at=now + minute * MINUTE)
        tick(now + minute * MINUTE)

    events = told("vision.cameras-dark")
    assert 2 <= len(events) <= 4
    codes = [code for event in events for code in event["cameras"]]
    assert len(codes) == len(set(codes)) > 6


def test_a_platform_that_was_away_alarms_nobody_when_it_is_back(dozen, hear, now):
    """Its workers were at work all the time: they have ten minutes to say so."""
    hear(*(beat(code=code) for code in dozen))
    back = now + 3 * HOUR

    tick(back)
    hear(*(beat(code=code) for code in dozen), at=back + 10 * SECOND)
    ticks(back, until=back + SECOND)

    assert not told("vision.cameras-dark")
    assert not Incident.objects.filter(was_watched=False).exists()


def test_telling_is_for_the_machine_only(camera, administrator, now):
    from chengzhi.accounts.rules import NotPermitted

    with pytest.raises(NotPermitted):
        commands.tell_of_outages(actor=administrator, now=now)


# ── the badge ──────────────────────────────────────────────────────────────────────────


def test_the_badge_counts_what_is_dark_now_and_alarms_when_it_lasts(
    dozen, hear, draft, administrator, now
):
    hear(*(beat(code=code) for code in dozen[:9]), beat(code="C010", state="refused"))
    commands.change_camera("C012", replace(draft, enabled=False), actor=administrator, now=now)

    tick(now + 91 * SECOND)

    assert dark(administrator, now=now) == (2, False)  # C010 refused, C011 never heard of
    assert dark(administrator, now=now + 2 * MINUTE) == (11, False)
    assert dark(administrator, now=now + 12 * MINUTE) == (11, True)


def test_the_badge_is_of_the_cameras_that_one_may_see(dozen, now):
    zhu = actor("person:6", "朱建军", Role.SQUAD_LEADER, unit="S01", division="330225001")
    elsewhere = actor("person:9", "陈静", Role.ADMINISTRATOR, division="330203")

    assert dark(zhu, now=now)[0] == 4
    assert dark(elsewhere, now=now)[0] == 0


# ── words ──────────────────────────────────────────────────────────────────────────────


def test_the_words_say_what_and_where_to_look():
    settings = outage_settings(on=datetime(2026, 11, 25, tzinfo=UTC).date())

    assert named(["甲", "乙", "丙"], most=settings.names) == "甲、乙、丙"
    assert named(["甲", "乙", "丙", "丁"], most=settings.names) == "甲、乙、丙等"
    assert kinds_text(["silent", "blind", "silent"]) == "失联 2、看不清 1"


@pytest.mark.parametrize(
    ("workers", "of", "begins"),
    [
        (["一号"] * 12, 12, "都由识别程序“一号”看守"),
        (["一号"] * 12 + ["二号"], 14, "其中 12 路由识别程序“一号”看守"),
        (["一号"] * 2 + ["二号"] * 2, 4, "请到“设备健康”"),
        (["一号"], 1, "请到“设备健康”"),
        ([], 3, "请到“设备健康”"),
    ],
)
def test_several_silent_cameras_of_one_worker_point_at_the_worker(workers, of, begins):
    assert hint_of(workers, of=of).startswith(begins)


@pytest.mark.parametrize("subject", ["fleet:", "thresholds:", "fleet"])
def test_what_is_no_county_has_no_parties(subject, now):
    assert fleet_parties(subject, now) is None
    assert thresholds_parties(subject, now) is None
