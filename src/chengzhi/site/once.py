"""A POST of the API with an Idempotency-Key happens once; a token's rate stands in every answer."""

import hashlib
import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Answer, Call, Rate
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.site import problems

Handler = Callable[[HttpRequest], HttpResponse]
KEY = re.compile(r"[!-~]{1,100}")
HEADER = "Idempotency-Key"


class Once:
    """Answer a repeated POST with what was answered the first time, for 24 hours."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        try:
            return self._once(request, key)
        except DomainError as error:
            return problems.answer(problems.of_error(error), status=error.status)

    def _once(self, request: HttpRequest, key: str) -> HttpResponse:
        if not KEY.fullmatch(key):
            sentence = _("Idempotency-Key 应为 1 至 100 个可见的 ASCII 字符，例如一个 UUID。")
            raise InvalidInput(sentence, field=HEADER)
        holder = _holder(request)
        if not holder:
            return self.get_response(request)  # where it is told 401
        call = Call(holder=holder, key=key, request_hash=_digest(request))
        return self._answered(request, call)

    def _answered(self, request: HttpRequest, call: Call) -> HttpResponse:
        fresh: list[HttpResponse] = []

        def work() -> Answer:
            fresh.append(self.get_response(request))
            return _as_answer(fresh[0])

        answer = accounts.answer_once(call, work, now=timezone.now())
        if not answer.is_replay:
            return fresh[0]
        again = HttpResponse(answer.body, status=answer.status, content_type=answer.media_type)
        again.headers["Idempotent-Replayed"] = "true"
        return again


def _as_answer(response: HttpResponse) -> Answer:
    return Answer(
        status=response.status_code,
        media_type=response.headers.get("Content-Type", ""),
        body=response.content.decode(),
    )


def _holder(request: HttpRequest) -> str:
    """Return who calls, in a form that may be kept; nothing for nobody."""
    token = bearer(request)
    if token:
        try:
            accounts.authenticate(token, scope=scope_of(request.path), now=timezone.now())
        except accounts.TokenRefused:
            return ""
        return f"token:{hashlib.sha256(token.encode()).hexdigest()[:40]}"
    actor = getattr(request, "actor", None)
    return actor.ref if actor else ""


def bearer(request: HttpRequest) -> str:
    """Return the token in the Authorization header, if there is one."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def scope_of(path: str) -> str:
    """Return the scope that a token needs at an address of the API."""
    return "vision" if path.startswith("/api/v1/vision/") else "api"


def _digest(request: HttpRequest) -> str:
    """Return one hash over method, address and content."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request):
        digest.update(part)
        digest.update(b"\0")
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    if not (request.content_type or "").startswith("multipart/"):
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield from (f"{name}={value}".encode() for value in values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}:{file.name}".encode()
            yield from file.chunks()
            file.seek(0)


class RateHeaders:
    """Say in every answer how often the token may still call (RateLimit-*)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        rate: Rate | None = getattr(request, "rate", None)
        if rate is not None:
            response.headers["RateLimit-Limit"] = str(rate.most)
            response.headers["RateLimit-Remaining"] = str(max(rate.left, 0))
            response.headers["RateLimit-Reset"] = str(rate.reset_s)
            if response.status_code == 429:
                response.headers["Retry-After"] = str(rate.reset_s)
        return response
