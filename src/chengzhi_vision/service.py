"""Run the worker as a service: cameras from a folder or the server, delivery, heartbeat."""

from __future__ import annotations

import argparse
import fcntl
import json
import logging
import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from time import time
from typing import Any, TextIO
from uuid import uuid4

from chengzhi_vision.camera_file import load_camera, read_camera
from chengzhi_vision.camera_worker import Surroundings
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.disk import Disk
from chengzhi_vision.errors import CameraFileInvalid, VisionError
from chengzhi_vision.fleet.cost import RESERVE, Guard, usable_cores
from chengzhi_vision.fleet.detector import LookQueue, SharedDetector
from chengzhi_vision.fleet.heap import calm_memory
from chengzhi_vision.fleet.metrics import serve_metrics
from chengzhi_vision.fleet.tenant import Tenant
from chengzhi_vision.fleet.turns import Turns
from chengzhi_vision.keeping import ROOM
from chengzhi_vision.pipeline import Paced
from chengzhi_vision.recheck.desk import Desk
from chengzhi_vision.recheck.looking import Rechecks
from chengzhi_vision.recheck.outbox import Outbox
from chengzhi_vision.spool.delivery import Courier
from chengzhi_vision.spool.pace import ClipHours, Pace, read_clip_hours, read_kbps
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.trial.ring import StillRing, read_total_mb
from chengzhi_vision.trial.runner import Helper
from chengzhi_vision.whole import SECRET, write_whole
from chengzhi_vision.worker import Worker

TICK_S, DELIVER_S, HEARTBEAT_S, CONFIG_S = 1.0, 1.0, 10.0, 60.0
ASK_S = 10.0  # between two looks for questions of second looks
RENEW_S = 5.0
TASKS_S = 20.0
log = logging.getLogger("chengzhi_vision")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where the cameras come from and how the worker is called."""

    folder: Path | None
    server: Server | None
    cache: Path
    name: str
    tenant: Tenant | None = None
    clip_hours: ClipHours = field(default_factory=ClipHours)
    disk: Disk = field(default_factory=lambda: Disk(Path()))


def serve(
    options: argparse.Namespace, *, detector: Detector | None, slow: tuple[Paced, ...] = ()
) -> int:
    """Run until SIGTERM or SIGINT, or until clips that are played once are judged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    calm_memory()
    stopping = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    lock = _only_one(options.spool)
    spool = Spool(options.spool)
    cores = usable_cores(os.environ)
    looks = LookQueue(threads=looks_at_once(cores))
    around = Surroundings(
        clock=time,
        chance=random.random,
        spool=spool,
        state_folder=options.spool / "state",
        detector=None if detector is None else SharedDetector(detector, looks),
        slow=tuple(replace(one, detector=SharedDetector(one.detector, looks)) for one in slow),
        ring=_ring(options, spool),
        turns=Turns(threads=int(cores) + 1),
    )
    server = _server(options, stopping)
    if server is not None:
        outbox = Outbox(options.spool / "rechecks")
        around = replace(around, rechecks=Rechecks(desk=Desk(), outbox=outbox))
    budget_ms = 1000.0 * cores * (1 - RESERVE)
    worker = Worker(around=around, guard=None if options.lease else Guard(budget_ms=budget_ms))
    plan = Plan(
        folder=options.cameras,
        server=server,
        cache=options.spool / "cameras.json",
        name=options.worker,
        tenant=_tenant(options, around, server, worker, budget_ms) if options.lease else None,
        disk=spool.disk,
        clip_hours=read_clip_hours(options.clip_hours),
    )
    with serve_metrics(options.metrics, worker=worker, spool=spool, budget_ms=budget_ms):
        run(plan, worker=worker, around=around, stopping=stopping)
    spool.close()
    lock.close()
    return 0


def looks_at_once(cores: float) -> int:
    """Return how many looks of the detector may run side by side: half the cores, one at least."""
    return max(1, int(cores // 2))


def _only_one(folder: Path) -> TextIO:
    """Keep the spool to this process: two of them would deliver and forget for each other."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise VisionError(
            f"暂存目录 {folder} 正被另一个识别程序使用，请用 --spool 另给一个目录。"
        ) from error
    return file


def _ring(options: argparse.Namespace, spool: Spool) -> StillRing | None:
    """Keep stills where a platform may ask for a trial and the disk is granted."""
    total = read_total_mb(options.stills_total_mb)
    if not options.server or options.stills_mb <= 0 or total <= 0:
        return None
    return StillRing(
        options.spool / "stills",
        most_bytes=options.stills_mb * 2**20,
        total_bytes=total * 2**20,
        room=lambda: left_for_stills(spool),
        clock=time,
    )


def left_for_stills(spool: Spool) -> int:
    """Return the bytes that stills may still take: what the spool may come to need is not theirs."""
    return spool.disk.free - ROOM - max(spool.max_bytes - spool.size, 0)


def _tenant(
    options: argparse.Namespace,
    around: Surroundings,
    server: Server | None,
    worker: Worker,
    budget_ms: float,
) -> Tenant:
    if server is None or options.cameras is not None:
        raise VisionError("--lease：摄像机由平台分派，请给出 --server，不要给 --cameras。")
    return Tenant(
        server,
        name=options.worker,
        instance=uuid4().hex,
        folder=options.spool,
        clock=time,
        capacity_ms=lambda: budget_ms,
        costs=worker.costs,
        disk=around.spool.disk,
    )


def _server(options: argparse.Namespace, stopping: Event) -> Server | None:
    if not options.server:
        if options.cameras is None:
            raise VisionError("请用 --server 给出平台地址，或用 --cameras 给出摄像机配置目录。")
        return None
    token = os.environ.get(options.token_env, "")
    if not token:
        raise VisionError(f"环境变量 {options.token_env} 中没有令牌，请先在平台上签发并设置。")
    pace = Pace(bytes_per_s=read_kbps(options.upload_kbps), wait=stopping.wait)
    return Server(options.server, token=token, pace=pace)


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
        if plan.tenant is not None:
            with suppress(VisionError):
                plan.tenant.leave()


def _deeds(
    plan: Plan, worker: Worker, around: Surroundings, stopping: Event
) -> list[Callable[[], None]]:
    server = plan.server
    if server is None:
        return []
    courier = Courier(around.spool, server, around.clock, around.chance, plan.clip_hours)
    helper = _helper(plan, worker, around, stopping)
    trials = [] if helper is None else [lambda: _help(helper, stopping)]
    tenant = plan.tenant
    leases = (
        []
        if tenant is None
        else [lambda: _keep_on(tenant.turn, first_s=0.0, again_s=RENEW_S, stopping=stopping)]
    )
    return [
        *leases,
        *trials,
        *_second_looks(around, server, stopping),
        lambda: _repeat(courier.round, every_s=DELIVER_S, stopping=stopping),
        lambda: _repeat(
            lambda: _beat(plan, server, worker),
            every_s=HEARTBEAT_S,
            stopping=stopping,
        ),
    ]


def _second_looks(
    around: Surroundings, server: Server, stopping: Event
) -> list[Callable[[], None]]:
    """Bring questions to the cameras, and carry answers to the platform."""
    rechecks, clock = around.rechecks, around.clock
    if rechecks is None:
        return []
    desk, outbox = rechecks.desk, rechecks.outbox
    return [
        lambda: _repeat(lambda: desk.fetch(server, clock=clock), every_s=ASK_S, stopping=stopping),
        lambda: _repeat(
            lambda: outbox.send(server, clock=clock, chance=around.chance),
            every_s=DELIVER_S,
            stopping=stopping,
        ),
    ]


def _beat(plan: Plan, server: Server, worker: Worker) -> None:
    stop = server.heartbeat(worker.report(plan.name))
    if plan.tenant is not None and stop:
        plan.tenant.stop(stop)


def _helper(plan: Plan, worker: Worker, around: Surroundings, stopping: Event) -> Helper | None:
    if plan.server is None or around.ring is None:
        return None
    return Helper(
        server=plan.server,
        ring=around.ring,
        detector=around.detector,
        slow=around.slow,
        name=plan.name,
        watched=worker.costs,
        newest=worker.newest,
        clock=around.clock,
        rest=stopping.wait,
    )


def _help(helper: Helper, stopping: Event) -> None:
    """Do what the platform waits for; ask sooner while somebody waits."""

    def turn() -> float:
        return TASKS_S if helper.turn() == 0 else helper.FIRST_S

    _keep_on(turn, first_s=helper.FIRST_S, again_s=TASKS_S, stopping=stopping)


def _repeat(deed: Callable[[], Any], *, every_s: float, stopping: Event) -> None:
    def turn() -> float:
        deed()
        return every_s

    _keep_on(turn, first_s=every_s, again_s=every_s, stopping=stopping)


def _keep_on(turn: Callable[[], float], *, first_s: float, again_s: float, stopping: Event) -> None:
    """Call until told to stop; each turn says how soon the next is, a failed one `again_s`."""
    wait_s = first_s
    while not stopping.wait(wait_s):
        wait_s = again_s
        try:
            wait_s = turn()
        except VisionError as failure:
            log.warning("%s", failure.sentence)
        except Exception:  # this loop must outlive any surprise; the log shows it
            log.exception("a background deed failed")


def _watch(plan: Plan, worker: Worker, clock: Callable[[], float], stopping: Event) -> None:
    next_config = float("-inf")
    while not stopping.is_set():
        if plan.tenant is not None:
            worker.want(plan.tenant.cameras())
        elif clock() >= next_config:
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
    rows = _from_server(plan.server, plan.cache, plan.disk)
    return None if rows is None and not found else found + _read_all(rows or [])


def _from_folder(folder: Path) -> list[Camera]:
    paths = sorted(p for p in folder.glob("*") if p.suffix in (".toml", ".json"))
    if not paths:
        raise CameraFileInvalid(f"目录 {folder} 中没有 .toml 或 .json 摄像机配置，请检查路径。")
    return [load_camera(path) for path in paths]


def _from_server(server: Server, cache: Path, disk: Disk) -> list[dict[str, Any]] | None:
    """Ask the server; when it is away, go on with what it said last."""
    try:
        rows = server.cameras()
    except VisionError as failure:
        log.warning("%s", failure.sentence)
        return json.loads(cache.read_text("utf-8")) if cache.is_file() else None
    with disk.spare("lists"):
        write_whole(cache, json.dumps(rows, ensure_ascii=False), mode=SECRET)
        disk.worked("lists")
    return rows


def _read_all(rows: list[dict[str, Any]]) -> list[Camera]:
    cameras = []
    for row in rows:
        try:
            cameras.append(read_camera(row))
        except CameraFileInvalid as refusal:
            log.error("camera configuration refused: %s", refusal.sentence)
    return cameras
