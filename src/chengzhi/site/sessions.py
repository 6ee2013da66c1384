"""Where sessions are kept: Django's table, read by a statement that is written once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from chengzhi.audit.interface import Statement

_LIVING: Statement[Session] = Statement(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now)
)


class SessionStore(db.SessionStore):
    """Django's own sessions; every request reads one."""

    def _get_session_from_db(self) -> Session | None:
        found = _LIVING.row(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found
