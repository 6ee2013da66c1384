"""Units, people, posts and tokens."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from chengzhi.accounts.types import Language, Role, Theme, UnitKind


class Unit(models.Model):
    """A bureau, squad, centre, department, contractor or town (机构)."""

    code = models.CharField(max_length=18, unique=True)  # 统一社会信用代码 or a local code
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    division = models.CharField(max_length=12)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_unit_kind_known",
                condition=Q(kind__in=[kind.value for kind in UnitKind]),
            ),
        ]


class PersonManager(BaseUserManager["Person"]):
    """Finds people by username, as Django's sign-in asks."""


class Person(AbstractBaseUser):
    """Somebody who signs in."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    mobile = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)  # null: choose one at the next sign-in
    language = models.CharField(max_length=10, default=Language.CHINESE.value)
    theme = models.CharField(max_length=10, default=Theme.SYSTEM.value)
    created_at = models.DateTimeField()

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mobile"], condition=~Q(mobile=""), name="accounts_person_mobile_unique"
            ),
        ]

    @property
    def ref(self) -> str:
        """The name under which the event log knows this person."""
        return f"person:{self.pk}"


class Post(models.Model):
    """A role that a person holds, from a day to a day (half-open; empty means still)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_post_role_known", condition=Q(role__in=[role.value for role in Role])
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(valid_to__isnull=True),
                name="accounts_post_once",
            ),
            models.CheckConstraint(
                name="accounts_post_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]


class Token(models.Model):
    """A scoped, expiring key for a machine or a script; only its hash is kept."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200)  # space-separated
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    division = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class AnsweredCall(models.Model):
    """The answer to a call with an Idempotency-Key, kept for a day to be given again."""

    holder = models.CharField(max_length=80)
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)  # 0 only inside the call's transaction
    media_type = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    called_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "key"], name="accounts_call_once"),
        ]
        indexes = [models.Index(fields=["called_at"], name="accounts_call_when")]
