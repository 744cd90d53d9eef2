"""Mail that comes in: read from a mailbox, led to its case, or put before a person (C2, C4)."""
