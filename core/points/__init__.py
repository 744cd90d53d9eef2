"""Points and levels of members."""
