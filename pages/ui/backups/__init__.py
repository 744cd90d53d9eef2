"""Copies of the company's data: how old, how large, what went wrong."""
