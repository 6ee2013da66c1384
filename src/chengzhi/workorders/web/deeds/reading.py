"""What a deed of a page is, how it is done, and what its form brings: a reason, a choice."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.web.parsing import done

Choice = TypeVar("Choice", bound=StrEnum)
Deed = Callable[[HttpRequest, int, Actor, datetime], str]


def do_deed(
    request: HttpRequest, deeds: Mapping[str, Deed], pk: int, name: str, *, to: str
) -> HttpResponse:
    """Do one of the deeds on a record, say so, and go on.

    :raises Http404: there is no deed of that name.
    """
    if name not in deeds:
        raise Http404
    message = deeds[name](request, pk, accounts.acting(request), timezone.now())
    return done(request, message, to=to)


def reason_in(request: HttpRequest) -> str:
    """Return the reason that the form gives, without the blanks around it."""
    return request.POST.get("reason", "").strip()


def one_of(kind: type[Choice], value: str) -> Choice:
    """Return one of a fixed set of results.

    :raises InvalidInput: there is no such result.
    """
    try:
        return kind(value)
    except ValueError as error:
        raise InvalidInput(f"“{value}”不是可选的结果，请重新选择。", field="result") from error
