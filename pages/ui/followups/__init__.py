"""The screens of followups."""
