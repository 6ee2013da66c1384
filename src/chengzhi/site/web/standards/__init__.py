"""The standards in force as pages: matters, limits, calendar, findings, and what is wrong."""

from chengzhi.site.web.standards.importing import choose_file, preview, put_in_force
from chengzhi.site.web.standards.pages import (
    findings,
    limits,
    matter,
    matters,
    problems,
    stages,
    work_calendar,
)

__all__ = [
    "choose_file",
    "findings",
    "limits",
    "matter",
    "matters",
    "preview",
    "problems",
    "put_in_force",
    "stages",
    "work_calendar",
]
