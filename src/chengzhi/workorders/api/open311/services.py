"""Services are the matters in force; their attributes come from the handling standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from chengzhi import standards
from chengzhi.standards.types import Category, HandlingRow, StandardMissing
from chengzhi.workorders.api.open311.asking import Fault, Refused, refused
from chengzhi.workorders.api.open311.door import Asked, door
from chengzhi.workorders.api.open311.formats import answer
from chengzhi.workorders.rules.outside import is_batch
from chengzhi.workorders.types.outside import ENDED, EXTENDED_LABELS, ExtendedStatus

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute of a service, as the specification describes it."""

    code: str
    datatype: str
    description: str
    datatype_description: str | None = None
    variable: bool = True
    required: bool = False
    values: tuple[tuple[str, str], ...] = ()

    def as_dict(self, order: int) -> dict[str, Any]:
        """Return it as it is sent."""
        body: dict[str, Any] = {
            "variable": self.variable,
            "code": self.code,
            "datatype": self.datatype,
            "required": self.required,
            "datatype_description": self.datatype_description,
            "order": order,
            "description": self.description,
        }
        if self.values:
            body["values"] = [{"key": key, "name": name} for key, name in self.values]
        return body


@door("GET")
def discovery(asked: Asked) -> HttpResponse:
    """Tell clients where the endpoint is, what it speaks and how to get a key."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": asked.request.build_absolute_uri("/open311/v2"),
        "changeset": _changeset(timezone.localdate(asked.now)),
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    body = {
        "changeset": endpoint["changeset"],
        "contact": settings.CHENGZHI_OPEN311_CONTACT,
        "key_service": settings.CHENGZHI_OPEN311_KEYS,
        "endpoints": [endpoint],
    }
    return answer("discovery", body, to=asked.to)


@lru_cache(maxsize=4)
def _changeset(on: date) -> str:
    """Return the last day on which a service or one of its attributes changed."""
    tables = standards.current()
    days = [row.valid_from for row in tables.matters(on=on)]
    days += [row.valid_from for m in tables.matters(on=on) for row in _conditions(m.code, on)]
    return f"{max(days)} 00:00" if days else f"{on} 00:00"


@door("GET")
def services(asked: Asked) -> HttpResponse:
    """List what may be reported."""
    on = timezone.localdate(asked.now)
    body = [_service(row, on) for row in standards.current().matters(on=on)]
    return answer("services", body, to=asked.to)


def _service(row: Category, on: date) -> dict[str, Any]:
    hint = standards.current().hint(row.code, on=on)
    first = next(iter(_conditions(row.code, on)), None)
    told = hint.hint if hint else (first.filing_condition if first else row.name)
    return {
        "service_code": row.code,
        "service_name": row.name,
        "description": told,
        "metadata": True,
        "type": "batch" if is_batch(row.code) else "realtime",
        "keywords": f"{row.name},{row.major_name}",
        "group": row.major_name,
    }


@door("GET")
def definition(asked: Asked, name: str) -> HttpResponse:
    """Describe the attributes of one service."""
    on = timezone.localdate(asked.now)
    row = known_service(name, on=on)
    attributes = [a.as_dict(order) for order, a in enumerate(attributes_of(row.code, on), start=1)]
    body = {"service_code": row.code, "attributes": attributes}
    return answer("service_definition", body, to=asked.to)


@door("GET")
def extended_statuses(asked: Asked) -> HttpResponse:
    """List what `extended_status` may be (extension): closed is not fixed."""
    body = [
        {
            "code": status.value,
            "name": EXTENDED_LABELS[status],
            "status": "closed" if status in ENDED else "open",
            "is_fixed": status is ExtendedStatus.FIXED,
        }
        for status in ExtendedStatus
    ]
    return answer("extended_statuses", body, to=asked.to)


def known_service(code: str, *, on: date) -> Category:
    """Return the matter of a service code.

    :raises Refused: none was given (400), or none is in force (404).
    """
    if not code:
        raise refused(400, "没有填写 service_code。")
    try:
        return standards.current().matter(code, on=on)
    except StandardMissing:
        raise refused(404, f"没有找到 service_code“{code}”，请从 services 列表选取。") from None


def attributes_of(code: str, on: date) -> list[Attribute]:
    """Return what may be told beside the report: condition, component, when, and the limits."""
    rows = _conditions(code, on)
    limits = "；".join(f"{row.filing_condition}：{row.limit}" for row in rows)
    found = [
        Attribute(
            code="occurred_at",
            datatype="datetime",
            description="什么时候看到的",
            datatype_description="带时区的 ISO 8601 时间",
        ),
    ]
    if len(rows) > 1:
        values = tuple((str(row.condition_no), row.filing_condition) for row in rows)
        found.append(
            Attribute(
                code="condition",
                datatype="singlevaluelist",
                description="最接近现场的情形",
                values=values,
            )
        )
    if code in standards.current().components_by_code:
        found.append(
            Attribute(
                code="component_code",
                datatype="string",
                description="部件标识牌上的编码",
                datatype_description="17 位数字",
            )
        )
    info = Attribute(code="limits", datatype="text", description=limits, variable=False)
    return [*found, info] if limits else found


def _conditions(code: str, on: date) -> list[HandlingRow]:
    return standards.current().handling_rows(code, on=on)


def check_attributes(code: str, given: Mapping[str, str], *, on: date) -> None:
    """Refuse values that a service's definition does not allow; unknown attributes are kept.

    :raises Refused: one fault for each attribute that is wrong.
    """
    faults = []
    for attribute in attributes_of(code, on):
        value = given.get(attribute.code, "")
        keys = [key for key, _ in attribute.values]
        if attribute.required and not value:
            faults.append(_fault(attribute.code, "没有填写"))
        if value and keys and value not in keys:
            faults.append(_fault(attribute.code, f"只能是 {'、'.join(keys)}"))
        if value and attribute.code == "component_code" and not _is_component(value):
            faults.append(_fault(attribute.code, "应为 17 位数字"))
    if faults:
        raise Refused(400, *faults)


def _is_component(value: str) -> bool:
    return len(value) == 17 and value.isdecimal() and value.isascii()


def _fault(code: str, wrong: str) -> Fault:
    return Fault(code=400, description=f"attribute[{code}]：{wrong}。")
