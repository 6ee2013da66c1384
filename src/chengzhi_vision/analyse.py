"""Judge one clip without a server: findings.jsonl and the evidence beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.given import GivenDetector
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.evidence.files import Footage, write_evidence
from chengzhi_vision.evidence.manifest import Chain
from chengzhi_vision.evidence.publish import publisher
from chengzhi_vision.evidence.ring import PacketRing
from chengzhi_vision.evidence.shop_names import installed_reader
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.sources.detections import DetectionsSource, is_detections
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.types import Finding
from chengzhi_vision.whole import write_whole

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a clip gave."""

    findings: tuple[Finding, ...]
    frames: int
    judged: int


def make_ring(camera: Camera) -> PacketRing:
    """Return a ring that reaches back over pre-roll, confirmation and post-roll."""
    limits = camera.limits
    keep = limits.evidence.pre_roll_s + limits.evidence.post_roll_s + 4 * limits.dwell.confirm_s
    return PacketRing(keep_s=keep, max_bytes=int(limits.evidence.ring_bytes))


def analyse(
    clip: str,
    *,
    camera: Camera,
    detector: Detector | None,
    slow: Sequence[Paced] = (),
    out: Path,
    started_at: float,
    progress: Progress,
) -> Outcome:
    """Judge a clip from its first frame to its last."""
    if is_detections(clip):
        detector = GivenDetector()
        source: VideoSource | DetectionsSource = DetectionsSource(clip, given=detector)
        footage = None
    else:
        source, footage = _opened(clip, camera)
    out.mkdir(parents=True, exist_ok=True)
    pipeline = Pipeline(camera, detector=detector, slow=slow)
    publish = publisher(detector, with_files=True)
    findings: list[Finding] = []
    judged = 0

    chain = Chain(out / "chain")

    def keep(alarms: list[Alarm]) -> None:
        for alarm in alarms:
            folder = out / "evidence" / alarm.finding.finding_id
            made = write_evidence(
                alarm,
                camera=camera,
                footage=footage,
                folder=folder,
                publish=publish,
                chain=chain,
                link=chain.next(camera, at=alarm.finding.alarm_at),
                reader=installed_reader(),
            )
            findings.append(made)
            pipeline.mark_reported(alarm)

    for frame in source.frames(started_at=started_at, stop=lambda: False):
        judged += 1
        keep(pipeline.feed(frame))
        progress(source.decoded, getattr(source, "total_frames", 0))
    keep(pipeline.finish())
    progress(source.decoded, source.decoded)
    _write_lines(findings, out=out)
    return Outcome(findings=tuple(findings), frames=source.decoded, judged=judged)


def _opened(clip: str, camera: Camera) -> tuple[VideoSource, Footage]:
    ring = make_ring(camera)
    source = VideoSource(
        clip, fps=camera.sample_fps, keyframes_only=camera.keyframes_only, ring=ring
    )
    return source, Footage(ring=ring, template=source.template)


def finding_row(finding: Finding, *, out: Path) -> dict[str, Any]:
    """Return one line of findings.jsonl."""
    return {
        "finding_id": finding.finding_id,
        "camera": finding.camera,
        "kind": finding.kind,
        "matter_code": finding.matter_code,
        "zone": finding.zone,
        "start_pts": round(finding.start_pts, 3),
        "alarm_pts": round(finding.alarm_pts, 3),
        "bbox": finding.box.rounded(),
        "frame": list(finding.frame),
        "score": round(finding.score, 4),
        "start_unknown": finding.start_unknown,
        "model": finding.model.name,
        "model_version": finding.model.version,
        "frame_sha256": finding.frame_sha256,
        "reason": finding.reason,
        "shop_names": list(finding.shop_names),
        "evidence": [
            {
                "name": item.name,
                "role": item.role,
                "media_type": item.media_type,
                "sha256": item.sha256,
                "size": item.size,
                "path": str(Path(item.path).relative_to(out)),
            }
            for item in finding.evidence
        ],
    }


def _write_lines(findings: list[Finding], *, out: Path) -> None:
    rows = [json.dumps(finding_row(f, out=out), ensure_ascii=False) for f in findings]
    write_whole(out / "findings.jsonl", "".join(f"{row}\n" for row in rows))
