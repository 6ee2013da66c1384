"""Limits in every form that a city's table writes them."""

import pytest

from chengzhi.kernel.clock import Duration, Unit
from chengzhi.standards.limit_text import read_limit
from chengzhi.standards.types import StandardBroken

SEASONS = {"种植季节": frozenset({3, 4, 5, 10, 11}), "汛期": frozenset({5, 6, 7, 8, 9})}


def parts(text: str) -> list[tuple[tuple[int, ...], Duration]]:
    said = read_limit(text, seasons=SEASONS)
    return [(tuple(sorted(part.months)), part.limit) for part in said.seasonal]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("2紧急工作时", Duration(2, Unit.URGENT_HOUR)),
        ("1紧急工作时\n", Duration(1, Unit.URGENT_HOUR)),
        ("２紧急工作时", Duration(2, Unit.URGENT_HOUR)),
        (" 5工作日", Duration(5, Unit.WORK_DAY)),
        ("5个工作日内", Duration(5, Unit.WORK_DAY)),
        ("限时4小时以内", Duration(4, Unit.WORK_HOUR)),
        ("两天", Duration(2, Unit.WORK_DAY)),
        ("十五工作日", Duration(15, Unit.WORK_DAY)),
        ("2紧急工作日", Duration(2, Unit.URGENT_DAY)),
        ("15自然日", Duration(15, Unit.NATURAL_DAY)),
        ("30工作分钟", Duration(30, Unit.WORK_MINUTE)),
    ],
)
def test_every_spelling_of_a_limit_is_read(text, limit):
    said = read_limit(text, seasons=SEASONS)

    assert (said.limit, said.seasonal, said.ignored) == (limit, (), "")


def test_words_after_a_limit_are_named_and_not_taken_for_time():
    said = read_limit("1紧急工作时制止", seasons=SEASONS)

    assert (said.limit, said.ignored) == (Duration(1, Unit.URGENT_HOUR), "制止")
    with pytest.raises(StandardBroken, match="“制止”须删去"):
        read_limit("1紧急工作时制止", seasons=SEASONS, strict=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("种植季节15工作日", [((3, 4, 5, 10, 11), Duration(15, Unit.WORK_DAY))]),
        (
            "汛期4小时；其余季节2天",
            [
                ((5, 6, 7, 8, 9), Duration(4, Unit.WORK_HOUR)),
                ((1, 2, 3, 4, 10, 11, 12), Duration(2, Unit.WORK_DAY)),
            ],
        ),
        (
            "11月至2月：3天，其他2天",
            [
                ((1, 2, 11, 12), Duration(3, Unit.WORK_DAY)),
                ((3, 4, 5, 6, 7, 8, 9, 10), Duration(2, Unit.WORK_DAY)),
            ],
        ),
        ("非种植季节5天", [((1, 2, 6, 7, 8, 9, 12), Duration(5, Unit.WORK_DAY))]),
    ],
)
def test_a_seasonal_limit_has_its_months(text, said):
    assert parts(text) == said


@pytest.mark.parametrize("text", ["种植季节15工作日", "汛期4小时；其余2天", "5天"])
def test_what_a_table_keeps_is_read_the_same_again(text):
    said = read_limit(text, seasons=SEASONS)

    assert read_limit(said.canonical, seasons=SEASONS, strict=True) == said


def test_the_months_that_nobody_named_are_told():
    assert read_limit("汛期4小时", seasons=SEASONS).missing_months == (1, 2, 3, 4, 10, 11, 12)
    assert read_limit("汛期4小时；其余2天", seasons=SEASONS).missing_months == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "尽快",
        "天",
        "-2天",
        "2",
        "收获季节3天",
        "汛期2天；5月至6月3天",
        "13月3天",
        "2天3",
        "2紧急",
    ],
)
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(StandardBroken, match="时限"):
        read_limit(text, seasons=SEASONS)
