"""Follow-up calls and what customers said in them."""
