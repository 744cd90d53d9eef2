"""The screens of contracts."""
