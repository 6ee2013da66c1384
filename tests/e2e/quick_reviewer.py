"""A reviewer of the test who confirms whatever waits, through the same command as the desk."""

import os
import time
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")


def main() -> None:
    """Confirm until killed."""
    django.setup()
    from chengzhi.accounts import interface as accounts
    from chengzhi.accounts.models import Person
    from chengzhi.kernel.errors import DomainError
    from chengzhi.vision import interface as vision
    from chengzhi.vision.models import Finding

    lina = accounts.actor_of(Person.objects.get(username="lina"), on=datetime.now(UTC).date())
    while True:
        for key in list(Finding.objects.filter(state="pending").values_list("pk", flat=True)[:20]):
            try:
                vision.confirm_finding(key, actor=lina, now=datetime.now(UTC))
            except DomainError:
                continue  # its evidence is still on the way
        time.sleep(0.5)


if __name__ == "__main__":
    main()
