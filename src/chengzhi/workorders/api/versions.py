"""ETag and If-Match: a deed on what the sender has seen, or none at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError
from chengzhi.workorders.queries.access import locked


class ChangedMeanwhile(DomainError):
    """Somebody else acted on the record since the sender read it."""

    code = "changed-meanwhile"
    status = 412


def etag(version: int) -> str:
    """Return a record's version as HTTP writes it."""
    return f'"{version}"'


def is_known(request: HttpRequest, version: int) -> bool:
    """Return whether the sender holds this version already (If-None-Match)."""
    return etag(version) in _listed(request, "If-None-Match")


@contextmanager
def unchanged(request: HttpRequest, pk: int, *, actor: Actor) -> Iterator[dict[str, Any]]:
    """Hold the record while a deed is done, if it still is as the sender saw it (If-Match).

    Yields who acts and when, as every command asks for it.

    :raises ChangedMeanwhile: it is not.
    """
    now: datetime = timezone.now()
    wanted = _listed(request, "If-Match")
    if not wanted or "*" in wanted:
        yield {"actor": actor, "now": now}
        return
    with transaction.atomic():
        order = locked(actor, pk)
        version = audit.last_seq(order.subject)
        if etag(version) not in wanted:
            raise ChangedMeanwhile(
                f"这件案件在您读取之后已有变化（现为第 {version} 版），没有处理。请重新读取后再决定。",
                field="If-Match",
            )
        yield {"actor": actor, "now": now}


def _listed(request: HttpRequest, header: str) -> list[str]:
    values = request.headers.get(header, "").split(",")
    return [value.strip().removeprefix("W/") for value in values if value.strip()]
