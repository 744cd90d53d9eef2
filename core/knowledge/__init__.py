"""The knowledge base: articles grown from answers, offered beside every question (C1, D10, D27)."""
