"""Word files that people hand in: looked through, tried and filled, apart from who is served."""
