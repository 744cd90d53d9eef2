"""Goods in the shop: taken in with a hand-over, repaired step by step, given back (E4, E10)."""
