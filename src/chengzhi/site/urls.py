"""Addresses of the console."""

from django.urls import URLPattern, URLResolver, path

from chengzhi.site import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.home, name="home"),
]
