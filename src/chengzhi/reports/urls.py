"""Addresses of the live numbers."""

from django.urls import path

from chengzhi.reports import web

urlpatterns = [path("reports/", web.live, name="reports")]
