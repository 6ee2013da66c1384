"""Answers for machines and for people who cannot get in."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chengzhi.site import faults

SERVICE_WORKER = Path(__file__).parents[1] / "static" / "site" / "js" / "service_worker.js"


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers; supervisors and load balancers ask this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show what a phone without signal shows instead of a page it does not hold."""
    return render(request, "site/offline.html")


def locked_out(request: HttpRequest, response: object, credentials: object) -> HttpResponse:
    """Tell a person that too many wrong passwords were tried."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    sentence = gettext(
        "密码连续输错，账号已锁定。请%(minutes)s分钟后再试，或找本单位管理员重置密码。"
    )
    return faults.too_many(request, sentence % {"minutes": minutes})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every migration has run, 503 while some have not."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    status = 503 if waiting else 200
    return JsonResponse({"migrations_waiting": len(waiting)}, status=status)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker that shows the offline page; its scope is the whole site."""
    script = SERVICE_WORKER.read_text(encoding="utf-8")
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
