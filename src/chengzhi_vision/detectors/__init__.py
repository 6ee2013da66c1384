"""Models that name what a picture shows, and their set-up."""
