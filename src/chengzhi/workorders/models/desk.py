"""What people keep beside the work orders: stars and watches, runs of many deeds at once."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.models.settings import SavedView
from chengzhi.workorders.types import Mark


class OrderMark(models.Model):
    """A person's star (收藏) on a work order, or their wish to be told of changes (关注)."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    person = models.CharField(max_length=80)
    kind = models.CharField(max_length=5)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "order"], name="workorders_mark_once"
            ),
            models.CheckConstraint(
                name="workorders_mark_kind_known",
                condition=Q(kind__in=[kind.value for kind in Mark]),
            ),
        ]


class DefaultView(models.Model):
    """The view with which a person's list opens; it may be one that a colleague shared."""

    person = models.CharField(max_length=80, unique=True)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")


class BulkRun(models.Model):
    """One deed done on many work orders, with what became of each (批量办理).

    The deeds themselves are in the log, each on its own record; this is only the person's list
    of results, so that it survives a reload and the refused rows can be tried again.
    """

    person = models.CharField(max_length=80)
    title = models.CharField(max_length=60)
    lines = models.JSONField()
    done_count = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="workorders_bulk_person")]
