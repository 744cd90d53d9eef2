"""The screens of maintenance."""
