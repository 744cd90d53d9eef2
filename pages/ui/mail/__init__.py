"""Screens of mail that comes in."""
