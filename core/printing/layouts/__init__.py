"""How the shipped papers look: what stands where, and the fixed words in both languages."""
