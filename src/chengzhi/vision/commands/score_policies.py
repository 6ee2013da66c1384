"""Publish and end what a category's thresholds may do (阈值办法)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision.events import ScorePolicyEnded, ScorePolicyPublished
from chengzhi.vision.models import ScorePolicy
from chengzhi.vision.rules.policies import check_policy, policy_text
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import PolicyDraft


@transaction.atomic
def publish_score_policy(draft: PolicyDraft, *, actor: Actor, now: datetime) -> int:
    """Publish a category's policy in place of the one before; whoever publishes answers for it.

    :raises InvalidInput: the sentence names the field and the cure.
    """
    accounts.permit(actor, Permission.CALIBRATE)
    if not actor.ref.startswith("person:"):
        raise InvalidInput("阈值办法须由具体的人公布并负责。", field="title")
    check_policy(draft)
    on = timezone.localdate(now)
    older = ScorePolicy.objects.filter(county=actor.county, kind=draft.kind, valid_to__isnull=True)
    older.update(valid_to=on)
    policy = ScorePolicy.objects.create(
        county=actor.county, answerable=actor.ref, valid_from=on, **vars(draft)
    )
    event = ScorePolicyPublished(
        kind=draft.kind,
        kind_label=kind_label(draft.kind),
        title=draft.title,
        document=draft.document,
        answerable=actor.ref,
        text=policy_text(draft),
    )
    audit.record(event, subject=policy.subject, actor=actor.ref, at=now, first=True)
    return policy.pk


@transaction.atomic
def end_score_policy(pk: int, *, actor: Actor, now: datetime) -> None:
    """End a policy today: thresholds stay, and further changes are proposals again."""
    accounts.permit(actor, Permission.CALIBRATE)
    rows = ScorePolicy.objects.select_for_update().filter(county=actor.county, pk=pk)
    policy = rows.filter(valid_to__isnull=True).first()
    if policy is None:
        raise NotVisible("没有这个阈值办法，或它已经废止。")
    policy.valid_to = timezone.localdate(now)
    policy.save(update_fields=["valid_to"])
    event = ScorePolicyEnded(
        kind=policy.kind, kind_label=kind_label(policy.kind), title=policy.title
    )
    audit.record(event, subject=policy.subject, actor=actor.ref, at=now)
