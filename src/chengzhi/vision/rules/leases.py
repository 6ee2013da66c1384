"""Who watches which camera: rendezvous hashing within measured capacity, and fencing.

Weighted rendezvous hashing (Thaler & Ravishankar 1998; logarithmic weights after Schindelhauer &
Schomaker 2005): every worker has a score for every camera, the highest is its home. A worker that
comes or goes moves only the cameras whose home it is.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.types.leases import Choice, Claimable, Holding, LeaseCall, Seat, Tenure

RENEW_S = 5.0
TTL = timedelta(seconds=20)
SOON_S = 1.0
#: A worker that missed a call is not waited for, though its leases still run.
LIVELY = timedelta(seconds=8)
#: How long a free camera waits for the worker whose home it is.
WAIT = timedelta(seconds=5)
#: A worker draws cameras from others only after so long; one that crashes at once draws none.
STEADY = timedelta(seconds=30)
HAND_OVER = 4  # cameras sent home in one call: each is unwatched for some seconds
TYPICAL_MS = 15.0  # of a camera not measured yet: 720p, key frames only (video_analytics.md 3.5)
OVERLOAD = 1.1  # a worker gives cameras back when it carries so much more than it can
#: A worker writes what it remembers at least once a minute; what is older waits for nobody.
MEMORY_KEPT = timedelta(days=1)
#: A spool may wait for days until the line comes back.
TENURE_KEPT = timedelta(days=30)
NAME_LIMIT, MEMORY_LIMIT, MOST = 60, 512 * 1024, 10_000


def score(camera: str, seat: Seat) -> float:
    """Return how much a camera belongs to a worker; the highest of all workers is its home."""
    digest = hashlib.blake2b(f"{camera}\n{seat.name}".encode(), digest_size=8).digest()
    share = (int.from_bytes(digest) + 1) / (2**64 + 2)
    return -max(seat.capacity_ms, 1.0) / math.log(share)


def home(camera: str, cost_ms: float, seats: Iterable[Seat]) -> Seat | None:
    """Return the worker that a camera belongs to among those with room for it."""
    fitting = [seat for seat in seats if seat.capacity_ms - seat.load_ms >= cost_ms]
    return max(fitting, key=lambda seat: (score(camera, seat), seat.name), default=None)


def lively(seats: Sequence[Seat], *, now: datetime) -> list[Seat]:
    """Return the workers that called lately."""
    return [seat for seat in seats if now - seat.seen_at <= LIVELY]


def choose(
    free: Sequence[Claimable], *, mine: Seat, seats: Sequence[Seat], now: datetime
) -> Choice:
    """Return which free cameras a worker takes: those that belong to it, and those nobody came for.

    Important cameras first; never more than the worker can carry.
    """
    others = [seat for seat in lively(seats, now=now) if seat.name != mine.name]
    room = mine.capacity_ms - mine.load_ms
    taken, is_more_soon = [], False
    for camera in sorted(free, key=lambda c: (-c.priority, c.free_since, c.code)):
        cost = camera.cost_ms or TYPICAL_MS
        if cost > room:
            continue
        owner = home(camera.code, cost, [mine, *others])
        has_waited = now - camera.free_since >= WAIT
        if has_waited or owner is None or owner.name == mine.name:
            taken.append(camera.code)
            room -= cost
        else:
            is_more_soon = True
    return Choice(codes=tuple(taken), is_more_soon=is_more_soon)


def given_back(
    held: Sequence[Holding], *, mine: Seat, seats: Sequence[Seat], now: datetime
) -> list[str]:
    """Return which cameras a worker lets go: what it cannot carry, and some that belong elsewhere."""
    too_much = _too_much(held, mine)
    kept = [camera for camera in held if camera.code not in too_much]
    return [*too_much, *_sent_home(kept, mine=mine, seats=seats, now=now)]


def _too_much(held: Sequence[Holding], mine: Seat) -> list[str]:
    """Return the least important cameras beyond what the worker can carry."""
    load, dropped = sum(camera.cost_ms for camera in held), []
    if load <= mine.capacity_ms * OVERLOAD:
        return []
    for camera in sorted(held, key=lambda c: (c.priority, -c.cost_ms, c.code)):
        if load <= mine.capacity_ms:
            break
        dropped.append(camera.code)
        load -= camera.cost_ms
    return dropped


def _sent_home(
    held: Sequence[Holding], *, mine: Seat, seats: Sequence[Seat], now: datetime
) -> list[str]:
    steady = [
        seat
        for seat in lively(seats, now=now)
        if seat.name != mine.name and now - seat.joined_at >= STEADY
    ]
    sent: list[str] = []
    for camera in sorted(held, key=lambda c: c.code) if steady else ():
        cost = camera.cost_ms or TYPICAL_MS
        owner = home(camera.code, cost, steady)
        if owner is not None and score(camera.code, owner) > score(camera.code, mine):
            sent.append(camera.code)
        if len(sent) >= HAND_OVER:
            break
    return sent


def is_stale(*, epoch: int | None, current: int, is_held: bool) -> bool:
    """Tell whether a message comes from a worker that no longer watches the camera.

    A camera under no lease takes messages without an epoch; a camera that somebody holds does not.
    """
    if epoch is None:
        return is_held
    return epoch != current


def was_seen_in_time(tenure: Tenure | None, *, holder: str, alarm_at: datetime) -> bool:
    """Tell whether a finding of a former epoch was observed while that epoch was the sender's own.

    It may have lain in the worker's spool since then. What was observed after the camera had gone
    to somebody else is stale, whenever it comes.
    """
    if tenure is None or tenure.ended_at is None or tenure.holder != holder:
        return False
    return tenure.taken_at <= alarm_at < tenure.ended_at


def check_call(call: LeaseCall) -> None:
    """Refuse a call that cannot be meant."""
    if not call.worker.strip() or len(call.worker) > NAME_LIMIT:
        raise InvalidInput(f"worker：请填写识别程序的名字，不超过{NAME_LIMIT}字。", field="worker")
    if len(call.instance) > 64:
        raise InvalidInput("instance：不超过64字。", field="instance")
    if not 0 <= call.capacity_ms <= 1e7:
        raise InvalidInput("capacity_ms：应在0到10000000之间。", field="capacity_ms")
    if len(call.held) > MOST:
        raise InvalidInput(f"held：最多{MOST}路。", field="held")
    for index, lease in enumerate(call.held):
        if lease.epoch < 0 or lease.epoch >= 2**63 or not 0 <= lease.cost_ms <= 1e6:
            raise InvalidInput(
                f"held[{index}]：epoch 或 cost_ms 超出范围。", field=f"held[{index}]"
            )
    for index, memory in enumerate(call.memories):
        if len(memory.body) > MEMORY_LIMIT or "\x00" in memory.body:
            field = f"memories[{index}].body"
            raise InvalidInput(
                f"{field}：不超过{MEMORY_LIMIT // 1024} KB，不含空字符。", field=field
            )
