"""Emergencies: declared on a case with a level, answered, given resources, handled, closed."""
