"""The door of every address: format, key, rate, cross-origin reading, and errors in their shape."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import DomainError
from chengzhi.workorders.api.open311 import formats
from chengzhi.workorders.api.open311.asking import Fault, Refused, refused, require_jurisdiction

STATUSES = {403: 403, 404: 404, 429: 429}  # of our own errors; everything else is a 400
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Authorization, Idempotency-Key",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call: who, when, what was given, and the format to answer in."""

    given: QueryDict
    to: str
    actor: Actor | None
    county: str
    now: datetime
    request: HttpRequest


View = Callable[..., HttpResponse]


def door(*methods: str, reads_requests: bool = False) -> Callable[[View], View]:
    """Let a view answer these methods at an address whose last part may carry the format.

    `reads_requests`: what it shows are work orders, which a county may keep for holders of keys.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **parts: str) -> HttpResponse:
            to, rest = _format(request, parts)
            try:
                response = _through(view, request, methods, to, rest, reads_requests)
            except Refused as refusal:
                response = errors(refusal, to=to)
            except DomainError as error:
                response = errors(_as_refused(error), to=to)
            for name, value in CORS.items():
                response.headers[name] = value
            return response

        return answer

    return wrap


def _through(
    view: View,
    request: HttpRequest,
    methods: tuple[str, ...],
    to: str,
    parts: dict[str, str],
    reads_requests: bool,
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
        raise refused(400, f"此地址不接受 {request.method}。", code=405)
    if not to:
        raise refused(400, "格式只有 xml 和 json，请把地址的扩展名改为 .xml 或 .json。")
    asked = _asked(request, to)
    require_jurisdiction(asked.given)
    if request.method == "POST" and asked.actor is None:
        raise refused(403, "没有 api_key，不能提交。请向 key_service 申请。")
    if reads_requests and asked.actor is None and not settings.CHENGZHI_OPEN311_PUBLIC:
        raise refused(403, "本地案件只供持有 api_key 者查询。请向 key_service 申请。")
    return view(asked, **parts)


def _asked(request: HttpRequest, to: str) -> Asked:
    given = request.GET.copy()
    if request.method == "POST":
        given.update(request.POST)
    if any("\0" in value for _, values in given.lists() for value in values):
        raise refused(400, "参数里有字符 U+0000，没有处理，请去掉后重发。")
    now = timezone.now()
    key = given.get("api_key", "").strip() or _bearer(request)
    sender = sha256(key.encode()).hexdigest()[:20] if key else request.META.get("REMOTE_ADDR", "")
    most = settings.CHENGZHI_OPEN311_RATE
    try:
        rate = accounts.limit_rate(f"open311:{sender}", most=most, per_s=60, now=now)
    except accounts.TooManyRequests as error:
        request.rate = error.rate  # type: ignore[attr-defined]
        raise
    request.rate = rate  # type: ignore[attr-defined]
    actor = accounts.authenticate(key, scope="open311", now=now) if key else None
    county = actor.county if actor else settings.CHENGZHI_COUNTY
    return Asked(given=given, to=to, actor=actor, county=county, now=now, request=request)


def _bearer(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _format(request: HttpRequest, parts: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the format that the address, or failing that the Accept header, asks for."""
    named = parts.pop("to", "")
    if "name" in parts:
        name, dot, named = parts["name"].rpartition(".")
        parts["name"], named = (name, named) if dot else (named, "")
    if not named:
        named = "json" if "json" in request.headers.get("Accept", "") else "xml"
    return (named if named in formats.MEDIA_TYPES else ""), parts


def errors(refusal: Refused, *, to: str) -> HttpResponse:
    """Return a refusal as the specification shapes it: an array of code and description."""
    body = [{"code": fault.code, "description": fault.description} for fault in refusal.faults]
    return formats.answer("errors", body, to=to or "xml", status=refusal.status)


def _as_refused(error: DomainError) -> Refused:
    if isinstance(error, accounts.TokenRefused):
        return refused(403, f"api_key 无效：{error.sentence}")
    status = STATUSES.get(error.status, 400)
    named = f"{FIELDS.get(error.field, error.field)}：" if error.field else ""
    return Refused(status, Fault(code=error.status, description=f"{named}{error.sentence}"))


FIELDS: dict[str | None, str] = {  # ours → the specification's
    "matter_code": "service_code",
    "lon": "long",
    "address": "address_string",
    "reporter_name": "first_name",
    "reporter_phone": "phone",
    "component_code": "attribute[component_code]",
    "occurred_at": "attribute[occurred_at]",
    "photos": "media",
}
