"""Answers as XML and as JSON: the same structure, by the Spark convention of the specification."""

import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse
from django.utils import timezone

MEDIA_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEMS = {  # what one entry of a list is called in XML
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
    "extended_statuses": "extended_status",
}


def answer(root: str, body: Any, *, to: str, status: int = 200) -> HttpResponse:
    """Return the body in a format; `root` is the outermost element, which JSON does without."""
    content = _xml(root, body) if to == "xml" else json.dumps(body, ensure_ascii=False).encode()
    return HttpResponse(content, status=status, content_type=MEDIA_TYPES[to])


def _xml(root: str, body: Any) -> bytes:
    tree = ElementTree.Element(root)
    _fill(tree, body)
    text = ElementTree.tostring(tree, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def _fill(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _fill(ElementTree.SubElement(element, name), part)
    elif isinstance(value, list):
        for part in value:
            _fill(ElementTree.SubElement(element, ITEMS[element.tag]), part)
    else:
        element.text = _plain(value)


def _plain(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(c for c in str(value) if c in "\n\t" or c >= " ")  # XML 1.0, 2.2


def moment(at: datetime | None) -> str | None:
    """Return a moment as W3C writes it, in the city's zone: 2026-11-25T10:30:00+08:00."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None
