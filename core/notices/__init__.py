"""Notices, who is told of what, channels outside the tool, and escalation."""
