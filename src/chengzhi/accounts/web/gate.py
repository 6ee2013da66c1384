"""Nobody works on with a temporary or outdated password."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

Answer = Callable[[HttpRequest], HttpResponseBase]
PROBLEM = {
    "type": "urn:chengzhi:problem:password-outdated",
    "title": "Forbidden",
    "status": 403,
    "error": "password-outdated",
    "detail": "密码须先更换，请登录网页修改密码后再用接口。",
    "field": None,
}


class PasswordGate:
    """Sends a person whose password must be replaced to that page, whatever they asked for.

    `CHENGZHI_PASSWORD_DAYS` (0: never) is the age at which a password is outdated
    (GB/T 22239 asks for regular change).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated or not _must_change(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse(PROBLEM, status=403, content_type="application/problem+json")
        return redirect("password_change")


def _must_change(request: HttpRequest) -> bool:
    changed_at: datetime | None = request.user.password_changed_at  # type: ignore[union-attr]
    days = settings.CHENGZHI_PASSWORD_DAYS
    is_fresh = changed_at is not None and (
        not days or timezone.now() - changed_at < timedelta(days=days)
    )
    return not is_fresh and not _is_open(request.path)


def _is_open(path: str) -> bool:
    opened = (reverse("password_change"), reverse("logout"), reverse("set_language"))
    return path in opened or path.startswith(str(settings.STATIC_URL))
