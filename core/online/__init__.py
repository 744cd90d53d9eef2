"""What customers ask for by the company's own pages, until a person has seen to it."""
