"""Prepares and reads the site of `benchmarks.leases`; run as a program of its own."""

import json
import os
import sys
from itertools import cycle, islice

import django

from benchmarks.settled import settle, spots, token

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def prepare(number: int) -> dict[str, object]:
    """Settle people and county, register cameras, issue a token."""
    from chengzhi.accounts.types import TokenScope
    from chengzhi.vision import interface as vision
    from chengzhi.vision.types import CameraDraft
    from seed import people

    settle()
    for index, spot in enumerate(islice(cycle(spots()), number)):
        draft = CameraDraft(
            name=f"压测{index:03d}", lon=spot.lon, lat=spot.lat, source=f"rtsp://bench/{index}"
        )
        vision.register_camera(f"L{index:03d}", draft, actor=people.ADMIN, now=people.FOUNDED)
    return {"token": token(TokenScope.VISION)}


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
