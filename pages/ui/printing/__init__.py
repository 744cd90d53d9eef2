"""The screens of printing."""
