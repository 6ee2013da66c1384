"""Importing a city's standard: the command, the pages and the command line."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from chengzhi.accounts.rules import NotPermitted
from chengzhi.accounts.types import Permission, Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput
from chengzhi.site.commands.import_standards import (
    NoOverlay,
    NothingToImport,
    import_standards,
)
from chengzhi.standards import store
from chengzhi.standards.importing import Import
from tests.conftest import actor
from tests.standards.books import LITTER, MANHOLE, book

HERE = "/standards/import/"
TABLE = book([(*LITTER, "垃圾", "清理", "2小时"), (*LITTER, "满溢", "清运", "尽快")], sheet="事件")


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Path]:
    """A city's own folder of tables, in force for one test."""
    before = store.current().overlay
    store.configure(tmp_path)
    yield tmp_path
    store.configure(before)


@pytest.fixture
def sun_li():
    return actor("person:7", "孙丽", Role.ADMINISTRATOR)


@pytest.fixture
def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def asked(day, content: bytes = TABLE) -> Import:
    return Import(content=content, file_name="标准.xlsx", scheme="某市 2026", valid_from=day)


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.django_db
def test_an_import_is_in_force_and_in_the_log(overlay, sun_li, tomorrow):
    import_standards(asked(tomorrow), actor=sun_li, now=timezone.now())

    event = Event.objects.get(name="standards.imported")
    assert (event.subject, event.actor) == ("standards:handling", sun_li.ref)
    data = json.loads(event.data)
    said = {key: data[key] for key in ("read", "unread", "added", "changed", "closed")}
    assert said == {"read": 1, "unread": 1, "added": 0, "changed": 1, "closed": 0}
    row = store.current().handling_row("06010", 1, on=tomorrow)
    assert (row.limit_text, row.scheme) == ("2工作时", "某市 2026")


@pytest.mark.django_db
def test_a_failing_log_leaves_the_tables_as_they_were(overlay, tomorrow):
    nobody = actor("", "无名", Role.ADMINISTRATOR)
    before = tables(overlay)

    with pytest.raises(Exception):  # noqa: B017 - whatever the log refuses
        import_standards(asked(tomorrow), actor=nobody, now=timezone.now().replace(tzinfo=None))

    assert tables(overlay) == before
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SYSTEM)]
)
def test_only_an_administrator_imports(overlay, tomorrow, role):
    with pytest.raises(NotPermitted):
        import_standards(asked(tomorrow), actor=actor("person:5", "某人", role), now=timezone.now())

    assert tables(overlay) == {}
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_day_that_has_passed_is_refused(overlay, sun_li):
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(InvalidInput, match="不能早于今天"):
        import_standards(asked(yesterday), actor=sun_li, now=timezone.now())

    assert tables(overlay) == {}


@pytest.mark.django_db
def test_the_same_file_twice_is_refused_the_second_time(overlay, sun_li, tomorrow):
    import_standards(asked(tomorrow), actor=sun_li, now=timezone.now())
    before = tables(overlay)

    with pytest.raises(NothingToImport, match="与现行标准相同"):
        import_standards(asked(tomorrow), actor=sun_li, now=timezone.now())

    assert tables(overlay) == before
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_without_a_folder_of_its_own_a_city_imports_nothing(sun_li, tomorrow):
    before = store.current().overlay
    store.configure(None)

    with pytest.raises(NoOverlay, match="CHENGZHI_STANDARDS"):
        import_standards(asked(tomorrow), actor=sun_li, now=timezone.now())

    store.configure(before)


@pytest.mark.django_db
def test_pain_5_permissions_are_for_a_kind_of_thing_and_never_for_a_version_of_a_standard(
    overlay, sun_li, sign_in, tomorrow
):
    reader = sign_in(Role.COLLECTOR)
    first = asked(tomorrow)
    later = book([(*LITTER, "垃圾", "清理", "1天")], sheet="事件")

    import_standards(first, actor=sun_li, now=timezone.now())
    import_standards(asked(tomorrow + timedelta(days=1), later), actor=sun_li, now=timezone.now())

    for day in (tomorrow, tomorrow + timedelta(days=1)):
        assert reader.get(f"/standards/matters/06010/?on={day}").status_code == 200
    assert not any("06010" in p or "2026" in p or "版" in p for p in Permission)


# The pages -------------------------------------------------------------------------------------


def upload(client, content: bytes = TABLE, **changes):
    day = timezone.localdate() + timedelta(days=1)
    form = {"scheme": "某市 2026", "valid_from": day.isoformat(), "kind": "", **changes}
    return client.post(HERE, {**form, "file": SimpleUploadedFile("标准.xlsx", content)})


def test_a_file_is_previewed_before_anything_changes(overlay, sign_in):
    client = sign_in(Role.ADMINISTRATOR)

    answer = upload(client)
    page = client.get(answer["Location"]).content.decode()

    assert "共 2 行，读取 1 行" in page
    assert "时限“尽快”无法识别" in page
    assert "4 工作时 → 2 工作时" in page
    assert tables(overlay) == {}


def test_the_report_is_downloaded_with_row_column_text_and_reason(overlay, sign_in):
    client = sign_in(Role.ADMINISTRATOR)
    address = upload(client)["Location"]

    answer = client.get(f"{address}&export=xlsx&table=report")

    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("表", "行", "列", "内容", "结论", "原因")
    assert rows[1][:5] == ("事件", "4", "处置时限", "尽快", "未读取")


def test_the_preview_is_put_in_force_by_its_button(overlay, sign_in, tomorrow):
    client = sign_in(Role.ADMINISTRATOR)
    address = upload(client)["Location"]

    answer = client.post(address.replace("/?", "/apply/?"), follow=True)

    assert "已导入“某市 2026”" in answer.content.decode()
    assert store.current().handling_row("06010", 1, on=tomorrow).limit_text == "2工作时"


def test_a_form_without_a_name_is_refused(overlay, sign_in):
    answer = upload(sign_in(Role.ADMINISTRATOR), scheme="")

    assert answer.status_code == 422
    assert not (overlay / "imports").exists()


@pytest.mark.parametrize("address", [HERE, f"{HERE}{'a' * 64}/?from=2026-12-01&scheme=x"])
def test_the_pages_are_for_administrators(overlay, sign_in, address):
    client = sign_in(Role.LEADER)

    assert client.get(address).status_code == 403
    assert "standards/import" not in client.get("/standards/").content.decode()


def test_a_preview_of_no_file_is_not_found(overlay, sign_in):
    client = sign_in(Role.ADMINISTRATOR)

    assert client.get(f"{HERE}{'a' * 64}/?from=2026-12-01&scheme=x").status_code == 404
    assert client.get(f"{HERE}..%2f../?from=2026-12-01&scheme=x").status_code == 404


# The command line ------------------------------------------------------------------------------


def ask(*words: str) -> list[str]:
    out = StringIO()
    call_command("standards", "import", *words, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_a_dry_run_reports_and_writes_nothing(overlay, tmp_path_factory, tomorrow):
    file = tmp_path_factory.mktemp("in") / "标准.xlsx"
    file.write_bytes(TABLE)

    lines = ask(str(file), "--scheme", "某市", "--from", tomorrow.isoformat(), "--dry-run")

    assert lines[0].startswith("未读\t事件\t第 4 行\t处置时限\t尽快\t")
    assert lines[1] == "共 2 行，读取 1 行：新增 0，修改 1，停用 0，不变 0"
    assert tables(overlay) == {}


@pytest.mark.django_db
def test_the_command_line_puts_a_table_in_force(overlay, tmp_path_factory, tomorrow):
    file = tmp_path_factory.mktemp("in") / "标准.xlsx"
    file.write_bytes(book([(*MANHOLE, "缺失", "恢复", "1紧急工作时")]))

    lines = ask(str(file), "--scheme", "某市", "--from", tomorrow.isoformat())

    assert lines[-1] == f"已导入“某市”，{tomorrow.isoformat()} 起施行。"
    assert Event.objects.get().actor == "system:standards"


def test_a_missing_file_is_one_sentence():
    with pytest.raises(CommandError, match="没有文件"):
        ask("nowhere.xlsx", "--scheme", "x", "--from", "2026-12-01")
