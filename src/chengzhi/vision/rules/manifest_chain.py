"""The chain of a camera's manifests: each names the one before it on the same civil day.

The worker writes it (`src/chengzhi_vision/evidence/manifest.py`); here it is walked with what the server
received: one manifest that was taken out, changed or slipped in is named.

A day has one stretch (接力段) for each lease under which something was found. Within a stretch numbers
and hashes leave no room; its first manifest names the last one that its worker knew of the stretch
before. A worker that is cut off may have written more than its successor heard of: that is a note, as
is a stretch that could not know of the one before it. A manifest that the server was told of and did
not keep (`UnkeptManifest`) holds its place.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chengzhi.vision.types import ManifestLink


@dataclass(frozen=True, kw_only=True)
class FiledManifest:
    """A manifest as the server keeps it: the hash that the finding promised, and the text."""

    finding_id: str
    sha256: str
    text: str


@dataclass(frozen=True, kw_only=True)
class UnkeptManifest:
    """A manifest that came with a finding which was refused, or was known already, and why."""

    finding_id: str
    sha256: str
    link: ManifestLink
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChainFault:
    """Where a chain is broken, and why."""

    day: str
    finding_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """One manifest at its place; `unkept` says why the server does not have it."""

    finding_id: str
    sha256: str
    link: ManifestLink
    unkept: str = ""


def chain_faults(
    manifests: Iterable[FiledManifest],
    unkept: Iterable[UnkeptManifest] = (),
    *,
    last_epoch: int | None = None,
) -> list[ChainFault]:
    """Return what is wrong with the manifests of one camera, day by day.

    `last_epoch` is how many leases the camera has had: nobody writes under a later one.
    """
    pieces, faults = _pieces(manifests, unkept)
    for day in _days(pieces):
        faults += _day_faults(day, last_epoch)
    return faults


def chain_notes(
    manifests: Iterable[FiledManifest], unkept: Iterable[UnkeptManifest] = ()
) -> list[ChainFault]:
    """Return what a reader of one camera's chain should know and what is no fault: where another
    worker took over, and which manifests were told and not kept."""
    pieces, _ = _pieces(manifests, unkept)
    notes: list[ChainFault] = []
    for day in _days(pieces):
        notes += _handovers(day)
        notes += [
            _fault(piece, f"第 {piece.link.number} 份没有收存：{piece.unkept}。")
            for stretch in day
            for piece in stretch
            if piece.unkept
        ]
    return notes


def _pieces(
    manifests: Iterable[FiledManifest], unkept: Iterable[UnkeptManifest]
) -> tuple[list[_Piece], list[ChainFault]]:
    """Return every manifest at its place, and those that do not say where that is."""
    pieces: list[_Piece] = []
    faults: list[ChainFault] = []
    for filed in manifests:
        found = _piece(filed)
        if isinstance(found, ChainFault):
            faults.append(found)
        else:
            pieces.append(found)
    known = {piece.sha256 for piece in pieces}
    for one in unkept:
        if one.sha256 not in known:
            known.add(one.sha256)
            pieces.append(
                _Piece(
                    finding_id=one.finding_id, sha256=one.sha256, link=one.link, unkept=one.reason
                )
            )
    return pieces, faults


def _piece(filed: FiledManifest) -> _Piece | ChainFault:
    """Return a manifest at its place in the chain, or why it has none."""
    if hashlib.sha256(filed.text.encode()).hexdigest() != filed.sha256:
        return ChainFault(day="", finding_id=filed.finding_id, reason="内容与摘要不符，被改过。")
    try:
        told = json.loads(filed.text)["chain"]
        link = ManifestLink(
            day=str(told["day"]),
            stretch=int(told.get("stretch", 0)),
            number=int(told["number"]),
            previous=str(told["previous"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return ChainFault(day="", finding_id=filed.finding_id, reason="清单没有写明链上的位置。")
    return _Piece(finding_id=filed.finding_id, sha256=filed.sha256, link=link)


def _days(pieces: Iterable[_Piece]) -> Iterator[list[list[_Piece]]]:
    """Yield the stretches of each day, each in the order of its numbers."""
    days: dict[str, dict[int, list[_Piece]]] = defaultdict(lambda: defaultdict(list))
    for piece in pieces:
        days[piece.link.day][piece.link.stretch].append(piece)
    for day in sorted(days):
        yield [
            sorted(days[day][stretch], key=lambda piece: piece.link.number)
            for stretch in sorted(days[day])
        ]


def _day_faults(day: Sequence[Sequence[_Piece]], last_epoch: int | None) -> Iterator[ChainFault]:
    earlier: set[str] = set()
    for pieces in day:
        if reason := _begins_badly(pieces[0], earlier, last_epoch):
            yield _fault(pieces[0], reason)
        for before, piece in pairwise(pieces):
            if reason := _broken(before, piece):
                yield _fault(piece, reason)
        earlier |= {piece.sha256 for piece in pieces}


def _begins_badly(first: _Piece, earlier: set[str], last_epoch: int | None) -> str:
    link = first.link
    if last_epoch is not None and link.stretch > last_epoch:
        return f"写明由第 {link.stretch} 期租约写成，本路摄像头只派到第 {last_epoch} 期。"
    if link.number != 1:
        where = f"第 {link.stretch} 期租约的一段" if link.stretch else "当天"
        return f"{where}从第 {link.number} 份开始，之前的清单没有收到或被抽走。"
    if not link.previous or link.previous in earlier:
        return ""
    if not link.stretch:
        return "是当天第 1 份，却写有上一份的摘要。"
    return "写明接在另一段的一份之后，那一份没有收到或被抽走。"


def _broken(before: _Piece, piece: _Piece) -> str:
    one, other = before.link, piece.link
    if other.number == one.number:
        return f"与 {before.finding_id} 同为第 {other.number} 份，其中一份是插入的。"
    if other.number != one.number + 1:
        return f"第 {one.number} 份之后是第 {other.number} 份，中间的没有收到或被抽走。"
    if other.previous != before.sha256:
        return f"写明的上一份与第 {one.number} 份（{before.finding_id}）不符。"
    return ""


def _handovers(day: Sequence[Sequence[_Piece]]) -> Iterator[ChainFault]:
    """Say where another worker took over, and how much of what was written before it knew."""
    place = {piece.sha256: piece for pieces in day for piece in pieces}
    for pieces in day[1:]:
        first = pieces[0]
        told = f"第 {first.link.stretch} 期租约接手，另起一段"
        known = place.get(first.link.previous)
        if known is None:
            yield _fault(first, f"{told}；交接突然，接手时不知道之前写到哪一份。")
            continue
        link = known.link
        after = sum(
            piece.link.stretch == link.stretch and piece.link.number > link.number
            for piece in place.values()
        )
        late = f"；交接突然，那一段之后还有 {after} 份" if after else ""
        where = (
            f"第 {link.stretch} 期第 {link.number} 份" if link.stretch else f"第 {link.number} 份"
        )
        yield _fault(first, f"{told}，接在{where}之后{late}。")


def _fault(piece: _Piece, reason: str) -> ChainFault:
    return ChainFault(day=piece.link.day, finding_id=piece.finding_id, reason=reason)
