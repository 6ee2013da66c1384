"""A duty officer closes the loop for ten work orders without a mouse, and does it in bulk too."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, running
from tests.e2e.platform import Platform

pytestmark = pytest.mark.e2e
TEN = 10
REPORT = """
import json
from datetime import date, datetime, UTC
from chengzhi.accounts import interface as accounts
from chengzhi.accounts.models import Person
from chengzhi.workorders.commands import intake, handle
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Channel, PhotoRef, Report
from chengzhi.evidence import interface as evidence
now, today = datetime.now(UTC), date.today()
by = lambda name: accounts.actor_of(Person.objects.get(username=name), on=today)
"""
MAKE = """
made = [intake.report(Report(channel=Channel.COLLECTOR, matter_code='09005', lon=121.872 + n % 5 * 0.003,
    lat=29.472 + n // 5 * 0.003, address=f'靖南大街{n + 1}号', description='占道'), actor=by('xiaoyan'),
    now=now).id for n in range(COUNT)]
print(json.dumps(made))
"""
HANDLE = """
from io import BytesIO
from PIL import Image
for order in WorkOrder.objects.filter(pk__in=%r).order_by('pk'):
    who = by(Person.objects.filter(unit__code=order.handler, posts__role='handler').first().username)
    picture = BytesIO()
    Image.new('RGB', (64, 48), (order.pk %% 256, 120, 90)).save(picture, 'JPEG')
    stored = evidence.store(picture.getvalue(), name='after.jpg', actor=who, now=now)
    handle.accept_task(order.pk, actor=who, now=now)
    handle.record_handling(order.pk, photos=(PhotoRef(sha256=stored.sha256, role='after'),),
        actor=who, now=now)
print('[]')
"""
STATES = """
print(json.dumps(list(WorkOrder.objects.filter(pk__in=%r).order_by('pk').values_list('state', flat=True))))
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with running(tmp_path_factory.mktemp("desk"), cameras={}) as platform:
        yield platform


@pytest.fixture
def officer(platform, browser):
    """The duty officer, signed in by keyboard; the page notes every touch of a mouse."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.add_init_script(
        "addEventListener('pointerdown', () => localStorage.setItem('mouse', '1'), true)"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{platform.address}/login/")
    for name, words in (("username", "haiyan"), ("password", PASSWORD)):
        _tab_to(page, name)
        page.keyboard.type(words)
    with page.expect_navigation(url=lambda url: "/login" not in url):
        page.keyboard.press("Enter")
    yield page
    assert page.evaluate("localStorage.getItem('mouse')") is None
    context.close()


def _tab_to(page: Page, name: str) -> None:
    for _ in range(20):
        if page.evaluate("document.activeElement?.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by the tabulator")


def press(page: Page, key: str) -> None:
    """Press a key that does a deed, and wait for the page that follows it."""
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")


def confirm_all(page: Page) -> None:
    """Tick every part of the closing condition by its number."""
    parts = page.locator("#record input[name=confirmed]")
    expect(parts.first).to_be_visible()
    for number in range(1, parts.count() + 1):
        page.keyboard.press(str(number))
        expect(parts.nth(number - 1)).to_be_checked()


def go(page: Page, letter: str, path: str) -> None:
    page.keyboard.press("g")
    with page.expect_navigation(url=lambda url: path in url):
        page.keyboard.press(letter)
    page.wait_for_load_state("networkidle")


def ask(platform: Platform, code: str) -> list:
    return platform.run(REPORT + code)


def test_a_duty_officer_closes_the_loop_for_ten_work_orders_without_a_mouse(platform, officer):
    orders = ask(platform, MAKE.replace("COUNT", str(TEN)))
    go(officer, "d", "/desk/")

    for _ in range(3 * TEN):  # accept, file, dispatch: each the most urgent in the queue
        press(officer, "Enter")
    assert ask(platform, STATES % orders) == ["dispatched"] * TEN
    ask(platform, HANDLE % orders)  # the squads' part, in the street
    go(officer, "d", "/desk/")
    for _ in range(TEN):
        with officer.expect_response(lambda answer: "/desk/?id=" in answer.url):
            officer.keyboard.press("k")  # up the queue, to the first: it is shown anew
        confirm_all(officer)
        press(officer, "y")
    go(officer, "d", "/desk/")
    for _ in range(TEN):
        press(officer, "Enter")

    assert ask(platform, STATES % orders) == ["closed"] * TEN
    expect(officer.locator("main")).to_contain_text("现在没有等您办的案件")


def test_rows_are_chosen_and_done_in_bulk_without_a_mouse(platform, officer):
    orders = ask(platform, MAKE.replace("COUNT", "4"))
    go(officer, "l", "/work-orders/")
    officer.goto(f"{platform.address}/work-orders/?state=reported")

    officer.keyboard.press("j")
    officer.keyboard.press("Shift+J")
    officer.keyboard.press("Shift+J")
    expect(officer.locator("[data-bulk-said]")).to_have_text("已选 3 件")
    press(officer, "b")

    expect(officer.locator("h2").first).to_have_text("受理：办成 3 件，未办 0 件")
    assert officer.evaluate("document.activeElement.tagName") == "H2"
    press(officer, "Escape")
    assert "state=reported" in officer.url
    assert sorted(ask(platform, STATES % orders)) == [
        "accepted",
        "accepted",
        "accepted",
        "reported",
    ]


def test_keys_are_shown_found_and_left_and_focus_is_never_lost(platform, officer):
    ask(platform, MAKE.replace("COUNT", "3"))
    go(officer, "d", "/desk/")

    officer.keyboard.press("?")
    expect(officer.locator("#keys")).to_contain_text("上下移动")
    expect(officer.locator("#keys")).to_contain_text("G D")
    officer.keyboard.press("Escape")
    expect(officer.locator("#keys")).not_to_be_visible()
    officer.keyboard.press("/")
    assert officer.evaluate("document.activeElement.name") == "q"
    officer.keyboard.press("Escape")
    first = officer.locator("#record .record-title").inner_text()
    for key in ("j", "ArrowDown", "k"):
        officer.keyboard.press(key)
        officer.wait_for_load_state("networkidle")
        assert officer.evaluate("document.activeElement !== document.body"), key
    expect(officer.locator("#live")).not_to_be_empty()
    assert first
    officer.keyboard.press(" ")
    expect(officer.locator("[data-bulk-said]")).to_have_text("已选 1 件")
    officer.keyboard.press("Escape")
    expect(officer.locator("[data-bulk]")).to_be_hidden()
    officer.keyboard.press("x")  # 不予受理 or 作废: unfolds, takes the reason, and folds again
    expect(officer.locator("details.deed[open]")).to_have_count(1)
    officer.keyboard.press("Escape")
    expect(officer.locator("details.deed[open]")).to_have_count(0)
    press(officer, "o")
    assert "/work-orders/" in officer.url
    press(officer, "Escape")
    assert json.dumps(officer.url.endswith("/work-orders/")) == "true"
