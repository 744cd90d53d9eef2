"""The screens of care: key customers, calls and visits on a plan."""
