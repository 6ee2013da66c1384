"""Pages of the cameras and of what they found."""
