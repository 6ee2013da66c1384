"""Refusals of the API: one form, one sentence for malformed input, documented on every operation."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema

STATUSES = (400, 401, 403, 404, 409, 422)
DATETIME = _("应为时间，例如 2026-11-25T10:30:00+08:00")
DATE = _("应为日期，例如 2026-11-25")
SENTENCES = {
    "missing": _("没有填写"),
    "string_type": _("应为文字"),
    "string_unicode": _("文字不是有效的 UTF-8"),
    "string_too_short": _("最少 %(min_length)s 个字"),
    "string_too_long": _("最多 %(max_length)s 个字"),
    "string_pattern_mismatch": _("格式不对，应符合 %(pattern)s"),
    "int_type": _("应为整数"),
    "int_parsing": _("应为整数"),
    "int_from_float": _("应为整数"),
    "float_type": _("应为数字"),
    "float_parsing": _("应为数字"),
    "finite_number": _("应为有限的数字"),
    "bool_type": _("应为 true 或 false"),
    "bool_parsing": _("应为 true 或 false"),
    "greater_than_equal": _("不能小于 %(ge)s"),
    "less_than_equal": _("不能大于 %(le)s"),
    "enum": _("只能是 %(expected)s"),
    "datetime_type": DATETIME,
    "datetime_parsing": DATETIME,
    "datetime_from_date_parsing": DATETIME,
    "timezone_aware": DATETIME,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "list_type": _("应为列表"),
    "tuple_type": _("应为列表"),
    "model_attributes_type": _("应为 JSON 对象"),
    "model_type": _("应为 JSON 对象"),
}


class Problem(Schema):
    """What every refusal looks like: a stable code, a sentence, and the field at fault."""

    error: str
    detail: str
    field: str | None = None


def of_fault(fault: dict[str, Any]) -> dict[str, str | None]:
    """Return the problem of one malformed input, as pydantic reports it."""
    field = ".".join(str(part) for part in fault["loc"][2:]) or str(fault["loc"][-1])
    known = SENTENCES.get(fault["type"])
    said = str(known) % fault.get("ctx", {}) if known else fault["msg"]
    return {"error": "invalid-input", "detail": f"{field}：{said}。", "field": field}


def document_refusals(schema: dict[str, Any]) -> None:
    """Write every refusal on every operation of the OpenAPI document."""
    schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {status: _refusal(status) for status in STATUSES}


def _refusal(status: int) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": reference}},
    }
