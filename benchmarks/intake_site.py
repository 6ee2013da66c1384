"""Prepares and counts the site that `benchmarks.intake` loads; run as a program of its own."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def prepare() -> dict[str, object]:
    """Migrate, settle people and county, issue a token; return it with the cells' middles."""
    from django.core.management import call_command

    from seed import people, routing
    from seed.county.load import load_county

    call_command("migrate", verbosity=0)
    for _ in people.settle(actor=people.ADMIN, now=people.FOUNDED):
        pass
    load_county(actor=people.ADMIN, now=people.FOUNDED)
    routing.settle(actor=people.ADMIN, now=people.FOUNDED)
    return again()


def again() -> dict[str, object]:
    """Issue a token on a site that is settled; return it with the cells' middles."""
    from chengzhi.accounts import interface as accounts
    from chengzhi.accounts.types import TokenScope
    from chengzhi.places.models import Cell
    from seed import people
    from seed.lives import centre

    now = datetime.now(UTC)
    issued = accounts.issue_token(
        name="benchmark", scopes=[TokenScope.API], expires_at=now + timedelta(days=1),
        actor=people.ADMIN, now=now,
    )  # fmt: skip
    spots = [centre(cell.polygon) for cell in Cell.objects.order_by("code")]
    return {"token": issued.plain, "points": [(spot.lon, spot.lat) for spot in spots]}


def count() -> dict[str, int]:
    """Return how many work orders there are, and how many of them have their first event."""
    from chengzhi.audit.models import Event
    from chengzhi.workorders.models import WorkOrder

    return {
        "orders": WorkOrder.objects.count(),
        "events": Event.objects.filter(name="workorders.reported").count(),
        "located": WorkOrder.objects.exclude(grid="").count(),
    }


if __name__ == "__main__":
    django.setup()
    deeds = {"count": count, "again": again}
    answer = deeds.get(sys.argv[1], prepare)()
    sys.stdout.write(json.dumps(answer) + "\n")
