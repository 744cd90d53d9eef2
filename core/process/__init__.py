"""What may happen, and what follows: rules, facts, and the rooms that listen to them."""
