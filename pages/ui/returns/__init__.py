"""The screens of returns."""
