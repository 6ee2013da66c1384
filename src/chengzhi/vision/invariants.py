"""Facts about findings and cameras that must hold in production, one function each."""

from collections.abc import Iterator
from itertools import pairwise

from django.db.models import F, Q

from chengzhi.audit import interface as audit
from chengzhi.vision.models import ExpectedFile, Finding, LeaseTenure
from chengzhi.vision.types import FindingState

DECISIONS = ("vision.finding-confirmed", "vision.finding-rejected", "vision.finding-merged")


def complete_findings_lack_no_file() -> Iterator[str]:
    """A finding said to be complete has every file that the worker promised."""
    lacking = ExpectedFile.objects.filter(
        finding__is_evidence_complete=True, arrived_at__isnull=True
    )
    for name in lacking.values_list("finding__finding_id", flat=True).distinct():
        yield f"抓拍{name}标为证据收齐，却还有文件没有到。"


def nothing_ends_before_it_begins() -> Iterator[str]:
    """A finding alarms after it began, and is decided after it was received."""
    wrong = Finding.objects.filter(
        Q(alarm_at__lt=F("started_at")) | Q(decided_at__lt=F("received_at"))
    )
    for name in wrong.values_list("finding_id", flat=True):
        yield f"抓拍{name}的时间先后颠倒。"


def no_two_workers_held_a_camera_at_once() -> Iterator[str]:
    """The tenures of a camera follow one another."""
    rows = LeaseTenure.objects.order_by("camera", "epoch").values_list(
        "camera", "camera__code", "epoch", "taken_at", "ended_at"
    )
    for (one, code, epoch, _, ended), (other, _, _, taken, _) in pairwise(rows.iterator()):
        if one == other and (ended is None or ended > taken):
            yield f"摄像头{code}第{epoch}期看守与下一期重叠。"


def every_decision_is_in_the_log() -> Iterator[str]:
    """What a person decided, the event log tells too."""
    decided = Finding.objects.exclude(state__in=(FindingState.PENDING, FindingState.NOTED))
    for finding in decided.order_by("pk").iterator(chunk_size=500):
        told = [entry.name for entry in audit.history(finding.subject)]
        if not any(name in DECISIONS for name in told):
            yield f"抓拍{finding.finding_id}已判定，但日志里没有判定。"
