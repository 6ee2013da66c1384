"""A million invented work orders with their events, stages and chains, in minutes."""
