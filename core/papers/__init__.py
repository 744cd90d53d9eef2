"""The engine of printed papers: what a template may name, how it is filled."""
