"""What is drawn on a camera's picture, in pixels of the frames that are judged."""

from __future__ import annotations

from chengzhi_vision.config import Camera
from chengzhi_vision.fitting import fitted, misfit
from chengzhi_vision.types import Size


class Drawing:
    """A camera as its file tells it, and the same in pixels of the frames."""

    def __init__(self, camera: Camera) -> None:
        self.told = self.fitted = camera
        self.size: Size | None = None  # of the frames in whose pixels all is told
        self.shown: Size | None = None  # of the last frame
        self.misfit = ""  # why nothing can be judged on frames of this shape

    def show(self, size: Size) -> bool:
        """Take in the size of the frames that come; tell whether all has to be told anew in it."""
        self.shown, self.misfit = size, misfit(self.told, size)
        return not self.misfit and size != self.size and self.told.picture is not None

    def fit(self, size: Size) -> None:
        """Tell what is drawn in pixels of frames of a size."""
        self.size, self.fitted = size, fitted(self.told, size)
