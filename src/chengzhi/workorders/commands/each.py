"""Rows that a clock marks one by one: a row that cannot be marked does not hold up the others."""

import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)


def mark_each(due: Iterable[int], mark: Callable[[int], int]) -> int:
    """Mark each row, `mark` in a transaction of its own, and return how much was marked.

    A row that fails is logged and stays due: the next tick tries it again, and the invariants
    name it. A database that is away fails for every row, and ends the tick.
    """
    marked = 0
    for pk in due:
        try:
            marked += mark(pk)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # anything may be wrong with one row
            log.exception("row %s was not marked by %s", pk, _name(mark))
    return marked


def _name(mark: Callable[[int], int]) -> str:
    mark = getattr(mark, "func", mark)
    return getattr(mark, "__qualname__", repr(mark))
