"""The screens of parts."""
