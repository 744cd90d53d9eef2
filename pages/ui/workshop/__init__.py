"""The screens of the workshop."""
