"""Run the worker as a service: cameras from a folder or the server, delivery, heartbeat."""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from time import time
from typing import Any

from chengzhi_vision.camera_file import load_camera, read_camera
from chengzhi_vision.camera_worker import Surroundings
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.errors import CameraFileInvalid, SourceFailed, VisionError
from chengzhi_vision.spool.delivery import deliver
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.types import Detection, ModelRef, Picture
from chengzhi_vision.worker import Worker

TICK_S, DELIVER_S, HEARTBEAT_S, CONFIG_S = 1.0, 1.0, 10.0, 60.0
log = logging.getLogger("chengzhi_vision")


class SharedDetector:
    """One detector for all cameras; one look at a time keeps the load even."""

    def __init__(self, detector: Detector) -> None:
        self._detector, self._lock = detector, Lock()

    @property
    def model(self) -> ModelRef:
        return self._detector.model

    def load(self) -> None:
        self._detector.load()

    def detect(self, image: Picture) -> list[Detection]:
        with self._lock:
            return list(self._detector.detect(image))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where the cameras come from and how the worker is called."""

    folder: Path | None
    server: Server | None
    cache: Path
    name: str


def serve(options: argparse.Namespace, *, detector: Detector | None) -> int:
    """Run until SIGTERM or SIGINT, or until clips that are played once are judged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stopping = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    spool = Spool(options.spool)
    around = Surroundings(
        clock=time,
        chance=random.random,
        spool=spool,
        state_folder=options.spool / "state",
        detector=None if detector is None else SharedDetector(detector),
    )
    server = _server(options)
    plan = Plan(
        folder=options.cameras,
        server=server,
        cache=options.spool / "cameras.json",
        name=options.worker,
    )
    run(plan, worker=Worker(around=around), around=around, stopping=stopping)
    spool.close()
    return 0


def _server(options: argparse.Namespace) -> Server | None:
    if not options.server:
        if options.cameras is None:
            raise VisionError("请用 --server 给出平台地址，或用 --cameras 给出摄像机配置目录。")
        return None
    token = os.environ.get(options.token_env, "")
    if not token:
        raise VisionError(f"环境变量 {options.token_env} 中没有令牌，请先在平台上签发并设置。")
    return Server(options.server, token=token)


def run(plan: Plan, *, worker: Worker, around: Surroundings, stopping: Event) -> None:
    """Keep cameras, delivery and heartbeat going."""
    threads = [Thread(target=deed, daemon=True) for deed in _deeds(plan, worker, around, stopping)]
    for thread in threads:
        thread.start()
    try:
        _watch(plan, worker, around.clock, stopping)
    finally:
        stopping.set()
        worker.stop()
        for thread in threads:
            thread.join(5.0)


def _deeds(
    plan: Plan, worker: Worker, around: Surroundings, stopping: Event
) -> list[Callable[[], None]]:
    server = plan.server
    if server is None:
        return []
    return [
        lambda: _repeat(
            lambda: deliver(around.spool, server, clock=around.clock, chance=around.chance),
            every_s=DELIVER_S,
            stopping=stopping,
        ),
        lambda: _repeat(
            lambda: server.heartbeat(worker.report(plan.name)),
            every_s=HEARTBEAT_S,
            stopping=stopping,
        ),
    ]


def _repeat(deed: Callable[[], Any], *, every_s: float, stopping: Event) -> None:
    while not stopping.wait(every_s):
        try:
            deed()
        except VisionError as failure:
            log.warning("%s", failure.sentence)
        except Exception:  # this loop must outlive any surprise; the log shows it
            log.exception("a background deed failed")


def _watch(plan: Plan, worker: Worker, clock: Callable[[], float], stopping: Event) -> None:
    next_config = float("-inf")
    while not stopping.is_set():
        if clock() >= next_config:
            next_config = clock() + CONFIG_S
            cameras = wanted_cameras(plan)
            if cameras is not None:
                worker.want(cameras)
        worker.check()
        if worker.is_done and plan.server is None:
            return
        stopping.wait(TICK_S)


def wanted_cameras(plan: Plan) -> list[Camera] | None:
    """Return the cameras to run; None when nothing is known and nothing should change."""
    found = _from_folder(plan.folder) if plan.folder is not None else []
    if plan.server is None:
        return found
    rows = _from_server(plan.server, plan.cache)
    return None if rows is None and not found else found + _read_all(rows or [])


def _from_folder(folder: Path) -> list[Camera]:
    paths = sorted(p for p in folder.glob("*") if p.suffix in (".toml", ".json"))
    if not paths:
        raise CameraFileInvalid(f"目录 {folder} 中没有 .toml 或 .json 摄像机配置，请检查路径。")
    return [load_camera(path) for path in paths]


def _from_server(server: Server, cache: Path) -> list[dict[str, Any]] | None:
    """Ask the server; when it is away, go on with what it said last."""
    try:
        rows = server.cameras()
    except (SourceFailed, VisionError) as failure:
        log.warning("%s", failure.sentence)
        return json.loads(cache.read_text("utf-8")) if cache.is_file() else None
    part = cache.with_name(f"{cache.name}.part")
    part.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    part.chmod(0o600)  # source addresses may carry a password
    part.replace(cache)
    return rows


def _read_all(rows: list[dict[str, Any]]) -> list[Camera]:
    cameras = []
    for row in rows:
        try:
            cameras.append(read_camera(row))
        except CameraFileInvalid as refusal:
            log.error("camera configuration refused: %s", refusal.sentence)
    return cameras
