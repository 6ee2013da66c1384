"""Ownerless problems, how an owner was looked for, the remedy, and the fund that pays for it."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.procedure.remedy import REMEDY
from chengzhi.workorders.rules.remedy_limits import notice_ends_on, remind_by
from chengzhi.workorders.types.remedies import (
    REMEDY_FINAL,
    Conclusion,
    FundKind,
    RemedyFacts,
    RemedyStage,
    RemedyState,
    Track,
)


class Remedy(models.Model):
    """One ownerless problem and what was done about it (无主难题、代整治)."""

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=14, default=RemedyState.REGISTERED)
    procedure = models.CharField(max_length=40, default=f"{REMEDY.name} {REMEDY.version}")
    kind = models.CharField(max_length=20)
    is_hazard = models.BooleanField(default=False)
    description = models.TextField(blank=True)
    component_code = models.CharField(max_length=17, blank=True)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="+")
    created_by = models.CharField(max_length=80)
    registered_at = models.DateTimeField()

    # the place, WGS-84
    address = models.CharField(max_length=256)
    lon = models.FloatField()
    lat = models.FloatField()
    town = models.CharField(max_length=9, blank=True)
    grid = models.CharField(max_length=20, blank=True)
    squad = models.CharField(max_length=18, blank=True)

    # limits
    fence_due_at = models.DateTimeField(null=True)  # only a hazard must be fenced
    search_due_at = models.DateTimeField()
    solve_due_at = models.DateTimeField()
    notify_due_at = models.DateTimeField(null=True)
    pay_due_at = models.DateTimeField(null=True)
    overdue_stages = models.CharField(max_length=60, blank=True)
    alert_at = models.DateTimeField(null=True)

    # what was found
    fenced_at = models.DateTimeField(null=True)
    searched_at = models.DateTimeField(null=True)  # the search came to an end
    obligor_name = models.CharField(max_length=100, blank=True)
    obligor_contact = models.CharField(max_length=100, blank=True)
    obligor_basis = models.CharField(max_length=500, blank=True)
    notice_on = models.DateField(null=True)
    notice_media = models.CharField(max_length=200, blank=True)
    is_notarized = models.BooleanField(default=False)

    # the legal ground
    track = models.CharField(max_length=12, blank=True)
    budget_fen = models.PositiveBigIntegerField(default=0)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    ordered_on = models.DateField(null=True)
    perform_by = models.DateField(null=True)
    demanded_on = models.DateField(null=True)
    consequence = models.CharField(max_length=20, blank=True)
    performer = models.CharField(max_length=18, blank=True)
    perform_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    immediate_place = models.CharField(max_length=20, blank=True)
    notified_at = models.DateTimeField(null=True)

    # the work
    contractor = models.CharField(max_length=18, blank=True)
    work_text = models.TextField(blank=True)
    quantity = models.CharField(max_length=200, blank=True)
    supervisors = models.CharField(max_length=200, blank=True)
    signatures = models.CharField(max_length=300, blank=True)
    work_started_at = models.DateTimeField(null=True)
    work_finished_at = models.DateTimeField(null=True)
    rework_count = models.PositiveSmallIntegerField(default=0)
    solved_at = models.DateTimeField(null=True)

    # the money
    settled_fen = models.PositiveBigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    claimed_on = models.DateField(null=True)
    recovered_fen = models.PositiveBigIntegerField(default=0)
    last_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_remedy_state_known",
                condition=Q(state__in=[state.value for state in RemedyState]),
            ),
            models.CheckConstraint(
                name="workorders_remedy_track_known",
                condition=Q(track__in=[track.value for track in Track]),
            ),
            models.CheckConstraint(  # who has an obligor on record is not treated as ownerless
                name="workorders_remedy_ownerless",
                condition=~Q(track=Track.OWNERLESS.value) | Q(obligor_name=""),
            ),
            models.CheckConstraint(
                name="workorders_remedy_end_has_moment",
                condition=Q(ended_at__isnull=False)
                | ~Q(state__in=[state.value for state in sorted(REMEDY_FINAL)]),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="workorders_remedy_newest"),
            models.Index(
                fields=["alert_at"],
                name="workorders_remedy_alert",
                condition=Q(alert_at__isnull=False),
            ),
        ]

    @property
    def code(self) -> str:
        """The printed number: 整〔2026〕00017."""
        return f"整〔{self.year}〕{self.pk:05d}"

    @property
    def subject(self) -> str:
        """The name under which the event log knows this remedy."""
        return f"remedy:{self.pk}"

    @property
    def remind_by(self) -> date | None:
        """The last day for the reminder (行政强制法 51(2))."""
        return remind_by(self.perform_on) if self.perform_on else None

    @property
    def notice_ends_on(self) -> date | None:
        """The last day of the public notice (浙江省城乡规划条例 64)."""
        return notice_ends_on(self.notice_on) if self.notice_on else None

    def facts(self) -> RemedyFacts:
        """Return what the guards may ask about the record itself."""
        return RemedyFacts(
            kind=self.kind,
            track=self.track,
            obligor=self.obligor_name,
            notice_on=self.notice_on,
            notice_ends_on=self.notice_ends_on,
            is_notarized=self.is_notarized,
            budget_fen=self.budget_fen,
            ordered_on=self.ordered_on,
            perform_by=self.perform_by,
            demanded_on=self.demanded_on,
            consequence=self.consequence,
            performer=self.performer,
            perform_on=self.perform_on,
            remind_by=self.remind_by,
            is_notified=self.notified_at is not None,
            settled_fen=self.settled_fen,
            recovered_fen=self.recovered_fen,
            contractor=self.contractor,
        )

    def enter(self, state: str, *, now: datetime) -> None:
        """Stand in a state; the caller saves."""
        self.state = state
        if state in REMEDY_FINAL:
            self.ended_at = now
        self.set_alert()

    def dues(self) -> dict[str, datetime]:
        """Return the limits that are not met yet."""
        if self.state in REMEDY_FINAL:
            return {}
        waiting = {
            RemedyStage.FENCE: (self.fence_due_at, self.fenced_at),
            RemedyStage.SEARCH: (self.search_due_at, self.searched_at),
            RemedyStage.SOLVE: (self.solve_due_at, self.solved_at),
            RemedyStage.NOTIFY: (self.notify_due_at, self.notified_at),
            RemedyStage.PAY: (self.pay_due_at, None),
        }
        return {stage: due for stage, (due, met) in waiting.items() if due and met is None}

    def set_alert(self) -> None:
        """Wake the worker at the next limit that nobody has called overdue yet."""
        told = self.overdue_stages.split()
        waiting = [due for stage, due in self.dues().items() if stage not in told]
        self.alert_at = min(waiting, default=None)


class OwnerSearch(models.Model):
    """One place where an owner was looked for (权属查找)."""

    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    found = models.BooleanField()
    result = models.CharField(max_length=500)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class RemedyMeeting(models.Model):
    """A meeting that says who is responsible (责任认定会)."""

    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="+")
    held_on = models.DateField()
    attendees = models.CharField(max_length=300)
    opinions = models.TextField()
    conclusion = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_meeting_conclusion_known",
                condition=Q(conclusion__in=[conclusion.value for conclusion in Conclusion]),
            ),
        ]


class RecoveryPayment(models.Model):
    """One payment of the obligor (代履行费用缴纳)."""

    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="+")
    paid_on = models.DateField()
    amount_fen = models.PositiveBigIntegerField()
    payer = models.CharField(max_length=100)
    receipt = models.CharField(max_length=60)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remedy", "receipt"], name="workorders_receipt_once"),
        ]


class FundLine(models.Model):
    """One line of the ledger of the remedy fund (代整治专项资金); lines are only ever added."""

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    amount_fen = models.PositiveBigIntegerField()
    remedy = models.ForeignKey(Remedy, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_fund_kind_known",
                condition=Q(kind__in=[kind.value for kind in FundKind]),
            ),
        ]
        indexes = [models.Index(fields=["county", "year", "-id"], name="workorders_fund_year")]
