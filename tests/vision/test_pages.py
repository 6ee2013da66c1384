"""The desk, the lists and the camera pages, walked through by a browser's requests."""

import csv
import html
import re
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Role
from chengzhi.vision import commands
from chengzhi.vision.models import Camera, Finding, Rule, Zone
from chengzhi.vision.types import FindingKind
from chengzhi.vision.web.cameras import REPAIRERS
from chengzhi.workorders.rules.reports import channels_for
from chengzhi.workorders.types import Channel
from tests.vision.conftest import SHADES, digest, incoming, picture

REVIEW = "/vision/review/"
KEYS = ("Y", "M", *"123456780", "B", "V", "Z", "N")


@pytest.fixture
def now():
    """Pages read the clock, so their findings are of this minute."""
    return timezone.now()


@pytest.fixture
def sign_in(db):
    def make(role: Role, *, name: str = "蒋丽娜", division: str = "330225") -> Client:
        unit, _ = Unit.objects.get_or_create(
            code=f"U{division}", defaults={"name": "中心", "kind": "centre", "division": division}
        )
        person = Person.objects.create(
            username=f"{role}{division}",
            name=name,
            unit=unit,
            password=make_password(None),
            created_at=timezone.now(),
            password_changed_at=timezone.now(),
        )
        Post.objects.create(person=person, role=role, valid_from=date(2020, 1, 1))
        client = Client()
        client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
        return client

    return make


@pytest.fixture
def reviewer(sign_in) -> Client:
    return sign_in(Role.REVIEWER)


@pytest.fixture
def manager(sign_in) -> Client:
    return sign_in(Role.ADMINISTRATOR, name="孙涛")


def text(answer) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode()


def state(finding: int) -> str:
    return Finding.objects.get(pk=finding).state


# ── the desk ───────────────────────────────────────────────────────────────────────────


def test_the_desk_shows_picture_marks_keys_and_figures(pending, reviewer):
    pending()

    page = text(reviewer.get(REVIEW))

    assert "机动车违停" in page
    assert f"/evidence/{digest(picture(30))}" in page
    assert 'points="640.0,40.0 720.0,40.0 720.0,104.0 640.0,104.0 "' in page
    assert '<rect class="box" x="650.0" y="44.0" width="60.0" height="50.0"/>' in page
    assert [key for key in KEYS if f'data-key="{key}"' not in page] == []
    assert "1 / 1" in page
    assert "开始时间不明" in page
    assert "规则：07:00–21:00 停留 ≥ 20秒" in page
    assert "style=" not in page
    assert "onclick" not in page


def test_the_desk_asks_the_site_for_nearby_work_orders(pending, reviewer):
    pending()

    page = text(reviewer.get(REVIEW))

    assert f"{reverse('nearby-work-orders')}?lon=121.879&amp;lat=29.4772&amp;matter=09009" in page


def test_a_verdict_is_heard_while_nearby_work_orders_are_sought(pending, reviewer):
    pending()

    page = text(reviewer.get(REVIEW))
    asking = re.search(rf'<div[^>]*hx-get="{reverse("nearby-work-orders")}[^>]*>', page)

    assert 'hx-sync="this:drop"' in page  # the form hears one verdict at a time
    assert asking and 'hx-sync="this:replace"' in asking[0]  # and the search is none of them


def test_an_empty_desk_says_so(camera, reviewer):
    page = text(reviewer.get(REVIEW))

    assert "都复核完了" in page
    assert "队列已清空" in page


def test_confirming_goes_on_to_the_announced_finding(pending, reviewer):
    keys = [pending(f"F-{number}") for number in range(3)]

    answer = reviewer.post(f"/vision/findings/{keys[0]}/confirm/", {"then": keys[2], "note": "车"})

    assert answer.status_code == 302
    assert state(keys[0]) == "confirmed"
    assert f"{keys[2]}号" in text(reviewer.get(answer["Location"]))


def test_a_finding_is_found_by_its_number(pending, reviewer):
    keys = [pending(f"F-{number}") for number in range(2)]

    page = text(reviewer.get(f"/vision/findings/?find={keys[1]}号"))

    assert f"/vision/findings/{keys[1]}/" in page
    assert f"/vision/findings/{keys[0]}/" not in page


def test_an_htmx_decision_answers_the_next_desk_only(pending, reviewer):
    keys = [pending(f"F-{number}") for number in range(2)]

    answer = reviewer.post(
        f"/vision/findings/{keys[0]}/reject/",
        {"then": keys[1], "reason": "light"},
        headers={"hx-request": "true"},
    )

    page = text(answer)
    assert (answer.status_code, state(keys[0])) == (200, "rejected")
    assert answer["HX-Push-Url"] == f"{REVIEW}?finding={keys[1]}"
    assert "<html" not in page
    assert f"{keys[1]}号" in page
    assert f"上一件：误报 {keys[0]}号" in page


def test_merging_keeps_the_chosen_work_order(pending, reviewer):
    finding = pending()

    reviewer.post(
        f"/vision/findings/{finding}/merge/",
        {"work_order": "workorder:12", "work_order_code": "城案〔2026〕41729"},
    )

    row = Finding.objects.get()
    assert (row.state, row.work_order, row.work_order_code) == (
        "merged",
        "workorder:12",
        "城案〔2026〕41729",
    )


def test_merging_into_nothing_is_refused_in_a_sentence(pending, reviewer):
    finding = pending()

    answer = reviewer.post(f"/vision/findings/{finding}/merge/", {}, headers={"hx-request": "true"})

    assert answer.status_code == 422
    assert "请先选择要并入的案件" in text(answer)
    assert "data-refusal" in text(answer)
    assert state(finding) == "pending"


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_undo_brings_the_finding_back(pending, reviewer, headers):
    finding = pending()
    reviewer.post(f"/vision/findings/{finding}/confirm/")

    answer = reviewer.post(f"/vision/findings/{finding}/reopen/", headers=headers, follow=True)

    assert state(finding) == "pending"
    assert f"{finding}号" in text(answer)
    assert "确认，生成案件" in text(answer)


def test_the_second_reviewer_is_told_who_was_first(pending, reviewer, wang_fang, now):
    finding = pending()
    commands.confirm_finding(finding, actor=wang_fang, now=now)

    answer = reviewer.post(f"/vision/findings/{finding}/reject/", {"reason": "light"})
    page = text(reviewer.get(f"{REVIEW}?finding={finding}"))

    assert answer.status_code == 409
    assert "当前状态“已确认”" in text(answer)
    assert "已判定：已确认" in page
    assert 'data-key="Y"' not in page


def test_evidence_that_never_came_is_said_at_the_desk(camera, worker, reviewer, now):
    receipt = commands.record_finding(incoming(now), actor=worker, now=now)
    Finding.objects.update(reviewable_at=now)

    page = text(reviewer.get(REVIEW))

    assert Finding.objects.get().pk == receipt.id
    assert "证据不全" in page
    assert "静帧还没有传到" in page


def test_a_leader_may_look_but_finds_no_buttons(pending, sign_in):
    pending()

    page = text(sign_in(Role.LEADER).get(REVIEW))

    assert "判定由抓拍复核员或值班长办理" in page
    assert 'data-key="Y"' not in page


def test_a_stranger_finds_an_empty_desk_and_no_finding(pending, sign_in):
    finding = pending()
    stranger = sign_in(Role.DUTY_MANAGER, division="330203")

    assert "F-1" not in text(stranger.get(REVIEW))
    assert stranger.get(f"{REVIEW}?finding={finding}").status_code == 404
    assert stranger.get(f"/vision/findings/{finding}/").status_code == 404
    assert stranger.post(f"/vision/findings/{finding}/confirm/").status_code == 404
    assert stranger.get("/vision/cameras/at/C001/").status_code == 404
    assert stranger.get("/vision/cameras/at/C001/camera.toml").status_code == 404
    assert "C001" not in text(stranger.get("/vision/cameras/"))
    assert state(finding) == "pending"


@pytest.mark.parametrize(
    "path",
    [
        "review/",
        "findings/",
        "findings/1/",
        "cameras/",
        "cameras/new/",
        "cameras/at/C001/",
        "health/",
    ],
)
def test_nobody_is_sent_to_sign_in(db, path):
    answer = Client().get(f"/vision/{path}")

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("query", ["finding=x", "after=x", "then=-1"])
def test_a_malformed_key_is_a_sentence_and_not_a_crash(camera, reviewer, query):
    answer = reviewer.get(f"{REVIEW}?{query}")

    assert answer.status_code == 422
    assert "不是编号" in text(answer)


# ── findings ───────────────────────────────────────────────────────────────────────────


def test_the_list_filters_and_links_each_finding(pending, reviewer):
    kept, other = pending("F-keep"), pending("F-else")
    reviewer.post(f"/vision/findings/{other}/reject/", {"reason": "light"})

    page = text(reviewer.get("/vision/findings/?state=pending"))

    assert f"/vision/findings/{kept}/" in page
    assert "F-else" not in page
    assert 'aria-current="page">待复核' in page


def test_an_empty_list_says_how_to_widen_it(camera, reviewer):
    assert "没有符合的抓拍" in text(reviewer.get("/vision/findings/?find=nothing"))


def test_a_malformed_date_is_refused_with_its_name(camera, reviewer):
    answer = reviewer.get("/vision/findings/?decided_from=morgen")

    assert answer.status_code == 422
    assert "复核日期（起）" in text(answer)


def test_the_export_holds_the_filtered_rows_in_both_forms(pending, reviewer):
    kept, other = pending("F-keep"), pending("F-else")
    reviewer.post(f"/vision/findings/{kept}/reject/", {"reason": "other", "note": "=1+1"})

    table = text(reviewer.get("/vision/findings/?state=rejected&export=csv"))
    book = b"".join(reviewer.get("/vision/findings/?state=rejected&export=xlsx"))

    rows = list(csv.reader(StringIO(table.removeprefix("\ufeff"))))
    sheet = list(openpyxl.load_workbook(BytesIO(book)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["抓拍编号", "F-keep"]
    assert rows[1][13:15] == ["其他", "'=1+1"]
    assert [row[0] for row in sheet] == ["抓拍编号", "F-keep"]
    assert sheet[1][12:15] == ("蒋丽娜", "其他", "=1+1")
    assert state(other) == "pending"


def test_an_export_that_would_leave_rows_out_is_refused(pending, reviewer, monkeypatch):
    pending()
    monkeypatch.setattr("chengzhi.vision.web.findings.LIMIT", 0)

    answer = reviewer.get("/vision/findings/?export=csv")

    assert answer.status_code == 422
    assert "共1件，一次最多导出0件" in text(answer)


def test_an_export_in_an_unknown_form_is_refused(camera, reviewer):
    assert reviewer.get("/vision/findings/?export=pdf").status_code == 422


def test_who_may_not_export_is_told(pending, sign_in):
    handler = sign_in(Role.HANDLER)

    assert handler.get("/vision/findings/?export=csv").status_code == 403
    assert handler.get("/vision/cameras/?export=csv").status_code == 403


def test_the_page_of_a_finding_shows_evidence_and_history(pending, reviewer):
    finding = pending()
    reviewer.post(f"/vision/findings/{finding}/reject/", {"reason": "zone_wrong"})

    page = text(reviewer.get(f"/vision/findings/{finding}/"))

    for shade in SHADES:
        assert digest(picture(shade)) in page
    assert "已核对" in page
    assert "收到抓拍" in page
    assert "人工判为误报：区域画错" in page
    assert "撤回判定" in page


# ── cameras ────────────────────────────────────────────────────────────────────────────


def test_the_camera_list_has_state_in_words_and_no_stream(camera, manager):
    page = text(manager.get("/vision/cameras/"))

    assert "未接入" in page
    assert "靖南大街天安路口北" in page
    assert "secret" not in page


def test_the_camera_export_has_no_stream_either(camera, manager):
    table = text(manager.get("/vision/cameras/?export=csv"))

    assert "C001" in table
    assert "secret" not in table


def test_no_camera_yet_says_how_to_begin(manager, reviewer):
    assert "接入摄像头" in text(manager.get("/vision/cameras/"))
    assert "由系统管理员接入" in text(reviewer.get("/vision/cameras/"))


def test_the_stream_is_on_the_administrators_page_only(camera, manager, reviewer):
    address = "/vision/cameras/at/C001/"

    assert "rtsp://user:secret@10.0.0.8/live" in text(manager.get(address))
    seen = text(reviewer.get(address))
    assert "secret" not in seen
    assert "只有管理员看得到" in seen


CAMERA = {
    "code": "C-9",
    "name": "天安路口",
    "lon": "121.88",
    "lat": "29.47",
    "address": "天安路",
    "enabled": "on",
}


def test_an_administrator_registers_and_changes_a_camera(manager):
    added = manager.post("/vision/cameras/new/", CAMERA)
    changed = manager.post(
        "/vision/cameras/at/C-9/change/", {**CAMERA, "code": "other", "name": "新名"}
    )

    assert (added.status_code, changed.status_code) == (302, 302)
    assert Camera.objects.values_list("code", "name").get() == ("C-9", "新名")
    assert "登记摄像头" in text(manager.get("/vision/cameras/at/C-9/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lon": "29.4", "lat": "121.8"}, "经度：应在73到136之间"),
        ({"lat": "abc"}, "输入一个数字"),
        ({"code": "坏"}, "请用字母、数字"),
    ],
)
def test_a_wrong_camera_comes_back_with_the_sentence_at_its_field(manager, changes, sentence):
    answer = manager.post("/vision/cameras/new/", {**CAMERA, **changes})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Camera.objects.exists()


def test_a_table_of_cameras_is_previewed_reported_and_written(manager):
    table = "编号,名称,经度,纬度\nC-7,丹河路口,121.88,29.478\nC-8,,1,2\n".encode()
    file = SimpleUploadedFile("cameras.csv", table, content_type="text/csv")

    preview = manager.post("/vision/cameras/import/", {"file": file})
    before = Camera.objects.count()
    carried = {"content": preview.context["content"], "file_name": "cameras.csv"}
    report = manager.post("/vision/cameras/import/", {**carried, "export": "csv"})
    written = manager.post("/vision/cameras/import/", {**carried, "deed": "write"})

    assert "丹河路口" in text(preview)
    assert "名称：请填写" in text(report)
    assert (before, written.status_code, written["Location"]) == (0, 302, "/vision/cameras/")
    assert list(Camera.objects.values_list("code", flat=True)) == ["C-7"]


def test_the_import_gives_an_empty_table_and_refuses_no_file(manager, reviewer):
    template = manager.get("/vision/cameras/import/?template=csv")
    refused = manager.post("/vision/cameras/import/", {})

    assert text(template).lstrip("\ufeff").startswith("编号,名称,经度,纬度")
    assert refused.status_code == 422
    assert reviewer.get("/vision/cameras/import/").status_code == 403


def test_the_reviewer_may_not_register(reviewer):
    assert reviewer.get("/vision/cameras/new/").status_code == 403
    assert reviewer.post("/vision/cameras/new/", CAMERA).status_code == 403
    assert not Camera.objects.exists()


def test_the_camera_file_goes_down_and_up_again(camera, manager):
    file = text(manager.get("/vision/cameras/at/C001/camera.toml")).replace("20", "45")

    answer = manager.post(
        "/vision/cameras/at/C001/file/",
        {"file": SimpleUploadedFile("C001.toml", file.encode())},
    )

    assert answer.status_code == 302
    assert (Rule.objects.get().dwell_s, Rule.objects.get().version) == (45, 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'[camera]\ncode = "C002"\n', "属于“C002”"),
        (b'[camera]\ncode = "C001"\n[[zones]]\nname = "a"\n', "zones[0].kind"),
        (b"[camera", "语法有误"),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * (256 * 1024 + 1), "256 KB"),
    ],
)
def test_a_wrong_camera_file_is_refused_with_field_and_cure(camera, manager, content, sentence):
    answer = manager.post(
        "/vision/cameras/at/C001/file/", {"file": SimpleUploadedFile("x.toml", content)}
    )

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert Zone.objects.get().name == "kerb"


def test_a_still_is_uploaded_and_shown(camera, manager):
    answer = manager.post(
        "/vision/cameras/at/C001/still/", {"still": SimpleUploadedFile("a.jpg", picture(60))}
    )

    assert answer.status_code == 302
    page = text(manager.get("/vision/cameras/at/C001/"))
    assert f"/evidence/{digest(picture(60))}" in page
    assert 'viewBox="0 0 768 576"' in page  # the zones stay where they were drawn
    assert "宽高比不同" not in page
    assert manager.get(f"/evidence/{digest(picture(60))}").status_code == 200


def test_what_is_no_picture_is_no_still(camera, manager):
    answer = manager.post(
        "/vision/cameras/at/C001/still/", {"still": SimpleUploadedFile("a.jpg", b"not a picture")}
    )

    assert answer.status_code == 422
    assert Camera.objects.get().still == ""


def test_the_health_page_counts_states_and_lists_what_is_unwell(camera, manager, worker, now):
    from tests.vision.test_health import beat

    commands.record_heartbeat("一号识别机", (beat(state="no_source"),), actor=worker, now=now)

    page = text(manager.get("/vision/health/"))

    assert "一号识别机" in page
    assert "重连中" in page
    assert "没有异常" in page


def test_the_health_page_says_what_a_worker_lacks(camera, manager, worker, now):
    from tests.vision.test_health import beat

    note = "磁盘空间不足，剩余3 MB：录像写不下，识别照常进行。"
    commands.record_heartbeat("一号识别机", (beat(),), note=note, actor=worker, now=now)

    page = text(manager.get("/vision/health/"))

    assert note in page
    assert ">磁盘</span>" in page


@pytest.fixture
def duty(sign_in) -> Client:
    return sign_in(Role.DUTY_MANAGER)


def repair_links(page: str) -> list[str]:
    found = re.findall(r'href="(/work-orders/new/\?[^"]+)"', page)
    return [html.unescape(link) for link in found]


def test_a_camera_that_never_reported_can_be_repaired_from_the_health_page(camera, duty):
    (link,) = repair_links(text(duty.get("/vision/health/")))

    form = text(duty.get(link))

    assert re.search(r'<option value="01050"[^>]* selected', form)
    assert 'value="丹东街道靖南大街"' in form
    assert 'value="121.879"' in form
    assert "摄像头C001“靖南大街天安路口北”未接入，请检修。" in form
    assert "secret" not in link


def test_blindness_without_any_picture_has_a_page(camera, duty, worker, now):
    message = incoming(now, "B-1", kind=FindingKind.CAMERA_BLIND, zone="", evidence=())
    key = commands.record_finding(message, actor=worker, now=now).id

    assert "摄像头失明" in text(duty.get(f"/vision/findings/{key}/"))


def test_who_may_not_report_is_offered_no_repair(camera, sign_in):
    page = text(sign_in(Role.ADMINISTRATOR).get("/vision/health/"))

    assert "未接入" in page
    assert repair_links(page) == []


def test_whoever_is_offered_a_repair_may_report_it():
    assert all(Channel.PATROL in channels_for({role}) for role in REPAIRERS)


@pytest.mark.parametrize("wrong", ["lon=x", "matter_code=nothing", "channel=camera", "lat=999"])
def test_what_a_link_says_wrongly_is_left_empty(camera, duty, wrong):
    answer = duty.get(f"/work-orders/new/?address=A%22%3Eb&{wrong}")

    page = text(answer)
    assert answer.status_code == 200
    assert wrong.partition("=")[2] not in re.findall(r'value="([^"]*)"[^>]* selected', page)
    assert "A&quot;&gt;b" in page
    assert 'value="999' not in page


def test_the_rail_shows_dark_cameras_to_those_who_answer_for_them(camera, sign_in):
    badge = 'href="/vision/cameras/"'
    pages = {r: text(sign_in(r).get("/")) for r in (Role.ADMINISTRATOR, Role.HANDLER)}

    shown = {r: page.partition(badge)[2].partition("</a>")[0] for r, page in pages.items()}
    assert ">1<" in shown[Role.ADMINISTRATOR]
    assert ">1<" not in shown[Role.HANDLER]


def test_the_health_page_without_a_worker_says_how_to_start_one(camera, manager):
    assert "还没有识别程序报到" in text(manager.get("/vision/health/"))
