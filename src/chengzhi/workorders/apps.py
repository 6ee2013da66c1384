"""Tells the evidence store who sees the files of a work order."""

from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    """监督案件: from report to close."""

    name = "chengzhi.workorders"
    label = "workorders"

    def ready(self) -> None:
        """Register the checker; models may be imported only now."""
        from chengzhi.evidence import interface as evidence
        from chengzhi.workorders.interface import can_see, sees_whistle

        evidence.register_subject("workorder", can_see)
        evidence.register_subject("whistle", sees_whistle)
