"""The pinned face model and the weights of the plate finder."""
