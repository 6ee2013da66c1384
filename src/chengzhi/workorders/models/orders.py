"""The work order's table."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from chengzhi.kernel.clock import Deadline
from chengzhi.places.types import Located
from chengzhi.workorders.procedure import PROCEDURE
from chengzhi.workorders.rules.limits import civil_date, needs_verification
from chengzhi.workorders.rules.words import code_text
from chengzhi.workorders.types import (
    FINAL_STATES,
    Channel,
    Condition,
    Facts,
    Leaving,
    State,
)

_NOTHING = Condition(
    scheme="",
    number=0,
    filing_condition="",
    closing_condition="",
    limit_amount=0,
    limit_unit="",
    limit_text="",
    source="",
)
# Partial indexes for what is open say so without a value: SQLite uses one only where it can prove
# its condition before it knows the values.
STANDS_OPEN = Q(stage_due_at__isnull=False)
ENDED_STATES = [state.value for state in sorted(FINAL_STATES)]


class WorkOrder(models.Model):
    """One problem in the street and what was done about it (监督案件).

    Its serial is the primary key: a number without a counter row that every report would have
    to lock. Deadlines are stored: `alert_at` is the next moment at which a worker has something
    to say about the stage, first at 80 %, then at the end, then never.
    """

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default=State.REPORTED)
    procedure = models.CharField(max_length=40, default=f"{PROCEDURE.name} {PROCEDURE.version}")

    # the report
    channel = models.CharField(max_length=12)
    client_ref = models.CharField(max_length=100, blank=True)
    matter_code = models.CharField(max_length=5)
    matter_name = models.CharField(max_length=60)  # as it was called when it was reported or filed
    component_code = models.CharField(max_length=17, blank=True)
    address = models.CharField(max_length=256)
    description = models.TextField(blank=True)
    reporter_name = models.CharField(max_length=60, blank=True)
    reporter_phone = models.CharField(max_length=30, blank=True)
    reporter_wish = models.CharField(max_length=10, blank=True)  # a `Wish`
    reported_by = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    finding = models.CharField(max_length=80, blank=True)  # "finding:12": a sibling's reference
    finding_evidence = models.JSONField(null=True)

    # the place, WGS-84
    lon = models.FloatField()
    lat = models.FloatField()
    lattice = models.BigIntegerField()  # coarse cell key for "near here"
    cell = models.CharField(max_length=15, blank=True)
    grid = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=9, blank=True)
    community = models.CharField(max_length=12, blank=True)
    squad = models.CharField(max_length=18, blank=True)
    road = models.CharField(max_length=60, blank=True)

    # the condition row, frozen at filing
    scheme = models.CharField(max_length=40, blank=True)
    condition_number = models.PositiveSmallIntegerField(default=0)
    filing_condition = models.TextField(blank=True)
    closing_condition = models.TextField(blank=True)
    limit_amount = models.PositiveSmallIntegerField(default=0)
    limit_unit = models.CharField(max_length=20, blank=True)
    limit_text = models.CharField(max_length=40, blank=True)
    standard_source = models.CharField(max_length=200, blank=True)
    limit_rules = models.CharField(max_length=40, blank=True)  # how the limit is counted
    handler_kind = models.CharField(max_length=30, blank=True)

    # who
    suggested_unit = models.CharField(max_length=18, blank=True)
    suggested_rule = models.PositiveIntegerField(default=0)  # the routing rule behind it
    handler = models.CharField(max_length=18, blank=True)  # unit code
    returned_by = models.CharField(max_length=200, blank=True)  # unit codes, space-separated
    verifier = models.CharField(max_length=80, blank=True)  # actor ref
    checker = models.CharField(max_length=80, blank=True)
    verification = models.CharField(max_length=10, blank=True)
    last_reason = models.TextField(blank=True)  # why it was last sent back, shown on the desk
    judged_apart = models.TextField(blank=True)  # orders found not to be the same
    return_count = models.PositiveSmallIntegerField(default=0)
    rework_count = models.PositiveSmallIntegerField(default=0)
    master = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    return_reason = models.CharField(max_length=30, blank=True)  # code of the last return
    acceptance_return_count = models.PositiveSmallIntegerField(default=0)
    filing_return_count = models.PositiveSmallIntegerField(default=0)
    recheck_count = models.PositiveSmallIntegerField(default=0)
    insisted_on = models.CharField(max_length=200, blank=True)  # sent back to despite a return
    bundle = models.ForeignKey(
        "Bundle", models.PROTECT, null=True, related_name="+", db_index=False
    )
    spot_policy = models.ForeignKey(
        "SpotPolicy", models.PROTECT, null=True, related_name="+", db_index=False
    )
    control_note = models.TextField(blank=True)  # the control area that filing overrode, and why

    # the end: closed is not the same as fixed
    closing_result = models.CharField(max_length=12, blank=True)
    closing_basis = models.CharField(max_length=12, blank=True)
    condition_met = models.CharField(max_length=3, blank=True)  # "yes", "no": whoever forced it

    # when
    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    task_accepted_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)  # the last feedback
    checked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # closed, rejected, voided or merged
    state_since = models.DateTimeField()
    stage_warn_at = models.DateTimeField(null=True)
    stage_due_at = models.DateTimeField(null=True)
    handling_warn_at = models.DateTimeField(null=True)
    handling_due_at = models.DateTimeField(null=True)
    alert_at = models.DateTimeField(null=True)
    files_gone_at = models.DateTimeField(null=True)  # by retention

    # clocks: since when they run, and whether they ever stood (ClockPause has the stretches)
    clock_since = models.DateTimeField(null=True)  # of the stage's clock
    handling_since = models.DateTimeField(null=True)  # of the unit's clock, kept by a return
    badly_late_at = models.DateTimeField(null=True)  # three times the limit, known once overdue
    pause_count = models.PositiveSmallIntegerField(default=0)
    suspended_from = models.CharField(max_length=12, blank=True)  # the state it goes back to
    suspended_until = models.DateTimeField(null=True)
    is_deferred = models.BooleanField(default=False)  # 缓办
    is_shelved = models.BooleanField(default=False)  # 挂账
    has_pending_request = models.BooleanField(default=False)
    extension_count = models.PositiveSmallIntegerField(default=0)  # granted
    is_exempted = models.BooleanField(default=False)  # late, but an appeal was upheld

    # notices
    urging_count = models.PositiveSmallIntegerField(default=0)
    supervision = models.CharField(max_length=20, blank=True)  # the highest level in force
    closing_confirmed_by = models.CharField(max_length=80, blank=True)

    # who took the step that is under way; not stored
    leaving: Leaving | None = None
    _stored: dict[str, Any] | None = None  # the values of the row, see `remember`

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_order_state_known",
                condition=Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(
                name="workorders_order_channel_known",
                condition=Q(channel__in=[channel.value for channel in Channel]),
            ),
            models.CheckConstraint(
                name="workorders_order_open_has_due",
                condition=Q(stage_due_at__isnull=False) | Q(state__in=ENDED_STATES),
            ),
            models.CheckConstraint(
                name="workorders_order_ended_is_final",
                condition=Q(
                    ended_at__isnull=False, stage_due_at__isnull=True, state__in=ENDED_STATES
                )
                | (Q(ended_at__isnull=True) & ~Q(state__in=ENDED_STATES)),
            ),
            models.CheckConstraint(
                name="workorders_order_merged_has_master",
                condition=Q(master__isnull=False) | ~Q(state=State.MERGED.value),
            ),
            models.CheckConstraint(
                name="workorders_order_closed_has_result",
                condition=~Q(closing_result="") | ~Q(state=State.CLOSED.value),
            ),
            models.UniqueConstraint(
                fields=["county", "client_ref"],
                condition=~Q(client_ref=""),
                name="workorders_order_client_ref_once",
            ),
        ]
        indexes = [
            # a page of a list is a stretch of one of these, in the list's order (docs/adr/0012)
            models.Index(fields=["county", "-reported_at", "-id"], name="workorders_newest"),
            models.Index(
                fields=["county", "town", "-reported_at", "-id", "state"], name="workorders_town"
            ),
            models.Index(
                fields=["county", "handler", "-reported_at", "-id", "state"],
                name="workorders_handler",
            ),
            models.Index(
                fields=["county", "matter_code", "-reported_at", "-id"], name="workorders_matter"
            ),
            models.Index(
                fields=["county", "state", "-reported_at", "-id"], name="workorders_state"
            ),
            models.Index(fields=["reported_by", "-reported_at", "-id"], name="workorders_reporter"),
            models.Index(fields=["verifier", "-reported_at", "-id"], name="workorders_verifier"),
            models.Index(fields=["checker", "-reported_at", "-id"], name="workorders_checker"),
            # what is open is small beside what has ended
            models.Index(
                fields=["county", "-reported_at", "-id"],
                name="workorders_open_newest",
                condition=STANDS_OPEN,
            ),
            models.Index(
                fields=["county", "stage_due_at", "id"],
                name="workorders_open_due",
                condition=STANDS_OPEN,
            ),
            models.Index(
                fields=["county", "state", "stage_due_at", "id"],
                name="workorders_desk",
                condition=STANDS_OPEN,
            ),
            models.Index(
                fields=["handler", "state", "stage_due_at", "id"],
                name="workorders_open_handler",
                condition=STANDS_OPEN,
            ),
            models.Index(
                fields=["lattice", "matter_code", "reported_at"], name="workorders_nearby"
            ),
            models.Index(
                fields=["alert_at"], name="workorders_alert", condition=Q(alert_at__isnull=False)
            ),
            models.Index(fields=["finding"], name="workorders_finding", condition=~Q(finding="")),
            models.Index(
                fields=["county", "lat", "lon"],
                name="workorders_open_place",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["origin"], name="workorders_from_origin", condition=Q(origin__isnull=False)
            ),
            models.Index(
                fields=["bundle"], name="workorders_in_bundle", condition=Q(bundle__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The printed number: 城案〔2026〕41732."""
        return code_text(self.year, self.pk)

    @property
    def subject(self) -> str:
        """The name under which the event log knows this work order."""
        return f"workorder:{self.pk}"

    @property
    def reported_on(self) -> date:
        """The civil date of the report, by which standards are looked up."""
        return civil_date(self.reported_at)

    @property
    def located(self) -> Located:
        """The codes of the place, as they were when it was reported."""
        return Located(
            cell=self.cell,
            grid=self.grid,
            town=self.town,
            community=self.community,
            squad=self.squad,
            road=self.road,
        )

    @property
    def handled_on_time(self) -> bool:
        """Whether the last feedback came within the handling limit."""
        return (
            self.handled_at is not None
            and self.handling_due_at is not None
            and self.handled_at <= self.handling_due_at
        )

    def facts(self) -> Facts:
        """Return what the guards may ask about the record."""
        return Facts(
            channel=self.channel,
            needs_verification=needs_verification(self.channel, on=self.reported_on),
            located=bool(self.town) and self.town.startswith(self.county),
            confirmed_finding=bool((self.finding_evidence or {}).get("confirmed_by")),
            verification=self.verification,
            condition_number=self.condition_number,
            handler=self.handler,
            returned_by=frozenset(self.returned_by.split()),
            suspended_from=self.suspended_from,
            needs_confirmation=bool(self.supervision) and not self.closing_confirmed_by,
            insisted_on=frozenset(self.insisted_on.split()),
            filing_returns=self.filing_return_count,
            acceptance_returns=self.acceptance_return_count,
            rechecks=self.recheck_count,
            on_the_spot=self.spot_policy_id is not None and not self.handler,
            reported_by=self.reported_by,
        )

    def remember(self) -> None:
        """Keep the values as the database holds them now, so that `save_changes` can compare."""
        self._stored = self._values()

    def save_changes(self) -> None:
        """Write what a deed changed since `remember`: a few columns of sixty; else all."""
        stored, now = self._stored, self._values()
        changed = [name for name in now if stored and now[name] != stored[name]]
        self.save(update_fields=changed if stored else None)
        self._stored = now

    def _values(self) -> dict[str, Any]:
        return {field.attname: getattr(self, field.attname) for field in self._meta.local_fields}

    def freeze(self, condition: Condition) -> None:
        """Write the chosen row of the handling standard into the record."""
        self.scheme = condition.scheme
        self.condition_number = condition.number
        self.filing_condition = condition.filing_condition
        self.closing_condition = condition.closing_condition
        self.limit_amount = condition.limit_amount
        self.limit_unit = condition.limit_unit
        self.limit_text = condition.limit_text
        self.standard_source = condition.source
        self.limit_rules = condition.limit_rules
        self.handler_kind = condition.handler_kind

    def unfreeze(self) -> None:
        """Take the condition row out again, since the filing was returned."""
        self.freeze(_NOTHING)

    def enter(
        self,
        state: str,
        *,
        now: datetime,
        ends: Deadline | None,
        since: datetime | None = None,
    ) -> None:
        """Stand in a state from `now`, with the clock of its stage; the caller saves.

        `since` is where that clock began, if it had stood and goes on.
        """
        self.state = state
        self.state_since = now
        self.clock_since = since or now
        self.badly_late_at = None
        self.stage_due_at = ends.due_at if ends else None
        self.stage_warn_at = ends.warn_at if ends else None
        self.alert_at = self.stage_warn_at or self.stage_due_at
        self.ended_at = now if state in FINAL_STATES else None

    def reset_stage(self, ends: Deadline, *, now: datetime) -> None:
        """Let the stage that runs end at another moment; the caller saves.

        What was said of the old end stays said; only an end to come is announced again.
        """
        self.stage_due_at, self.stage_warn_at = ends.due_at, ends.warn_at
        self.badly_late_at = None
        ahead = [at for at in (ends.warn_at, ends.due_at) if at is not None and at > now]
        self.alert_at = min(ahead, default=None)
