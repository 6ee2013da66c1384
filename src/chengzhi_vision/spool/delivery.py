"""Carry findings from the spool to the server, at least once, until it has everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chengzhi_vision.errors import DeliveryRefused, SourceFailed
from chengzhi_vision.spool.backoff import wait_s
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Queued, Spool


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one round of delivery did."""

    delivered: int = 0
    retried: int = 0
    refused: int = 0


def deliver(
    spool: Spool, server: Server, *, clock: Callable[[], float], chance: Callable[[], float]
) -> Sent:
    """Send what is due once; a failure of the line ends the round."""
    delivered = refused = 0
    for queued in spool.due(now=clock()):
        try:
            _send(queued, spool, server)
        except DeliveryRefused as refusal:
            spool.bury(queued.finding_id, reason=refusal.sentence)
            refused += 1
        except SourceFailed as failure:
            at = clock() + wait_s(queued.attempts, chance=chance)
            spool.retry(queued.finding_id, at=at, reason=failure.sentence)
            return Sent(delivered=delivered, retried=1, refused=refused)
        else:
            spool.delivered(queued.finding_id)
            delivered += 1
    return Sent(delivered=delivered, refused=refused)


def _send(queued: Queued, spool: Spool, server: Server) -> None:
    """Send the finding and all missing files; one refused file does not hold up the others."""
    types = {item["sha256"]: item["media_type"] for item in queued.body["evidence"]}
    refused: DeliveryRefused | None = None
    for sha256 in server.post_finding(queued.body):
        path = spool.file_of(sha256)
        if path is None or sha256 not in types:
            continue
        try:
            server.put_evidence(sha256, path, media_type=types[sha256])
        except DeliveryRefused as refusal:
            refused = refusal
    if refused is not None:
        raise refused
