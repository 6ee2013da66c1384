"""A camera worker of the test: queues numbered findings in the real spool and delivers them.

Every id is written to a ledger only after the spool has taken the finding, so that whatever stands
in the ledger must reach the server, however often this program is killed.
"""

import hashlib
import os
import random
import sys
import time
from pathlib import Path

from chengzhi_vision.spool.delivery import deliver
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.types import Box, EvidenceFile, Finding, FindingKind, ModelRef

EVERY_S = 0.4
ENOUGH = "enough"  # where a file of this name lies, only what is queued is delivered


def main(folder: Path, server: str, token: str, picture: Path) -> None:
    """Queue and deliver until killed."""
    spool, ledger = Spool(folder / "spool"), (folder / "ledger.txt")
    line = Server(server, token=token)
    number = len(ledger.read_text().splitlines()) if ledger.exists() else 0
    while True:
        if not (folder / ENOUGH).exists():
            number += 1
            finding = _finding(number, picture)
            spool.put(finding, now=time.time())
            _write(ledger, finding.finding_id)
        deliver(spool, line, clock=time.time, chance=random.random)
        time.sleep(EVERY_S)


def _write(ledger: Path, finding_id: str) -> None:
    with ledger.open("a") as file:
        file.write(finding_id + "\n")
        file.flush()
        os.fsync(file.fileno())


def _finding(number: int, picture: Path) -> Finding:
    sha = hashlib.sha256(picture.read_bytes()).hexdigest()
    at = time.time()
    still = EvidenceFile(
        name="dwell_reached.webp", role="dwell_reached", media_type="image/webp", sha256=sha,
        size=picture.stat().st_size, path=str(picture),
    )  # fmt: skip
    return Finding(
        finding_id=hashlib.sha256(f"box:{number}".encode()).hexdigest()[:32],
        camera="C001", kind=FindingKind.MOTOR_VEHICLE_PARKED, matter_code="09009",
        zone="双黄线禁停区", start_pts=0.0, alarm_pts=20.0, started_at=at - 20, alarm_at=at,
        start_unknown=False, box=Box(x=10, y=10, w=90, h=60), frame=(640, 360), score=0.8,
        model=ModelRef(name="box", version="1"), frame_sha256=sha, evidence=(still,),
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
