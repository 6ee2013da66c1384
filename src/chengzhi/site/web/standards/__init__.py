"""The standards in force as pages: matters, limits, calendar, findings, and what is wrong."""

from chengzhi.site.web.standards.pages import (
    findings,
    limits,
    matter,
    matters,
    problems,
    stages,
    work_calendar,
)

__all__ = ["findings", "limits", "matter", "matters", "problems", "stages", "work_calendar"]
