"""Signs people in and looks up what `benchmarks.lists` asks for; a program of its own."""

import json
import os
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")
SIGNED_IN = ("haiyan", "haibo", "xiaoyan")


def prepare() -> dict[str, Any]:
    """Return sessions by user name, the number of orders, and a cursor in the middle.

    The map's counters are made here, as the worker makes them every half minute.
    """
    from django.utils import timezone

    from chengzhi.kernel.calendar import EPOCH
    from chengzhi.workorders.commands.map import refresh_map
    from chengzhi.workorders.models import WorkOrder

    refresh_map("330225", now=timezone.now())
    count = WorkOrder.objects.count()
    middle = WorkOrder.objects.get(pk=count // 2)
    micros = (middle.reported_at - EPOCH) // timedelta(microseconds=1)
    month = timezone.localtime(middle.reported_at).date().replace(day=1)
    return {
        "sessions": {name: _session(name) for name in SIGNED_IN},
        "count": count,
        "cursor": f"{micros}-{middle.pk}",
        "month": month.isoformat(),
        "month_end": (month + timedelta(days=27)).isoformat(),
        "address": middle.address,
    }


def _session(username: str) -> str:
    """Return the cookie of somebody who has just signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from chengzhi.accounts.models import Person

    person = Person.objects.get(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "chengzhi.accounts.web.KnownPeople"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(prepare()) + "\n")
