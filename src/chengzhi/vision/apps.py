"""Vision as a Django application; it says who may see the pictures of a finding or camera."""

from django.apps import AppConfig


class VisionConfig(AppConfig):
    """Registers the subjects whose files this context guards."""

    name = "chengzhi.vision"

    def ready(self) -> None:
        from chengzhi.evidence import interface as evidence
        from chengzhi.vision import interface

        evidence.register_subject("finding", interface.finding_is_visible)
        evidence.register_subject("camera", interface.camera_is_visible)
