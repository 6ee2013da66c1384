"""What a matched run missed and reported wrongly, one line each, for whoever improves the chain."""

from __future__ import annotations

from chengzhi_vision.bench.match import Matched, Verdict
from chengzhi_vision.bench.types import ClipTruth


def failures(matched: Matched) -> list[str]:
    """Return the lines in order; each names its clip, where that was set and its conditions."""
    clips = {clip.clip: clip for clip in matched.clips}
    lines = [
        f"missed {_where(clips[e.clip])} {e.kind} {e.zone} start {e.start_s:.1f} "
        f"due {e.alarm_s:.1f} until {e.end_s} {e.what}"
        for e in matched.missed
    ]
    lines += [
        f"{one.verdict} {_where(clips[one.alarm.clip])} {one.alarm.kind} {one.alarm.zone} "
        f"start {one.alarm.start_s:.1f} alarm {one.alarm.alarm_s:.1f} "
        f"box {one.alarm.box.rounded()} score {one.alarm.score:.2f}"
        for one in matched.judged
        if one.verdict in (Verdict.FALSE, Verdict.DUPLICATE)
    ]
    return sorted(lines)


def _where(clip: ClipTruth) -> str:
    return f"{clip.clip} {clip.origin} {','.join(clip.conditions)}"
