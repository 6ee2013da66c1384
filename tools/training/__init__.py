"""Training of the project's own models; needs torch, which nothing else here does."""
