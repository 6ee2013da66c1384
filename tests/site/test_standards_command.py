"""`chengzhi standards check`: what it prints and when it fails."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chengzhi.standards import store

HEAD = "code,name,shortcut,needs_note,source,valid_from,valid_to\n"


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Path]:
    """A city's own folder of tables, in force for one test."""
    before = store.current().overlay
    store.configure(tmp_path)
    yield tmp_path
    store.configure(before)


def ask(*words: str) -> str:
    out = StringIO()
    call_command("standards", "check", *words, stdout=out)
    return out.getvalue()


def test_warnings_are_printed_and_do_not_fail():
    lines = ask("--on", "2026-08-01").splitlines()

    assert lines[0] == (
        "提示\tcalendar_cn\t2027\t2027 年的放假调休安排尚未录入，该年工作日只按周末和法定日推算。"
    )
    assert all(line.startswith("提示\t") for line in lines[:-1])
    assert lines[-1] == f"标准表没有问题，提示 {len(lines) - 1} 条。"


def test_today_is_the_day_when_none_is_given():
    assert ask().splitlines()[-1].startswith("标准表没有问题")


def test_a_problem_is_printed_before_the_warnings_and_fails(overlay):
    row = "another,另一个,1,no,local,2020-01-01,\n"
    (overlay / "verdict_reasons.csv").write_text(HEAD + row, encoding="utf-8")
    out = StringIO()

    with pytest.raises(CommandError, match="标准表有 1 个问题") as refused:
        call_command("standards", "check", "--on", "2026-08-01", stdout=out)

    assert refused.value.returncode == 1
    assert out.getvalue().splitlines()[0] == (
        "问题\tverdict_reasons\tanother\t快捷键 1 已被 goods_inside 使用。"
    )


def test_a_table_that_cannot_be_read_fails_with_its_sentence(overlay):
    (overlay / "verdict_reasons.csv").write_text("code\nx\n", encoding="utf-8")

    with pytest.raises(CommandError, match="verdict_reasons"):
        ask()
