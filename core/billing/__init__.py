"""What work costs: the price list, quotes that customers agree to, money collected (A16, E13)."""
