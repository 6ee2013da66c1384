"""Tells lower contexts who sees the files of a work order, and whom its messages may reach."""

from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    """监督案件: from report to close."""

    name = "chengzhi.workorders"
    label = "workorders"

    def ready(self) -> None:
        """Register the checker; models may be imported only now."""
        from chengzhi.evidence import interface as evidence
        from chengzhi.notifications import interface as notifications
        from chengzhi.workorders.interface import can_see, sees_remedy, sees_whistle
        from chengzhi.workorders.queries.parties import (
            parties,
            remedy_parties,
            reporter_contact,
            whistle_parties,
        )

        evidence.register_subject("workorder", can_see)
        evidence.register_subject("whistle", sees_whistle)
        notifications.register_parties("workorder", parties)
        notifications.register_parties("whistle", whistle_parties)
        notifications.register_parties("remedy", remedy_parties)
        notifications.register_contacts("reporter", reporter_contact)
        evidence.register_subject("remedy", sees_remedy)
