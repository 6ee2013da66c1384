"""Procedures as tables, and the errors that a person may be shown."""

from dataclasses import dataclass

import pytest

from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible
from chengzhi.kernel.procedure import (
    Procedure,
    Step,
    StepNotAllowed,
    as_markdown,
    as_mermaid,
    refusals,
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    photos: int = 0
    reason: str = ""


def has_photo(facts: Facts) -> str | None:
    return None if facts.photos else "没有照片"


def has_reason(facts: Facts) -> str | None:
    return None if facts.reason else "没有理由"


CLEAN = Step(
    name="clean",
    label="清理",
    source="found",
    target="clean",
    role="handler",
    basis="GB/T 47678.5 6.2",
    limit="handling",
    document="清理记录",
    guards=(has_photo, has_reason),
)
LEAVE = Step(
    name="leave", label="不处理", source="found", target="left", role="centre", basis="内部规定 3"
)
STREET = Procedure(
    name="street cleaning",
    label="街面清理",
    version="2",
    initial="found",
    final=frozenset({"clean", "left"}),
    states={"found": "已发现", "clean": "已清理", "left": "不处理"},
    steps=(CLEAN, LEAVE),
)


def test_a_step_is_taken_when_its_guards_agree():
    taken = STREET.take("clean", state="found", facts=Facts(photos=1, reason="脏"))

    assert taken is CLEAN


def test_a_step_without_guards_asks_nothing():
    assert STREET.take("leave", state="found", facts=None) is LEAVE


def test_steps_leave_a_state_in_table_order():
    assert list(STREET.steps_from("found")) == [CLEAN, LEAVE]
    assert list(STREET.steps_from("clean")) == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (Facts(), "不能清理：没有照片；没有理由。"),
        (Facts(photos=1), "不能清理：没有理由。"),
        (Facts(reason="脏"), "不能清理：没有照片。"),
    ],
)
def test_a_guard_refuses_and_every_reason_is_told(facts, sentence):
    with pytest.raises(StepNotAllowed) as refused:
        STREET.take("clean", state="found", facts=facts)

    assert refused.value.sentence == sentence
    assert (refused.value.code, refused.value.status) == ("step-not-allowed", 409)


def test_refusals_are_in_the_order_of_the_guards():
    assert refusals(CLEAN, Facts()) == ["没有照片", "没有理由"]
    assert refusals(CLEAN, Facts(photos=1, reason="脏")) == []


@pytest.mark.parametrize(
    ("name", "state", "sentence"),
    [
        ("clean", "clean", "当前状态“已清理”不能“清理”。现在可以：无（已办结）。"),
        ("wash", "found", "当前状态“已发现”不能“wash”。现在可以：清理、不处理。"),
        ("clean", "lost", "当前状态“lost”不能“清理”。现在可以：无（已办结）。"),
    ],
)
def test_a_step_that_is_not_in_the_table_says_what_is(name, state, sentence):
    with pytest.raises(StepNotAllowed) as refused:
        STREET.take(name, state=state, facts=Facts(photos=1, reason="脏"))

    assert refused.value.sentence == sentence


def test_the_picture_draws_every_state_and_step():
    assert as_mermaid(STREET) == (
        "stateDiagram-v2\n"
        "    [*] --> found\n"
        "    found : 已发现\n"
        "    clean : 已清理\n"
        "    left : 不处理\n"
        "    found --> clean : 清理 (handler)\n"
        "    found --> left : 不处理 (centre)\n"
        "    clean --> [*]\n"
        "    left --> [*]\n"
    )


def test_the_page_has_the_picture_and_one_row_for_each_step():
    page = as_markdown(STREET)

    assert page.startswith(
        "# 街面清理 (street cleaning, version 2)\n\n```mermaid\n" + as_mermaid(STREET) + "```\n\n"
    )
    assert page.splitlines()[-2:] == [
        "| `clean` | 清理 | found | clean | handler | handling | 清理记录 | GB/T 47678.5 6.2 |",
        "| `leave` | 不处理 | found | left | centre | — | — | 内部规定 3 |",
    ]


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (DomainError, "domain-error", 409),
        (InvalidInput, "invalid-input", 422),
        (NotVisible, "not-visible", 404),
        (StepNotAllowed, "step-not-allowed", 409),
    ],
)
def test_an_error_carries_its_code_status_sentence_and_field(error, code, status):
    told = error("经度超出范围，请写 73 到 136。", field="lon")

    assert (told.code, told.status) == (code, status)
    assert str(told) == told.sentence == "经度超出范围，请写 73 到 136。"
    assert told.field == "lon"
    assert isinstance(told, DomainError)


def test_an_error_of_no_single_input_names_no_field():
    assert DomainError("今天不是工作日。").field is None
