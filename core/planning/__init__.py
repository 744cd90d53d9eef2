"""Planning of visits: who drives when to whom, reckoned without database and clock."""
