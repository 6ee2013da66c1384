"""Reads of inboxes, deliveries, templates, preferences and subscriptions."""
