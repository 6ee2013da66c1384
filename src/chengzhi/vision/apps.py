"""Vision as a Django application; it says who may see its pictures and whom its notices reach."""

from django.apps import AppConfig


class VisionConfig(AppConfig):
    """Registers the subjects whose files this context guards, and whom its notices may reach."""

    name = "chengzhi.vision"

    def ready(self) -> None:
        from chengzhi.evidence import interface as evidence
        from chengzhi.notifications import interface as notifications
        from chengzhi.vision import interface
        from chengzhi.vision.queries.outages import fleet_parties, thresholds_parties

        evidence.register_subject("finding", interface.finding_is_visible)
        evidence.register_subject("camera", interface.camera_is_visible)
        notifications.register_parties("fleet", fleet_parties)
        notifications.register_parties("thresholds", thresholds_parties)
