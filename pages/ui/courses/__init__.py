"""The screens of courses for customers."""
