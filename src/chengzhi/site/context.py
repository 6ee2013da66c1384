"""What every page's frame shows."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from chengzhi.accounts.types import ROLE_LABELS, Actor
from chengzhi.site import rail

THEMES = ("light", "dark", "system")
HTMX = json.dumps(
    {
        "includeIndicatorStyles": False,  # the CSP forbids the style element it would add
        "allowEval": False,
        "historyCacheSize": 0,
        "selfRequestsOnly": True,
        "scrollIntoViewOnBoost": False,
    }
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the values of the shell; nothing is counted unless a page draws the frame."""
    return {
        "actor": getattr(request, "actor", None),
        "frame": SimpleLazyObject(lambda: _frame(request)),
    }


def theme_of(request: HttpRequest) -> str:
    """Return the theme a person chose on this machine; the system's when none."""
    chosen = request.COOKIES.get("theme", "system")
    return chosen if chosen in THEMES else "system"


def _frame(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    theme = theme_of(request)
    values = {
        "theme": "light" if theme == "system" else theme,  # theme.js resolves "system" at once
        "theme_choice": theme,
        "htmx_config": HTMX,
        "search_url": _address("search"),
        "logout_url": _address("logout"),
        "account_url": _address("account"),
        "password_url": _address("password_change"),
        "back_url": _back(request),
        "map": _map(),
        "is_rehearsal": not settings.CHENGZHI_OUTSIDE,
        "rail": [],
        "rail_key": (),
    }
    return values if actor is None else {**values, **_person(actor, path=request.path)}


def _person(actor: Actor, *, path: str) -> dict[str, Any]:
    posts = [gettext(ROLE_LABELS[role]) for role in ROLE_LABELS if role in actor.roles]
    items = rail.items(actor, path=path, now=timezone.now())
    return {
        "rail": items,
        "rail_key": tuple((i.name, i.url, i.count, i.alarm, i.current) for i in items),
        "post": posts[0] if posts else gettext("无岗位"),
        "posts": "、".join(posts),
        "unit": actor.unit,
    }


def _back(request: HttpRequest) -> str:
    """Return the page this one was opened from, if it is ours."""
    came_from = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return came_from if is_ours and came_from != request.build_absolute_uri() else "/"


def _map() -> dict[str, str]:
    return {
        "towns": _address("places-towns"),
        "roads": _address("places-roads"),
        "tiles": getattr(settings, "CHENGZHI_TILES", ""),
        "credit": getattr(settings, "CHENGZHI_TILES_CREDIT", ""),
    }


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
