"""Links by which customers look at their case and answer, without an account."""
