"""Links for customers: pages that they see, and the side of staff."""
