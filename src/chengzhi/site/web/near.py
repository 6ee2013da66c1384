"""What was reported near a point: the choices into which a finding or report may be merged."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.types import StoredFile
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.types import Point
from chengzhi.workorders import interface as workorders
from chengzhi.workorders.types import CHANNEL_LABELS, STATE_LABELS, Nearby

WORLD = {"lon": (-180.0, 180.0, "经度"), "lat": (-90.0, 90.0, "纬度")}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One work order near the point, as a radio button shows it."""

    subject: str
    code: str
    matter: str
    address: str
    state: str
    channel: str
    metres: int
    reported_at: datetime
    thumbnail: str


@require_safe
@login_required
def nearby_work_orders(request: HttpRequest) -> HttpResponse:
    """Show the work orders near a point as radio choices named `work_order`."""
    point = Point(lon=_degrees(request, "lon"), lat=_degrees(request, "lat"))
    now = timezone.now()
    matter = request.GET.get("matter") or None
    found = workorders.nearby(accounts.acting(request), point, now=now, matter=matter)
    files = evidence.files_of_many([f"workorder:{row.id}" for row in found])
    choices = [_choice(row, files.get(f"workorder:{row.id}", [])) for row in found]
    return render(request, "site/parts/nearby.html", {"choices": choices, "now": now})


def _degrees(request: HttpRequest, name: str) -> float:
    low, high, label = WORLD[name]
    text = request.GET.get(name, "")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InvalidInput(f"{label}“{text}”不是有效的度数，请在地图上重新点选位置。", field=name)
    return value


def _choice(row: Nearby, files: list[StoredFile]) -> Choice:
    picture = next((file for file in files if file.media_type.startswith("image/")), None)
    return Choice(
        subject=f"workorder:{row.id}",
        code=row.code,
        matter=row.matter_name,
        address=row.address,
        state=STATE_LABELS.get(row.state, row.state),
        channel=CHANNEL_LABELS.get(row.channel, row.channel),
        metres=round(row.metres),
        reported_at=row.reported_at,
        thumbnail=picture.sha256 if picture else "",
    )
