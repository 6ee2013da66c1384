"""A manifest that was taken out, changed or slipped in is named (video_analytics.md, section 6, row 7)."""

import hashlib
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chengzhi.vision import commands
from chengzhi.vision.rules.manifest_chain import (
    ChainFault,
    FiledManifest,
    UnkeptManifest,
    chain_faults,
    chain_notes,
)
from chengzhi.vision.types import ExpectedEvidence, ManifestLink
from tests.vision.conftest import incoming

DAY = "2026-03-02"


def manifest(
    name: str, number: int, previous: str = "", *, day: str = DAY, stretch: int = 0
) -> FiledManifest:
    chain = {"day": day, "number": number, "previous": previous}
    chain |= {"stretch": stretch} if stretch else {}
    told = {"chain": chain, "finding_id": name}
    text = json.dumps(told)
    return FiledManifest(
        finding_id=name, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text
    )


def day_of(count: int) -> list[FiledManifest]:
    """A day's manifests as the worker writes them."""
    links: list[FiledManifest] = []
    for number in range(1, count + 1):
        previous = links[-1].sha256 if links else ""
        links.append(manifest(f"F-{number}", number, previous))
    return links


def test_a_whole_chain_has_no_fault_in_whatever_order_it_came():
    one, two, three = day_of(3)

    faults = chain_faults([three, one, manifest("G-1", 1, day="2026-03-03"), two])

    assert faults == []


def test_one_that_was_taken_out_leaves_a_gap():
    one, _two, three = day_of(3)

    faults = chain_faults([one, three])

    assert [(fault.day, fault.finding_id) for fault in faults] == [(DAY, "F-3")]
    assert "中间的没有收到或被抽走" in faults[0].reason


def test_a_day_that_lacks_its_beginning_is_named():
    faults = chain_faults(day_of(3)[1:])

    assert [fault.reason for fault in faults] == ["当天从第 2 份开始，之前的清单没有收到或被抽走。"]


def test_one_whose_text_was_changed_no_longer_has_its_hash():
    one, two = day_of(2)
    changed = replace(two, text=two.text.replace("F-2", "F-9"))

    faults = chain_faults([one, changed])

    assert [(fault.finding_id, fault.reason) for fault in faults] == [
        ("F-2", "内容与摘要不符，被改过。")
    ]


def test_one_that_was_slipped_in_has_the_number_of_another():
    one, two = day_of(2)

    faults = chain_faults([one, two, manifest("X-1", 2, one.sha256)])

    assert [fault.reason for fault in faults] == ["与 F-2 同为第 2 份，其中一份是插入的。"]


def test_one_that_was_exchanged_does_not_follow_the_one_before_it():
    other, (_one, two) = manifest("X-1", 1), day_of(2)

    faults = chain_faults([other, two])

    assert [fault.reason for fault in faults] == ["写明的上一份与第 1 份（X-1）不符。"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"chain": {"day": "x", "number": "y"}}'])
def test_one_that_does_not_say_its_place_is_a_fault(text):
    filed = FiledManifest(
        finding_id="F-1", sha256=hashlib.sha256(text.encode()).hexdigest(), text=text
    )

    assert [fault.reason for fault in chain_faults([filed])] == ["清单没有写明链上的位置。"]


def stretch_of(number: int, *names: str, after: str = "") -> list[FiledManifest]:
    """What one worker wrote under one lease, after a manifest of the stretch before."""
    links: list[FiledManifest] = []
    for place, name in enumerate(names, start=1):
        previous = links[-1].sha256 if links else after
        links.append(manifest(name, place, previous, stretch=number))
    return links


@pytest.fixture
def relay() -> list[FiledManifest]:
    """Two workers' manifests of one day; the first wrote one more than the second had heard of."""
    first = stretch_of(7, "A-1", "A-2", "A-3")
    return [*first, *stretch_of(8, "B-1", "B-2", after=first[1].sha256)]


def reasons(faults: list[ChainFault]) -> list[tuple[str, str]]:
    return [(fault.finding_id, fault.reason) for fault in faults]


def test_a_handover_is_told_and_is_no_fault(relay):
    told = "第 8 期租约接手，另起一段，接在第 7 期第 2 份之后；交接突然，那一段之后还有 1 份。"

    assert chain_faults(relay, last_epoch=8) == []
    assert reasons(chain_notes(relay)) == [("B-1", told)]


def test_a_day_that_was_begun_without_a_lease_goes_on_under_one(relay):
    one, two = day_of(2)

    day = [one, two, *stretch_of(7, "A-1", after=two.sha256)]

    assert chain_faults(day) == []
    assert reasons(chain_notes(day)) == [("A-1", "第 7 期租约接手，另起一段，接在第 2 份之后。")]


@pytest.mark.parametrize(
    ("gone", "where", "reason"),
    [
        ({"A-1"}, "A-2", "第 7 期租约的一段从第 2 份开始，之前的清单没有收到或被抽走。"),
        ({"A-2"}, "A-3", "第 1 份之后是第 3 份，中间的没有收到或被抽走。"),
        ({"A-1", "A-2", "A-3"}, "B-1", "写明接在另一段的一份之后，那一份没有收到或被抽走。"),
        ({"B-1"}, "B-2", "第 8 期租约的一段从第 2 份开始，之前的清单没有收到或被抽走。"),
    ],
)
def test_what_is_taken_out_of_either_stretch_is_seen(gone, where, reason, relay):
    left = [filed for filed in relay if filed.finding_id not in gone]

    assert (where, reason) in reasons(chain_faults(left))


def test_one_slipped_into_a_stretch_has_the_number_of_another(relay):
    slipped = manifest("X-1", 1, relay[1].sha256, stretch=8)

    faults = chain_faults([*relay, slipped])

    assert any("同为第 1 份，其中一份是插入的" in fault.reason for fault in faults)


def test_a_stretch_under_a_lease_that_nobody_had_is_slipped_in(relay):
    slipped = manifest("X-1", 1, relay[-1].sha256, stretch=9)

    faults = chain_faults([*relay, slipped], last_epoch=8)

    assert reasons(faults) == [("X-1", "写明由第 9 期租约写成，本路摄像头只派到第 8 期。")]


def told(filed: FiledManifest) -> UnkeptManifest:
    link = ManifestLink(**json.loads(filed.text)["chain"])
    return UnkeptManifest(
        finding_id=filed.finding_id, sha256=filed.sha256, link=link, reason="已由他处报来"
    )


def test_a_manifest_that_was_told_and_not_kept_holds_its_place(relay):
    kept = [filed for filed in relay if filed.finding_id not in ("A-1", "A-2", "B-1")]
    unkept = [told(filed) for filed in (relay[0], relay[1], relay[3])]

    assert chain_faults(kept, unkept) == []
    assert ("A-2", "第 2 份没有收存：已由他处报来。") in reasons(chain_notes(kept, unkept))


def test_a_place_told_does_not_hide_what_was_exchanged_or_slipped_in(relay):
    one, _two, three, *_ = relay
    forged = manifest("X-1", 2, one.sha256, stretch=7)

    exchanged = chain_faults([one, three], [told(forged)])
    slipped = chain_faults([one, forged, three], [told(relay[1])])

    assert reasons(exchanged) == [("A-3", "写明的上一份与第 2 份（X-1）不符。")]
    assert any("其中一份是插入的" in fault.reason for fault in slipped)


def receive(filed: FiledManifest, *, worker, now) -> None:
    text = filed.text.encode()
    file = ExpectedEvidence(
        name="manifest.json",
        role="manifest",
        media_type="application/json",
        sha256=filed.sha256,
        size=len(text),
    )
    message = incoming(now, filed.finding_id, evidence=(file,))
    commands.record_finding(message, actor=worker, now=now)
    commands.store_evidence(text, sha256=filed.sha256, actor=worker, now=now)


def walk(*words: str) -> str:
    out = StringIO()
    call_command("vision", "chain", *words, stdout=out)
    return out.getvalue()


def test_the_command_walks_what_the_server_received(camera, worker, now):
    one, two, three = day_of(3)
    for filed in (one, two):
        receive(filed, worker=worker, now=now)

    whole = walk()
    receive(replace(three, finding_id="F-3"), worker=worker, now=now)

    assert "1 路摄像头的 2 份清单首尾相接" in whole
    assert "3 份清单首尾相接" in walk("--camera", camera)


def test_the_command_names_the_break_and_fails(camera, worker, now):
    one, _two, three = day_of(3)
    for filed in (one, three):
        receive(filed, worker=worker, now=now)

    with pytest.raises(CommandError, match="1 处不相接"):
        walk()


def test_a_camera_that_nobody_knows_is_refused(camera):
    with pytest.raises(CommandError):
        walk("--camera", "C999")
