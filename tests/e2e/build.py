"""Makes a platform's state for a journey: run as a program, prints one JSON object."""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def main(clips: dict[str, str]) -> None:
    """Migrate, settle people and county, register the cameras, issue the worker's token."""
    django.setup()
    from django.core.management import call_command

    from seed import cameras, people, routing
    from seed.county.load import load_county

    call_command("migrate", verbosity=0)
    for _ in people.settle(actor=people.ADMIN, now=people.FOUNDED):
        pass
    load_county(actor=people.ADMIN, now=people.FOUNDED)
    routing.settle(actor=people.ADMIN, now=people.FOUNDED)
    for code, clip in clips.items():
        cameras.add_clip(Path(clip), actor=people.ADMIN, code=code)
    sys.stdout.write(json.dumps({"token": cameras.issue_token(actor=people.ADMIN)}) + "\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
