"""A refusal of the deed behind a form, said beside the field it names."""

from collections.abc import Callable

from django.forms import Form

from chengzhi.kernel.errors import DomainError


def is_done(form: Form, deed: Callable[[], object]) -> bool:
    """Do it; put a refusal beside the field it names, or above the form."""
    try:
        deed()
    except DomainError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)
        return False
    return True


def status_of(form: Form) -> int:
    """Return the status with which a form is answered: 422 while something is to be mended."""
    return 422 if form.is_bound and form.errors else 200
