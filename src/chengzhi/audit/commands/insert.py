"""Add one row by a statement that is written once per shape instead of once per row."""

from functools import lru_cache
from typing import Any

from django.db import connections, models, router, transaction


def insert(row: models.Model) -> None:
    """Insert a new row and set its key, as `row.save(force_insert=True)` does, without signals.

    The ORM writes the statement anew for every row; here it is kept by which columns are empty.
    Values pass through their fields all the same, so both databases store what `save` stores.
    """
    assert row.pk is None, "the database gives the key"
    using = router.db_for_write(type(row), instance=row)
    connection = connections[using]
    shape, values = _taken_apart(row, connection)
    with transaction.mark_for_rollback_on_error(using), connection.cursor() as cursor:
        cursor.execute(_statement(type(row), shape), values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, using


def _taken_apart(row: models.Model, connection: Any) -> tuple[tuple[str, ...], list[Any]]:
    """Return what stands for each column in the statement, and the values that it asks for.

    Empty columns are written out: of a work order's 60 a report fills about 25, and below 50
    values psycopg keeps its own translation of a statement.
    """
    shape, values = [], []
    for field, empty, written in _columns(type(row)):
        value = field.pre_save(row, True)
        if value is None:
            shape.append("NULL")
        elif value == empty:
            shape.append(written)
        else:
            shape.append("%s")
            values.append(field.get_db_prep_save(value, connection))
    return tuple(shape), values


@lru_cache
def _columns(model: type[models.Model]) -> tuple[tuple[Any, Any, str], ...]:
    """Return each field but the key, the value that makes it empty, and how SQL writes that."""
    fields = (field for field in model._meta.local_concrete_fields if not field.primary_key)
    return tuple((field, *_empty(field)) for field in fields)


def _empty(field: Any) -> tuple[Any, str]:
    if isinstance(field, (models.CharField, models.TextField)):
        return "", "''"
    return (0, "0") if isinstance(field, models.IntegerField) else (None, "NULL")


@lru_cache(maxsize=256)
def _statement(model: type[models.Model], shape: tuple[str, ...]) -> str:
    """Return the text, the same for SQLite and PostgreSQL, which quote names alike."""
    columns = ", ".join(f'"{field.column}"' for field, *_ in _columns(model))
    table, key = model._meta.db_table, model._meta.pk.column
    return f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(shape)}) RETURNING "{key}"'
