"""The company's rule book: drafted, signed, and tried on cases."""
