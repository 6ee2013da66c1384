"""Writes one export in a process of its own, as the worker does, and says what it took."""

import json
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def main(kind: str, rows: int) -> dict[str, float | int]:
    """Ask for the newest so many orders as somebody who may, write the file, take both back."""
    from django.utils import timezone

    from chengzhi.accounts import interface as accounts
    from chengzhi.accounts.models import Person
    from chengzhi.audit.management.commands.worker import give_way
    from chengzhi.evidence.interface import open_store
    from chengzhi.workorders.commands.exports import ask_export, run_export
    from chengzhi.workorders.models import ExportJob, WorkOrder
    from chengzhi.workorders.types import Filters

    give_way()
    now = timezone.now()
    person = Person.objects.get(username="haiyan")
    actor = accounts.actor_by_ref(person.ref, on=timezone.localdate())
    newest = WorkOrder.objects.order_by("-reported_at", "-pk").values_list("reported_at", flat=True)
    since = newest[min(rows, newest.count()) - 1]
    filters = Filters(since=since, until=now + timedelta(days=1))
    pk = ask_export(filters, kind=kind, query="", actor=actor, now=now)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run_export(
            store=open_store(folder), clock=timezone.now,
            zone=timezone.get_default_timezone(), should_stop=lambda: False,
        )  # fmt: skip
        spent = time.perf_counter() - begun
    job = ExportJob.objects.get(pk=pk)
    answer = {
        "seconds": round(spent, 1),
        "rows": job.rows_done,
        "megabytes": round(job.size / 2**20, 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    job.delete()
    return answer


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]))) + "\n")
