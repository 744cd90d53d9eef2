"""Maintenance plans 保养计划: pieces are looked after again and again, by the team of a station."""
