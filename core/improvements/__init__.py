"""Improvement measures 改善对策."""
