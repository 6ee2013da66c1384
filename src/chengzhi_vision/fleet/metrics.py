"""The worker's figures in the Prometheus text format, served on one address of the machine."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import process_time
from typing import Any

from chengzhi_vision.errors import VisionError
from chengzhi_vision.scene.health import Trouble
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.worker import Watched, Worker

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "chengzhi_vision_"
STATES = ("starting", "ok", "no_source", *map(str, Trouble), "ended", "failed")


#: For each camera: kind, meaning, and where it is read in what the camera counts.
CAMERA_FIGURES = {
    "camera_frames_total": ("counter", "frames judged", "frames"),
    "camera_dropped_frames_total": ("counter", "frames let go: the judge was late", "dropped"),
    "camera_lag_seconds": ("gauge", "age of the last frame when it was judged", "lag_s"),
    "camera_fps": ("gauge", "frames judged a second, over ten seconds", "fps"),
    "camera_blind_seconds_total": ("counter", "seconds without a picture to judge", "blind_s"),
    "camera_restarts_total": ("counter", "restarts by the supervisor", "restarts"),
    "camera_findings_total": ("counter", "findings handed to the spool", "findings"),
    "camera_findings_held": ("gauge", "findings that the disk does not take now", "held"),
    "camera_findings_lost_total": ("counter", "findings lost: the disk took nothing", "lost"),
    "camera_cost_ms": ("gauge", "CPU milliseconds a second, over a minute", "cost_ms"),
    "camera_read_cpu_seconds_total": (
        "counter",
        "CPU seconds of reading and, but for key frames, decoding",
        "read_s",
    ),
    "camera_judge_cpu_seconds_total": (
        "counter",
        "CPU seconds of the chain, looks and the decoding of key frames included",
        "judge_s",
    ),
    "camera_detect_cpu_seconds_total": (
        "counter",
        "of that, CPU seconds of the detectors",
        "detect_s",
    ),
    "camera_looks_total": ("counter", "looks of the detector", "looks"),
    "camera_looks_spared_total": (
        "counter",
        "looks spared: nothing changed or stands there",
        "looks_spared",
    ),
}
WORKER_FIGURES = {
    "cameras": ("gauge", "cameras by state"),
    "refused_cameras": ("gauge", "cameras refused by the capacity guard"),
    "budget_ms": ("gauge", "CPU milliseconds a second that cameras may use"),
    "load_ms": ("gauge", "CPU milliseconds a second that cameras use"),
    "process_cpu_seconds_total": ("counter", "CPU seconds of the process"),
    "process_peak_bytes": ("gauge", "the most memory the process has held"),
    "spool_findings": ("gauge", "findings in the spool by state"),
    "spool_dropped_files": ("gauge", "clips let go because the spool was full"),
    "spool_bytes": ("gauge", "bytes of evidence in the spool"),
    "stills_bytes": ("gauge", "bytes of stills for trials"),
    "disk_free_bytes": ("gauge", "bytes free on the spool's disk"),
    "disk_short": ("gauge", "1 while something cannot be written"),
    "disk_unwritten_total": ("counter", "writes that failed, by what they were for"),
}


def text_of(worker: Worker, *, spool: Spool, budget_ms: float) -> str:
    """Return all figures in the Prometheus text format."""
    watched = sorted(worker.watched(), key=lambda w: w.camera.code)
    lines: list[str] = []
    for name, (kind, text, source) in CAMERA_FIGURES.items():
        lines += _head(name, kind, text)
        lines += [
            f'{PREFIX}{name}{{camera="{one.camera.code}"}} {_value(one, source):.10g}'
            for one in watched
        ]
    return "\n".join([*lines, *_worker_lines(worker, watched, spool, budget_ms), ""])


def _value(watched: Watched, source: str) -> float:
    return float(watched.dropped if source == "dropped" else getattr(watched.tally, source))


def _worker_lines(
    worker: Worker, watched: list[Watched], spool: Spool, budget_ms: float
) -> Iterator[str]:
    counts, guard, disk, ring = spool.counts(), worker.guard, spool.disk, worker.around.ring
    states = [one.tally.state for one in watched]
    values: dict[str, dict[str, float]] = {
        "cameras": {f'{{state="{state}"}}': states.count(state) for state in STATES},
        "refused_cameras": {"": 0 if guard is None else len(guard.refused)},
        "budget_ms": {"": budget_ms},
        "load_ms": {"": sum(one.tally.cost_ms for one in watched)},
        "process_cpu_seconds_total": {"": process_time()},
        "process_peak_bytes": {"": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024},
        "spool_findings": {
            '{state="pending"}': counts.pending,
            '{state="clip"}': counts.clips,
            '{state="delivered"}': counts.delivered,
            '{state="dead"}': counts.dead,
        },
        "spool_dropped_files": {"": counts.dropped_files},
        "spool_bytes": {"": spool.size},
        "stills_bytes": {"": 0 if ring is None else ring.size},
        "disk_free_bytes": {"": disk.free},
        "disk_short": {"": disk.is_short},
        "disk_unwritten_total": {
            f'{{what="{what}"}}': number for what, number in disk.unwritten.items()
        },
    }
    for name, (kind, text) in WORKER_FIGURES.items():
        yield from _head(name, kind, text)
        yield from (
            f"{PREFIX}{name}{labels} {value:.10g}" for labels, value in values[name].items()
        )


def _head(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {PREFIX}{name} {text}", f"# TYPE {PREFIX}{name} {kind}"]


@contextmanager
def serve_metrics(
    address: str, *, worker: Worker, spool: Spool, budget_ms: float
) -> Iterator[int | None]:
    """Answer GET /metrics and /health on an address while the block runs; yield the port."""
    if not address:
        yield None
        return
    server = _server(address, lambda: text_of(worker, spool=spool, budget_ms=budget_ms))
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _well() -> str:
    return "ok\n"


def _server(address: str, text: Callable[[], str]) -> ThreadingHTTPServer:
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise VisionError(f"--metrics：应写成 127.0.0.1:9464，得到 {address!r}。")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known: dict[str, Callable[[], str]] = {"/metrics": text, "/health": _well}
            make = known.get(self.path.partition("?")[0])
            body = (make() if make else "not found\n").encode()
            self.send_response(200 if make else 404)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: a scrape every few seconds is no news."""

    try:
        return ThreadingHTTPServer((host or "127.0.0.1", int(port)), Answer)
    except OSError as error:
        raise VisionError(
            f"--metrics：{address} 不能监听（{error.strerror}），请换一个端口。"
        ) from error
