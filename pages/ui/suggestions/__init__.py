"""The screens of suggestions."""
