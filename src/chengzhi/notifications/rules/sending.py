"""Whether and when a message goes to somebody, and how long to wait after a failure. Pure."""

import hashlib
from collections.abc import Collection
from datetime import datetime, time, timedelta

from chengzhi.kernel.calendar import CHINA
from chengzhi.kernel.errors import DomainError
from chengzhi.notifications.rules.templates import sending
from chengzhi.notifications.types import Medium, Recipient, Template, Verdict, Window

DISTURBING = frozenset({Medium.SMS, Medium.MAIL})
NO_ADDRESS = {
    Medium.SMS: "没有登记手机号",
    Medium.MAIL: "没有登记邮箱",
}


class OutsideClosed(DomainError):
    """A rehearsal site may not reach a real person or machine."""

    code = "outside-closed"
    status = 409


def require_outside(*, is_open: bool) -> None:
    """Refuse to make anything that reaches outside unless this site is in production.

    :raises OutsideClosed: the switch is off, as it is unless somebody opened it.
    """
    if not is_open:
        raise OutsideClosed(
            "演练环境不会发出短信、邮件和推送。正式运行须由运维设置 CHENGZHI_OUTSIDE=production。"
        )


def verdict(
    template: Template,
    medium: str,
    recipient: Recipient,
    *,
    site_media: Collection[str],
    now: datetime,
) -> Verdict:
    """Return whether the message goes to the recipient by this medium, and not before when.

    The pages and the outbox ask this one function, so that they cannot disagree.
    """
    reason = _refusal(template, medium, recipient, site_media)
    if reason:
        return Verdict(medium=medium, goes=False, reason=reason)
    disturbs = medium in DISTURBING and not template.urgent
    not_before = after_quiet(now, recipient.quiet) if disturbs else now
    return Verdict(medium=medium, goes=True, not_before=not_before)


def _refusal(
    template: Template, medium: str, recipient: Recipient, site_media: Collection[str]
) -> str:
    checks = (
        (medium not in template.words, "此类通知不走这种方式"),
        (bool(recipient.refusal), recipient.refusal),
        (medium not in site_media, "本站没有接入这种方式"),
        (medium not in recipient.reachable, NO_ADDRESS.get(Medium(medium), "没有账号")),
        (not template.mandatory and template.key in recipient.muted, "本人已关闭此类通知"),
        (not template.mandatory and medium not in recipient.chosen, "本人已关闭这种方式"),
    )
    return next((reason for is_so, reason in checks if is_so), "")


def after_quiet(now: datetime, quiet: Window | None) -> datetime:
    """Return `now`, or the end of the quiet hours in which it lies, by the city's clock."""
    if quiet is None or quiet.begins == quiet.ends:
        return now
    local = now.astimezone(CHINA)
    if not _lies_in(local.time(), quiet):
        return now
    end = datetime.combine(local.date(), quiet.ends, tzinfo=CHINA)
    return end if end > local else end + timedelta(days=1)


def _lies_in(at: time, quiet: Window) -> bool:
    if quiet.begins < quiet.ends:
        return quiet.begins <= at < quiet.ends
    return at >= quiet.begins or at < quiet.ends


def wait_after(attempts: int, *, seed: int) -> timedelta | None:
    """Return how long to wait after so many failures; nothing means give up.

    The waits grow by a factor and stray a little, by the delivery's own id: messages that failed
    together are not tried together again, and a test can say when.
    """
    how = sending()
    if attempts >= how.most_attempts:
        return None
    plain = min(how.first_wait * how.factor ** (attempts - 1), how.longest_wait)
    return plain * (1 + how.jitter * stray(seed, attempts))


def stray(seed: int, attempts: int) -> float:
    """Return a number in [-1, 1) that only the seed and the attempt decide."""
    drawn = hashlib.sha256(f"{seed}:{attempts}".encode()).digest()[:4]
    return int.from_bytes(drawn, "big") / 2**31 - 1
