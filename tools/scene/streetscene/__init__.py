"""Plans and renders seeded street scenes whose truth is known exactly."""
