"""The screens of emergencies."""
