"""Contracts of customers, and supplementary agreements beyond them."""
