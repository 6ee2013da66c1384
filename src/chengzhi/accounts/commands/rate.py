"""Rate limits for public doors: so many calls a window, counted in the cache."""

from datetime import datetime

from django.core.cache import cache

from chengzhi.accounts.types import Rate
from chengzhi.kernel.errors import DomainError


class TooManyRequests(DomainError):
    """The same sender called too often."""

    code = "too-many-requests"
    status = 429

    def __init__(self, rate: Rate) -> None:
        super().__init__(f"操作过于频繁，请 {rate.reset_s} 秒后再试。")
        self.rate = rate


def limit_rate(key: str, *, most: int, per_s: int, now: datetime) -> Rate:
    """Count one call and refuse it above `most` within a window of `per_s` seconds.

    The count lives in Django's cache: with the default one each web process counts for itself.

    :raises TooManyRequests: the window is full; the sentence says when to try again.
    """
    window, passed = divmod(int(now.timestamp()), per_s)
    name = f"rate:{key}:{window}"
    cache.add(name, 0, timeout=per_s)
    rate = Rate(most=most, left=max(most - _counted(name), -1), reset_s=per_s - passed)
    if rate.left < 0:
        raise TooManyRequests(rate)
    return rate


def _counted(name: str) -> int:
    try:
        return cache.incr(name)
    except ValueError:  # a full cache has dropped the counter meanwhile
        return 1
