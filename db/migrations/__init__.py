"""The migrations, and what they share."""
