"""What is already known at a place: list first, then decide (docs/pains.md, 14)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from chengzhi.workorders.api.orders import acting
from chengzhi.workorders.api.schemas import NearIn, NearOut
from chengzhi.workorders.queries.known_here import known_here

router = Router()


@router.get("/nearby", response={200: list[NearOut]})
def nearby(request: HttpRequest, asked: Query[NearIn]) -> Any:
    """Return what the caller may see close to a point, nearest first, closed ones included."""
    return known_here(
        acting(request),
        asked.lon,
        asked.lat,
        now=timezone.now(),
        matter=asked.matter,
        metres=asked.metres,
        hours=asked.hours,
    )
