"""Makes a platform's state for a journey, in two steps that are programs of their own.

`found` makes what every journey starts from: tables, people, county, routing. `equip` adds the
cameras of one journey to it and prints the worker's token as JSON.
"""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def found() -> None:
    """Migrate, settle people and county."""
    from django.core.management import call_command

    from seed import people, routing
    from seed.county.load import load_county

    call_command("migrate", verbosity=0)
    for _ in people.settle(actor=people.ADMIN, now=people.FOUNDED):
        pass
    load_county(actor=people.ADMIN, now=people.FOUNDED)
    routing.settle(actor=people.ADMIN, now=people.FOUNDED)


def equip(clips: dict[str, str]) -> None:
    """Register the cameras, issue the worker's token."""
    from seed import cameras, people

    for code, clip in clips.items():
        cameras.add_clip(Path(clip), actor=people.ADMIN, code=code)
    sys.stdout.write(json.dumps({"token": cameras.issue_token(actor=people.ADMIN)}) + "\n")


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "found":
        found()
    else:
        equip(json.loads(sys.argv[2]))
