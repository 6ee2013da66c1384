"""Prepares and reads the site of `benchmarks.leases`; run as a program of its own."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def prepare(number: int) -> dict[str, object]:
    """Migrate, settle people and county, register cameras, issue a token."""
    from django.core.management import call_command

    from chengzhi.accounts import interface as accounts
    from chengzhi.accounts.types import TokenScope
    from chengzhi.places.models import Cell
    from chengzhi.vision import interface as vision
    from chengzhi.vision.types import CameraDraft
    from seed import people
    from seed.county.load import load_county
    from seed.lives import centre

    call_command("migrate", verbosity=0)
    for _ in people.settle(actor=people.ADMIN, now=people.FOUNDED):
        pass
    load_county(actor=people.ADMIN, now=people.FOUNDED)
    spots = [centre(cell.polygon) for cell in Cell.objects.order_by("code")]
    for index in range(number):
        spot = spots[index % len(spots)]
        draft = CameraDraft(
            name=f"压测{index:03d}", lon=spot.lon, lat=spot.lat, source=f"rtsp://bench/{index}"
        )
        vision.register_camera(f"L{index:03d}", draft, actor=people.ADMIN, now=people.FOUNDED)
    now = datetime.now(UTC)
    issued = accounts.issue_token(
        name="benchmark", scopes=[TokenScope.VISION], expires_at=now + timedelta(days=1),
        actor=people.ADMIN, now=now,
    )  # fmt: skip
    return {"token": issued.plain}


def accepted(number: int) -> dict[str, object]:
    """Return every finding taken: camera, epoch (as its model's version), when."""
    del number
    from chengzhi.vision.models import Finding

    rows = Finding.objects.values_list("camera__code", "model_version", "received_at")
    return {"findings": [[code, int(epoch), at.timestamp()] for code, epoch, at in rows]}


if __name__ == "__main__":
    django.setup()
    answer = {"new": prepare, "accepted": accepted}[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(json.dumps(answer) + "\n")
