"""What becomes of one invented order: its row, its events, its stages."""

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.million.ground import Ground, Matter, Spot, quoted
from benchmarks.million.told import Chain
from chengzhi.kernel.clock import Deadline, Duration
from chengzhi.workorders.procedure import STAGE_LIMITS
from chengzhi.workorders.rules.limits import duration, handling_ends, stage_ends
from chengzhi.workorders.rules.nearby import lattice
from chengzhi.workorders.rules.words import code_text, moment_text
from chengzhi.workorders.types import CHANNEL_LABELS, STATE_CLOCKS, STATE_LABELS, Condition, State
from chengzhi.workorders.types.endings import ClosingBasis, ClosingResult

REJECTED, MERGED, VOIDED, RETURNED, REWORKED = 0.03, 0.02, 0.015, 0.03, 0.07
SLOW = 0.20  # the share in which one stage takes months: most of what is open today
SLOW_DAYS = 140.0
MINUTES = {  # the median of a stage
    State.REPORTED: 6, State.TO_VERIFY: 35, State.ACCEPTED: 5, State.FILED: 6,
    State.DISPATCHED: 9, State.HANDLING: 75, State.TO_CHECK: 35, State.CHECKED: 8,
}  # fmt: skip
SLOW_STATES = (State.HANDLING,) * 7 + (State.REPORTED, State.ACCEPTED, State.FILED, State.TO_CHECK)
CHINA = timedelta(hours=8)
MOST_EVENTS, MOST_RUNS = 40, 16  # keys are reserved for so many of one order


class Ended(Exception):
    """The rest has not happened yet, or never will."""


class Life:
    """One order from its report until today; `order`, `chain` and `runs` are what it leaves."""

    def __init__(self, ground: Ground, pk: int, at: datetime, now: datetime, seed: int) -> None:
        self.ground, self.pk, self.at, self.now = ground, pk, at, now
        self.dice = random.Random(seed * 1_000_003 + pk)
        self.chain = Chain(f"workorder:{pk}")
        self.runs: list[dict[str, Any]] = []
        self.slow = self.dice.choice(SLOW_STATES) if self.dice.random() < SLOW else None
        self.limit: Duration | None = None
        self.ends: Deadline | None = None
        self.spot: Spot = self.dice.choice(ground.spots)
        self.matter: Matter = self.dice.choices(ground.matters, ground.weights)[0]
        self.condition: Condition = self.dice.choice(self.matter.conditions)
        self.order: dict[str, Any] = {}
        self.unit = ""
        self.years = (at + CHINA).year
        self.code = code_text(self.years, pk)

    def live(self) -> None:
        """Go through the loop until the end, or until today."""
        self._report()
        try:
            self._register()
            self._file()
            self._dispatch()
            self._handle()
            self._close()
        except Ended:
            pass

    def _report(self) -> None:
        ground, spot, dice = self.ground, self.spot, self.dice
        names, weights = zip(*ground.channels, strict=True)
        channel = dice.choices(names, weights)[0]
        lon = round(spot.lon + dice.uniform(-0.0004, 0.0004), 6)
        lat = round(spot.lat + dice.uniform(-0.0004, 0.0004), 6)
        is_own = channel == "collector"
        unit = ground.suggested[(self.matter.conditions[0].handler_kind, spot.grid)]
        self.unit = unit
        address = f"{spot.address} {dice.randrange(1, 320)} 号"
        self.order = {
            "id": self.pk, "county": ground.county, "year": self.years, "channel": channel,
            "client_ref": f"m:{self.pk}" if dice.random() < 0.3 else "",
            "matter_code": self.matter.code, "matter_name": self.matter.name, "address": address,
            "description": f"{dice.choice(self.matter.words)}{dice.randrange(1, 400)} 号门前。",
            "reporter_name": "" if is_own else dice.choice("陈林王张李周吴郑徐孙") + "先生",
            "reporter_phone": "" if is_own else f"100{dice.randrange(10**8):08d}",
            "reported_by": dice.choice(ground.collectors) if is_own else ground.citizens,
            "occurred_at": self.at - timedelta(minutes=3), "lon": lon, "lat": lat,
            "lattice": lattice(lon, lat), "cell": spot.cell, "grid": spot.grid, "town": spot.town,
            "community": spot.community, "squad": spot.squad, "road": spot.road,
            "suggested_unit": unit, "reported_at": self.at,
        }  # fmt: skip
        self._enter(State.REPORTED)
        self._tell(
            "reported", self.order["reported_by"], channel=channel,
            channel_label=CHANNEL_LABELS[channel], matter_code=self.matter.code,
            matter_name=quoted(self.matter.name), lon=repr(lon), lat=repr(lat), cell=spot.cell,
            grid=spot.grid, town=spot.town, address=address, photo_count=1, suggested_unit=unit,
            client_ref=self.order["client_ref"],
        )  # fmt: skip

    def _register(self) -> None:
        duty = self.ground.centre[0]
        fate = self.dice.random()
        if fate < REJECTED:
            self._leave("reject", duty)
            self._end(State.REJECTED, "rejected", duty, reason="不属于城市管理事项")
        if fate < REJECTED + MERGED and self.pk > 50:
            self._leave("merge", duty)
            master = self.pk - self.dice.randrange(1, 50)
            self.order["master_id"] = master
            self._end(
                State.MERGED, "merged", duty, reason="同一问题", master=master,
                master_code=code_text(self.years, master),
            )  # fmt: skip
        if self.order["channel"] in self.ground.to_verify:
            self._verify(duty)
        self._leave("accept", duty)
        self.order["accepted_at"] = self.at
        self._enter(State.ACCEPTED)
        self._tell("accepted", duty)

    def _verify(self, duty: str) -> None:
        collector = self.dice.choice(self.ground.collectors)
        self._leave("ask_verify", duty)
        self.order["verifier"] = collector
        self._enter(State.TO_VERIFY)
        self._tell("verification-asked", duty, assignee=collector, assignee_name="信息采集员")
        self._leave("verify_exists", collector)
        self.order["verification"] = "exists"
        self._enter(State.REPORTED)
        self._tell("verified", collector, result="exists", result_label="属实", photo_count=1)

    def _file(self) -> None:
        duty = self.ground.centre[0]
        self._leave("void" if self.dice.random() < VOIDED else "file", duty)
        if self.runs[-1]["ended_by"] == "void":
            self._end(State.VOIDED, "voided", duty, was_filed="false", reason="经查不属于本局职责")
        row = self.condition
        self.order.update(
            scheme=row.scheme, condition_number=row.number, filing_condition=row.filing_condition,
            closing_condition=row.closing_condition, limit_amount=row.limit_amount,
            limit_unit=row.limit_unit, limit_text=row.limit_text, standard_source=row.source,
            handler_kind=row.handler_kind, limit_rules=row.limit_rules, filed_at=self.at,
        )  # fmt: skip
        self.limit = duration(row.limit_amount, row.limit_unit)
        self.unit = self.ground.suggested[(row.handler_kind, self.spot.grid)]
        self._enter(State.FILED)
        self._tell(
            "filed", duty, matter_code=self.matter.code, matter_name=quoted(self.matter.name),
            scheme=quoted(row.scheme), condition_number=row.number, limit_text=row.limit_text,
            filing_condition=quoted(row.filing_condition), source=quoted(row.source),
            closing_condition=quoted(row.closing_condition),
        )  # fmt: skip

    def _dispatch(self) -> None:
        duty = self.ground.centre[0]
        self._leave("dispatch", duty)
        if self.dice.random() < RETURNED:
            self._give(duty, self.dice.choice(sorted(self.ground.units)))
            self._leave("return_task", self.ground.handler)
            self.order["return_count"] = 1
            self.order["returned_by"] = self.order["handler"]
            self.order["last_reason"] = "不属于本单位职责"
            self.order["handler"] = ""
            self._enter(State.FILED)
            self._tell("task-returned", duty, unit=self.order["returned_by"], reason="不属于本单位")
            self._leave("dispatch", duty)
        self._give(duty, self.unit)
        self._leave("accept_task", duty)
        self.order["task_accepted_at"] = self.at
        self._enter(State.HANDLING)
        self._tell("task-accepted", duty, unit=self.unit, unit_name=self.ground.units[self.unit])

    def _give(self, duty: str, unit: str) -> None:
        assert self.limit is not None
        ends = handling_ends(self.limit, since=self.at)
        self.order.update(
            handler=unit, dispatched_at=self.at, handling_since=self.at,
            handling_due_at=ends.due_at, handling_warn_at=ends.warn_at,
        )  # fmt: skip
        self._enter(State.DISPATCHED)
        self._tell(
            "dispatched", duty, unit=unit, unit_name=self.ground.units[unit],
            suggested_unit=self.order["suggested_unit"], due_text=moment_text(ends.due_at),
        )  # fmt: skip

    def _handle(self) -> None:
        turns = 2 if self.dice.random() < REWORKED else 1
        collector = self.order.get("verifier") or self.dice.choice(self.ground.collectors)
        for turn in range(turns):
            self._leave("record_handling", self.ground.handler)
            self.order.update(handled_at=self.at, checker=collector)
            late = self.at > self.order["handling_due_at"]
            self._enter(State.TO_CHECK)
            self._tell(
                "handled", collector, unit=self.unit, unit_name=self.ground.units[self.unit],
                on_time="false" if late else "true", photo_count=1, note="已清理完毕。",
            )  # fmt: skip
            fails = turn + 1 < turns
            self._leave("check_fail" if fails else "check_pass", collector)
            self.order["checked_at"] = None if fails else self.at
            self.order["rework_count"] = turn + (1 if fails else 0)
            self._enter(State.HANDLING if fails else State.CHECKED)
            self._tell(
                "checked", collector, result="fail" if fails else "pass",
                result_label="不通过" if fails else "通过", rework_count=self.order["rework_count"],
            )  # fmt: skip

    def _close(self) -> None:
        duty = self.ground.centre[0]
        self._leave("close", duty)
        self.order.update(
            closing_result=ClosingResult.RESOLVED.value, closing_basis=ClosingBasis.CHECKED.value
        )
        on_time = self.order["handled_at"] <= self.order["handling_due_at"]
        self._end(
            State.CLOSED, "closed", duty, matter_code=self.matter.code, unit=self.unit,
            channel=self.order["channel"], town=self.order["town"],
            on_time="true" if on_time else "false", client_ref=self.order["client_ref"],
            closing_condition=quoted(self.condition.closing_condition),
        )  # fmt: skip

    def _tell(self, name: str, actor: str, **values: Any) -> None:
        self.chain.tell(f"workorders.{name}", actor, plain(self.at), code=self.code, **values)

    def _enter(self, state: str) -> None:
        """Stand in a state with the clock of its stage."""
        order, at = self.order, self.at
        if state == State.HANDLING:
            self.ends = Deadline(order["handling_due_at"], order["handling_warn_at"])
        else:
            handling = self.limit or self.matter.likely
            self.ends = stage_ends(STAGE_LIMITS[state], since=at, handling=handling)
        due, warn = self.ends.due_at, self.ends.warn_at
        order.update(
            state=state, state_since=at, clock_since=at, stage_due_at=due, stage_warn_at=warn,
            alert_at=warn or due,
        )  # fmt: skip

    def _leave(self, step: str, person: str) -> None:
        """Wait in the present state; go on if that is over today."""
        order, began = self.order, self.at
        state, due = order["state"], order["stage_due_at"]
        minutes = MINUTES[state] * math.exp(self.dice.gauss(0, 0.8))
        if state == self.slow:
            minutes += 1440 * self.dice.expovariate(1 / SLOW_DAYS)
            self.slow = None
        until = began + timedelta(seconds=int(60 * minutes))
        self._alert(min(until, self.now))
        if until > self.now:
            raise Ended
        self.at = until
        over = until > due
        self.runs.append(
            {
                "order_id": self.pk, "stage": STATE_CLOCKS[state].value, "started_at": began,
                "clock_since": began, "due_at": due, "ended_at": until, "ended_by": step,
                "unit": order.get("handler", ""), "person": person, "was_overdue": int(over),
                "badly_late": int(over and until - began > 3 * (due - began)),
            }
        )  # fmt: skip

    def _alert(self, until: datetime) -> None:
        """Say what the deadline worker said on the way."""
        order, due, warn = self.order, self.order["stage_due_at"], self.order["stage_warn_at"]
        for name, at, then in (("stage-warned", warn, due), ("stage-overdue", due, None)):
            if at is None or at > until:
                continue
            order["alert_at"] = then
            self.chain.tell(
                f"workorders.{name}", "system:clock", plain(at), code=self.code,
                state=order["state"], state_label=STATE_LABELS[order["state"]],
                unit=order.get("handler", ""), due_at=due.isoformat(), due_text=moment_text(due),
            )  # fmt: skip

    def _end(self, state: str, name: str, actor: str, **values: Any) -> None:
        self.order.update(
            state=state, state_since=self.at, clock_since=self.at, ended_at=self.at,
            stage_due_at=None, stage_warn_at=None, alert_at=None,
        )  # fmt: skip
        self._tell(name, actor, **values)
        raise Ended


def plain(at: datetime) -> str:
    """Return a moment in UTC as both databases read it: 2026-11-25 10:00:00."""
    return str(at if at.tzinfo is UTC else at.astimezone(UTC))[:19]
