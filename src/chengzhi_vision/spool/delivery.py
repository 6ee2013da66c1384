"""Carry findings from the spool to the server, at least once, until it has everything.

Findings and their stills go first, all of them; clips follow when nothing else waits and the hour
allows them. So a thin line that comes back after days tells first what happened, then shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chengzhi_vision.disk import UNWRITABLE, is_full
from chengzhi_vision.errors import DeliveryRefused, SourceFailed
from chengzhi_vision.spool.backoff import wait_s
from chengzhi_vision.spool.pace import ClipHours
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Queued, Spool

CLIP = "clip"
AT_ONCE = 20
LEDGER_ROOM = 2**20  # bytes that the spool's own journal needs at most


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one round of delivery did."""

    delivered: int = 0
    retried: int = 0
    refused: int = 0


@dataclass
class Courier:
    """Carries rounds of findings; after a failure of the line it rests, longer each time."""

    spool: Spool
    server: Server
    clock: Callable[[], float]
    chance: Callable[[], float]
    clip_hours: ClipHours = field(default_factory=ClipHours)
    failures: int = 0
    resting_until: float = float("-inf")

    def round(self) -> Sent:
        """Send what is due once; a failure of the line, or of the spool's disk, ends the round."""
        if self.clock() < self.resting_until:
            return Sent()
        try:
            sent = self._round()
        except UNWRITABLE as error:
            self._make_way(error)
            return Sent()
        self.spool.disk.worked("ledger")
        return sent

    def _make_way(self, error: Exception) -> None:
        """What the server has cannot be noted: free a little, and send it once more after a rest."""
        self.spool.disk.failed("ledger", error)
        self.failures += 1
        self.resting_until = self.clock() + wait_s(self.failures, chance=self.chance)
        if is_full(error):
            with self.spool.disk.spare("ledger"):
                self.spool.make_way(LEDGER_ROOM)

    def _round(self) -> Sent:
        self.spool.forget(now=self.clock())
        first = self._carry(self.spool.due(now=self.clock(), limit=AT_ONCE), self._tell)
        if first.retried or not self.clip_hours.allow(self.clock()):
            return first
        if self.spool.due(now=self.clock(), limit=1):  # more to tell: clips wait
            return first
        clips = self.spool.due(now=self.clock(), limit=AT_ONCE, state=CLIP)
        return _sum(first, self._carry(clips, self._show))

    def _carry(self, waiting: list[Queued], deed: Callable[[Queued], int]) -> Sent:
        delivered = refused = 0
        for queued in waiting:
            try:
                delivered += deed(queued)
                self.failures = 0
            except DeliveryRefused as refusal:
                self.spool.bury(queued.finding_id, reason=refusal.sentence)
                refused += 1
            except SourceFailed as failure:
                self._rest(queued, failure)
                return Sent(delivered=delivered, retried=1, refused=refused)
        return Sent(delivered=delivered, refused=refused)

    def _rest(self, queued: Queued, failure: SourceFailed) -> None:
        at = self.clock() + wait_s(max(self.failures, queued.attempts), chance=self.chance)
        self.failures += 1
        self.resting_until = at
        self.spool.retry(queued.finding_id, at=at, reason=failure.sentence)

    def _tell(self, queued: Queued) -> int:
        """Send the finding and its missing stills; one refused file does not hold up the others."""
        missing = self.server.post_finding(queued.body)
        roles = {item["sha256"]: item["role"] for item in queued.body["evidence"]}
        known = [sha256 for sha256 in missing if sha256 in roles]
        clips = [s for s in known if roles[s] == CLIP and self.spool.file_of(s) is not None]
        try:
            self._put(queued, [sha256 for sha256 in known if roles[sha256] != CLIP])
        except DeliveryRefused:
            self._put(queued, clips)
            raise
        if clips:
            self.spool.told(queued.finding_id)
            return 0
        self.spool.delivered(queued.finding_id)
        return 1

    def _show(self, queued: Queued) -> int:
        """Send the clips of a finding that the server was told."""
        clips = [item["sha256"] for item in queued.body["evidence"] if item["role"] == CLIP]
        self._put(queued, clips)
        self.spool.delivered(queued.finding_id)
        return 1

    def _put(self, queued: Queued, wanted: list[str]) -> None:
        types = {item["sha256"]: item["media_type"] for item in queued.body["evidence"]}
        refused: DeliveryRefused | None = None
        for sha256 in wanted:
            path = self.spool.file_of(sha256)
            if path is None:
                continue
            try:
                self.server.put_evidence(sha256, path, media_type=types[sha256])
            except DeliveryRefused as refusal:
                refused = refusal
        if refused is not None:
            raise refused


def _sum(one: Sent, other: Sent) -> Sent:
    return Sent(
        delivered=one.delivered + other.delivered,
        retried=one.retried + other.retried,
        refused=one.refused + other.refused,
    )


def deliver(
    spool: Spool, server: Server, *, clock: Callable[[], float], chance: Callable[[], float]
) -> Sent:
    """Carry one round, clips at any hour."""
    return Courier(spool, server, clock, chance).round()
