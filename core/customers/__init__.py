"""Customers, what they own and what they bought."""
