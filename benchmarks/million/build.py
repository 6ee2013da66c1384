"""Fills one database; started by `store` with CHENGZHI_DATABASE set."""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")

YEARS = timedelta(days=730)
CHUNK = 5_000
HOURS = (0,) * 6 + (1, 3, 8, 12, 12, 10, 8, 9, 12, 12, 11, 9, 6, 5, 4, 3, 2, 1)  # of the local day
_mine: dict[str, Any] = {}


def main(rows: int, seed: int, folder: Path) -> None:
    """Settle the site, live all lives in parallel, make the indexes."""
    from benchmarks import intake_site
    from benchmarks.million.ground import read_ground
    from benchmarks.million.store import told
    from benchmarks.million.tables import shapes, without_indexes

    begun = time.monotonic()
    token = intake_site.prepare()["token"]
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    ground = read_ground("330225", now=now)
    known = shapes()
    tables = [shape.table for shape in known.values()]
    say(f"settled in {time.monotonic() - begun:.0f} s")
    with without_indexes(tables):
        _fill(ground, rows, seed, now, folder)
        say(f"\nrows in at {time.monotonic() - begun:.0f} s; indexes")
    _go_on_counting(tables)
    counted = _checked(rows)
    told(folder, rows=rows, seed=seed, now=now.isoformat(), token=token, **counted)
    say(f"built in {time.monotonic() - begun:.0f} s: {counted}")


def _fill(ground: Any, rows: int, seed: int, now: datetime, folder: Path) -> None:
    from django.db import connection

    is_postgres = connection.vendor == "postgresql"
    target = os.environ["CHENGZHI_DATABASE"] if is_postgres else str(folder)
    connection.close()
    moments = _moments(rows, seed, now)
    jobs = [
        (first + 1, moments[first : first + CHUNK], seed, now) for first in range(0, rows, CHUNK)
    ]
    done, begun = 0, time.monotonic()
    processes = max(2, os.cpu_count() or 2)
    with get_context("spawn").Pool(
        processes, initializer=_begin, initargs=(ground, target, is_postgres, now)
    ) as pool:
        for count in pool.imap_unordered(_chunk, jobs):
            done += count
            show(done, rows, time.monotonic() - begun)
        pool.close()
        pool.join()
    if not is_postgres:
        _merge(folder)


def _moments(rows: int, seed: int, now: datetime) -> list[datetime]:
    """Return sorted moments of two years: more by day than by night, more lately than before."""
    import numpy as np

    dice = np.random.default_rng(seed)
    days = 730 * (1 - dice.triangular(0, 0.4, 1, rows))
    weights = np.array(HOURS, float)
    hour = dice.choice(24, rows, p=weights / weights.sum()) + dice.random(rows)
    midnight = now.replace(hour=0) - timedelta(hours=8)
    seconds = np.floor(-np.floor(days) * 86_400 + hour * 3600)
    latest = (now - midnight).total_seconds()
    seconds[seconds >= latest] -= 86_400
    seconds.sort()
    return [midnight + timedelta(seconds=float(second)) for second in seconds]


def _begin(ground: Any, target: str, is_postgres: bool, now: datetime) -> None:
    django.setup()
    from benchmarks.million.tables import PartSink, PostgresSink, shapes

    known = shapes(is_text=is_postgres)
    known["events"].settle(handled_at=now, algorithm=ground.algorithm)
    path = Path(target) / f"part-{os.getpid()}.sqlite3"
    sink = PostgresSink(_plain(target)) if is_postgres else PartSink(path, known.values())
    _mine.update(ground=ground, shapes=known, sink=sink)


def _plain(address: str) -> str:
    """Return the address without what only Django's settings understand."""
    return address.replace("pool=8&", "").replace("&pool=8", "").replace("?pool=8", "")


def _chunk(job: tuple[int, list[datetime], int, datetime]) -> int:
    """Live the lives of one chunk and write what they leave."""
    from benchmarks.million.lives import Life
    from benchmarks.million.tables import rows_of

    first, moments, seed, now = job
    known, sink = _mine["shapes"], _mine["sink"]
    written: dict[str, list[Any]] = {name: [] for name in known}
    for number, at in enumerate(moments):
        life = Life(_mine["ground"], first + number, at, now, seed)
        life.live()
        for name, rows in rows_of(life, known).items():
            written[name] += rows
    for name, rows in written.items():
        sink.write(known[name], rows)
    sink.commit()
    return len(moments)


def _merge(folder: Path) -> None:
    """Move the parts into the database, in order of key."""
    import pysqlite3

    from benchmarks.million.tables import shapes

    parts = sorted(folder.glob("part-*.sqlite3"))
    connection = pysqlite3.connect(os.environ["CHENGZHI_DATABASE"], isolation_level=None)
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "cache_size=-1048576",
        "foreign_keys=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")
    for number, part in enumerate(parts):
        connection.execute(f"ATTACH '{part}' AS part{number}")
    for shape in shapes().values():
        names = ", ".join(f'"{name}"' for name in shape.columns)
        whole = " UNION ALL ".join(
            f'SELECT {names} FROM part{number}."{shape.table}"' for number in range(len(parts))
        )
        connection.execute(f'INSERT INTO main."{shape.table}" ({names}) {whole}')
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    for part in parts:
        part.unlink()


def _go_on_counting(tables: list[str]) -> None:
    """Let PostgreSQL give the next keys after those that were written, and see what is all visible."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _checked(rows: int) -> dict[str, int]:
    """Count, and let the log's own checks judge a sample of chains.

    :raises SystemExit: something does not hold.
    """
    from chengzhi.audit.models import Event
    from chengzhi.audit.rules import content_fault, link_fault
    from chengzhi.audit.types import Link
    from chengzhi.workorders.models import StageRun, WorkOrder

    columns = [field.name for field in Link.__dataclass_fields__.values()]
    for pk in range(1, rows, max(1, rows // 500)):
        before = None
        events = Event.objects.filter(subject=f"workorder:{pk}").order_by("seq")
        for values in events.values(*columns):
            link = Link(**values)
            if fault := content_fault(link) or link_fault(link, before):
                raise SystemExit(f"workorder:{pk}, event {link.seq}: {fault}")
            before = link
    found = WorkOrder.objects.count()
    reported = Event.objects.filter(name="workorders.reported").count()
    if not found == reported == rows:
        raise SystemExit(f"{rows} orders were asked for: {found} rows, {reported} first events")
    return {
        "orders": found,
        "events": Event.objects.count(),
        "runs": StageRun.objects.count(),
        "open": WorkOrder.objects.filter(ended_at__isnull=True).count(),
    }


def show(done: int, total: int, seconds: float) -> None:
    """Say how far it is: on a terminal in place, else ten times."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r  {done:,}/{total:,} orders, {done / max(seconds, 1e-3):,.0f}/s ")
    elif done * 10 // total != (done - CHUNK) * 10 // total:
        sys.stdout.write(f"  {done:,}/{total:,} orders, {done / max(seconds, 1e-3):,.0f}/s\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    main(*(int(text) for text in islice(sys.argv[1:3], 2)), folder=Path(sys.argv[3]))
