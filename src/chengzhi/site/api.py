"""The typed API under /api/v1: who may call, and which contexts answer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.security import HttpBearer, SessionAuth

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence.api import router as evidence
from chengzhi.kernel.errors import DomainError
from chengzhi.places.api import router as places
from chengzhi.site.middleware import as_problem
from chengzhi.vision.api import router as vision
from chengzhi.workorders.api import router as work_orders


class Problem(Schema):
    """What every refusal looks like: a stable code, a sentence, and the field at fault."""

    error: str
    detail: str
    field: str | None = None


class TokenAuth(HttpBearer):
    """A bearer token of scope `api`, or `vision` for a camera worker's own addresses."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return the actor behind the token."""
        scope = "vision" if request.path.startswith("/api/v1/vision/") else "api"
        return accounts.authenticate(token, scope=scope, now=timezone.now())


class PersonAuth(SessionAuth):
    """A signed-in person; the session cookie comes with its CSRF check."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return the signed-in actor, or nobody."""
        return getattr(request, "actor", None)


api = NinjaAPI(
    title="Chengzhi 城治",
    version="1",
    urls_namespace="api",
    auth=[TokenAuth(), PersonAuth()],
    docs_url=None,
    docs_decorator=login_required,
)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a broken rule with its status and sentence."""
    return api.create_response(request, as_problem(error), status=error.status)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer malformed input with the first field at fault."""
    first = error.errors[0]
    field = ".".join(str(part) for part in first["loc"][2:]) or str(first["loc"][-1])
    problem = {"error": "invalid-input", "detail": f"{field}：{first['msg']}", "field": field}
    return api.create_response(request, problem, status=422)


api.add_router("/vision", vision)
api.add_router("/places", places)
api.add_router("/evidence", evidence)
api.add_router("", work_orders)
