"""A person or what is old goes: what the company says about it."""
