"""Pages that belong to no context: home, sign-in, health."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's roles."""
    return HttpResponse("城治")


def locked_out(request: HttpRequest, response: object, credentials: object) -> HttpResponse:
    """Tell a person that too many wrong passwords were tried."""
    return HttpResponse("登录失败次数过多，请15分钟后再试。", status=429)
