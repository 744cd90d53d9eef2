"""What the papers of a complaint say."""
