"""Who a session belongs to."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from chengzhi.accounts.queries import person_by_key


class KnownPeople(ModelBackend):
    """Django's sign-in by password; the person behind a session is read by a statement written once."""

    def get_user(self, user_id: Any) -> Any:
        """Return an active person, or none."""
        person = person_by_key(user_id)
        return person if person is not None and person.is_active else None
