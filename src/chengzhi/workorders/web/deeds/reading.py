"""What every deed's form brings: a reason, a choice; and what a deed is."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput

Choice = TypeVar("Choice", bound=StrEnum)
Deed = Callable[[HttpRequest, int, Actor, datetime], str]


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
