"""Which cameras are dark now, how long they were today, and who is told of it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.notifications.types import Parties
from chengzhi.vision.models import Camera, CameraDay, CameraHealth, Incident
from chengzhi.vision.queries.access import visible_cameras
from chengzhi.vision.rules.health import SILENT_AFTER, seconds_within
from chengzhi.vision.rules.outages import outage_settings
from chengzhi.vision.types import DARK_STATES, UNWATCHED


def dark_cameras(actor: Actor, *, now: datetime) -> QuerySet[Camera]:
    """Return the visible cameras that are switched on and show nobody anything."""
    fresh = CameraHealth.objects.filter(last_heartbeat_at__gte=now - SILENT_AFTER)
    seeing = fresh.exclude(state__in=DARK_STATES)
    return visible_cameras(actor).filter(enabled=True).exclude(pk__in=seeing.values("camera"))


def dark(actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Return how many cameras are dark, and whether one has been for long enough to be told of."""
    rows = dark_cameras(actor, now=now)
    count = rows.count()
    if not count:
        return 0, False
    after = outage_settings(on=timezone.localdate(now)).tell_after
    known = Incident.objects.filter(
        camera__in=rows, ended_at__isnull=True, noticed_at__lte=now - after
    )
    return count, known.exists()


def blind_today(cameras: Collection[int], *, now: datetime) -> dict[int, float]:
    """Return each camera's blind seconds since midnight.

    What its workers counted, and the time in which it was switched on and nobody watched.
    """
    days = CameraDay.objects.filter(camera__in=cameras, day=timezone.localdate(now))
    seconds = defaultdict(float, days.values_list("camera", "blind_s"))
    for camera, more in unwatched_today(cameras, now=now).items():
        seconds[camera] += more
    return dict(seconds)


def unwatched_today(
    cameras: Collection[int] | QuerySet[Camera], *, now: datetime
) -> dict[int, float]:
    """Return for how many seconds since midnight nobody watched each camera that is switched on.

    It is the incidents' own time, so that it cannot be counted twice; a worker that was only cut
    off and comes back takes it away again (`Incident.was_watched`).
    """
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    rows = Incident.objects.filter(
        Q(ended_at__isnull=True, camera__enabled=True) | Q(ended_at__gt=midnight),
        camera__in=cameras,
        kind__in=UNWATCHED,
        was_watched=False,
    )
    found: defaultdict[int, float] = defaultdict(float)
    for camera, started, ended in rows.values_list("camera", "started_at", "ended_at"):
        found[camera] += seconds_within(started, ended, since=midnight, until=now)
    return dict(found)


def fleet_parties(subject: str, now: datetime) -> Parties | None:
    """Return who answers for the cameras of a county ("fleet:" and its code) or of one squad there."""
    _, county, squad = f"{subject}::".split(":")[:3]
    if not county:
        return None
    people = accounts.people_in(squad, on=timezone.localdate(now)) if squad else []
    leaders = tuple(person.ref for person in people if Role.SQUAD_LEADER in person.roles)
    return Parties(county=county, people={"squad_leaders": leaders})


def thresholds_parties(subject: str, now: datetime) -> Parties | None:
    """Return the county whose thresholds are meant: "thresholds:" and its code."""
    county = subject.partition(":")[2]
    return Parties(county=county) if county else None
