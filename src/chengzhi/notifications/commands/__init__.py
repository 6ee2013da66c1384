"""The writes: notify, publish, the outbox, texts, preferences, webhooks, the digest."""
