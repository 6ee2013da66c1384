"""Addresses of the event log."""

from django.urls import URLPattern, path

from chengzhi.audit import web

urlpatterns: list[URLPattern] = [
    path("audit/", web.entries, name="audit"),
    path("audit/failures/", web.failures, name="audit-failures"),
    path("audit/failures/<int:event_id>/retry", web.retry, name="audit-retry"),
    path("audit/subjects/<str:subject>", web.subject, name="audit-subject"),
]
