"""Every fault has a page that says what happened, what did not, and the way back."""

import pytest
from django.test import RequestFactory

from chengzhi.accounts.types import Role
from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible
from chengzhi.site import faults
from chengzhi.site.middleware import DomainErrors
from tests.conftest import actor

PAGES = [
    (faults.bad_request, 400, "请求不完整，没有处理"),
    (faults.forbidden, 403, "你不能打开这一页"),
    (faults.stale_form, 403, "页面已过期，没有保存"),
    (faults.not_found, 404, "没有这一页，或你看不到它"),
    (faults.broken, 500, "没有完成，请再试一次"),
]


@pytest.mark.parametrize(("view", "status", "title"), PAGES)
def test_a_fault_is_told_in_words_with_a_way_back(view, status, title):
    answer = view(RequestFactory().get("/somewhere/"))

    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert 'href="/"' in page


@pytest.mark.parametrize(("view", "status", "title"), PAGES)
def test_a_fault_of_the_api_is_json(view, status, title):
    answer = view(RequestFactory().get("/api/v1/somewhere"))

    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == status


def test_a_fault_of_ours_carries_the_reference_that_the_log_carries(caplog):
    answer = faults.broken(RequestFactory().get("/somewhere/"))

    reference = caplog.records[0].args[0]
    assert reference in answer.content.decode()


def test_too_many_tries_are_told_when_to_come_back():
    answer = faults.too_many(RequestFactory().post("/login/"), "请15分钟后再试。")

    assert answer.status_code == 429
    assert "请15分钟后再试。" in answer.content.decode()


class Conflict(DomainError):
    code = "conflict"


class Forbidden(DomainError):
    code = "forbidden"
    status = 403


REFUSALS = [
    (Forbidden("须由派遣员办理。请转交派遣员。"), 403, "ti-lock"),
    (NotVisible("没有这件案件。请核对编号。"), 404, "ti-file-unknown"),
    (Conflict("案件已派遣。请刷新后查看。"), 409, "ti-hand-stop"),
    (InvalidInput("经度不是度数。请重新点选。", field="lon"), 422, "ti-alert-circle"),
]


def refused(error: DomainError, *, htmx: bool, signed_in: bool = True) -> tuple[int, str]:
    request = RequestFactory().get("/workorders/1/")
    request.htmx = htmx
    request.actor = actor("person:2", "王芳", Role.DISPATCHER) if signed_in else None
    answer = DomainErrors(lambda _: None).process_exception(request, error)
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status", "icon"), REFUSALS)
def test_a_refusal_is_a_sentence_then_the_cure_then_the_way_back(error, status, icon):
    answered, page = refused(error, htmx=False)

    head, cure = error.sentence.split("。")[:2]
    assert answered == status
    assert f"<h2>{head}。</h2>" in page
    assert f"<p>{cure}。</p>" in page
    assert icon in page
    assert "返回上一页" in page


@pytest.mark.parametrize(("error", "status", "icon"), REFUSALS)
def test_a_part_of_a_page_is_refused_by_a_panel(error, status, icon):
    answered, panel = refused(error, htmx=True)

    assert answered == status
    assert 'role="alert" data-refusal' in panel
    assert "<html" not in panel


def test_nobody_in_particular_is_refused_without_the_frame():
    _status, page = refused(REFUSALS[0][0], htmx=False, signed_in=False)

    assert 'class="rail"' not in page
    assert "<h1>须由派遣员办理。</h1>" in page


def test_the_way_back_never_leaves_this_site():
    request = RequestFactory().get("/x/", headers={"referer": "https://elsewhere.example/"})

    page = faults.not_found(request).content.decode()

    assert "elsewhere" not in page
