"""A manifest that was taken out, changed or slipped in is named (video_analytics.md, section 6, row 7)."""

import hashlib
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chengzhi.vision import commands
from chengzhi.vision.rules.manifest_chain import FiledManifest, chain_faults
from chengzhi.vision.types import ExpectedEvidence
from tests.vision.conftest import incoming

DAY = "2026-03-02"


def manifest(name: str, number: int, previous: str = "", *, day: str = DAY) -> FiledManifest:
    told = {"chain": {"day": day, "number": number, "previous": previous}, "finding_id": name}
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
