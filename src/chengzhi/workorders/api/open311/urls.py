"""Addresses of the Open311 endpoint; the last part carries the format."""

from django.http import HttpResponse
from django.urls import path

from chengzhi.workorders.api.open311 import reading, sending, services
from chengzhi.workorders.api.open311.asking import refused
from chengzhi.workorders.api.open311.door import Asked, door
from chengzhi.workorders.api.open311.updates import updates


@door("GET", "POST", reads_requests=True)
def requests(asked: Asked) -> HttpResponse:
    """List requests, or take one in."""
    return sending.send(asked) if asked.request.method == "POST" else reading.many(asked)


@door("GET", "POST")
def unknown(asked: Asked, rest: str) -> HttpResponse:
    """Answer an address that the specification does not know."""
    raise refused(404, f"没有地址“{rest}”，请核对。")


one = door("GET", reads_requests=True)(reading.one)
of_token = door("GET")(reading.of_token)


@door("GET", reads_requests=True)
def picture(asked: Asked, stem: str) -> HttpResponse:
    """Send a published picture."""
    return reading.picture(asked, stem)


urlpatterns = [
    path("discovery", services.discovery, name="open311-root-discovery"),
    path("discovery.<str:to>", services.discovery, name="open311-root-discovery-format"),
    path("v2/discovery", services.discovery, name="open311-discovery"),
    path("v2/discovery.<str:to>", services.discovery, name="open311-discovery-format"),
    path("v2/services", services.services, name="open311-services"),
    path("v2/services.<str:to>", services.services, name="open311-services-format"),
    path("v2/services/<str:name>", services.definition, name="open311-definition"),
    path("v2/requests", requests, name="open311-requests"),
    path("v2/requests.<str:to>", requests, name="open311-requests-format"),
    path("v2/requests/<str:name>", one, name="open311-request"),
    path("v2/media/<str:stem>.webp", picture, name="open311-picture"),
    path("v2/tokens/<str:name>", of_token, name="open311-token"),
    path("v2/servicerequestupdates", updates, name="open311-updates"),
    path("v2/servicerequestupdates.<str:to>", updates, name="open311-updates-format"),
    path("v2/extended_statuses.<str:to>", services.extended_statuses, name="open311-statuses"),
    path("<path:rest>", unknown, name="open311-unknown"),
]
