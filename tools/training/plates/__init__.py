"""Train the plate finder: plates that we draw, laid into photographs of streets."""
