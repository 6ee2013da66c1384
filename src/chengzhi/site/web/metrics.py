"""The platform's figures in the Prometheus text format, for whoever holds the token."""

import hmac
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.audit import interface as audit
from chengzhi.vision import interface as vision

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "chengzhi_"
FIGURES = {
    "outbox_waiting": "events that reactions have not handled yet",
    "outbox_oldest_seconds": "age of the oldest of them",
    "outbox_given_up": "events whose reactions gave up",
    "cameras": "cameras by state",
    "camera_blind_seconds_today": "seconds since midnight in which cameras saw nothing or nobody watched",
    "camera_unwatched_seconds_today": "of that, seconds in which nobody watched them",
    "leases": "enabled cameras under a lease, by state: held or free",
    "lease_workers": "camera workers that call for leases",
    "lease_capacity_ms": "CPU milliseconds a second that they can spend on cameras",
    "lease_load_ms": "CPU milliseconds a second that their cameras cost",
    "findings": "findings by state",
    "findings_oldest_waiting_seconds": "age of the oldest finding that waits for review",
}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer 404 where no token is set and 401 to a wrong one."""
    if not settings.CHENGZHI_METRICS_TOKEN:
        raise Http404
    expected = f"Bearer {settings.CHENGZHI_METRICS_TOKEN}"
    if not hmac.compare_digest(
        request.headers.get("authorization", "").encode(), expected.encode()
    ):
        return HttpResponse("401\n", status=401, content_type="text/plain")
    return HttpResponse("\n".join([*_lines(timezone.now()), ""]), content_type=CONTENT_TYPE)


def _lines(now: datetime) -> Iterator[str]:
    values = _values(now)
    for name, text in FIGURES.items():
        yield f"# HELP {PREFIX}{name} {text}"
        yield f"# TYPE {PREFIX}{name} gauge"
        yield from (f"{PREFIX}{name}{label} {value:.10g}" for label, value in values[name].items())


def _values(now: datetime) -> dict[str, dict[str, float]]:
    actor = accounts.system_actor("metrics", division=settings.CHENGZHI_COUNTY)
    fleet = vision.fleet_figures(actor, now=now)
    outbox = audit.outbox(now)
    return {
        "outbox_waiting": {"": outbox.waiting},
        "outbox_oldest_seconds": {"": outbox.oldest_s},
        "outbox_given_up": {"": audit.dead_letter_count()},
        "cameras": {f'{{state="{state}"}}': count for state, count in fleet.cameras.items()},
        "camera_blind_seconds_today": {"": fleet.blind_s},
        "camera_unwatched_seconds_today": {"": fleet.unwatched_s},
        "leases": {'{state="held"}': fleet.leases_held, '{state="free"}': fleet.leases_free},
        "lease_workers": {"": fleet.workers},
        "lease_capacity_ms": {"": fleet.capacity_ms},
        "lease_load_ms": {"": fleet.load_ms},
        "findings": {f'{{state="{state}"}}': count for state, count in fleet.findings.items()},
        "findings_oldest_waiting_seconds": {"": fleet.oldest_waiting_s},
    }
