"""Key customers, and calls and visits on a plan."""
