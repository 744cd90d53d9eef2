"""The screens of requests."""
