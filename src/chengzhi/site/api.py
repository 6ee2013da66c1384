"""The typed API under /api/v1: who may call, and which contexts answer."""

import hashlib
import json
import re
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer, SessionAuth

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence.api import router as evidence
from chengzhi.kernel.errors import DomainError
from chengzhi.notifications.api import router as notifications
from chengzhi.places.api import router as places
from chengzhi.site import problems
from chengzhi.site.look_up import router as look_up
from chengzhi.site.once import scope_of
from chengzhi.vision.api import cost_router as cameras
from chengzhi.vision.api import router as vision
from chengzhi.workorders.api import router as work_orders

NULL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
UNANSWERED = {
    400: ("unreadable-request", _("请求体读不懂，没有处理。请发送 UTF-8 编码的 JSON。")),
    401: ("token-missing", _("没有登录。请在 Authorization 请求头里写 Bearer 和令牌。")),
    403: ("stale-form", _("页面已过期，没有保存。请刷新后再提交。")),
}


class TokenAuth(HttpBearer):
    """A bearer token of scope `api`, or `vision` for a camera worker's own addresses."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return the actor behind the token."""
        now = timezone.now()
        actor = accounts.authenticate(token, scope=scope_of(request.path), now=now)
        if most := settings.CHENGZHI_API_RATE:
            _count(request, token, most=most, now=now)
        return actor


def _count(request: HttpRequest, token: str, *, most: int, now: datetime) -> None:
    """Count the call against its token; the middleware writes the rate into the answer."""
    sender = f"api:{hashlib.sha256(token.encode()).hexdigest()[:20]}"
    try:
        rate = accounts.limit_rate(sender, most=most, per_s=60, now=now)
    except accounts.TooManyRequests as error:
        request.rate = error.rate  # type: ignore[attr-defined]
        raise
    request.rate = rate  # type: ignore[attr-defined]


class PersonAuth(SessionAuth):
    """A signed-in person; the session cookie comes with its CSRF check."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return the signed-in actor, or nobody."""
        return getattr(request, "actor", None)

    def _get_key(self, request: HttpRequest) -> str | None:
        """Ask for the form's sign only where a session is: a machine without a token gets 401."""
        return super()._get_key(request) if self.param_name in request.COOKIES else None


class PlainJson(Parser):
    """JSON as RFC 8259 has it, without U+0000 and lone surrogates, which databases cannot keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's value."""
        if NULL.search(request.body):
            raise ValueError("U+0000 in the body")
        value = json.loads(request.body, parse_constant=_no_number)
        if SURROGATE.search(request.body):
            json.dumps(value, ensure_ascii=False).encode()  # half a pair cannot be written
        return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


class Api(NinjaAPI):
    """The API whose description names every refusal."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        problems.document_refusals(schema)
        return schema


api = Api(
    title="Chengzhi 城治",
    version="1",
    urls_namespace="api",
    auth=[TokenAuth(), PersonAuth()],
    parser=PlainJson(),
    docs_url=None,
    docs_decorator=login_required,
)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a broken rule with its status and sentence."""
    return problems.answer(problems.of_error(error), status=error.status)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer malformed input with the first field at fault."""
    return problems.answer(problems.of_fault(error.errors[0]), status=422)


@api.exception_handler(HttpError)
def unanswered(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a request that reached no rule: unreadable, unknown caller, stale form."""
    fallback = (f"http-{error.status_code}", error.message)
    code, sentence = UNANSWERED.get(error.status_code, fallback)
    problem = problems.problem(code, str(sentence), status=error.status_code)
    return problems.answer(problem, status=error.status_code)


api.add_router("", work_orders)  # first: an address is looked for in this order
api.add_router("/notifications", notifications)
api.add_router("/vision", vision)
api.add_router("/cameras", cameras)
api.add_router("/places", places)
api.add_router("/evidence", evidence)
api.add_router("", look_up)
