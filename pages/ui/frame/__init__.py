"""What stands around the pages: sign-in, menu, search, the door."""
