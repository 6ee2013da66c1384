"""The outbox with one row per recipient and medium, overrides, preferences, subscriptions."""

from django.db import models
from django.db.models import F, Q

from chengzhi.notifications.types import DeliveryState, Medium


class Delivery(models.Model):
    """One message to one recipient by one medium.

    An address is never kept here: it is asked for at the moment of sending, so what was removed
    from a record cannot be reached from its messages either. What lies in an inbox is this row.
    """

    key = models.CharField(max_length=120)  # "event:120": the same occasion writes it once
    county = models.CharField(max_length=6)
    template = models.CharField(max_length=60)  # or the event's name for a machine
    medium = models.CharField(max_length=10)
    recipient = models.CharField(max_length=80)  # "person:12", "reporter:12", "webhook:3"
    title = models.CharField(max_length=200)
    text = models.TextField()
    subject = models.CharField(max_length=80, blank=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=DeliveryState.WAITING.value)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)  # when it is tried; only while it waits
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)  # sent, held, given up or dismissed
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "recipient", "medium"], name="notifications_delivery_once"
            ),
            models.CheckConstraint(
                name="notifications_delivery_state_known",
                condition=Q(state__in=[state.value for state in DeliveryState]),
            ),
            models.CheckConstraint(
                name="notifications_delivery_medium_known",
                condition=Q(medium__in=[medium.value for medium in Medium]),
            ),
            models.CheckConstraint(
                name="notifications_delivery_waits_for_a_moment",
                condition=Q(next_at__isnull=False) | ~Q(state=DeliveryState.WAITING.value),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="notifications_due",
                condition=Q(state=DeliveryState.WAITING.value),
            ),
            models.Index(
                fields=["recipient", "-id"],
                name="notifications_inbox",
                condition=Q(medium=Medium.IN_APP.value),
            ),
            models.Index(
                fields=["recipient"],
                name="notifications_unread",
                condition=Q(medium=Medium.IN_APP.value, read_at__isnull=True),
            ),
            models.Index(fields=["county", "state", "-id"], name="notifications_list"),
            models.Index(fields=["recipient", "-id"], name="notifications_recipient"),
            models.Index(fields=["subject", "-id"], name="notifications_subject"),
        ]

    @property
    def ref(self) -> str:
        """The name under which the event log knows this delivery."""
        return f"delivery:{self.pk}"


class TemplateText(models.Model):
    """A county's own words for a template and a medium; versions are ended, never edited."""

    county = models.CharField(max_length=6)
    template = models.CharField(max_length=60)
    medium = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "template", "medium", "version"],
                name="notifications_text_version_once",
            ),
            models.UniqueConstraint(
                fields=["county", "template", "medium"],
                condition=Q(ended_at__isnull=True),
                name="notifications_text_one_in_force",
            ),
        ]


class Preference(models.Model):
    """How one person wants to be told."""

    person = models.CharField(max_length=80, unique=True)  # "person:12"
    media = models.CharField(max_length=60, blank=True)  # space-separated, switched on
    muted = models.TextField(blank=True)  # template keys, space-separated
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    mail = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_quiet_has_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]


class Subscription(models.Model):
    """A machine of another office that is told of events (推送).

    Its secret is derived from the site's key and `salt`, so that a copy of the database alone
    signs nothing.
    """

    county = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    events = models.TextField()  # event names, space-separated
    salt = models.CharField(max_length=32)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_webhook_period",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
            ),
        ]
        indexes = [models.Index(fields=["county", "ended_at"], name="notifications_webhooks")]

    @property
    def ref(self) -> str:
        """The name under which the event log knows this subscription, and deliveries go to it."""
        return f"webhook:{self.pk}"
