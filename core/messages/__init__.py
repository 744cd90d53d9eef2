"""Messages to customers: their texts, the outbox, the ways out."""
