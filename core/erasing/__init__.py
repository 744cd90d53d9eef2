"""A person is erased on request; figures and the chain of history stay whole."""
