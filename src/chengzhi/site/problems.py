"""Refusals of the API: one form, one sentence for malformed input, documented on every operation."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from chengzhi.kernel.errors import DomainError

STATUSES = (400, 401, 403, 404, 409, 412, 422, 429)
MEDIA_TYPE = "application/problem+json"
ONCE = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$", "title": "Idempotency-Key"},
    "description": "The same key with the same request within 24 hours is answered the same.",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string", "title": "If-Match"},
    "description": "The ETag of the record as it was read; 412 when it has changed since.",
}
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
    """What every refusal looks like (RFC 9457): a stable code, a sentence, the field at fault."""

    type: str = Field(description="urn:chengzhi:problem: and the code", examples=["urn:…"])
    title: str = Field(description="the HTTP status in words")
    status: int
    error: str = Field(description="the stable code, for programs")
    detail: str = Field(description="what is wrong and the cure, for people")
    field: str | None = Field(default=None, description="the input at fault")


def problem(
    code: str, sentence: str, *, status: int, field: str | None = None
) -> dict[str, str | int | None]:
    """Return a problem as it is sent."""
    return {
        "type": f"urn:chengzhi:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "error": code,
        "detail": sentence,
        "field": field,
    }


def of_error(error: DomainError) -> dict[str, str | int | None]:
    """Return the problem of a broken rule."""
    return problem(error.code, error.sentence, status=error.status, field=error.field)


def of_fault(fault: dict[str, Any]) -> dict[str, str | int | None]:
    """Return the problem of one malformed input, as pydantic reports it."""
    field = ".".join(str(part) for part in fault["loc"][2:]) or str(fault["loc"][-1])
    known = SENTENCES.get(fault["type"])
    said = str(known) % fault.get("ctx", {}) if known else fault["msg"]
    return problem("invalid-input", f"{field}：{said}。", status=422, field=field)


def answer(said: dict[str, str | int | None], *, status: int) -> JsonResponse:
    """Return a problem as an answer."""
    return JsonResponse(said, status=status, content_type=MEDIA_TYPE)


def document_refusals(schema: dict[str, Any]) -> None:
    """Write every refusal, and the headers that may be sent, on every operation."""
    schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            operation["responses"] |= {status: _refusal(status) for status in STATUSES}
            if method == "post":
                operation.setdefault("parameters", []).append(ONCE)
            if method == "post" and "{work_order_id}" in path:
                operation["parameters"].append(IF_MATCH)


def _refusal(status: int) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": reference}},
    }
