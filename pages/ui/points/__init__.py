"""The screens of points."""
