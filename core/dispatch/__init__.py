"""Dispatch 派工: the board of a day, and what is moved on it."""
