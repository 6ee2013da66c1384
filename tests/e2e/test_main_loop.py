"""The main loop on real footage: a camera sees a van, and six people bring it to its end."""

import hashlib
import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import running, sign_in
from tests.e2e.platform import ROOT, wait_for

pytestmark = pytest.mark.e2e
AFTER = next((ROOT / "seed" / "img").glob("*after*.webp"))
DEEDS = (
    "workorders.reported",
    "workorders.accepted",
    "workorders.filed",
    "workorders.dispatched",
    "workorders.task-accepted",
    "workorders.handled",
    "workorders.check-assigned",
    "workorders.checked",
    "workorders.closed",
)


def findings(platform):
    return platform.run(
        "import json; from chengzhi.vision.models import Finding\n"
        "print(json.dumps(list(Finding.objects.order_by('pk').values("
        "'id', 'finding_id', 'kind', 'start_unknown', 'state', 'work_order')), default=str))"
    )


def order(platform):
    return platform.run(
        "import json; from chengzhi.workorders.models import WorkOrder\n"
        "print(json.dumps(list(WorkOrder.objects.values('id', 'state', 'suggested_unit'))))"
    )


def deed(page, button: str, *, photo: bool = False) -> None:
    if photo:
        page.set_input_files("section.next input[type=file]", str(AFTER))
    page.locator("section.next").get_by_role("button", name=re.compile(button)).first.click()
    page.wait_for_load_state("networkidle")


def test_a_van_on_the_double_yellow_line_becomes_a_closed_work_order(tmp_path, real_clip, browser):
    with running(tmp_path, cameras={"C901": real_clip}) as platform:
        seen = wait_for(lambda: findings(platform), seconds=240, what="the camera's finding")
        assert (seen[0]["kind"], seen[0]["start_unknown"]) == ("motor_vehicle_parked", True)

        reviewer = sign_in(browser, platform.address, "lina")
        reviewer.route("**/nearby-work-orders/**", lambda _: None)  # a verdict waits for no list
        reviewer.goto(f"{platform.address}/vision/review/")
        confirm = reviewer.get_by_role("button", name=re.compile("确认，生成案件"))
        expect(confirm).to_be_enabled(timeout=60_000)
        reviewer.keyboard.press("y")
        made = wait_for(lambda: order(platform), seconds=180, what="the work order")[0]
        record = f"{platform.address}/work-orders/{made['id']}/"

        duty = sign_in(browser, platform.address, "haiyan")
        for button in ("受理", "立案", "派遣"):
            duty.goto(record)
            if button == "派遣":
                duty.select_option("select[name=unit]", "S01")
            deed(duty, f"^{button}")
        handler = sign_in(browser, platform.address, "haibo")
        handler.goto(record)
        deed(handler, "接收任务")
        handler.goto(record)
        deed(handler, "反馈已处置", photo=True)
        duty.goto(record)
        duty.keyboard.press("v")
        assign = duty.locator("form[action*=assign-check]")
        assign.locator("select[name=assignee]").select_option(label="周小燕")
        assign.locator("button[type=submit]").click()
        duty.wait_for_load_state("networkidle")
        collector = sign_in(browser, platform.address, "xiaoyan")
        collector.goto(record)
        for box in collector.locator("input[name=confirmed]").all():
            box.check()
        deed(collector, "核查通过")
        duty.goto(record)
        deed(duty, "结案")

        assert order(platform)[0]["state"] == "closed"
        duty.goto(record)
        expect(duty.locator("section.next")).to_contain_text("已结案")
        _timeline_is_whole(platform, made["id"])
        _evidence_is_what_it_says(platform, duty, seen[0]["id"])
        _accuracy_is_one_of_one(browser, platform)
        assert platform.run(
            "import json; from chengzhi.audit import interface as audit\n"
            "print(json.dumps({'first_break': str(audit.verify())}))"
        ) == {"first_break": "None"}


def _timeline_is_whole(platform, number: int) -> None:
    history = platform.run(
        "import json; from chengzhi.audit import interface as audit\n"
        f"print(json.dumps([[e.name, e.seq] for e in audit.history('workorder:{number}')]))"
    )
    assert [name for name, _ in history if name in DEEDS] == list(DEEDS)
    assert [seq for _, seq in history] == list(range(1, len(history) + 1))


def _evidence_is_what_it_says(platform, page, finding: int) -> None:
    files = platform.run(
        "import json; from chengzhi.evidence import interface as evidence\n"
        f"print(json.dumps([[f.sha256, f.role] for f in evidence.files_of('finding:{finding}')]))"
    )
    stored = {p.name: p for p in (platform.state / "evidence").rglob("*") if p.is_file()}
    kept = [p for name, p in stored.items() for sha, _ in files if sha in name]
    assert {"still_first", "still_dwell", "still_confirm", "clip"} <= {role for _, role in files}
    for sha, _ in files:
        assert any(hashlib.sha256(p.read_bytes()).hexdigest() == sha for p in kept), sha
    answer = page.request.get(f"{platform.address}/evidence/{files[0][0]}")
    assert answer.status == 200 and answer.headers["content-type"].startswith("image/")


def _accuracy_is_one_of_one(browser, platform) -> None:
    leader = sign_in(browser, platform.address, "zhaoqiang")
    leader.goto(f"{platform.address}/reports/")
    expect(leader.locator("body")).to_contain_text("1 / 1")
    numbers = platform.run(
        "import json; from datetime import date, timedelta\n"
        "from chengzhi.accounts import interface as accounts\n"
        "from chengzhi.accounts.models import Person\n"
        "from chengzhi.vision import interface as vision\n"
        "today = date.today()\n"
        "actor = accounts.actor_of(Person.objects.get(username='zhaoqiang'), on=today)\n"
        "a = vision.capture_accuracy(actor, first=today - timedelta(1), last=today + timedelta(1))\n"
        "print(json.dumps([a.true, a.reviewed]))"
    )
    assert json.dumps(numbers) == "[1, 1]"
