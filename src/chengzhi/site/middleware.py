"""Who is asking, and the one place where a broken domain rule becomes an HTTP answer."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import DomainError
from chengzhi.site import problems, rail
from chengzhi.site.faults import bad_request
from chengzhi.standards import store

Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD", "OPTIONS")


class ContentPolicy:
    """Say what a page may load: `CONTENT_SECURITY_POLICY`, the same for every answer.

    django-csp puts the header together anew each time, which costs 0.1 ms of CPU a request.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response


class ChosenLanguage:
    """Speak Chinese unless the person chose English: what the browser prefers is not asked."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class StandardsInForce:
    """Answer by the standards as they are now: another process may have imported a city's own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        store.notice()
        return self.get_response(request)


class PlainAddress:
    """Refuse U+0000 in an address: no database of ours can look for it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)


class CurrentActor:
    """Set `request.actor` for a signed-in person, from the posts held today."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.actor = accounts.actor_of(request.user, on=timezone.localdate())  # type: ignore[attr-defined]
        else:
            request.actor = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.method not in READING and request.actor:  # type: ignore[attr-defined]
            rail.forget(request.actor)  # type: ignore[attr-defined]
        return response


class DomainErrors:
    """Answer a `DomainError` with its status: JSON for the API, a page or a panel for people."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if request.path.startswith("/api/"):
            return problems.answer(problems.of_error(error), status=error.status)
        page = "site/refusal_panel.html" if request.htmx else "site/refusal.html"  # type: ignore[attr-defined]
        return render(request, page, {"error": error}, status=error.status)
