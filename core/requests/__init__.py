"""Service requests: registered, answered, handed over, dispatched, resolved, closed."""
