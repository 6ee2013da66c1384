"""The chain of a camera's manifests: each names the one before it on the same civil day.

The worker writes it (`src/chengzhi_vision/evidence/manifest.py`); here it is walked with what the server
received: one manifest that was taken out, changed or slipped in is named.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class FiledManifest:
    """A manifest as the server keeps it: the hash that the finding promised, and the text."""

    finding_id: str
    sha256: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChainFault:
    """Where a chain is broken, and why."""

    day: str
    finding_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class _Link:
    day: str
    number: int
    previous: str
    filed: FiledManifest


def chain_faults(manifests: Iterable[FiledManifest]) -> list[ChainFault]:
    """Return what is wrong with the manifests of one camera, day by day."""
    faults: list[ChainFault] = []
    days: dict[str, list[_Link]] = defaultdict(list)
    for filed in manifests:
        link = _link(filed)
        if isinstance(link, ChainFault):
            faults.append(link)
        else:
            days[link.day].append(link)
    for day in sorted(days):
        faults += _day_faults(sorted(days[day], key=lambda link: link.number))
    return faults


def _link(filed: FiledManifest) -> _Link | ChainFault:
    """Return the place of a manifest in its chain, or why it has none."""
    if hashlib.sha256(filed.text.encode()).hexdigest() != filed.sha256:
        return ChainFault(day="", finding_id=filed.finding_id, reason="内容与摘要不符，被改过。")
    try:
        told = json.loads(filed.text)["chain"]
        return _Link(
            day=str(told["day"]),
            number=int(told["number"]),
            previous=str(told["previous"]),
            filed=filed,
        )
    except (ValueError, TypeError, KeyError):
        return ChainFault(day="", finding_id=filed.finding_id, reason="清单没有写明链上的位置。")


def _day_faults(links: list[_Link]) -> Iterator[ChainFault]:
    first = links[0]
    if first.number != 1:
        yield _fault(first, f"当天从第 {first.number} 份开始，之前的清单没有收到或被抽走。")
    elif first.previous:
        yield _fault(first, "是当天第 1 份，却写有上一份的摘要。")
    for before, link in pairwise(links):
        if reason := _broken(before, link):
            yield _fault(link, reason)


def _broken(before: _Link, link: _Link) -> str:
    if link.number == before.number:
        return f"与 {before.filed.finding_id} 同为第 {link.number} 份，其中一份是插入的。"
    if link.number != before.number + 1:
        return f"第 {before.number} 份之后是第 {link.number} 份，中间的没有收到或被抽走。"
    if link.previous != before.filed.sha256:
        return f"写明的上一份与第 {before.number} 份（{before.filed.finding_id}）不符。"
    return ""


def _fault(link: _Link, reason: str) -> ChainFault:
    return ChainFault(day=link.day, finding_id=link.filed.finding_id, reason=reason)
