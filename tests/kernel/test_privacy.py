"""Numbers that lead to a person are covered wherever they stand in a text, all of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengzhi.kernel.privacy import impersonal, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13812345678", "打138****5678"),
        ("13812345678、13987654321 都可以", "138****5678、139****4321 都可以"),
        ("+86 138-1234-5678", "138****5678"),
        ("0086 13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("座机0574-65712345", "座机057*******45"),
        ("身份证330225199003071234", "身份证330**************4"),
        ("33022519900307123x", "330**************X"),
        ("15位330225900307123", "15位330***********3"),
        ("卡号6222021234567890123", "卡号622**************23"),
        ("写信到 wang.nv@example.com", "写信到 w***@example.com"),
    ],
)
def test_a_number_that_leads_to_a_person_is_covered(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "靖南大街126号",
        "2026-11-25 10:30",
        "象城案〔2026〕41732",
        "33022500100201712345",  # 20 digits: a client's reference
        "12330225419524412X",  # a unit's code: no birthday inside
        "330225202613450012",  # no such day
        "121.8790, 29.4772",
        "a1b213812345678c9",  # inside a hash
    ],
)
def test_what_leads_to_nobody_is_left_alone(text):
    assert redacted(text) == text or "****" not in redacted(text)


@given(
    phones=st.lists(st.integers(13_000_000_000, 19_999_999_999).map(str), min_size=1, max_size=5),
    between=st.sampled_from(["，", " 或 ", "\n", "、电话：", "（", " / "]),
)
def test_every_phone_is_covered_not_only_the_first_pain_21(phones, between):
    shown = redacted("请打" + between.join(phones) + "。")

    assert re.findall(r"1[3-9][0-9]{9}", shown) == []
    assert shown.count("****") == len(phones)


@given(st.text(max_size=200))
def test_covering_twice_is_covering_once(text):
    assert redacted(redacted(text)) == redacted(text)


def test_only_what_people_write_is_covered_in_an_event():
    data = {"reason": "打13812345678", "client_ref": "13812345678", "count": 3, "text": None}

    assert impersonal(data) == {**data, "reason": "打138****5678"}
