"""The door of workers that come and go: cameras by lease."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema

from chengzhi.vision import commands
from chengzhi.vision.api.worker import caller, router
from chengzhi.vision.types.leases import HeldLease, LeaseCall, PlaceMemory


class HeldIn(Schema):
    """One camera that the worker holds."""

    code: str = Field(max_length=64)
    epoch: int
    cost_ms: float = Field(default=0, description="CPU milliseconds a second, as measured")


class MemoryIn(Schema):
    """What the worker remembers of a camera's places; only workers read it."""

    code: str = Field(max_length=64)
    epoch: int
    body: str


class LeaseIn(Schema):
    """A worker's regular call, every `again_s` seconds."""

    worker: str
    instance: str = Field(default="", description="another one at every start of the program")
    capacity_ms: float = Field(description="CPU milliseconds a second that it can spend on cameras")
    held: list[HeldIn] = []
    memories: list[MemoryIn] = []
    is_leaving: bool = False
    can: list[str] = Field(default=[], description="explore: it draws below the thresholds")
    wants_tables: bool = Field(default=False, description="send the files of all cameras again")


class LeaseOut(Schema):
    """One camera that the worker holds from now on."""

    code: str
    epoch: int
    table: dict[str, Any] | None = Field(default=None, description="its camera file, where new")
    memory: str = Field(default="", description="what its last worker remembered, where new")
    memory_at: datetime | None = None


class LeasesOut(Schema):
    """What the worker holds, what it must stop watching, and when to call again."""

    leases: list[LeaseOut]
    lost: list[str]
    ttl_s: float
    again_s: float


@router.post("/leases", response={200: LeasesOut}, summary="Hold cameras for the next seconds")
def call_for_leases(request: HttpRequest, body: LeaseIn) -> dict[str, Any]:
    """Renew, let go and take cameras; a lease not renewed within `ttl_s` is free for others."""
    call = LeaseCall(
        **{
            **body.dict(exclude={"held", "memories", "can"}),
            "explores": "explore" in body.can,
            "held": tuple(HeldLease(**held.dict()) for held in body.held),
            "memories": tuple(PlaceMemory(**memory.dict()) for memory in body.memories),
        }
    )
    answer = commands.call_for_leases(call, actor=caller(request), now=timezone.now())
    return {
        "leases": [vars(lease) for lease in answer.leases],
        "lost": list(answer.lost),
        "ttl_s": answer.ttl_s,
        "again_s": answer.again_s,
    }
