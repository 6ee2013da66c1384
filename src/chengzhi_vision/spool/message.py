"""The documented message of one finding, as the server receives it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chengzhi_vision.types import Finding


def finding_message(finding: Finding) -> dict[str, Any]:
    """Return the JSON body of POST /api/v1/vision/findings."""
    return {
        "finding_id": finding.finding_id,
        "camera": finding.camera,
        "kind": str(finding.kind),
        "matter_code": finding.matter_code,
        "zone": finding.zone,
        "started_at": moment(finding.started_at),
        "alarm_at": moment(finding.alarm_at),
        "start_unknown": finding.start_unknown,
        "bbox": finding.box.rounded(),
        "frame": list(finding.frame) if all(finding.frame) else None,
        "score": round(finding.score, 4),
        "model": finding.model.name,
        "model_version": finding.model.version,
        "frame_sha256": finding.frame_sha256,
        **({"explored": True} if finding.explored else {}),
        **({} if finding.epoch is None else {"epoch": finding.epoch}),
        **({} if finding.link is None else {"chain": finding.link.as_row()}),
        **({"hints": {"shop_names": list(finding.shop_names)}} if finding.shop_names else {}),
        "evidence": [
            {
                "name": item.name,
                "role": item.role,
                "media_type": item.media_type,
                "sha256": item.sha256,
                "size": item.size,
            }
            for item in finding.evidence
        ],
    }


def moment(at: float) -> str:
    """Return a moment in ISO 8601, UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
