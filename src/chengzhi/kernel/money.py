"""Money in whole fen, written as officials write it, and the surcharge on a late fine."""

import re
from dataclasses import dataclass

from chengzhi.kernel.errors import InvalidInput

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
_YUAN = re.compile(r"(\d+)(?:\.(\d{1,2}))?")


@dataclass(frozen=True, order=True)
class Money:
    """An amount of yuan (元) held in fen (分), so that sums never lose a cent."""

    fen: int

    def __post_init__(self) -> None:
        if self.fen < 0:
            raise InvalidInput("金额不能为负数，请改为 0 或正数。", field="amount")

    @classmethod
    def yuan(cls, text: str | int) -> "Money":
        """Return the amount written in yuan, with at most two decimals: "1000" or "12.50"."""
        found = _YUAN.fullmatch(str(text).replace(",", "").strip())
        if found is None:
            raise InvalidInput(
                f"金额“{text}”无法识别，请写元，最多两位小数，例如 1000 或 12.50。", field="amount"
            )
        return cls(int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def percent(self, number: int) -> "Money":
        """Return so many percent, rounded down to the fen."""
        return Money(self.fen * number // 100)

    def __str__(self) -> str:
        whole, cents = divmod(self.fen, 100)
        return f"{whole:,}.{cents:02d} 元" if cents else f"{whole:,} 元"

    @property
    def in_capitals(self) -> str:
        """Return the amount in the capitals of a legal document: 壹仟贰佰元伍角整."""
        whole, cents = divmod(self.fen, 100)
        jiao, fen = divmod(cents, 10)
        head = f"{_capitals(whole)}元" if whole or not cents else ""
        gap = "零" if head and fen and not jiao else ""
        tail = (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "")
        return head + gap + tail + ("" if fen else "整")


def surcharge(fine: Money, *, days: int, percent_per_day: int, cap_percent: int) -> Money:
    """Return the surcharge after so many days late (行政处罚法 72), never above the cap."""
    if days < 0:
        raise InvalidInput("逾期天数不能为负数。", field="days")
    return min(fine.percent(percent_per_day * days), fine.percent(cap_percent))


def _capitals(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    groups: list[tuple[int, int]] = []
    rest, rank = number, 0
    while rest:
        rest, group = divmod(rest, 10_000)
        groups.append((group, rank))
        rank += 1
    spoken = "".join(_group(*pair, number=number) for pair in reversed(groups))
    return re.sub("零+", "零", spoken).strip("零")


def _group(group: int, rank: int, *, number: int) -> str:
    """Return four digits with their group name; zeros between are spoken once."""
    if group == 0:
        return "零" if number % 10_000**rank else ""
    digits = f"{group:04d}"
    spoken = "".join(
        DIGITS[int(digit)] + (PLACES[3 - place] if digit != "0" else "")
        for place, digit in enumerate(digits)
    )
    return re.sub("零+", "零", spoken).rstrip("零") + GROUPS[rank]
