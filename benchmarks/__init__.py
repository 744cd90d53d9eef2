"""What the budgets are measured with: a company of any size, and the cost of its screens."""
