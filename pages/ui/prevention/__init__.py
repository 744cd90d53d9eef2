"""The screens of prevention."""
