"""Requests that came online, on the side of staff; labels of pieces."""
