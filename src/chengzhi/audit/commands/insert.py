"""Add one row by a statement that is written once per shape instead of once per row."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, models, router, transaction

# `pre_save` of fields that only hand over what the row holds (auto_now apart)
PASSIVE = (models.Field.pre_save, models.DateTimeField.pre_save)


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
    values psycopg keeps its own translation of a statement. Text goes in as it is, as its
    fields would return it after four calls each; the other types are left to their fields.
    """
    shape, values = [], []
    for column in _columns(type(row)):
        value = getattr(row, column.name)
        if value is None:
            shape.append("NULL")
        elif value == column.empty:
            shape.append(column.written)
        else:
            shape.append("%s")
            is_text = column.empty == "" and type(value) is str
            values.append(value if is_text else column.field.get_db_prep_save(value, connection))
    return tuple(shape), values


class _Column(NamedTuple):
    field: Any
    name: str  # of the attribute
    empty: Any  # the value, besides None, that is written out
    written: str


@lru_cache
def _columns(model: type[models.Model]) -> tuple[_Column, ...]:
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    for field in fields:
        if type(field).pre_save not in PASSIVE or _is_automatic(field):
            raise TypeError(f"{field} sets its own value when a row is saved")
    return tuple(_Column(field, field.attname, *_empty(field)) for field in fields)


def _is_automatic(field: Any) -> bool:
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


def _empty(field: Any) -> tuple[Any, str]:
    if isinstance(field, (models.CharField, models.TextField)):
        return "", "''"
    return (0, "0") if isinstance(field, models.IntegerField) else (None, "NULL")


@lru_cache(maxsize=256)
def _statement(model: type[models.Model], shape: tuple[str, ...]) -> str:
    """Return the text, the same for SQLite and PostgreSQL, which quote names alike."""
    columns = ", ".join(f'"{column.field.column}"' for column in _columns(model))
    table, key = model._meta.db_table, model._meta.pk.column
    return f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(shape)}) RETURNING "{key}"'
