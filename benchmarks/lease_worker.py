"""A worker of `benchmarks.leases`: the real lease client, and a task that only says it is there."""

import json
import os
import time
from pathlib import Path
from uuid import uuid4

from chengzhi_vision.errors import DeliveryRefused, VisionError
from chengzhi_vision.fleet.tenant import Tenant
from chengzhi_vision.spool.message import moment
from chengzhi_vision.spool.server import Server

TICK_S, FIND_EVERY_S, COST_MS, CAPACITY_MS = 0.5, 2.0, 10.0, 1600.0


def main() -> None:
    """Take cameras and write down, twice a second, which are watched."""
    server = Server(os.environ["BENCH_SERVER"], token=os.environ["CHENGZHI_VISION_TOKEN"])
    folder = Path(os.environ["BENCH_SPOOL"])
    tenant = Tenant(
        server,
        name=os.environ["BENCH_NAME"],
        instance=uuid4().hex,
        folder=folder,
        clock=time.time,
        capacity_ms=lambda: CAPACITY_MS,
        costs=lambda: dict.fromkeys(tenant.held(), COST_MS),
    )
    due, find_at, number = 0.0, time.time(), 0
    with Path(os.environ["BENCH_LOG"]).open("w", encoding="utf-8") as log:
        while True:
            now = time.time()
            held, counts = tenant.held(), {"sent": 0, "refused": 0}
            if held and now >= find_at:
                find_at, number = now + FIND_EVERY_S, number + 1
                code = sorted(held)[number * 17 % len(held)]
                counts = _find(server, tenant, code, held[code])
            if now >= due:
                due = now + _turn(tenant)
            held = tenant.held()
            log.write(json.dumps({"at": time.time(), "held": held, **counts}) + "\n")
            log.flush()
            time.sleep(TICK_S)


def _turn(tenant: Tenant) -> float:
    try:
        return tenant.turn()
    except VisionError:
        return 2.0


def _find(server: Server, tenant: Tenant, code: str, epoch: int) -> dict[str, int]:
    now = time.time()
    body = {
        "finding_id": uuid4().hex, "camera": code, "kind": "object_left", "matter_code": "06036",
        "zone": "", "started_at": moment(now - 60), "alarm_at": moment(now), "bbox": [1, 1, 9, 9],
        "score": 0.9, "model": "bench", "model_version": str(epoch), "frame_sha256": "ab" * 32,
        "evidence": [], "epoch": epoch,
    }  # fmt: skip
    try:
        server.post_finding(body)
    except DeliveryRefused:
        tenant.stop([code])
        return {"sent": 1, "refused": 1}
    except VisionError:
        return {"sent": 1, "refused": 0}
    return {"sent": 1, "refused": 0}


if __name__ == "__main__":
    main()
