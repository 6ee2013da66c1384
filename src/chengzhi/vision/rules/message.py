"""What a message of the worker must satisfy before anything is written."""

import re

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules.review import is_equipment
from chengzhi.vision.types import ExpectedEvidence, IncomingFinding, ManifestLink

SHA256 = re.compile(r"[0-9a-f]{64}")
FINDING_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")
#: One piece of evidence: a clip of a minute is far below this.
EVIDENCE_LIMIT = 64 * 2**20
EVIDENCE_FILES = 12
DAY = re.compile(r"\d{4}-\d\d-\d\d")
YEARS = range(1970, 2100)  # a box without a clock of its own starts in 1970
#: No camera has a picture of so many pixels on a side.
LARGEST_SIDE = 2**16


def check_finding(message: IncomingFinding) -> None:
    """Refuse a finding that contradicts itself.

    :raises InvalidInput: `field` names what is wrong.
    """
    if not FINDING_ID.fullmatch(message.finding_id):
        raise InvalidInput(
            "finding_id：请用不超过80位的字母、数字和 ._:- 命名。", field="finding_id"
        )
    if message.started_at > message.alarm_at:
        raise InvalidInput("started_at：开始时间晚于报警时间，请核对。", field="started_at")
    if message.started_at.year < YEARS.start or message.alarm_at.year >= YEARS.stop:
        raise InvalidInput("started_at：时间应在1970年至2099年之间，请核对。", field="started_at")
    if not 0 <= message.score <= 1:
        raise InvalidInput(f"score：应在0到1之间，得到{message.score:g}。", field="score")
    _check_box(message)
    _check_frame(message.frame)
    check_sha256(message.frame_sha256, field="frame_sha256")
    check_evidence(message.evidence)
    if message.chain is not None:
        _check_link(message.chain)


def _check_link(link: ManifestLink) -> None:
    if not DAY.fullmatch(link.day):
        raise InvalidInput("chain.day：应为 2026-03-02 这样的日期。", field="chain.day")
    if link.number < 1 or not 0 <= link.stretch < 2**63:
        raise InvalidInput("chain.number：从1数起，stretch 不小于0。", field="chain.number")
    if link.previous:
        check_sha256(link.previous, field="chain.previous")


def _check_box(message: IncomingFinding) -> None:
    if not is_equipment(message.kind) and min(message.bbox[2:]) <= 0:
        raise InvalidInput("bbox：应为 [左, 上, 宽, 高]，宽和高大于0。", field="bbox")
    if not all(abs(side) <= LARGEST_SIDE for side in message.bbox):
        raise InvalidInput(f"bbox：单位是像素，不能超过{LARGEST_SIDE}。", field="bbox")


def _check_frame(frame: tuple[int, int] | None) -> None:
    if frame is not None and not all(0 < side <= LARGEST_SIDE for side in frame):
        raise InvalidInput(
            f"frame：应为画面的 [宽, 高]，每边1到{LARGEST_SIDE}像素。", field="frame"
        )


def check_evidence(files: tuple[ExpectedEvidence, ...]) -> None:
    """Refuse a list of files that could never be brought."""
    if len(files) > EVIDENCE_FILES:
        raise InvalidInput(
            f"evidence：最多{EVIDENCE_FILES}份，得到{len(files)}份。", field="evidence"
        )
    for index, file in enumerate(files):
        check_sha256(file.sha256, field=f"evidence[{index}].sha256")
        if not 0 < file.size <= EVIDENCE_LIMIT:
            raise InvalidInput(
                f"evidence[{index}].size：应为1到{EVIDENCE_LIMIT}字节。",
                field=f"evidence[{index}].size",
            )


def check_sha256(value: str, *, field: str) -> None:
    """Refuse what is not the hex digest of a SHA-256."""
    if not SHA256.fullmatch(value):
        raise InvalidInput(f"{field}：应为64位小写十六进制的 SHA-256。", field=field)
