"""Prepares and counts the site that `benchmarks.intake` loads; run as a program of its own."""

import json
import os
import sys

import django

from benchmarks.settled import settle, spots, token

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def prepare() -> dict[str, object]:
    """Settle people, county and routing, issue a token; return it with the cells' middles."""
    from seed import people, routing

    settle()
    routing.settle(actor=people.ADMIN, now=people.FOUNDED)
    return again()


def again() -> dict[str, object]:
    """Issue a token on a site that is settled; return it with the cells' middles."""
    from chengzhi.accounts.types import TokenScope

    points = [(spot.lon, spot.lat) for spot in spots()]
    return {"token": token(TokenScope.API), "points": points}


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
