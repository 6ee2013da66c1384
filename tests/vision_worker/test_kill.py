"""A worker that is killed without warning loses nothing it said it had kept."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx

from chengzhi_vision.spool.delivery import deliver
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import KEEP_S, Spool

from .test_spool import NOW, Platform

WRITER = """
import sys
from pathlib import Path
from chengzhi_vision.spool.store import KEEP_S, Spool
from tests.vision_worker.test_spool import NOW, finding
folder = Path(sys.argv[1])
spool = Spool(folder / "spool")
for number in range(1, 100000):
    spool.put(finding(folder, number, clip_bytes=2000), now=NOW + number)
    print(number, flush=True)
"""


def test_every_finding_kept_before_a_kill_is_delivered_whole(tmp_path: Path):
    kept = write_until_killed(tmp_path, findings=25)
    spool, platform = Spool(tmp_path / "spool"), Platform()
    server = Server("http://x", token="t", transport=httpx.MockTransport(platform))

    for _round in range(5):  # twenty findings a round, clips last
        deliver(spool, server, clock=lambda: NOW + 1e6, chance=lambda: 0.0)

    assert {f"f{number}" for number in range(1, kept + 1)} <= set(platform.findings)
    wanted = {e["sha256"] for f in platform.findings.values() for e in f["evidence"]}
    assert set(platform.evidence) == wanted
    assert spool.counts().pending == 0


FORGETFUL = """
import sys
from pathlib import Path
from chengzhi_vision.spool.store import KEEP_S, Spool
from tests.vision_worker.test_spool import NOW, finding
folder = Path(sys.argv[1])
spool = Spool(folder / "spool", max_bytes=20_000)
for number in range(1, 100000):
    spool.put(finding(folder, number, clip_bytes=2000), now=NOW + number)
    if number % 2:
        spool.delivered(f"f{number}")
    spool.forget(now=NOW + KEEP_S + number - 6)
    print(number, flush=True)
"""


def test_a_kill_while_room_is_made_and_what_is_over_is_forgotten_loses_no_still(tmp_path: Path):
    kept = write_until_killed(tmp_path, findings=25, program=FORGETFUL)

    spool = Spool(tmp_path / "spool", max_bytes=20_000)

    waiting = {one.finding_id: one.body for one in spool.due(now=NOW + 1e6, limit=10**6)}
    assert {f"f{number}" for number in range(2, kept + 1, 2)} <= set(waiting)
    for body in waiting.values():
        (still,) = [item for item in body["evidence"] if item["role"] != "clip"]
        assert spool.file_of(still["sha256"]) is not None
    lying = [path.stat().st_size for path in spool.evidence_folder.iterdir()]
    assert spool.size == sum(lying)
    assert not spool.knows("f1")
    while spool.forget(now=NOW + 2 * KEEP_S):
        pass
    assert spool.counts().delivered == 0


def write_until_killed(folder: Path, *, findings: int, program: str = WRITER) -> int:
    """Let a process fill a spool and kill it in the middle; return what it said it kept."""
    command = [sys.executable, "-c", program, str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(findings)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    whole = [line for line in lines if line.endswith("\n")]
    return int(whole[-1])
