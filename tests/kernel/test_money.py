"""Money in fen, in figures and in the capitals of a legal document."""

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.money import Money, surcharge


@pytest.mark.parametrize(
    ("text", "figures", "capitals"),
    [
        ("0", "0 元", "零元整"),
        ("15", "15 元", "壹拾伍元整"),
        ("1005", "1,005 元", "壹仟零伍元整"),
        ("1,200.5", "1,200.50 元", "壹仟贰佰元伍角整"),
        ("20300.05", "20,300.05 元", "贰万零叁佰元零伍分"),
        ("0.05", "0.05 元", "伍分"),
        ("100000005", "100,000,005 元", "壹亿零伍元整"),
        ("1000010000", "1,000,010,000 元", "壹拾亿零壹万元整"),
        ("99.99", "99.99 元", "玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_in_figures_and_in_capitals(text, figures, capitals):
    amount = Money.yuan(text)

    assert str(amount) == figures
    assert amount.in_capitals == capitals


def test_amounts_add_and_compare():
    assert Money.yuan("0.10") + Money.yuan("0.20") == Money(30)
    assert Money.yuan(200) < Money.yuan("200.01")


def test_a_percentage_is_rounded_down_to_the_fen():
    assert Money(101).percent(3) == Money(3)


@pytest.mark.parametrize("text", ["-5", "1.234", "一千", ""])
def test_an_amount_that_cannot_be_read_is_refused(text):
    with pytest.raises(InvalidInput, match="金额"):
        Money.yuan(text)


def test_an_amount_is_never_negative():
    with pytest.raises(InvalidInput, match="不能为负数"):
        Money(-1)


def test_days_late_are_never_negative():
    with pytest.raises(InvalidInput, match="逾期天数"):
        surcharge(Money.yuan(1000), days=-1, percent_per_day=3, cap_percent=100)
