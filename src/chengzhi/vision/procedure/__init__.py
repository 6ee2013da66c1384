"""The procedures of the context: one module each."""

from chengzhi.vision.procedure.review import REVIEW
from chengzhi.vision.procedure.trial import TRIAL

__all__ = ["REVIEW", "TRIAL"]
