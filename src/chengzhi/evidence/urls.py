"""Addresses of files; a hash of 64 hexadecimal digits and nothing else reaches a view."""

from django.urls import URLPattern, path, re_path

from chengzhi.evidence import web

SHA = r"evidence/(?P<sha256>[0-9a-f]{64})"

urlpatterns: list[URLPattern] = [
    re_path(rf"^{SHA}$", web.file, name="evidence-file"),
    re_path(rf"^{SHA}/(?P<variant>published|thumbnail|original)$", web.file, name="evidence-file"),
    re_path(rf"^{SHA}/custody$", web.custody, name="evidence-custody"),
    re_path(rf"^{SHA}/cover$", web.cover, name="evidence-cover"),
    re_path(rf"^{SHA}/uncover$", web.uncover, name="evidence-uncover"),
    path("evidence/manifest/<str:subject>", web.manifest, name="evidence-manifest"),
]
