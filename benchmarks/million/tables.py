"""Rows into tables by the models' own field lists: COPY on PostgreSQL, part files on SQLite."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.million.lives import MOST_EVENTS, MOST_RUNS, Life, plain

SETTLED = 1000  # keys before these belong to what the site itself has told
ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})
UNSAFE = re.compile(r"[\\\n\t\r]")
EVENT_FIELDS = (
    "id",
    "name", "subject", "seq", "actor", "data", "happened_at", "previous", "hash",
)  # fmt: skip


class Shape:
    """A table's columns in the model's order, with what stands in those that nobody fills.

    Rows for PostgreSQL are texts as COPY reads them, so that a line is one join.
    """

    def __init__(self, model: Any, *, is_text: bool) -> None:
        fields = model._meta.local_concrete_fields
        self.table = model._meta.db_table
        self.columns = [field.column for field in fields]
        self.at = {field.attname: number for number, field in enumerate(fields)}
        self.ready = copied if is_text else stored
        self._empty = [self.ready(_empty(field)) for field in fields]

    def row(self, values: dict[str, Any]) -> list[Any]:
        """Return the values in the order of the columns."""
        row, at, ready = self._empty.copy(), self.at, self.ready
        for name, value in values.items():
            row[at[name]] = ready(value)
        return row

    def settle(self, **values: Any) -> None:
        """Let these stand in every row."""
        self._empty = self.row(values)


def _empty(field: Any) -> Any:
    if field.null or field.primary_key:
        return None
    value = field.get_default()
    return "" if value is None else value


def stored(value: Any) -> Any:
    """Return a value as SQLite keeps it."""
    if isinstance(value, datetime):
        return plain(value)
    return int(value) if isinstance(value, bool) else value


def copied(value: Any) -> str:
    """Return a value as PostgreSQL's COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES) if UNSAFE.search(value) else value
    if isinstance(value, datetime):
        return plain(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def shapes(*, is_text: bool = False) -> dict[str, Shape]:
    """Return the tables that a life fills."""
    from chengzhi.audit.models import Event
    from chengzhi.workorders.models import StageRun, WorkOrder

    models = {"orders": WorkOrder, "events": Event, "runs": StageRun}
    return {name: Shape(model, is_text=is_text) for name, model in models.items()}


def rows_of(life: Life, known: dict[str, Shape]) -> dict[str, list[list[Any]]]:
    """Return what a life leaves in each table; keys follow from the order's."""
    event, run = known["events"].row, known["runs"].row
    first_event = (life.pk + SETTLED) * MOST_EVENTS
    events = [
        event(dict(zip(EVENT_FIELDS, (first_event + n, *row), strict=True)))
        for n, row in enumerate(life.chain.rows)
    ]
    runs = [run({**values, "id": life.pk * MOST_RUNS + n}) for n, values in enumerate(life.runs)]
    return {"orders": [known["orders"].row(life.order)], "events": events, "runs": runs}


class PostgresSink:
    """Copies rows straight into the tables; one connection for each process."""

    def __init__(self, address: str) -> None:
        import psycopg

        self._connection = psycopg.connect(address, autocommit=False)
        self._connection.execute("SET timezone TO 'UTC'")
        self._connection.execute("SET session_replication_role TO replica")
        self._connection.execute("SET synchronous_commit TO off")

    def write(self, shape: Shape, rows: list[list[Any]]) -> None:
        """Copy rows into a table."""
        names = ", ".join(f'"{name}"' for name in shape.columns)
        statement = f'COPY "{shape.table}" ({names}) FROM STDIN'
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("".join("\t".join(row) + "\n" for row in rows))

    def commit(self) -> None:
        """Keep what was copied."""
        self._connection.commit()


class PartSink:
    """Writes rows into a file of one process, which is merged into the database afterwards."""

    def __init__(self, path: Path, known: Iterable[Shape]) -> None:
        import pysqlite3

        self._connection = pysqlite3.connect(str(path), isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            self._connection.execute(f"PRAGMA {pragma}")
        for shape in known:
            names = ", ".join(f'"{name}"' for name in shape.columns)
            self._connection.execute(f'CREATE TABLE IF NOT EXISTS "{shape.table}" ({names})')
        self._connection.execute("BEGIN")

    def write(self, shape: Shape, rows: list[list[Any]]) -> None:
        """Add rows to the file."""
        places = ", ".join("?" * len(shape.columns))
        self._connection.executemany(f'INSERT INTO "{shape.table}" VALUES ({places})', rows)

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")


@contextmanager
def without_indexes(tables: list[str]) -> Iterator[None]:
    """Drop the tables' indexes, and make them again at the end, when all rows are there."""
    from django.db import connection

    is_postgres = connection.vendor == "postgresql"
    drop, make = (_of_postgres if is_postgres else _of_sqlite)(tables)
    with connection.cursor() as cursor:
        for statement in drop:
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SET maintenance_work_mem TO '1GB'")
        for statement in make:
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _of_sqlite(tables: list[str]) -> tuple[list[str], list[str]]:
    from django.db import connection

    places = ", ".join(["%s"] * len(tables))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            f"AND tbl_name IN ({places})",
            tables,
        )
        found = cursor.fetchall()
    return [f'DROP INDEX "{name}"' for name, _ in found], [sql for _, sql in found]


def _of_postgres(tables: list[str]) -> tuple[list[str], list[str]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'u' AND conrelid::regclass::text = ANY(%s)",
            [tables],
        )
        unique = cursor.fetchall()
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint WHERE contype IN ('u', 'p'))",
            [tables],
        )
        plain_ones = cursor.fetchall()
    drop = [f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"' for table, name, _ in unique]
    drop += [f'DROP INDEX "{name}"' for name, _ in plain_ones]
    make = [definition for _, definition in plain_ones]
    make += [f'ALTER TABLE "{table}" ADD CONSTRAINT "{n}" {text}' for table, n, text in unique]
    return drop, make
