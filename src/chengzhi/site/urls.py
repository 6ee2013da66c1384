"""Addresses of the console."""

from django.urls import URLPattern, URLResolver, include, path

from chengzhi.site import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.home, name="home"),
    path("i18n/", include("django.conf.urls.i18n")),
]
