"""Kill -9 of every program at random points under load: nothing lost, doubled or half-written."""

import json
import os
import random
import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest

from chengzhi.site.supervisor import Program
from tests.e2e.conftest import running
from tests.e2e.platform import ROOT, kill, wait_for

pytestmark = pytest.mark.e2e
SECONDS = float(os.environ.get("CHENGZHI_CHAOS_S", "120"))
SEED = int(os.environ.get("CHENGZHI_CHAOS_SEED", "20261125"))
PICTURE = next((ROOT / "seed" / "img").glob("*-near.webp"))
CLIP = ROOT / "seed" / "footage" / "vehicle_parked.mp4"
SENDERS = 3


class Sender(threading.Thread):
    """Reports problems over HTTP and repeats each until it is answered, as a good client does."""

    def __init__(self, number: int, platform, token: str, stop: threading.Event) -> None:
        super().__init__()
        self.number, self.platform, self.token, self.stop = number, platform, token, stop
        self.answered: dict[str, int] = {}

    def run(self) -> None:
        serial = 0
        while not self.stop.is_set():
            serial += 1
            self._send(f"chaos:{self.number}:{serial}", serial)
            self.stop.wait(0.1)

    def _send(self, ref: str, serial: int) -> None:
        body = {
            "channel": "hotline", "matter_code": "06010", "address": "靖南大街 1 号",
            "lon": 121.884 + serial % 90 / 10_000, "lat": 29.4575, "client_ref": ref,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        for _ in range(600):
            status, answer = self.platform.ask(
                "/api/v1/work-orders", method="POST", body=json.dumps(body), headers=headers
            )
            if status in (200, 201):
                self.answered[ref] = json.loads(answer)["id"]
                return
            time.sleep(0.1)
        raise AssertionError(f"{ref} was never answered; last status {status}")


def test_two_minutes_of_kills_lose_nothing_and_double_nothing(tmp_path):
    with running(tmp_path / "state", cameras={"C001": CLIP}) as platform:
        _add_programs(platform, tmp_path)
        stop = threading.Event()
        token = _api_token(platform)
        senders = [Sender(n, platform, token, stop) for n in range(SENDERS)]
        for sender in senders:
            sender.start()
        kills = _kill_at_random(platform, random.Random(SEED))
        stop.set()
        for sender in senders:
            sender.join()
        (tmp_path / "box" / "enough").touch()
        ledger = set((tmp_path / "box" / "ledger.txt").read_text().split())
        wait_for(lambda: _settled(platform, ledger), seconds=240, what="the queues are empty")
    state = wait_for(lambda: _drained(platform), seconds=120, what="the last claims ran out")

    answered = {ref: number for sender in senders for ref, number in sender.answered.items()}
    spool = sqlite3.connect(tmp_path / "state" / "camera-worker" / "spool.db")
    from_cameras = {row[0] for row in spool.execute("SELECT finding_id FROM finding")}
    assert min(kills.values()) >= 2, kills
    assert len(answered) > 100 and len(ledger) > 30
    assert ledger | from_cameras <= set(state["findings"])
    assert len(state["findings"]) == len(set(state["findings"]))
    assert {ref: state["orders"].get(ref) for ref in answered} == {
        ref: [number] for ref, number in answered.items()
    }
    assert [ref for ref, numbers in state["orders"].items() if len(numbers) > 1] == []
    confirmed = {f"{ref}" for ref in state["confirmed"]}
    assert confirmed == {ref for ref in state["orders"] if ref.startswith("finding:")}
    assert state["without_first_event"] == []
    assert state["broken"] == "None"
    assert state["invariants"] == []
    assert state["dead_letters"] == 0


def _add_programs(platform, folder) -> None:
    """Put the street box and the quick reviewer under the same supervisor."""
    from chengzhi.site.supervisor import Child

    (folder / "box").mkdir()
    own = {k: v for k, v in platform.environment.items() if k.startswith(("CHENGZHI", "DJANGO"))}
    box = (sys.executable, "-m", "tests.e2e.street_box", str(folder / "box"), platform.address,
           platform.token, str(PICTURE))  # fmt: skip
    reviewer = (sys.executable, "-m", "tests.e2e.quick_reviewer")
    for name, command in (("street-box", box), ("reviewer", reviewer)):
        program = Program(name=name, command=command, environment=own)
        platform.supervisor.children.append(Child(program=program))


def _api_token(platform) -> str:
    return platform.run(
        "import json; from datetime import datetime, timedelta, UTC\n"
        "from chengzhi.accounts import interface as accounts\n"
        "from chengzhi.accounts.types import TokenScope\n"
        "from seed.people import ADMIN\n"
        "now = datetime.now(UTC)\n"
        "print(json.dumps(accounts.issue_token(name='chaos', scopes=[TokenScope.API], actor=ADMIN,"
        " expires_at=now + timedelta(days=1), now=now).plain))"
    )


def _kill_at_random(platform, dice: random.Random) -> dict[str, int]:
    names = [child.program.name for child in platform.supervisor.children]
    kills = dict.fromkeys(names, 0)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(dice.uniform(0.5, 3.0))
        name = min(dice.sample(names, 2), key=lambda n: kills[n])
        if pid := platform.pids(name):
            kill(_victim(pid, dice))
            kills[name] += 1
    return kills


def _victim(pid: int, dice: random.Random) -> int:
    """Return the program itself, or one of its own children."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return dice.choice([pid, *(int(child) for child in listed)])


def _drained(platform) -> dict | None:
    """Run what was confirmed while the programs were ended; a dead worker's claim lasts a minute."""
    platform.call("worker", "--once")
    state = _state(platform)
    return None if state["waiting_events"] else state


def _settled(platform, ledger: set[str]) -> bool:
    state = _state(platform)
    return (
        ledger <= set(state["findings"])
        and not state["pending"]
        and not state["waiting_events"]
        and all(child.process for child in platform.supervisor.children)
        and platform.ask("/health", method="GET")[0] == 200
    )


def _state(platform) -> dict:
    return platform.run(
        """
import json
from collections import defaultdict
from datetime import datetime, UTC
from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from chengzhi.vision import invariants as vision_invariants
from chengzhi.vision.models import Finding
from chengzhi.wiring import REACTIONS
from chengzhi.workorders.invariants import INVARIANTS
from chengzhi.workorders.models import WorkOrder
orders = defaultdict(list)
for ref, number in WorkOrder.objects.values_list('client_ref', 'pk'):
    orders[ref].append(number)
first = set(Event.objects.filter(name='workorders.reported', seq=1).values_list('subject', flat=True))
confirmed = [json.loads(data)['client_ref'] for data in
    Event.objects.filter(name='vision.finding-confirmed').values_list('data', flat=True)]
waiting = Event.objects.filter(name__in=list(REACTIONS), handled_at=None, given_up_at=None)
print(json.dumps({
    'findings': list(Finding.objects.values_list('finding_id', flat=True)),
    'pending': Finding.objects.filter(state='pending').count(),
    'orders': orders,
    'confirmed': confirmed,
    'without_first_event': [n for numbers in orders.values() for n in numbers
        if f'workorder:{n}' not in first],
    'waiting_events': waiting.count(),
    'dead_letters': Event.objects.exclude(given_up_at=None).count(),
    'broken': str(audit.verify()),
    'invariants': [str(x) for rule in INVARIANTS for x in rule(now=datetime.now(UTC))],
}))
"""
    )
