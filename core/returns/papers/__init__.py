"""What the papers of a return say."""
