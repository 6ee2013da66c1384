"""Pages for requests that no rule of the domain answered: 400, 403, 404, 429 and 500."""

import logging
import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from chengzhi.site import problems
from chengzhi.workorders.api.open311.asking import refused
from chengzhi.workorders.api.open311.door import errors as open311_errors

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FaultPage:
    """What an error page says: what happened, what did not, and what to do."""

    status: int
    title: str
    sentence: str
    retry: bool = False
    reference: str = ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read."""
    return _answer(
        request,
        FaultPage(
            status=400,
            title=gettext("请求不完整，没有处理"),
            sentence=gettext(
                "浏览器发来的内容读不懂，数据没有改动。请返回上一页重新填写后再提交。"
            ),
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that this person may not make."""
    return _answer(
        request,
        FaultPage(
            status=403,
            title=gettext("你不能打开这一页"),
            sentence=gettext("此页只对有关岗位开放。如工作需要，请联系本单位的系统管理员。"),
        ),
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose sign (CSRF) is missing or out of date."""
    return _answer(
        request,
        FaultPage(
            status=403,
            title=gettext("页面已过期，没有保存"),
            sentence=gettext(
                "登录状态变了或页面打开太久，数据没有改动。请返回上一页刷新后再提交。"
            ),
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address at which nothing lies, or nothing for this person."""
    return _answer(
        request,
        FaultPage(
            status=404,
            title=gettext("没有这一页，或你看不到它"),
            sentence=gettext(
                "地址可能有误，记录也可能不在你的管辖范围内。请从首页或用查找重新打开。"
            ),
        ),
    )


def too_many(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer somebody who asked too often."""
    page = FaultPage(status=429, title=gettext("操作太频繁，请稍后再试"), sentence=sentence)
    return _answer(request, page)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours; the reference finds the line in the log."""
    reference = f"E-{secrets.token_hex(2).upper()}-{secrets.token_hex(2).upper()}"
    log.error("fault %s at %s", reference, request.path)
    return _answer(
        request,
        FaultPage(
            status=500,
            title=gettext("没有完成，请再试一次"),
            sentence=gettext(
                "系统出错，刚才的操作没有生效，数据没有改动。仍然出错时请联系管理员。"
            ),
            retry=request.method == "GET",
            reference=reference,
        ),
    )


def _answer(request: HttpRequest, page: FaultPage) -> HttpResponse:
    if request.path.startswith("/api/"):
        problem = problems.problem(f"http-{page.status}", page.sentence, status=page.status)
        return problems.answer(problem, status=page.status)
    if request.path.startswith("/open311/"):
        to = "json" if request.path.endswith(".json") else "xml"
        return open311_errors(refused(page.status, page.sentence), to=to)
    return render(request, "site/error.html", {"page": page}, status=page.status)
