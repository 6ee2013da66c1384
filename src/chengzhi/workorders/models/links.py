"""What ties work orders to one another and to enforcement: bundles and referrals."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.types import ReferralState


class Bundle(models.Model):
    """Several work orders dispatched in one deed to one unit (捆绑派遣); limits stay their own."""

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=18)
    reason = models.CharField(max_length=500, blank=True)
    dispatched_by = models.CharField(max_length=80)
    dispatched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["county", "-id"], name="workorders_bundle_newest")]

    @property
    def code(self) -> str:
        """The printed number: 捆〔2026〕7."""
        return f"捆〔{self.year}〕{self.pk}"


class Referral(models.Model):
    """A work order referred to enforcement (移送执法): what was suspected, and the answer."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="referrals")
    reason = models.TextField()
    item = models.CharField(max_length=200)  # the suspected violation (涉嫌违法事项)
    parties = models.TextField(blank=True)  # as far as they are known
    state = models.CharField(max_length=10, default=ReferralState.SENT)
    sent_by = models.CharField(max_length=80)
    sent_at = models.DateTimeField()
    is_taken = models.BooleanField(null=True)
    case_ref = models.CharField(max_length=80, blank=True)  # "case:12": a sibling's reference
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state=ReferralState.SENT.value),
                name="workorders_referral_one_waits",
            ),
            models.CheckConstraint(
                name="workorders_referral_answered_has_answer",
                condition=Q(state=ReferralState.SENT.value)
                | Q(answered_at__isnull=False, is_taken__isnull=False),
            ),
        ]
