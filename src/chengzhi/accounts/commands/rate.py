"""Rate limits for public doors: so many calls a window, counted in the cache."""

from datetime import datetime

from django.core.cache import cache

from chengzhi.kernel.errors import DomainError


class TooManyRequests(DomainError):
    """The same sender called too often."""

    code = "too-many-requests"
    status = 429


def limit_rate(key: str, *, most: int, per_s: int, now: datetime) -> None:
    """Count one call and refuse it above `most` within a window of `per_s` seconds.

    The count lives in Django's cache: with the default one each web process counts for itself.

    :raises TooManyRequests: the window is full; the sentence says when to try again.
    """
    window, passed = divmod(int(now.timestamp()), per_s)
    name = f"rate:{key}:{window}"
    cache.add(name, 0, timeout=per_s)
    if cache.incr(name) > most:
        raise TooManyRequests(f"操作过于频繁，请 {per_s - passed} 秒后再试。")
