"""Write one staged instance: clip.mp4, camera.toml and truth.json, the same for the same seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from chengzhi_vision.bench.cutouts.bank import Bank
from chengzhi_vision.bench.staged.acts import Stage
from chengzhi_vision.bench.staged.background import Backdrop, open_backdrop
from chengzhi_vision.bench.staged.compose import Actor, compose, matched_gain
from chengzhi_vision.bench.staged.ground import Background
from chengzhi_vision.bench.staged.plot import CATEGORIES, Author, Plot, StagedEvent
from chengzhi_vision.bench.staged.weather import Condition, Weather, draw_conditions
from chengzhi_vision.geometry import covered
from chengzhi_vision.types import Box, FindingKind

CODEC = "mpeg4"
GOOD_BITS, BLOCKY_BITS = 1_600_000, 330_000
HIDDEN = 0.5
CODE = "B{:03d}"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an instance shall be like."""

    seed: int
    seconds: float = 120.0
    fps: float = 5.0
    width: int = 640
    kinds: tuple[FindingKind, ...] = ()
    conditions: frozenset[Condition] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Staged:
    """An instance before it is written."""

    wish: Wish
    background: Background
    backdrop: Backdrop
    stage: Stage
    plot: Plot
    weather: Weather


def stage_instance(wish: Wish, *, background: Background, bank: Bank) -> Staged:
    """Draw the plot of an instance."""
    rng = np.random.default_rng([wish.seed, 20261])
    backdrop = open_backdrop(background.clip, width=wish.width, fps=wish.fps, seed=wish.seed)
    conditions = wish.conditions if wish.conditions is not None else draw_conditions(rng)
    stage = Stage(size=backdrop.size, ground=background.ground)
    author = Author(bank=bank, stage=stage, seconds=wish.seconds, rng=rng, conditions=conditions)
    plot = author.write(_kinds(wish, background, rng))
    for actor in plot.actors:
        _match_light(actor, backdrop, stage)
    weather = Weather(conditions=conditions, size=backdrop.size, seconds=wish.seconds, rng=rng)
    return Staged(
        wish=wish, background=background, backdrop=backdrop, stage=stage, plot=plot, weather=weather
    )


def _kinds(wish: Wish, background: Background, rng: np.random.Generator) -> list[FindingKind]:
    """Return the wanted kinds first, then others in an order drawn by the seed."""
    rest = [kind for kind in CATEGORIES if kind not in wish.kinds]
    order = [rest[int(i)] for i in rng.permutation(len(rest))]
    kinds = [*wish.kinds, *order]
    return [k for k in kinds if not background.sorts or str(k) in background.sorts]


def _match_light(actor: Actor, backdrop: Backdrop, stage: Stage) -> None:
    middle = (actor.keys[0].t + actor.keys[-1].t) / 2 if actor.keys[-1].t < 1e6 else 0.0
    moment = max(middle, actor.keys[0].t)
    box = actor.box(moment, ground=stage.ground, size=stage.size)
    if box is not None:
        actor.gain = matched_gain(actor.cutout, backdrop.plate, box)


def write_instance(staged: Staged, folder: Path) -> None:
    """Write the clip frame by frame, then the camera and the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_clip(staged, folder / "clip.mp4")
    (folder / "camera.toml").write_text(camera_text(staged), "utf-8")
    part = folder / "truth.json.part"
    part.write_text(json.dumps(truth_table(staged), ensure_ascii=False, indent=1), "utf-8")
    part.replace(folder / "truth.json")


def _write_clip(staged: Staged, path: Path) -> None:
    fps, weather, stage = staged.wish.fps, staged.weather, staged.stage
    blocky = Condition.BLOCKY in weather.conditions
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(CODEC, rate=Fraction(fps).limit_denominator(1000))
        stream.width, stream.height, stream.pix_fmt = *stage.size, "yuv420p"
        stream.bit_rate = BLOCKY_BITS if blocky else GOOD_BITS
        stream.gop_size = max(round(fps), 1)
        stream.codec_context.thread_count = 1
        for index in range(round(staged.wish.seconds * fps)):
            t = index / fps
            picture = compose(
                staged.backdrop.picture(index),
                staged.plot.actors,
                t,
                backdrop=staged.backdrop,
                ground=stage.ground,
            )
            picture = weather.on(picture, t, index)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        out.mux(stream.encode(None))


def camera_text(staged: Staged) -> str:
    """Return the camera file: a zone and a rule for each lane."""
    keys = Condition.KEYFRAMES in staged.weather.conditions
    lines = ["[camera]", f'code = "{CODE.format(staged.wish.seed % 1000)}"']
    if keys:
        lines += ["keyframes_only = true"]
    for lane in staged.plot.lanes:
        corners = ", ".join(f"[{x:.0f}, {y:.0f}]" for x, y in lane.polygon)
        lines += [
            "",
            "[[zones]]",
            f'name = "{lane.name}"',
            f'kind = "{lane.category.zone}"',
            f"polygon = [{corners}]",
            "[[zones.rules]]",
            f'finding = "{lane.category.kind}"',
            f"dwell_s = {lane.dwell_s:g}",
        ]
    return "\n".join([*lines, ""])


def truth_table(staged: Staged) -> dict[str, Any]:
    """Return the truth: all stays (short ones too), decoys, spans that do not count."""
    step = staged.weather.light_step
    return {
        "format": 1,
        "rendered": False,
        "origin": f"{staged.background.split}/{staged.background.clip.name}",
        "seed": staged.wish.seed,
        "size": list(staged.stage.size),
        "fps": staged.wish.fps,
        "seconds": staged.wish.seconds,
        "conditions": sorted(staged.weather.conditions),
        "events": [_event_row(staged, e, i + 1) for i, e in enumerate(staged.plot.events)],
        "decoys": [
            {"what": what, "start_s": round(start, 2), "end_s": round(end, 2)}
            for what, start, end in staged.plot.decoys
        ],
        "ignore": [*_hiding_rows(staged), *_still_rows(staged)],
        "light_steps": [] if step is None else [{"t": round(step[0], 2), "level": step[1]}],
    }


def _event_row(staged: Staged, event: StagedEvent, number: int) -> dict[str, Any]:
    seconds = staged.wish.seconds
    last = min(event.end, seconds)
    boxes = [
        {"t": t, "bbox": _bbox(box)}
        for t in range(round(event.start), int(last) + 1)
        if (box := _box_of(staged, event.actor, float(t))) is not None
    ]
    return {
        "id": f"E{number}",
        "kind": str(event.lane.category.kind),
        "zone": event.lane.name,
        "what": f"{event.deed}:{event.actor.cutout.name}",
        "start_s": round(event.start, 2),
        "end_s": None if event.end >= seconds else round(event.end, 2),
        "dwell_s": event.lane.dwell_s,
        "hidden": _hidden(staged, event),
        "boxes": boxes,
    }


def _box_of(staged: Staged, actor: Actor, t: float) -> Box | None:
    return actor.box(t, ground=staged.stage.ground, size=staged.stage.size)


def _hidden(staged: Staged, event: StagedEvent) -> list[list[float]]:
    """Return spans in which something that stopped in front hides most of the thing."""
    spans = []
    for actor in staged.plot.hiding:
        moments = [
            t
            for t in range(int(event.start), int(min(event.end, staged.wish.seconds)) + 1)
            if _hides(staged, actor, event.actor, float(t))
        ]
        if moments:
            spans.append([float(moments[0]), float(moments[-1] + 1)])
    return spans


def _hides(staged: Staged, front: Actor, thing: Actor, t: float) -> bool:
    one, other = _box_of(staged, thing, t), _box_of(staged, front, t)
    return one is not None and other is not None and covered(one, by=other) >= HIDDEN


def _hiding_rows(staged: Staged) -> list[dict[str, Any]]:
    """A vehicle that hides another one may itself be reported: that does not count."""
    rows = []
    for actor in staged.plot.hiding:
        start, end = actor.keys[0].t, actor.keys[-1].t
        box = _box_of(staged, actor, (start + end) / 2)
        if box is not None:
            rows.append({"start_s": start, "end_s": end + 10, "bbox": _bbox(box)})
    return [{**row, "kind": str(FindingKind.MOTOR_VEHICLE_PARKED)} for row in rows]


def _still_rows(staged: Staged) -> list[dict[str, Any]]:
    """What stood in the background clip all the time is nobody's event here."""
    last = staged.wish.seconds
    return [{"start_s": 0, "end_s": last, "bbox": _bbox(b)} for b in staged.background.still]


def _bbox(box: Box) -> list[float]:
    return [round(v, 1) for v in (box.x, box.y, box.w, box.h)]
