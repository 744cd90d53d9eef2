"""The company's data is copied to another place while people work, checked, and brought back."""
