"""Follow boxes from picture to picture."""
