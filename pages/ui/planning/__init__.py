"""The words of plans; their screens are those of dispatch."""
