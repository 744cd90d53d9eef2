"""Complaints 投诉: the eight steps from record to improvement (norms 4, E14)."""
