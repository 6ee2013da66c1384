"""Addresses of the console: the site's own, the API, and each context's pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from chengzhi.site import web
from chengzhi.site.api import api
from chengzhi.site.web import standards

CONTEXTS = (
    "accounts",
    "audit",
    "notifications",
    "evidence",
    "places",
    "workorders",
    "vision",
    "reports",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),  # first: machines call most often
    path("open311/", include("chengzhi.workorders.api.open311.urls")),
    path("", web.home, name="home"),
    path("live/", web.live, name="live"),
    path("search/", web.search, name="search"),
    path("nearby-work-orders/", web.nearby_work_orders, name="nearby-work-orders"),
    path("records/<str:subject>", web.record, name="record"),
    path("standards/", standards.matters, name="standards"),
    path("standards/matters/<slug:code>/", standards.matter, name="standards-matter"),
    path("standards/stages/", standards.stages, name="standards-stages"),
    path("standards/limits/", standards.limits, name="standards-limits"),
    path("standards/calendar/", standards.work_calendar, name="standards-calendar"),
    path("standards/findings/", standards.findings, name="standards-findings"),
    path("standards/check/", standards.problems, name="standards-check"),
    path("standards/import/", standards.choose_file, name="standards-import"),
    path("standards/import/<str:digest>/", standards.preview, name="standards-preview"),
    path("standards/import/<str:digest>/apply/", standards.put_in_force, name="standards-apply"),
    path("health", web.health, name="health"),
    path("ready", web.ready, name="ready"),
    path("metrics", web.metrics, name="metrics"),
    path("service-worker.js", web.service_worker, name="service-worker"),
    path("offline/", web.offline, name="offline"),
    path("i18n/", include("django.conf.urls.i18n")),
    *(
        path("", include(f"chengzhi.{context}.urls"))
        for context in CONTEXTS
        if find_spec(f"chengzhi.{context}.urls")
    ),
]

handler400 = "chengzhi.site.faults.bad_request"
handler403 = "chengzhi.site.faults.forbidden"
handler404 = "chengzhi.site.faults.not_found"
handler500 = "chengzhi.site.faults.broken"
