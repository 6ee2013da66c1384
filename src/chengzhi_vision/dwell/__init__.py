"""How long something has stood in one place."""
