"""Signing in and out: limits before passwords, a fresh session after them, a trace of both."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chengzhi.accounts import commands, queries
from chengzhi.accounts.forms import SignInForm
from chengzhi.accounts.types import Preferences

MOST_A_MINUTE = 30
A_YEAR = 31_536_000


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Show the sign-in page, or sign somebody in."""
    if request.user.is_authenticated:
        return redirect(_target(request))
    if request.method == "GET":
        return _page(request, SignInForm())
    address = request.META.get("REMOTE_ADDR", "")
    commands.limit_rate(f"login:{address}", most=MOST_A_MINUTE, per_s=60, now=timezone.now())
    form = SignInForm(request.POST)
    return _try(request, form, address) if form.is_valid() else _page(request, form, status=422)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    auth.logout(request)
    return redirect("login")


def locked_out(request: HttpRequest, response: object, credentials: object) -> HttpResponse:
    """Answer a locked-out sign-in: how long it lasts and who can help (axes calls this)."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    sentence = _("输错次数过多，账号在本机暂停登录 %(minutes)s 分钟。") % {"minutes": minutes}
    more = _("请稍后再试；忘记密码请找本单位管理员。")
    return _page(request, SignInForm(initial=_typed(request)), refused=(sentence, more), status=429)


def _try(request: HttpRequest, form: SignInForm, address: str) -> HttpResponseBase:
    username = queries.username_of(form.cleaned_data["username"].strip())
    if not AxesProxyHandler.is_allowed(request, {"username": username}):
        return locked_out(request, None, None)
    person = auth.authenticate(request, username=username, password=form.cleaned_data["password"])
    if person is None:
        return _refuse(request, form, username, address)
    auth.login(request, person)
    request.session.set_expiry(None if form.cleaned_data["remember"] else 0)
    commands.note_sign_in(username, address=address, now=timezone.now())
    response = redirect(_target(request))
    keep_preferences(response, queries.preferences(person.pk))
    return response


def _refuse(
    request: HttpRequest, form: SignInForm, username: str, address: str
) -> HttpResponseBase:
    now = timezone.now()
    commands.note_failure(username, address=address, now=now)
    failures = AxesProxyHandler.get_failures(request, {"username": username})
    left = settings.AXES_FAILURE_LIMIT - failures
    if left <= 0:
        commands.note_lock_out(username, address=address, now=now)
        return locked_out(request, None, None)
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    more = _("再错 %(left)s 次，账号锁定 %(minutes)s 分钟；忘记密码请找本单位管理员。")
    refused = (_("账号或密码不对。"), more % {"left": left, "minutes": minutes})
    return _page(request, SignInForm(initial=_typed(request)), refused=refused, status=401)


def _page(
    request: HttpRequest,
    form: SignInForm,
    *,
    refused: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "refused": refused, "next": _next(request)}
    return render(request, "accounts/login.html", context, status=status)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {"username": request.POST.get("username", "")[:60]}


def _next(request: HttpRequest) -> str:
    """Return where to go afterwards, if it lies on this host."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=hosts, require_https=request.is_secure()
    )
    return wanted if is_safe else ""


def _target(request: HttpRequest) -> str:
    return _next(request) or resolve_url(settings.LOGIN_REDIRECT_URL)


def keep_preferences(response: HttpResponseBase, chosen: Preferences) -> None:
    """Set the cookies that the frame and Django's language middleware read."""
    secure = settings.SESSION_COOKIE_SECURE
    for name, value in (
        (settings.LANGUAGE_COOKIE_NAME, chosen.language),
        ("theme", chosen.theme),
    ):
        response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=secure)
